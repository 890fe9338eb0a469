//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_BENCH_SUPPORT_REPORT_HPP
#define ASIO_INOTIFY_BENCH_SUPPORT_REPORT_HPP

#include "spread.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace bench {

/// The figures of a run: a table for people and one line of JSON for programs.
class report
{
public:
    explicit report(std::string bench);

    /// A condition that the figures depend on.
    template <class T>
    void parameter(std::string const& name, T const& value)
    {
        parameters_[name] = value;
    }

    /// A figure without a bound.
    void figure(std::string name, std::string unit, spread const& values);
    void figure(std::string name, std::string unit, double value);

    /// A figure with an upper bound for its median.
    void at_most(std::string name, std::string unit, spread const& values, double bound);

    /// A figure with a lower bound for its median.
    void at_least(std::string name, std::string unit, spread const& values, double bound);

    /// Print everything.
    /** @returns The exit status: 1 if `check` is set and a bound was missed, else 0. */
    [[nodiscard]] int finish(bool check) const;

private:
    struct row
    {
        std::string name;
        std::string unit;
        spread values;
        std::optional<double> bound;
        bool upper;

        [[nodiscard]] bool met() const noexcept
        {
            return !bound || (upper ? values.median <= *bound : values.median >= *bound);
        }
    };

    void print_table() const;
    void print_json(bool met) const;

    std::string bench_;
    nlohmann::ordered_json parameters_ = nlohmann::ordered_json::object();
    std::vector<row> rows_;
};

} // namespace bench

#endif

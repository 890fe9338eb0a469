//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_BENCH_SUPPORT_SPREAD_HPP
#define ASIO_INOTIFY_BENCH_SUPPORT_SPREAD_HPP

#include <algorithm>
#include <cstddef>
#include <vector>

namespace bench {

/// The median and the quartiles of a series of measurements.
struct spread
{
    double median = 0;
    double lower_quartile = 0;
    double upper_quartile = 0;
    double minimum = 0;
    double maximum = 0;
    std::size_t count = 0;
};

inline spread spread_of(std::vector<double> values)
{
    if (values.empty()) {
        return {};
    }
    std::sort(values.begin(), values.end());
    auto const at = [&](double part) {
        auto const place = part * static_cast<double>(values.size() - 1);
        auto const below = static_cast<std::size_t>(place);
        auto const above = (std::min)(below + 1, values.size() - 1);
        auto const weight = place - static_cast<double>(below);
        return values[below] * (1 - weight) + values[above] * weight;
    };
    return {at(0.5), at(0.25), at(0.75), values.front(), values.back(), values.size()};
}

} // namespace bench

#endif

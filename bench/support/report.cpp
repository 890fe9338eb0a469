//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

namespace bench {
namespace {

// Six digits are more than the precision of any figure, and keep the line readable.
double rounded(double value)
{
    if (value == 0 || !std::isfinite(value)) {
        return value;
    }
    auto const scale = std::pow(10.0, 5 - std::floor(std::log10(std::abs(value))));
    return std::round(value * scale) / scale;
}

} // namespace

report::report(std::string bench)
    : bench_(std::move(bench))
{}

void report::figure(std::string name, std::string unit, spread const& values)
{
    rows_.push_back({std::move(name), std::move(unit), values, std::nullopt, true});
}

void report::figure(std::string name, std::string unit, double value)
{
    figure(std::move(name), std::move(unit), spread_of({value}));
}

void report::at_most(std::string name, std::string unit, spread const& values, double bound)
{
    rows_.push_back({std::move(name), std::move(unit), values, bound, true});
}

void report::at_least(std::string name, std::string unit, spread const& values, double bound)
{
    rows_.push_back({std::move(name), std::move(unit), values, bound, false});
}

int report::finish(bool check) const
{
    auto const met = std::all_of(rows_.begin(), rows_.end(), [](row const& r) { return r.met(); });
    print_table();
    print_json(met);
    return check && !met ? 1 : 0;
}

void report::print_table() const
{
    std::printf("bench_%s %s\n", bench_.c_str(), parameters_.dump().c_str());
    std::printf("%-44s %-12s %10s %10s %10s %10s %10s %5s  %s\n", "", "unit", "median", "quartile",
                "quartile", "minimum", "maximum", "n", "bound");
    for (auto const& r : rows_) {
        auto const& v = r.values;
        std::printf("%-44s %-12s %10.5g", r.name.c_str(), r.unit.c_str(), v.median);
        if (v.count > 1) {
            std::printf(" %10.5g %10.5g %10.5g %10.5g %5zu", v.lower_quartile, v.upper_quartile,
                        v.minimum, v.maximum, v.count);
        } else {
            std::printf(" %49s", "");
        }
        if (r.bound) {
            std::printf("  %s %g %s", r.upper ? "<=" : ">=", *r.bound, r.met() ? "met" : "MISSED");
        }
        std::printf("\n");
    }
}

void report::print_json(bool met) const
{
    nlohmann::ordered_json line;
    line["bench"] = bench_;
    line["parameters"] = parameters_;
    auto& figures = line["figures"] = nlohmann::ordered_json::array();
    for (auto const& r : rows_) {
        auto const& v = r.values;
        nlohmann::ordered_json figure;
        figure["name"] = r.name;
        figure["unit"] = r.unit;
        figure["median"] = rounded(v.median);
        figure["quartiles"] = {rounded(v.lower_quartile), rounded(v.upper_quartile)};
        figure["range"] = {rounded(v.minimum), rounded(v.maximum)};
        figure["n"] = v.count;
        if (r.bound) {
            figure[r.upper ? "at_most" : "at_least"] = *r.bound;
            figure["met"] = r.met();
        }
        figures.push_back(std::move(figure));
    }
    line["met"] = met;
    std::printf("%s\n", line.dump().c_str());
}

} // namespace bench

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// For how long does the initial scan of a large tree block the executor?

#include "support/ping.hpp"
#include "support/program.hpp"
#include "support/report.hpp"
#include "support/watched_tree.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace {

struct options
{
    std::size_t directories = 100000;
    std::size_t files = 10;
    std::string place = "/dev/shm";
    int slice = 1000;
    int interval = 500;
    int runs = 5;
    double bound = 20;
    double held_bound = 2.5;
    bool check = false;
};

bench::samples measure(options const& o, bench::tree_of_directories const& tree)
{
    asio_inotify::tree_options how;
    how.slice_time = std::chrono::microseconds(o.slice);
    bench::watched_tree watched(how);
    bench::ping timer(watched.context(), std::chrono::microseconds(o.interval));
    boost::system::error_code result;
    watched.watcher().async_add(tree.root(), [&](boost::system::error_code ec) {
        result = ec;
        timer.stop();
    });
    timer.start();
    watched.context().run();
    if (result) {
        throw boost::system::system_error(result);
    }
    return timer.taken();
}

double at(std::vector<double> values, double part)
{
    std::sort(values.begin(), values.end());
    return values.empty()
               ? 0
               : values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

int run(options const& o)
{
    bench::report report("tree_slices");
    report.parameter("directories", o.directories);
    report.parameter("files", o.files);
    report.parameter("in", o.place);
    report.parameter("slice_us", o.slice);
    report.parameter("interval_us", o.interval);
    report.parameter("runs", o.runs);
    bench::tree_of_directories const tree(o.place, {o.directories, o.files, 10});
    std::vector<double> worst;
    std::vector<double> percentile;
    std::vector<double> median;
    std::vector<double> held;
    std::vector<double> pings;
    for (int i = 0; i != o.runs; ++i) {
        auto const [delays, cpu] = measure(o, tree);
        held.push_back(at(cpu, 0.999));
        worst.push_back(at(delays, 1));
        percentile.push_back(at(delays, 0.999));
        median.push_back(at(delays, 0.5));
        pings.push_back(static_cast<double>(delays.size()));
    }
    report.at_most("worst delay of a run", "ms", bench::spread_of(worst), o.bound);
    report.at_most("cpu between pings, 99.9 % are less", "ms", bench::spread_of(held),
                   o.held_bound);
    report.figure("99.9 % of the delays are less", "ms", bench::spread_of(percentile));
    report.figure("median delay of a run", "ms", bench::spread_of(median));
    report.figure("pings in a run", "", bench::spread_of(pings));
    return report.finish(o.check);
}

} // namespace

int main(int argc, char** argv)
{
    options o;
    CLI::App app("How late a timer's handler is while a large tree is begun to be watched.");
    app.add_option("--directories", o.directories, "how many")
        ->check(CLI::Range(1, 10000000))
        ->capture_default_str();
    app.add_option("--files", o.files, "in each directory")->capture_default_str();
    app.add_option("--in", o.place, "where to make the tree")->capture_default_str();
    app.add_option("--slice", o.slice, "the slice time, in microseconds")->capture_default_str();
    app.add_option("--interval", o.interval, "of the timer, in microseconds")
        ->capture_default_str();
    app.add_option("--runs", o.runs, "how often")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    app.add_option("--bound", o.bound, "most milliseconds of the worst delay, median of the runs")
        ->capture_default_str();
    app.add_option("--held-bound", o.held_bound,
                   "most milliseconds of the thread's own time between two pings, for 99.9 %")
        ->capture_default_str();
    app.add_flag("--check", o.check, "exit with 1 if a bound is missed");
    return bench::parse_and_run(app, argc, argv, "bench_tree_slices", [&] { return run(o); });
}

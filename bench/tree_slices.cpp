//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// For how long does the initial scan of a large tree block the executor?

#include "support/program.hpp"
#include "support/report.hpp"
#include "support/stopwatch.hpp"
#include "support/watched_tree.hpp"

#include <boost/asio/steady_timer.hpp>

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

// In milliseconds: how late the timer's handler was, and the cpu time of the thread since the
// previous handler, without the time of other processes.
struct samples
{
    std::vector<double> late;
    std::vector<double> cpu;
};

// A repeating timer that records how late each handler was.
class ping
{
public:
    ping(boost::asio::io_context& context, std::chrono::microseconds interval)
        : timer_(context)
        , interval_(interval)
    {}

    void start()
    {
        timer_.expires_after(interval_);
        timer_.async_wait([this](boost::system::error_code ec) {
            if (!ec && !stopped_) {
                std::chrono::duration<double, std::milli> const late =
                    std::chrono::steady_clock::now() - timer_.expiry();
                samples_.late.push_back(late.count());
                auto const now = cpu_.seconds() * 1e3;
                samples_.cpu.push_back(now - before_);
                before_ = now;
                start();
            }
        });
    }

    void stop()
    {
        // The handler may already be queued.
        stopped_ = true;
        timer_.cancel();
    }

    [[nodiscard]] samples const& taken() const noexcept { return samples_; }

private:
    boost::asio::steady_timer timer_;
    std::chrono::microseconds interval_;
    samples samples_;
    bench::stopwatch cpu_{bench::clock_kind::cpu};
    double before_ = 0;
    bool stopped_ = false;
};

samples measure(options const& o, bench::tree_of_directories const& tree)
{
    asio_inotify::tree_options how;
    how.slice_time = std::chrono::microseconds(o.slice);
    bench::watched_tree watched(how);
    ping timer(watched.context(), std::chrono::microseconds(o.interval));
    boost::system::error_code result;
    watched.watcher().async_add_root(tree.root(), [&](boost::system::error_code ec) {
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

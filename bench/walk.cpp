//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// How much faster does add_at reach a large watch descriptor than walking to it, by adding and
// removing a watch until the watch descriptor is the next one?

#include "support/program.hpp"
#include "support/report.hpp"
#include "support/stopwatch.hpp"
#include "support/system.hpp"
#include "support/walker.hpp"

#include <asio_inotify.hpp>

#include <boost/asio/io_context.hpp>

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct options
{
    int number = 0x34d71d6;
    int from = 20000;
    int to = 100000;
    int walks = 5;
    int adds = 201;
    int core = -1;
    bool full = false;
    double bound = 1e6;
    bool check = false;
};

double seconds_of_add_at(std::string const& path, int number)
{
    boost::asio::io_context context;
    asio_inotify::inotify in(context);
    in.open();
    bench::stopwatch const watch;
    // Throws if the watch gets a different number.
    in.add_at(asio_inotify::watch_descriptor{number}, path, asio_inotify::event_mask::modify);
    return watch.seconds();
}

double seconds_of_full_walk(options const& o, std::string const& path)
{
    bench::stopwatch const watch;
    bench::walker w;
    w.walk_to(o.number);
    if (w.add(path) != o.number) {
        throw std::runtime_error("the walk did not come to its number");
    }
    return watch.seconds();
}

int run(options const& o)
{
    if (o.to <= o.from) {
        throw std::runtime_error("--to must be larger than --from");
    }
    bench::report report("walk");
    report.parameter("number", o.number);
    report.parameter("from", o.from);
    report.parameter("to", o.to);
    report.parameter("core", bench::pin_to_core(o.core));
    report.parameter("extrapolated", !o.full);

    bench::temporary_directory const directory;
    auto const path = (directory.path() / "file").string();
    bench::make_file(path);

    std::vector<double> add_at;
    for (int i = 0; i != o.adds; ++i) {
        add_at.push_back(seconds_of_add_at(path, o.number));
    }
    std::vector<double> steps;
    std::vector<double> walks;
    for (int i = 0; i != o.walks; ++i) {
        steps.push_back(bench::seconds_of_step(path, o.from, o.to));
        walks.push_back(steps.back() * (o.number - 1));
    }
    if (o.full) {
        walks = {seconds_of_full_walk(o, path)};
    }
    auto const typical = bench::spread_of(add_at);
    std::vector<double> factors;
    for (auto const seconds : walks) {
        factors.push_back(seconds / typical.median);
    }
    auto const scaled = [](std::vector<double> values, double by) {
        for (auto& value : values) {
            value *= by;
        }
        return bench::spread_of(values);
    };
    report.figure("add_at", "us", scaled(add_at, 1e6));
    report.figure("walk, one step", "us", scaled(steps, 1e6));
    report.figure(o.full ? "walk" : "walk, extrapolated", "s", bench::spread_of(walks));
    report.at_least("walk / add_at", "ratio", bench::spread_of(factors), o.bound);
    return report.finish(o.check);
}

} // namespace

int main(int argc, char** argv)
{
    options o;
    CLI::App app("A watch under a far number: add_at, and the walk of adding and removing. The "
                 "walk is measured between two numbers and extrapolated, as all of it takes "
                 "minutes.");
    app.add_option("--number", o.number, "the number to come to")
        ->check(CLI::Range(1, 0x7fffffff))
        ->capture_default_str();
    app.add_option("--from", o.from, "where the measuring of the walk begins")
        ->check(CLI::Range(1, 0x7fffffff))
        ->capture_default_str();
    app.add_option("--to", o.to, "where it ends")
        ->check(CLI::Range(1, 0x7fffffff))
        ->capture_default_str();
    app.add_option("--walks", o.walks, "how often to walk")->capture_default_str();
    app.add_option("--adds", o.adds, "how often to call add_at")->capture_default_str();
    bench::add_core_option(app, o);
    app.add_flag("--full", o.full, "walk all the way, and extrapolate nothing");
    app.add_option("--bound", o.bound, "least that the walk must take longer, as a ratio")
        ->capture_default_str();
    app.add_flag("--check", o.check, "exit with 1 if a bound is missed");
    return bench::parse_and_run(app, argc, argv, "bench_walk", [&] { return run(o); });
}

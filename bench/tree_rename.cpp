//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Does renaming a directory take longer the more entries are below it?

#include "support/paired.hpp"
#include "support/program.hpp"
#include "support/report.hpp"
#include "support/stopwatch.hpp"
#include "support/watched_tree.hpp"

#include <cstddef>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct options
{
    std::size_t directories = 10000;
    std::size_t files = 100;
    std::string place = "/dev/shm";
    int pairs = 101;
    int repeats = 5;
    double bound = 1.25;
    bool check = false;
};

// The seconds from the queued event to the handler with the change.
double rename(bench::watched_tree& watched, std::string const& from, std::string const& to)
{
    if (std::rename(from.c_str(), to.c_str()) != 0) {
        bench::throw_errno("rename");
    }
    bool right = false;
    bench::undisturbed const measuring;
    bench::stopwatch const watch;
    auto const got = watched.receive(1, [&](asio_inotify::tree_change const& change) {
        right = change.kind() == asio_inotify::tree_change_kind::renamed && change.path() == to;
    });
    auto const seconds = watch.seconds();
    if (got != 1 || !right) {
        throw std::runtime_error("the rename was not reported");
    }
    return seconds;
}

// A directory that is renamed back and forth.
class renamed_directory
{
public:
    renamed_directory(bench::watched_tree& watched, std::string path)
        : watched_(watched)
        , path_(std::move(path))
    {}

    double operator()()
    {
        auto const from = path_ + (away_ ? "-away" : "");
        away_ = !away_;
        auto const seconds = rename(watched_, from, path_ + (away_ ? "-away" : ""));
        // The time does not include later work that the rename causes.
        watched_.settle();
        return seconds;
    }

private:
    bench::watched_tree& watched_;
    std::string path_;
    bool away_ = false;
};

int run(options const& o)
{
    bench::report report("tree_rename");
    report.parameter("directories", o.directories);
    report.parameter("files", o.files);
    report.parameter("in", o.place);
    report.parameter("pairs", o.pairs);
    report.parameter("repeats", o.repeats);
    bench::tree_of_directories const large(o.place, {o.directories, o.files, 10});
    bench::tree_of_directories const small(o.place, {1, 10, 10});
    bench::watched_tree watched;
    // The parent directories of the trees, so that the trees can be renamed.
    auto const above = [](bench::tree_of_directories const& tree) {
        return tree.root().substr(0, tree.root().rfind('/'));
    };
    watched.add(above(large));
    watched.add(above(small));
    renamed_directory of_many(watched, large.root());
    renamed_directory of_few(watched, small.root());
    auto const times = bench::run_paired(o.pairs, o.repeats, of_few, of_many);
    auto const in_microseconds = [](std::vector<double> values) {
        for (auto& value : values) {
            value *= 1e6;
        }
        return bench::spread_of(std::move(values));
    };
    report.parameter("entries", large.entries());
    report.at_most("many entries below / ten", "ratio", bench::spread_of(times.ratios), o.bound);
    report.figure("many entries below", "us", in_microseconds(times.candidate));
    report.figure("ten entries below", "us", in_microseconds(times.baseline));
    return report.finish(o.check);
}

} // namespace

int main(int argc, char** argv)
{
    options o;
    CLI::App app("Renaming a directory with many entries below it, and one with ten.");
    app.add_option("--directories", o.directories, "how many below the large one")
        ->check(CLI::Range(1, 10000000))
        ->capture_default_str();
    app.add_option("--files", o.files, "in each of them")->capture_default_str();
    app.add_option("--in", o.place, "where to make the trees")->capture_default_str();
    bench::add_pairing_options(app, o);
    app.add_option("--bound", o.bound, "most that the large one may take, as a ratio")
        ->capture_default_str();
    app.add_flag("--check", o.check, "exit with 1 if a bound is missed");
    return bench::parse_and_run(app, argc, argv, "bench_tree_rename", [&] { return run(o); });
}

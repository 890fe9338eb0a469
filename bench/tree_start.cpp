//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// What does it cost to start watching a tree, compared with the bare system calls?

#include "peers/scan_bare.hpp"
#include "support/paired.hpp"
#include "support/program.hpp"
#include "support/report.hpp"
#include "support/stopwatch.hpp"
#include "support/watched_tree.hpp"

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct options
{
    std::vector<std::size_t> directories{20000, 100000};
    std::vector<std::string> places;
    std::size_t files = 10;
    std::size_t fan_out = 10;
    int pairs = 7;
    int repeats = 3;
    bench::clock_kind clock = bench::clock_kind::cpu;
    double bound = 1.05;
    double directories_bound = 0.75;
    bool check = false;
};

class starts
{
public:
    starts(options const& o, bench::tree_of_directories const& tree)
        : clock_(o.clock)
        , tree_(tree)
    {}

    [[nodiscard]] double bare() const
    {
        auto const instance = bench::make_instance();
        bench::stopwatch const watch(clock_);
        auto const found = bench::scan_bare(instance.get(), tree_.root());
        auto const seconds = watch.seconds();
        expect(found.directories, tree_.directories().size());
        expect(found.entries, tree_.entries());
        return seconds;
    }

    [[nodiscard]] double library(bool directories_only) const
    {
        asio_inotify::tree_options how;
        how.directories_only = directories_only;
        bench::watched_tree watched(how);
        bench::stopwatch const watch(clock_);
        watched.add(tree_);
        auto const seconds = watch.seconds();
        auto const found = watched.watcher().counters();
        expect(found.watches, tree_.directories().size());
        expect(found.entries, directories_only ? tree_.directories().size() : tree_.entries());
        return seconds;
    }

private:
    static void expect(std::size_t found, std::size_t made)
    {
        if (found != made) {
            throw std::runtime_error("found " + std::to_string(found) + " of " +
                                     std::to_string(made) + "; is max_user_watches large enough?");
        }
    }

    bench::clock_kind clock_;
    bench::tree_of_directories const& tree_;
};

void measure(options const& o, std::string const& place, std::size_t directories,
             bench::report& report)
{
    bench::tree_of_directories const tree(place, {directories, o.files, o.fan_out});
    starts const run(o, tree);
    auto const prefix = place + ", " + std::to_string(directories) + ", ";
    std::vector<double> bare;
    auto const compare = [&](std::string const& name, bool directories_only, double bound) {
        auto const times = bench::run_paired(
            o.pairs, o.repeats, [&] { return run.bare(); },
            [&] { return run.library(directories_only); });
        bare.insert(bare.end(), times.baseline.begin(), times.baseline.end());
        report.at_most(prefix + name, "ratio", bench::spread_of(times.ratios), bound);
    };
    compare("full", false, o.bound);
    compare("directories_only", true, o.directories_bound);
    for (auto& seconds : bare) {
        seconds *= 1e6 / static_cast<double>(directories);
    }
    report.figure(prefix + "bare", "us/directory", bench::spread_of(bare));
}

int run(options& o)
{
    if (o.places.empty()) {
        o.places = {"/dev/shm", std::filesystem::temp_directory_path().string()};
    }
    bench::report report("tree_start");
    report.parameter("directories", o.directories);
    report.parameter("files", o.files);
    report.parameter("fan_out", o.fan_out);
    report.parameter("places", o.places);
    report.parameter("pairs", o.pairs);
    report.parameter("repeats", o.repeats);
    report.parameter("clock", o.clock == bench::clock_kind::wall ? "wall" : "cpu");
    for (auto const& place : o.places) {
        for (auto const directories : o.directories) {
            measure(o, place, directories, report);
        }
    }
    return report.finish(o.check);
}

} // namespace

int main(int argc, char** argv)
{
    options o;
    CLI::App app("Starting to watch a tree, side by side with a bare scan.");
    app.add_option("--directories", o.directories,
                   "how many; several numbers are measured in turn. For a million, "
                   "max_user_watches has to allow it")
        ->check(CLI::Range(1, 10000000))
        ->capture_default_str();
    app.add_option("--in", o.places,
                   "where to make the trees; default: /dev/shm and the temporary directory");
    app.add_option("--files", o.files, "in each directory")->capture_default_str();
    app.add_option("--fan-out", o.fan_out, "directories in a directory")
        ->check(CLI::Range(1, 1000000))
        ->capture_default_str();
    bench::add_pairing_options(app, o);
    std::map<std::string, bench::clock_kind> const clocks{{"wall", bench::clock_kind::wall},
                                                          {"cpu", bench::clock_kind::cpu}};
    app.add_option("--clock", o.clock, "the thread's cpu time, or wall on a quiet machine")
        ->transform(CLI::CheckedTransformer(clocks));
    app.add_option("--bound", o.bound, "most that the full index may take, as a ratio")
        ->capture_default_str();
    app.add_option("--directories-bound", o.directories_bound, "the same with directories_only")
        ->capture_default_str();
    app.add_flag("--check", o.check, "exit with 1 if a bound is missed");
    return bench::parse_and_run(app, argc, argv, "bench_tree_start", [&] { return run(o); });
}

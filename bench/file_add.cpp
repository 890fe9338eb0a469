//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// What does it cost to add files to a file watcher, compared with the system calls that are
// unavoidable: a watch for each directory and each file, and an lstat for each file?

#include "support/paired.hpp"
#include "support/program.hpp"
#include "support/report.hpp"
#include "support/stopwatch.hpp"
#include "support/system.hpp"

#include <asio_inotify.hpp>

#include <boost/asio/io_context.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include <sys/inotify.h>
#include <sys/stat.h>

namespace {

struct options
{
    int directories = 100;
    int files = 100;
    int pairs = 15;
    int repeats = 1;
    int core = -1;
    double bound = 1.3;
    bool check = false;
};

class tree_of_files
{
public:
    tree_of_files(int directories, int files)
    {
        // Those above have to be watched as well, as a name is looked up in each of them.
        for (auto above = root_.path();; above = above.parent_path()) {
            directories_.push_back(above.string());
            if (above == above.root_path()) {
                break;
            }
        }
        for (int d = 0; d != directories; ++d) {
            auto const directory = root_.path() / std::to_string(d);
            std::filesystem::create_directory(directory);
            directories_.push_back(directory.string());
            for (int f = 0; f != files; ++f) {
                bench::make_file(files_.emplace_back((directory / std::to_string(f)).string()));
            }
        }
    }

    [[nodiscard]] std::vector<std::string> const& directories() const noexcept
    {
        return directories_;
    }
    [[nodiscard]] std::vector<std::string> const& files() const noexcept { return files_; }

private:
    bench::temporary_directory root_;
    std::vector<std::string> directories_;
    std::vector<std::string> files_;
};

// Each returns the seconds for all files, without closing, which takes longer.

double library(tree_of_files const& tree)
{
    boost::asio::io_context context;
    asio_inotify::file_watcher watcher(context);
    watcher.open();
    bench::undisturbed const measuring;
    bench::stopwatch const watch;
    for (auto const& path : tree.files()) {
        watcher.add(path);
    }
    return watch.seconds();
}

double bare(tree_of_files const& tree, bool with_lstat)
{
    auto const instance = bench::make_instance();
    bench::undisturbed const measuring;
    bench::stopwatch const watch;
    struct stat status = {};
    for (auto const& path : tree.directories()) {
        bench::check(::inotify_add_watch(instance.get(), path.c_str(),
                                         IN_CREATE | IN_DELETE | IN_MOVE | IN_ATTRIB |
                                             IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR),
                     "inotify_add_watch");
    }
    for (auto const& path : tree.files()) {
        bench::check(
            ::inotify_add_watch(instance.get(), path.c_str(),
                                IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF),
            "inotify_add_watch");
        if (with_lstat) {
            bench::check(::lstat(path.c_str(), &status), "lstat");
        }
    }
    return watch.seconds();
}

int run(options const& o)
{
    bench::report report("file_add");
    report.parameter("directories", o.directories);
    report.parameter("files in each", o.files);
    report.parameter("pairs", o.pairs);
    report.parameter("repeats", o.repeats);
    report.parameter("undisturbed", bench::undisturbed().granted());
    report.parameter("core", bench::pin_to_core(o.core));
    tree_of_files const tree(o.directories, o.files);
    auto const times = bench::run_paired(
        o.pairs, o.repeats, [&] { return bare(tree, true); }, [&] { return library(tree); });
    report.at_most("add / bare", "ratio", bench::spread_of(times.ratios), o.bound);
    auto const watches_only = bench::run_paired(
        o.pairs, o.repeats, [&] { return bare(tree, false); }, [&] { return library(tree); });
    report.figure("add / watches without lstat", "ratio", bench::spread_of(watches_only.ratios));
    auto const each = [&](std::vector<double> seconds) {
        for (auto& value : seconds) {
            value *= 1e9 / static_cast<double>(tree.files().size());
        }
        return bench::spread_of(std::move(seconds));
    };
    report.figure("bare", "ns/file", each(times.baseline));
    report.figure("add", "ns/file", each(times.candidate));
    return report.finish(o.check);
}

} // namespace

int main(int argc, char** argv)
{
    options o;
    CLI::App app("Adding files to a file watcher, side by side with the bare system calls.");
    app.add_option("--directories", o.directories, "how many directories")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    app.add_option("--files", o.files, "files in each")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    bench::add_pairing_options(app, o);
    bench::add_core_option(app, o);
    app.add_option("--bound", o.bound, "most that the library may take, as a ratio")
        ->capture_default_str();
    app.add_flag("--check", o.check, "exit with 1 if a bound is missed");
    return bench::parse_and_run(app, argc, argv, "bench_file_add", [&] { return run(o); });
}

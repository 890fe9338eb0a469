//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// How many bytes does a file watcher take for each file, beside its path?

#include "support/allocation_count.hpp"
#include "support/program.hpp"
#include "support/report.hpp"
#include "support/system.hpp"

#include <asio_inotify.hpp>

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace {

struct options
{
    std::vector<int> files{1000, 10000, 30000};
    double bound = 400;
    bool check = false;
};

// A hundred files per directory.
void measure(options const& o, int files, bench::report& report)
{
    bench::temporary_directory const root;
    boost::asio::io_context context;
    asio_inotify::file_watcher watcher(context);
    watcher.open();
    std::size_t characters = 0;
    double worst = 0;
    double all = 0;
    for (int i = 0; i != files; ++i) {
        auto const directory = root.path() / std::to_string(i / 100);
        if (i % 100 == 0) {
            std::filesystem::create_directory(directory);
        }
        auto const path = (directory / ("file" + std::to_string(i))).string();
        bench::make_file(path);
        auto const before = bench::allocations().live_bytes;
        watcher.add(path);
        characters += path.size() + 1;
        // The memory may shrink for a moment, but not over the whole run.
        all += static_cast<double>(bench::allocations().live_bytes) - static_cast<double>(before);
        if (i + 1 >= files / 2) {
            worst = (std::max)(worst, (all - static_cast<double>(characters)) / (i + 1));
        }
    }
    auto const suffix = ", " + std::to_string(files) + " files";
    report.at_most("beside the path" + suffix, "bytes/file",
                   bench::spread_of({(all - static_cast<double>(characters)) / files}), o.bound);
    report.at_most("the most from half as many on" + suffix, "bytes/file",
                   bench::spread_of({worst}), o.bound);
    report.figure("path" + suffix, "bytes/file", static_cast<double>(characters) / files);
}

int run(options const& o)
{
    bench::report report("file_memory");
    report.parameter("files", o.files);
    for (int const n : o.files) {
        measure(o, n, report);
    }
    return report.finish(o.check);
}

} // namespace

int main(int argc, char** argv)
{
    options o;
    CLI::App app("Counts the bytes on the heap that a file watcher takes for each file.");
    app.add_option("--files", o.files, "how many files; several numbers are measured in turn")
        ->check(CLI::Range(1, 1000000))
        ->capture_default_str();
    app.add_option("--bound", o.bound, "most bytes for a file, beside its path")
        ->capture_default_str();
    app.add_flag("--check", o.check, "exit with 1 if a bound is missed");
    return bench::parse_and_run(app, argc, argv, "bench_file_memory", [&] { return run(o); });
}

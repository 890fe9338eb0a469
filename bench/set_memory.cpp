//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// How many bytes of memory does a set need per watch, without the path?

#include "support/allocation_count.hpp"
#include "support/directory_of_files.hpp"
#include "support/program.hpp"
#include "support/report.hpp"

#include <asio_inotify.hpp>

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct options
{
    std::vector<int> watches{1000, 10000, 100000};
    double bound = 96;
    bool check = false;
};

// The size of a heap block for this many characters, with malloc's rounding.
std::size_t block_size(std::size_t characters)
{
    auto const before = bench::allocations().live_bytes;
    auto const block = std::make_unique<char[]>(characters);
    auto const size = bench::allocations().live_bytes - before;
    if (block == nullptr || size < characters) {
        throw std::runtime_error("the bytes are not counted");
    }
    return size;
}

void measure(options const& o, bench::directory_of_files const& files, int watches,
             bench::report& report)
{
    boost::asio::io_context context;
    asio_inotify::watch_set set(context);
    set.open();
    std::size_t characters = 0;
    std::size_t paths = 0;
    double all = 0;
    double worst = 0;
    for (int i = 0; i != watches; ++i) {
        auto const& path = files.paths()[static_cast<std::size_t>(i)];
        characters += path.size() + 1;
        paths += block_size(path.size() + 1);
        auto const before = bench::allocations().live_bytes;
        set.add(path, asio_inotify::event_mask::modify);
        // The memory may shrink for a moment, but not over the whole run.
        all += static_cast<double>(bench::allocations().live_bytes) - static_cast<double>(before);
        // Tables grow by doubling: how much is in use depends on the number.
        if (i + 1 >= watches / 2) {
            worst = (std::max)(worst, (all - static_cast<double>(paths)) / (i + 1));
        }
    }
    auto const suffix = ", " + std::to_string(watches) + " watches";
    auto const each = [&](double bytes) { return bytes / watches; };
    report.at_most("beside the path" + suffix, "bytes/watch",
                   bench::spread_of({each(all - static_cast<double>(paths))}), o.bound);
    report.at_most("the most from half as many on" + suffix, "bytes/watch",
                   bench::spread_of({worst}), o.bound);
    report.figure("path" + suffix, "bytes/watch", each(static_cast<double>(characters)));
    report.figure("malloc's rounding of the path" + suffix, "bytes/watch",
                  each(static_cast<double>(paths - characters)));
}

int run(options const& o)
{
    bench::report report("set_memory");
    report.parameter("watches", o.watches);
    bench::directory_of_files const files(*std::max_element(o.watches.begin(), o.watches.end()));
    for (int const n : o.watches) {
        measure(o, files, n, report);
    }
    return report.finish(o.check);
}

} // namespace

int main(int argc, char** argv)
{
    options o;
    CLI::App app("Counts the bytes on the heap that a watch set takes for each watch.");
    app.add_option("--watches", o.watches, "how many watches; several numbers are measured in turn")
        ->check(CLI::Range(1, 1000000))
        ->capture_default_str();
    app.add_option("--bound", o.bound, "most bytes for a watch, beside its path")
        ->capture_default_str();
    app.add_flag("--check", o.check, "exit with 1 if a bound is missed");
    return bench::parse_and_run(app, argc, argv, "bench_set_memory", [&] { return run(o); });
}

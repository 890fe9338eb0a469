//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// How much memory does a tree watcher take for each directory and for each file?

#include "support/allocation_count.hpp"
#include "support/program.hpp"
#include "support/report.hpp"
#include "support/watched_tree.hpp"

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>

#include <malloc.h>
#include <unistd.h>

namespace {

struct options
{
    std::size_t directories = 100000;
    std::size_t files = 9;
    std::string place;
    double directory_bound = 200;
    double file_bound = 56;
    double directories_only_bound = 90;
    bool check = false;
};

struct memory
{
    double heap;
    double resident;
};

memory in_use()
{
    std::size_t all = 0;
    std::size_t resident = 0;
    std::ifstream("/proc/self/statm") >> all >> resident;
    return {static_cast<double>(bench::allocations().live_bytes),
            static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE))};
}

// The memory that watching the tree adds.
memory growth(bench::tree_of_directories const& tree, bool directories_only)
{
    asio_inotify::tree_options how;
    how.directories_only = directories_only;
    bench::watched_tree watched(how);
    // Otherwise freed memory would be reused and the growth would not show.
    ::malloc_trim(0);
    auto const before = in_use();
    watched.add(tree);
    auto const after = in_use();
    return {after.heap - before.heap, after.resident - before.resident};
}

double name_bytes(std::string const& path)
{
    return static_cast<double>(path.size() - path.rfind('/') - 1);
}

int run(options const& o)
{
    auto const place = o.place.empty() ? std::string("/dev/shm") : o.place;
    bench::report report("tree_memory");
    report.parameter("directories", o.directories);
    report.parameter("files", o.files);
    report.parameter("in", place);

    auto const directories = static_cast<double>(o.directories);
    auto const files = directories * static_cast<double>(o.files);
    memory bare;
    memory only;
    {
        bench::tree_of_directories const tree(place, {o.directories, 0, 10});
        // The first run allocates what is needed once: buffers, the runtime's own memory.
        static_cast<void>(growth(tree, true));
        bare = growth(tree, false);
        only = growth(tree, true);
    }
    double names = 0;
    memory full;
    {
        bench::tree_of_directories const tree(place, {o.directories, o.files, 10});
        for (std::size_t f = 0; f != o.files; ++f) {
            names += name_bytes(tree.file(0, f));
        }
        full = growth(tree, false);
    }
    names /= static_cast<double>(o.files);
    auto const add = [&](std::string const& name, double heap, double resident, double bound) {
        report.at_most(name + ", heap", "bytes", bench::spread_of({heap}), bound);
        report.at_most(name + ", resident", "bytes", bench::spread_of({resident}), bound);
    };
    add("directory with its name", bare.heap / directories, bare.resident / directories,
        o.directory_bound);
    add("file beside its name", (full.heap - bare.heap) / files - names,
        (full.resident - bare.resident) / files - names, o.file_bound);
    add("directories_only, directory with its name", only.heap / directories,
        only.resident / directories, o.directories_only_bound);
    report.figure("name of a file", "bytes", names);
    return report.finish(o.check);
}

} // namespace

int main(int argc, char** argv)
{
    options o;
    CLI::App app("Counts the bytes that a tree watcher takes for directories and files.");
    app.add_option("--directories", o.directories, "how many")
        ->check(CLI::Range(1, 10000000))
        ->capture_default_str();
    app.add_option("--files", o.files, "in each directory")
        ->check(CLI::Range(1, 10000000))
        ->capture_default_str();
    app.add_option("--in", o.place, "where to make the trees; default: /dev/shm");
    app.add_option("--directory-bound", o.directory_bound, "most bytes for a directory")
        ->capture_default_str();
    app.add_option("--file-bound", o.file_bound, "most bytes for a file, beside its name")
        ->capture_default_str();
    app.add_option("--directories-only-bound", o.directories_only_bound,
                   "most bytes for a directory with directories_only")
        ->capture_default_str();
    app.add_flag("--check", o.check, "exit with 1 if a bound is missed");
    return bench::parse_and_run(app, argc, argv, "bench_tree_memory", [&] { return run(o); });
}

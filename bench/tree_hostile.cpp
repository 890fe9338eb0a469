//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// For how long can a writer in a tree, or the author of a snapshot, block the executor?

#include <asio_inotify/tree_watcher_saving.hpp>

#include "support/ping.hpp"
#include "support/program.hpp"
#include "support/report.hpp"
#include "support/watched_tree.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using asio_inotify::tree_change_kind;

struct options
{
    std::size_t entries = 200000;
    std::size_t directories = 10000;
    std::size_t depth = 3000;
    std::string place = "/dev/shm";
    int runs = 3;
    double bound = 5;
    bool check = false;
};

// A directory that is removed at the end.
class scratch_directory
{
public:
    explicit scratch_directory(std::string const& place)
        : path_(place + "/bench_tree_hostile_" + std::to_string(::getpid()))
    {
        fs::remove_all(path_);
        fs::create_directory(path_);
    }
    scratch_directory(scratch_directory const&) = delete;
    scratch_directory& operator=(scratch_directory const&) = delete;
    ~scratch_directory()
    {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }

    [[nodiscard]] std::string const& path() const noexcept { return path_; }
    [[nodiscard]] std::string root() const { return path_ + "/root"; }

private:
    std::string path_;
};

void make_files(std::string const& directory, std::size_t count)
{
    int const fd = ::open(directory.c_str(), O_DIRECTORY | O_CLOEXEC);
    for (std::size_t n = 0; n != count; ++n) {
        if (::mknodat(fd, ("file" + std::to_string(n)).c_str(), S_IFREG | 0600, 0) != 0) {
            throw std::runtime_error("cannot create a file in " + directory);
        }
    }
    ::close(fd);
}

void make_directories(std::string const& above, std::size_t count, std::size_t files)
{
    for (std::size_t n = 0; n != count; ++n) {
        auto const path = above + "/dir" + std::to_string(n);
        fs::create_directory(path);
        make_files(path, files);
    }
}

// Directories in one another, and some files in the innermost one: longer than a path may be for
// the kernel.
void make_chain(std::string const& above, std::size_t depth, std::size_t files)
{
    int at = ::open(above.c_str(), O_DIRECTORY | O_CLOEXEC);
    for (std::size_t n = 0; n != depth; ++n) {
        ::mkdirat(at, "directory", 0700);
        int const next = ::openat(at, "directory", O_DIRECTORY | O_CLOEXEC);
        ::close(at);
        at = next;
    }
    for (std::size_t n = 0; n != files; ++n) {
        ::mknodat(at, ("file" + std::to_string(n)).c_str(), S_IFREG | 0600, 0);
    }
    ::close(at);
}

// What happens: the tree is made, watched, and attacked; then changes are received until `is_over`.
struct attack
{
    char const* name;
    std::function<void(scratch_directory const&)> make;
    std::function<void(scratch_directory const&, bench::watched_tree&)> act;
    std::function<bool(asio_inotify::tree_change const&)> ends;
    bool follows_links = false;
};

void receive_until(bench::watched_tree& watched, attack const& a, bench::ping& timer)
{
    watched.watcher().async_receive(
        [&](boost::system::error_code ec, asio_inotify::tree_change_batch batch) {
            if (ec) {
                throw boost::system::system_error(ec);
            }
            bool is_over = false;
            for (auto const& change : batch) {
                is_over = is_over || a.ends(change);
            }
            batch = {};
            if (is_over) {
                timer.stop();
            } else {
                receive_until(watched, a, timer);
            }
        });
}

// The longest time of the thread between two handlers of a timer, in milliseconds.
double longest_hold(options const& o, attack const& a)
{
    constexpr std::chrono::microseconds interval{500};
    scratch_directory const scratch(o.place);
    fs::create_directory(scratch.root());
    a.make(scratch);
    asio_inotify::tree_options how;
    how.follow_symlinks = a.follows_links;
    bench::watched_tree watched(how);
    watched.add(scratch.root());
    a.act(scratch, watched);
    bench::ping timer(watched.context(), interval);
    watched.context().restart();
    timer.start();
    receive_until(watched, a, timer);
    watched.context().run();
    auto const cpu = timer.taken().cpu;
    return cpu.empty() ? 0 : *std::max_element(cpu.begin(), cpu.end());
}

std::vector<attack> attacks(options const& o)
{
    auto const is = [](tree_change_kind what) {
        return [what](asio_inotify::tree_change const& change) { return change.kind() == what; };
    };
    auto const nothing = [](scratch_directory const&) {};
    return {
        {"a root with many files is renamed away",
         [&](scratch_directory const& s) { make_files(s.root(), o.entries); },
         [](scratch_directory const& s, bench::watched_tree&) {
             fs::rename(s.root(), s.path() + "/away");
         },
         is(tree_change_kind::root_lost)},
        {"a directory with many directories is moved out",
         [&](scratch_directory const& s) {
             fs::create_directory(s.root() + "/a");
             make_directories(s.root() + "/a", o.directories, 10);
         },
         [](scratch_directory const& s, bench::watched_tree&) {
             fs::rename(s.root() + "/a", s.path() + "/away");
             make_files(s.root(), 1);
         },
         is(tree_change_kind::created)},
        {"more files than the queue can have are created", nothing,
         [&](scratch_directory const& s, bench::watched_tree&) { make_files(s.root(), o.entries); },
         is(tree_change_kind::rescan_end)},
        {"many directories are moved in",
         [&](scratch_directory const& s) {
             fs::create_directory(s.path() + "/a");
             make_directories(s.path() + "/a", o.directories, 10);
         },
         [](scratch_directory const& s, bench::watched_tree&) {
             fs::rename(s.path() + "/a", s.root() + "/a");
             fs::create_directory(s.root() + "/last");
         },
         [count = std::size_t{0},
          all = 11 * o.directories](asio_inotify::tree_change const& change) mutable {
             count += change.kind() == tree_change_kind::created ? 1 : 0;
             return count == all + 2;
         }},
        {"a very deep directory is moved out",
         [&](scratch_directory const& s) { make_chain(s.root(), o.depth, 1000); },
         [](scratch_directory const& s, bench::watched_tree&) {
             fs::rename(s.root() + "/directory", s.path() + "/away");
             make_files(s.root(), 1);
         },
         is(tree_change_kind::created)},
        {"a very deep directory is moved in",
         [&](scratch_directory const& s) { make_chain(s.path(), o.depth, 1000); },
         [](scratch_directory const& s, bench::watched_tree&) {
             fs::rename(s.path() + "/directory", s.root() + "/a");
         },
         [count = std::size_t{0},
          all = o.depth + 1000](asio_inotify::tree_change const& change) mutable {
             count += change.kind() == tree_change_kind::created ? 1 : 0;
             return count == all;
         }},
        {"links lead to directories with links",
         [](scratch_directory const& s) {
             for (int n = 0; n != 30; ++n) {
                 auto const path = s.root() + "/dir" + std::to_string(n);
                 fs::create_directory(path);
                 for (int link = 1; link != 3; ++link) {
                     fs::create_directory_symlink("../dir" + std::to_string((n + link) % 30),
                                                  path + "/link" + std::to_string(link));
                 }
             }
         },
         [](scratch_directory const& s, bench::watched_tree&) {
             for (int n = 0; n != 30; ++n) {
                 make_files(s.root() + "/dir" + std::to_string(n), 100);
             }
             make_files(s.path(), 1);
             fs::rename(s.path() + "/file0", s.root() + "/last");
         },
         [](asio_inotify::tree_change const& change) { return change.path().ends_with("/last"); },
         true},
    };
}

// A tree is saved, restored and compared.
double longest_hold_of_restore(options const& o)
{
    constexpr std::chrono::microseconds interval{500};
    scratch_directory const scratch(o.place);
    fs::create_directory(scratch.root());
    make_directories(scratch.root(), o.directories, 10);
    make_files(scratch.root(), o.entries);
    asio_inotify::tree_snapshot saved;
    {
        bench::watched_tree watched;
        watched.add(scratch.root());
        watched.settle();
        saved = save(watched.watcher());
    }
    bench::watched_tree watched;
    bench::ping timer(watched.context(), interval);
    attack const whole{{}, {}, {}, [](asio_inotify::tree_change const& change) {
                           return change.kind() == tree_change_kind::rescan_end;
                       }};
    async_restore(watched.watcher(), std::move(saved), [&](boost::system::error_code ec) {
        if (ec) {
            throw boost::system::system_error(ec);
        }
        receive_until(watched, whole, timer);
    });
    timer.start();
    watched.context().run();
    auto const& cpu = timer.taken().cpu;
    return *std::max_element(cpu.begin(), cpu.end());
}

int run(options const& o)
{
    bench::report report("tree_hostile");
    report.parameter("entries", o.entries);
    report.parameter("directories", o.directories);
    report.parameter("depth", o.depth);
    report.parameter("in", o.place);
    report.parameter("runs", o.runs);
    auto const measure = [&](char const* name, auto const& one_run) {
        std::vector<double> holds;
        for (int n = 0; n != o.runs; ++n) {
            holds.push_back(one_run());
        }
        report.at_most(name, "ms", bench::spread_of(holds), o.bound);
    };
    for (std::size_t n = 0; n != attacks(o).size(); ++n) {
        measure(attacks(o)[n].name, [&] { return longest_hold(o, attacks(o)[n]); });
    }
    std::vector<double> restores;
    for (int n = 0; n != o.runs; ++n) {
        restores.push_back(longest_hold_of_restore(o));
    }
    report.figure("a large tree is restored, and the snapshot destroyed", "ms",
                  bench::spread_of(restores));
    return report.finish(o.check);
}

} // namespace

int main(int argc, char** argv)
{
    options o;
    CLI::App app("How long the executor is held by what others do in a tree.");
    app.add_option("--entries", o.entries, "how many files")
        ->check(CLI::Range(1, 10000000))
        ->capture_default_str();
    app.add_option("--directories", o.directories, "how many, with ten files each")
        ->check(CLI::Range(1, 10000000))
        ->capture_default_str();
    app.add_option("--depth", o.depth, "of directories in one another")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    app.add_option("--in", o.place, "where to make the tree")->capture_default_str();
    app.add_option("--runs", o.runs, "how often")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    app.add_option("--bound", o.bound,
                   "most milliseconds of the thread's own time between two handlers of a timer, "
                   "median of the runs")
        ->capture_default_str();
    app.add_flag("--check", o.check, "exit with 1 if a bound is missed");
    return bench::parse_and_run(app, argc, argv, "bench_tree_hostile", [&] { return run(o); });
}

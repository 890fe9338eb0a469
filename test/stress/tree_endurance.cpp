//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/long_run.hpp"
#include "support/process/restricted.hpp"
#include "support/sanitizers.hpp"
#include "support/seed.hpp"
#include "support/tree/watched_tree.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <new>
#include <random>
#include <string>

#include <csignal>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

// A writer at full speed over many directories, of which some cannot be read, some are mount
// points, and not all can be watched, and a consumer that stalls: memory does not grow, and at the
// end the changes that were reported give the tree on disk. An ordinary run takes some seconds, a
// long one two hours; ASIO_INOTIFY_SECONDS says otherwise.
BOOST_AUTO_TEST_SUITE(tree_endurance)

namespace {

using std::chrono::steady_clock;

unsigned how_many_directories()
{
    return test::is_long_run() ? 100'000 : 2'000;
}

std::chrono::seconds how_long()
{
    auto const* const given = std::getenv("ASIO_INOTIFY_SECONDS");
    return std::chrono::seconds(given != nullptr      ? std::atoi(given)
                                : test::is_long_run() ? 7200
                                                      : 6);
}

/// Changes a tree at random until it is told to stop.
class writer
{
public:
    writer(std::string root, unsigned seed)
        : root_(std::move(root))
        , random_(seed)
    {}

    void make_all() const
    {
        for (unsigned n = 0; n != how_many_directories(); ++n) {
            ::mkdir(above(n).c_str(), 0755);
            ::mkdir(directory(n).c_str(), 0755);
        }
    }

    void step()
    {
        auto const what = below(1000);
        auto const in = directory(below(how_many_directories()));
        auto const file = in + "/f" + std::to_string(below(4));
        if (what < 600) {
            int const fd = ::open(file.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0644);
            if (fd >= 0) {
                static_cast<void>(::write(fd, "x", 1));
                ::close(fd);
            }
        } else if (what < 800) {
            ::unlink(file.c_str());
        } else if (what < 850) {
            ::mkdir((in + "/sub").c_str(), 0755);
        } else if (what < 900) {
            ::rmdir((in + "/sub").c_str());
        } else if (what < 930) {
            ::rename(file.c_str(), (directory(below(how_many_directories())) + "/f0").c_str());
        } else if (what < 960) {
            // Into another one, or back.
            auto const other = directory(below(how_many_directories())) + "/moved";
            ::rename(below(2) == 0 ? in.c_str() : other.c_str(),
                     below(2) == 0 ? other.c_str() : in.c_str());
        } else if (what < 998) {
            ::chmod(in.c_str(), below(2) == 0 ? 0 : 0755);
        } else {
            mount_or_unmount(in);
        }
    }

    void make_readable() const
    {
        for (auto const& entry : std::filesystem::recursive_directory_iterator(root_)) {
            if (entry.is_directory()) {
                ::chmod(entry.path().c_str(), 0755);
            }
        }
    }

private:
    unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }

    std::string above(unsigned n) const { return root_ + "/a" + std::to_string(n / 200); }
    std::string directory(unsigned n) const { return above(n) + "/d" + std::to_string(n % 200); }

    void mount_or_unmount(std::string const& at)
    {
        if (mounted_.empty()) {
            if (::mount("none", at.c_str(), "tmpfs", 0, "size=64k") == 0) {
                mounted_ = at;
            }
        } else {
            // It may have been moved.
            ::umount2(mounted_.c_str(), MNT_DETACH);
            mounted_.clear();
        }
    }

    std::string root_;
    std::minstd_rand random_;
    std::string mounted_;
};

/// Shared with the process of the writer.
struct shared_state
{
    std::atomic<bool> stops = false;
    std::atomic<unsigned long> operations = 0;
};

shared_state& make_shared_state()
{
    void* const memory = ::mmap(nullptr, sizeof(shared_state), PROT_READ | PROT_WRITE,
                                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    BOOST_TEST_REQUIRE(memory != MAP_FAILED);
    return *new (memory) shared_state;
}

/// In megabytes.
double resident_memory()
{
    std::ifstream file("/proc/self/statm");
    double all = 0;
    double resident = 0;
    file >> all >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

struct endurance
{
    explicit endurance(unsigned seed)
        : work(tree.in.native(), seed)
        , seed_(seed)
    {
        work.make_all();
    }

    void start_writer()
    {
        child = ::fork();
        BOOST_TEST_REQUIRE(child >= 0);
        if (child == 0) {
            ::alarm(0);
            while (!shared.stops) {
                work.step();
                ++shared.operations;
            }
            work.make_readable();
            ::_exit(0);
        }
    }

    void stop_writer()
    {
        shared.stops = true;
        int status = 0;
        BOOST_TEST_REQUIRE(::waitpid(child, &status, 0) == child);
        BOOST_TEST(status == 0);
    }

    /// Receive for a while; the consumer stalls every now and then.
    void consume(std::chrono::seconds time)
    {
        std::minstd_rand random(seed_);
        auto const end = steady_clock::now() + time;
        while (steady_clock::now() < end) {
            tree.context.restart();
            if (!tree.is_receiving) {
                tree.receive();
            }
            tree.context.run_for(std::chrono::milliseconds(500));
            tree.reported.clear();
            if (random() % 20 == 0) {
                ::usleep(300'000);
            }
        }
        BOOST_TEST_REQUIRE(!tree.failure, tree.failure.message());
    }

    test::watched_tree tree;
    shared_state& shared = make_shared_state();
    writer work;
    pid_t child = -1;
    unsigned seed_;
};

void expect_exact(endurance& e)
{
    auto& tree = e.tree;
    // What cannot be watched yet is tried again after half a minute at the latest.
    auto const until = steady_clock::now() + std::chrono::seconds(test::is_long_run() ? 600 : 60);
    while (!tree.watcher.uncovered().empty() && steady_clock::now() < until) {
        e.consume(std::chrono::seconds(1));
    }
    tree.settle();
    std::string faults;
    for (auto const& one : tree.watcher.uncovered()) {
        faults += "\n  " + one.path + ": " + one.reason.message();
    }
    for (auto const& fault : tree.replay.faults()) {
        faults += "\n  impossible: " + fault;
    }
    faults += tree.replay.differences();
    faults += tree.replay.differences_of_watches(tree.instance);
    BOOST_TEST(faults.substr(0, 2000) == "");
}

void endure(unsigned seed)
{
    // Mounts are this process's and the writer's; then the limit is this process's, which may not
    // read everything any more.
    test::enter_mount_namespace();
    endurance e(seed);
    e.start_writer();
    test::enter_user_namespace();
    auto const limit = static_cast<int>(how_many_directories() / 10 * 9);
    test::limit("max_inotify_watches", limit);
    auto options = test::at_once();
    options.grace_time = std::chrono::milliseconds(10);
    e.tree.open(options);
    e.tree.add_root();
    auto const time = how_long();
    e.consume(time / 3);
    auto const before = resident_memory();
    e.consume(time - time / 3);
    auto const after = resident_memory();
    e.stop_writer();
    test::limit("max_inotify_watches", 10'000'000);
    expect_exact(e);
    auto const counters = e.tree.watcher.counters();
    // Not a message of the test, which is shown for a failure only.
    std::fprintf(stderr,
                 "  %lu operations, %llu changes, %llu overflows, resident %.1f MB after a third, "
                 "%.1f MB at the end\n",
                 e.shared.operations.load(), static_cast<unsigned long long>(counters.changes),
                 static_cast<unsigned long long>(counters.overflows), before, after);
    constexpr double tolerance = 1.2;
    constexpr double noise = 8;
    // A sanitizer keeps what was freed.
    BOOST_TEST((test::is_sanitized || after < tolerance * before + noise));
    BOOST_TEST(counters.changes != 0U);
}

} // namespace

BOOST_AUTO_TEST_CASE(memory_is_flat_and_the_tree_exact)
{
    if (::geteuid() != 0) {
        test::print_skipped("needs to be root: directories of another user, and mounts");
        return;
    }
    auto const seed = static_cast<unsigned>(test::seed());
    test::run_in_child([seed] {
        ::alarm(0);
        endure(seed);
    });
}

BOOST_AUTO_TEST_SUITE_END()

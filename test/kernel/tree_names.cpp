//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/process/run_in_child.hpp"
#include "support/tree/watched_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fs = std::filesystem;

// Names of all kinds, long paths, and a watcher that stops for a while.
BOOST_FIXTURE_TEST_SUITE(tree_names, test::watched_tree)

BOOST_AUTO_TEST_CASE(names_with_any_byte)
{
    start();
    for (int byte = 1; byte != 256; ++byte) {
        if (byte != '/') {
            auto const name = "n" + std::string(1, static_cast<char>(byte));
            make(name);
            write(name + "/" + static_cast<char>(byte) + "f");
        }
    }
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 508U);
    make("\xff\n\t");
    move("\xff\n\t", " \\ *");
    expect({"created dir \xff\n\t", "renamed dir \xff\n\t ->  \\ *"});
}

BOOST_AUTO_TEST_CASE(names_of_every_length)
{
    start();
    for (std::size_t size = 1; size != 256; ++size) {
        write(std::string(size, 'f'));
    }
    std::string const longest(255, 'd');
    make(longest);
    write(longest + "/" + std::string(255, 'g'));
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 257U);
    move(longest, "d");
    expect({"renamed dir " + longest + " -> d"});
}

// Deeper than the kernel takes a path at once.
BOOST_AUTO_TEST_CASE(paths_that_are_too_long)
{
    constexpr int levels = 30;
    std::string const name(200, 'd');
    auto const build = [&] {
        int at = ::open(in.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
        for (int level = 0; level != levels; ++level) {
            BOOST_TEST_REQUIRE(::mkdirat(at, name.c_str(), 0755) == 0);
            int const below = ::openat(at, name.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
            ::close(at);
            at = below;
        }
        return at;
    };
    auto const write_at = [](int directory, char const* file) {
        int const fd = ::openat(directory, file, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
        BOOST_TEST_REQUIRE(::write(fd, "x", 1) == 1);
        ::close(fd);
    };
    start();
    int const deepest = build();
    write_at(deepest, "file");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == levels + 1U);
    write_at(deepest, "file");
    auto seen = take();
    BOOST_TEST_REQUIRE(seen.size() == 2U);
    BOOST_TEST(seen[0].size() > 6000U);
    BOOST_TEST(seen[0].starts_with("modified file ddd"));
    BOOST_TEST_REQUIRE(::mkdirat(deepest, "new", 0755) == 0);
    BOOST_TEST_REQUIRE(::renameat(deepest, "file", deepest, "new/file") == 0);
    seen = take();
    BOOST_TEST(replay.size() == levels + 2U);
    ::close(deepest);
    // There at the start.
    remove_root();
    add_root();
    static_cast<void>(take());
    BOOST_TEST(replay.size() == levels + 2U);
    move(name, "d");
    expect({"renamed dir " + name + " -> d"});
    remove("d");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 0U);
}

// It could not keep a filesystem from being unmounted, or its end from being reported.
BOOST_AUTO_TEST_CASE(no_directory_stays_open)
{
    make("a/b/c");
    start();
    for (int n = 0; n != 40; ++n) {
        make("d" + std::to_string(n) + "/e/f");
    }
    move("a", "z");
    static_cast<void>(take());
    for (auto const& entry : fs::directory_iterator("/proc/self/fd")) {
        std::error_code ignored;
        auto const target = fs::read_symlink(entry.path(), ignored).native();
        BOOST_TEST(!target.starts_with(dir.path().native()), target);
    }
}

// A process is stopped while its tree changes, more than the queue can hold.
BOOST_AUTO_TEST_CASE(stopped_and_continued)
{
    test::run_in_child([] {
        test::watched_tree tree;
        tree.make("a/b");
        tree.start();
        auto const changer = ::fork();
        BOOST_TEST_REQUIRE(changer >= 0);
        if (changer == 0) {
            ::alarm(120);
            auto const watching = ::getppid();
            bool const stopped = ::kill(watching, SIGSTOP) == 0;
            for (int n = 0; n != 9000; ++n) {
                auto const file = (tree.in / ("f" + std::to_string(n))).native();
                ::close(::open(file.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
                if (n % 100 != 0) {
                    ::unlink(file.c_str());
                }
            }
            std::error_code ec;
            fs::rename(tree.in / "a", tree.in / "c", ec);
            fs::create_directories(tree.in / "c" / "b" / "new", ec);
            ::_exit(::kill(watching, SIGCONT) == 0 && stopped && !ec ? 0 : 1);
        }
        // Receives all the time, but for the time in which it is stopped.
        int status = 0;
        tree.run_until([&] { return ::waitpid(changer, &status, WNOHANG) == changer; });
        BOOST_TEST(status == 0);
        static_cast<void>(tree.take());
        BOOST_TEST(tree.replay.size() == 93U);
        BOOST_TEST(tree.replay.contains(tree.in / "c/b/new"));
    });
}

BOOST_AUTO_TEST_SUITE_END()

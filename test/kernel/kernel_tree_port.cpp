//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/process/restricted.hpp"
#include "support/temp_directory.hpp"

#include "tree/port/kernel_tree_port.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <filesystem>
#include <string>

#include <sys/syscall.h>

namespace fs = std::filesystem;

// The port of a tree_engine to the real kernel.
BOOST_AUTO_TEST_SUITE(kernel_tree_port)

using boost::system::error_code;
using port = asio_inotify::detail::kernel_tree_port;

namespace {

/// A directory that contains a directory, opened by a port.
struct opened_directory
{
    opened_directory()
    {
        fs::create_directory(dir / "child");
        error_code ec;
        from = kernel.open_path(dir.path().native(), true, ec);
        BOOST_TEST_REQUIRE(!ec, ec.message());
    }

    opened_directory(opened_directory const&) = delete;
    opened_directory& operator=(opened_directory const&) = delete;

    ~opened_directory() { kernel.close(from); }

    bool opens_within(char const* name)
    {
        auto const directory_fd = kernel.open_within(from, name);
        if (directory_fd >= 0) {
            kernel.close(directory_fd);
        }
        return directory_fd >= 0;
    }

    bool opens_child(char const* name)
    {
        error_code ec;
        auto const directory_fd = kernel.open_child(from, name, false, ec);
        if (directory_fd >= 0) {
            kernel.close(directory_fd);
        }
        return !ec;
    }

    /// Open a path below the directory. @returns The errno.
    int open_below(std::string const& rest)
    {
        error_code ec;
        auto const directory_fd = kernel.open_below(dir.path().native(), rest, ec);
        if (directory_fd >= 0) {
            kernel.close(directory_fd);
        }
        return ec.value();
    }

    test::temp_directory dir{};
    port kernel{};
    port::directory_fd from = -1;
};

} // namespace

#ifdef SYS_openat2

// An error of one directory says nothing about the next.
BOOST_AUTO_TEST_CASE(a_directory_that_cannot_be_opened_does_not_disable_openat2)
{
    opened_directory d;
    errno = 0;
    if (!d.opens_within("child") && (errno == ENOSYS || errno == EPERM)) {
        test::print_skipped("no openat2: " + test::message_of(errno));
        return;
    }
    d.dir.write("file");
    fs::create_directory_symlink("child", d.dir / "link");
    for (auto const* const name : {"missing", "file", "link"}) {
        BOOST_TEST(!d.opens_within(name), name);
        BOOST_TEST(d.opens_within("child"), "after " << name);
    }
}

BOOST_AUTO_TEST_CASE(openat2_is_not_tried_again_after_a_refusal)
{
    for (int const error : {ENOSYS, EPERM}) {
        test::run_in_child([error] {
            opened_directory d;
            test::fail_system_call(SYS_openat2, error);
            BOOST_TEST(!d.opens_within("child"));
            test::die_of_system_call(SYS_openat2);
            BOOST_TEST(!d.opens_within("child"));
            BOOST_TEST(d.opens_child("child"));
        });
    }
}

BOOST_AUTO_TEST_CASE(no_link_below_a_directory_is_followed)
{
    opened_directory d;
    if (!d.opens_within("child") && (errno == ENOSYS || errno == EPERM)) {
        test::print_skipped("no openat2: " + test::message_of(errno));
        return;
    }
    fs::create_directories(d.dir / "child/a/b");
    fs::create_directory_symlink("child", d.dir / "link");
    fs::create_directory_symlink(d.dir.path(), d.dir / "child/back");
    BOOST_TEST(d.open_below("") == 0);
    BOOST_TEST(d.open_below("child/a/b") == 0);
    BOOST_TEST(d.open_below("child/a/c") == ENOENT);
    for (auto const* const path :
         {"link", "link/a", "link/a/b", "child/back", "child/back/child"}) {
        BOOST_TEST(d.open_below(path) == ENOTDIR, path);
    }
}

BOOST_AUTO_TEST_CASE(links_are_followed_without_openat2)
{
    for (int const error : {ENOSYS, EPERM}) {
        test::run_in_child([error] {
            opened_directory d;
            fs::create_directory(d.dir / "child/a");
            fs::create_directory_symlink("child", d.dir / "link");
            test::fail_system_call(SYS_openat2, error);
            BOOST_TEST(d.open_below("link/a") == 0);
            BOOST_TEST(d.open_below("link") == ENOTDIR);
            test::die_of_system_call(SYS_openat2);
            BOOST_TEST(d.open_below("link/a") == 0);
        });
    }
}

// A sandbox says what it likes.
BOOST_AUTO_TEST_CASE(a_port_that_is_made_in_a_sandbox_does_not_try_openat2_again)
{
    for (int const error : {ENOSYS, EPERM, EACCES, EINVAL}) {
        test::run_in_child([error] {
            test::fail_system_call(SYS_openat2, error);
            opened_directory d;
            test::die_of_system_call(SYS_openat2);
            BOOST_TEST(d.open_below("child") == 0);
            BOOST_TEST(!d.opens_within("child"));
        });
    }
}

#endif

BOOST_AUTO_TEST_SUITE_END()

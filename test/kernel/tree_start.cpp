//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/process/restricted.hpp"
#include "support/tree/watched_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/mount.h>
#include <sys/syscall.h>

namespace fs = std::filesystem;

// What there is when a tree begins to be watched: found, and watched where it is to be.
BOOST_AUTO_TEST_SUITE(tree_start)

using test::lines;

namespace {

void start_sorted(test::watched_tree& tree, lines const& expected)
{
    tree.open();
    tree.add_root();
    auto seen = tree.take();
    std::sort(seen.begin(), seen.end());
    BOOST_TEST(seen == expected, boost::test_tools::per_element());
}

void expect_write(test::watched_tree& tree, std::string const& name)
{
    tree.write(name);
    tree.expect({"created file " + name, "modified file " + name, "closed_write file " + name});
}

// Directories that are opened in one step, those that need another, and what is not opened.
void expect_all_kinds(test::watched_tree& tree)
{
    tree.make("../out/hidden");
    tree.make("a/b/c");
    tree.write("a/b/file");
    tree.make("m");
    tree.make("same");
    fs::create_directory_symlink(tree.out, tree.path("a/link"));
    fs::create_directory_symlink("b", tree.path("a/near"));
    fs::create_directory_symlink("nowhere", tree.path("a/dangling"));
    if (::mount("none", tree.path("m").c_str(), "tmpfs", 0, "size=1m") != 0 ||
        ::mount(tree.path("a/b").c_str(), tree.path("same").c_str(), nullptr, MS_BIND, nullptr) !=
            0) {
        throw test::skipped("cannot mount: " + test::message_of(errno));
    }
    tree.make("m/d");
    tree.write("m/d/file");
    start_sorted(tree,
                 {"existing dir a", "existing dir a/b", "existing dir a/b/c", "existing dir m",
                  "existing dir m/d", "existing dir same", "existing dir same/c",
                  "existing file a/b/file", "existing file a/dangling", "existing file a/link",
                  "existing file a/near", "existing file m/d/file", "existing file same/file"});
    // Where a link leads to is not watched.
    tree.write("../out/hidden/file");
    tree.expect({});
    expect_write(tree, "m/d/new");
    expect_write(tree, "m/new");
    expect_write(tree, "a/new");
    tree.write("a/b/c/new");
    auto seen = tree.take();
    std::sort(seen.begin(), seen.end());
    lines const both{"closed_write file a/b/c/new", "closed_write file same/c/new",
                     "created file a/b/c/new",      "created file same/c/new",
                     "modified file a/b/c/new",     "modified file same/c/new"};
    BOOST_TEST(seen == both, boost::test_tools::per_element());
    // Directories that come later.
    tree.make("a/e/f");
    tree.expect({"created dir a/e", "created dir a/e/f"});
    expect_write(tree, "a/e/f/file");
    tree.make("m/d/g/h");
    tree.expect({"created dir m/d/g", "created dir m/d/g/h"});
    expect_write(tree, "m/d/g/h/file");
    BOOST_TEST(tree.watcher.uncovered().empty());
    for (auto const* const name : {"m", "same"}) {
        BOOST_TEST(::umount2(tree.path(name).c_str(), 0) == 0, name);
    }
}

template <class Prepare>
void with_all_kinds(Prepare prepare)
{
    test::run_in_child([&] {
        test::enter_mount_namespace();
        test::watched_tree tree;
        prepare();
        expect_all_kinds(tree);
    });
}

} // namespace

BOOST_AUTO_TEST_CASE(mounts_and_links)
{
    with_all_kinds([] {});
}

#ifdef SYS_openat2

// An old kernel, and sandboxes of which not all say so in the same way.
BOOST_AUTO_TEST_CASE(without_openat2)
{
    for (int const error : {ENOSYS, EPERM, EACCES, EINVAL}) {
        BOOST_TEST_CONTEXT(test::message_of(error))
        {
            with_all_kinds([error] { test::fail_system_call(SYS_openat2, error); });
        }
    }
}

#endif

// Sizes for which entries are searched linearly, found in a table, and listed in several parts.
BOOST_FIXTURE_TEST_CASE(directories_of_many_sizes, test::watched_tree)
{
    constexpr std::size_t sizes[] = {0, 1, 31, 32, 33, 34, 200, 5000};
    std::size_t all = 0;
    for (auto const size : sizes) {
        auto const name = std::to_string(size);
        make(name);
        for (std::size_t n = 0; n != size; ++n) {
            write(name + "/" + std::to_string(n), "");
        }
        all += size + 1;
    }
    start();
    BOOST_TEST(replay.size() == all);
    lines written;
    lines removed;
    lines created;
    for (auto const size : sizes) {
        auto const name = std::to_string(size) + '/';
        std::vector<std::string> files;
        if (size != 0) {
            // The first and the last one, whatever the order is.
            files = {name + "0", name + std::to_string(size - 1)};
        }
        for (auto const& file : files) {
            write(file);
            written.insert(written.end(), {"modified file " + file, "closed_write file " + file});
        }
        write(name + "new");
        written.insert(written.end(),
                       {"created file " + name + "new", "modified file " + name + "new",
                        "closed_write file " + name + "new"});
        removed.push_back("removed file " + name + "new");
        created.push_back("created dir " + name + "d");
    }
    expect(written);
    for (auto const size : sizes) {
        remove(std::to_string(size) + "/new");
    }
    expect(removed);
    for (auto const size : sizes) {
        make(std::to_string(size) + "/d");
    }
    expect(created);
}

// Of a size at which the last entry does, or does not, go into what is listed at once.
BOOST_FIXTURE_TEST_CASE(directories_that_fill_the_listing_buffer, test::watched_tree)
{
    constexpr std::size_t listed_at_once = 32 * 1024;
    // 24 bytes each: those of the directory and of its parent, and names of up to four bytes.
    constexpr std::size_t short_record = 24;
    constexpr std::size_t long_record = 280;
    constexpr std::size_t most = (listed_at_once - 2 * short_record) / long_record;
    constexpr std::size_t rest = listed_at_once - 2 * short_record - most * long_record;
    std::size_t all = 0;
    for (std::size_t longs = most - 1; longs != most + 2; ++longs) {
        for (std::size_t shorts = 0; shorts <= rest / short_record + 1; ++shorts) {
            auto const name = std::to_string(longs) + '-' + std::to_string(shorts);
            make(name);
            for (std::size_t n = 0; n != longs; ++n) {
                auto const number = std::to_string(n);
                write(name + "/" + std::string(255 - number.size(), 'f') + number, "");
            }
            for (std::size_t n = 0; n != shorts; ++n) {
                write(name + "/" + std::to_string(n), "");
            }
            all += longs + shorts + 1;
        }
    }
    start();
    BOOST_TEST(replay.size() == all);
    expect_write(*this, std::to_string(most) + "-0/new");
}

BOOST_AUTO_TEST_SUITE_END()

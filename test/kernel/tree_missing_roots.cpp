//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/watched_tree.hpp"

#include <asio_inotify.hpp>

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>

namespace fs = std::filesystem;
using test::error_code;

namespace {

struct missing_root : test::watched_tree
{
    missing_root() { open(test::at_once()); }

    void start()
    {
        add_root();
        static_cast<void>(take());
    }

    void add_missing(std::string const& name)
    {
        asio_inotify::tree_add_options options;
        options.allow_missing = true;
        watcher.add(path(name), options);
        replay.add_root(path(name).native());
    }
};

} // namespace

// Roots that are added before there is a directory at their path.
BOOST_FIXTURE_TEST_SUITE(tree_missing_roots, missing_root)

BOOST_AUTO_TEST_CASE(found_when_it_is_made)
{
    add_missing("r");
    BOOST_TEST(watcher.contains(path("r")));
    BOOST_TEST(watcher.size() == 1U);
    expect({"root_lost dir r"});
    make("r/a");
    expect({"root_found dir r", "created dir r/a"});
    write("r/a/file");
    expect({"created file r/a/file", "modified file r/a/file", "closed_write file r/a/file"});
}

// The directories above it are made one after the other, and a link leads to it.
BOOST_AUTO_TEST_CASE(found_behind_directories_and_links)
{
    add_missing("l/r");
    expect({"root_lost dir l/r"});
    fs::create_directory_symlink("x", path("l"));
    expect({});
    make("x");
    expect({});
    make("x/r/a");
    expect({"root_found dir l/r", "created dir l/r/a"});
    fs::remove(path("l"));
    expect({"removed dir l/r/a", "root_lost dir l/r"});
}

BOOST_AUTO_TEST_CASE(a_file_is_in_the_way)
{
    write("r");
    add_missing("r");
    expect({"root_lost dir r"});
    fs::remove(path("r"));
    make("r");
    expect({"root_found dir r"});
}

BOOST_AUTO_TEST_CASE(made_before_the_first_receive)
{
    add_missing("r");
    make("r/a");
    auto const seen = take();
    BOOST_TEST(seen.front() == "root_lost dir r");
    BOOST_TEST(replay.size() == 1U);
}

BOOST_AUTO_TEST_CASE(removed_again)
{
    add_missing("r");
    expect({"root_lost dir r"});
    watcher.remove(path("r"));
    replay.remove_root(path("r").native());
    make("r");
    expect({});
    BOOST_TEST(watcher.empty());
    add_missing("r");
    expect({});
    BOOST_TEST(watcher.counters().watches == 1U);
    error_code ec;
    watcher.add(path("r"), ec);
    BOOST_TEST(ec == boost::system::errc::file_exists);
}

// Errors other than a missing directory.
BOOST_AUTO_TEST_CASE(other_errors)
{
    asio_inotify::tree_add_options options;
    options.allow_missing = true;
    error_code ec;
    watcher.add("", options, ec);
    BOOST_TEST(ec == asio_inotify::error::empty_path);
    watcher.add(path(std::string(300, 'x')), options, ec);
    BOOST_TEST(ec == boost::system::errc::filename_too_long);
    watcher.add(path("r"), ec);
    BOOST_TEST(ec == boost::system::errc::no_such_file_or_directory);
    BOOST_TEST(watcher.empty());
}

// The other root reports what comes there.
BOOST_AUTO_TEST_CASE(in_the_tree_of_another_root)
{
    start();
    asio_inotify::tree_add_options options;
    options.allow_missing = true;
    error_code ec;
    watcher.add(path("w/a"), options, ec);
    BOOST_TEST(ec == boost::system::errc::no_such_file_or_directory);
    BOOST_TEST(watcher.size() == 1U);
    make("w/a");
    expect({"created dir w", "created dir w/a"});
}

BOOST_AUTO_TEST_CASE(asynchronously)
{
    asio_inotify::tree_add_options options;
    options.allow_missing = true;
    error_code result = boost::asio::error::would_block;
    watcher.async_add(path("r"), options, [&](error_code ec) { result = ec; });
    replay.add_root(path("r").native());
    expect({"root_lost dir r"});
    BOOST_TEST(!result);
    make("r");
    expect({"root_found dir r"});
}

// A snapshot has it as a lost root.
BOOST_AUTO_TEST_CASE(saved_and_restored)
{
    add_missing("r");
    expect({"root_lost dir r"});
    auto const saved = save(watcher);
    make("r/a");
    asio_inotify::tree_watcher other(context);
    other.open(test::at_once());
    restore(other, saved);
    test::name_list seen;
    while (seen.empty() || seen.back() != "rescan_end") {
        for (auto const& change : other.receive()) {
            seen.push_back(test::describe(change, in.native()));
        }
    }
    auto const expected =
        test::name_list{"rescan_begin", "root_found dir r", "created dir r/a", "rescan_end"};
    BOOST_TEST(seen == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

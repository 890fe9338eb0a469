//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/printing.hpp"
#include "support/tree/watched_tree.hpp"

#include <asio_inotify/error.hpp>
#include <asio_inotify/tree_watcher_saving.hpp>

#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace fs = std::filesystem;

// What is reported, and what is left out.
BOOST_FIXTURE_TEST_SUITE(tree_masks, test::watched_tree)

using test::tree_change_mask;

// The model knows what the mask does not report.
BOOST_AUTO_TEST_CASE(without_created)
{
    auto options = test::at_once();
    options.report = tree_change_mask::modified | tree_change_mask::renamed;
    is_replaying = false;
    start(options);
    make("a/b");
    write("a/b/file");
    // Nobody knows what was written to it before it was found.
    expect({"modified file a/b/file"});
    write("a/b/file");
    move("a", "c");
    write("c/b/file");
    expect({"modified file a/b/file", "renamed dir a -> c", "modified file c/b/file"});
    remove("c");
    make("d");
    expect({});
    BOOST_TEST(replay.differences_of_watches(instance) != "");
    BOOST_TEST(watcher.counters().watches == 2U);
}

BOOST_AUTO_TEST_CASE(only_removed)
{
    auto options = test::at_once();
    options.report = tree_change_mask::removed;
    is_replaying = false;
    write("a");
    start(options);
    write("a");
    make("b/c");
    expect({});
    move("a", "b/c/d");
    move("b", "e");
    expect({});
    remove("e/c/d");
    move("e", "../out/e");
    expect({"removed file e/c/d", "removed dir e"});
}

BOOST_AUTO_TEST_CASE(nothing)
{
    auto options = test::at_once();
    options.report = tree_change_mask::none;
    is_replaying = false;
    start(options);
    make("a/b");
    write("a/b/file");
    expect({});
    BOOST_TEST(watcher.counters().entries == 4U);
}

BOOST_AUTO_TEST_CASE(excluded_names)
{
    auto options = test::at_once();
    options.exclude = {"*.tmp", ".git", "build/*/out"};
    test::tree_replay::expectations expected;
    expected.excluded = [this](std::string const& entry, bool) {
        fs::path const p = entry;
        auto const below = p.lexically_relative(in);
        return p.extension() == ".tmp" || p.filename() == ".git" ||
               (below.parent_path().parent_path() == "build" && p.filename() == "out");
    };
    replay = test::tree_replay(expected);
    make(".git/objects");
    make("build/x/out/deep");
    make("build/x/in");
    make("out");
    start(options);
    BOOST_TEST(replay.size() == 4U);
    BOOST_TEST(watcher.counters().watches == 5U);
    write(".git/objects/file");
    write("a.tmp");
    make("b.tmp/c");
    make("build/y/out/d");
    write("build/x/out/deep/file");
    expect({"created dir build/y"});
    // A rename over the edge is an arrival or an end.
    move("a.tmp", "a");
    move("a", "b");
    move("b", "b.tmp/b");
    move("b.tmp", "b");
    move("b", "c.tmp");
    expect({"created file a", "renamed file a -> b", "removed file b", "created dir b",
            "removed dir b"});
    make("build/x/e");
    move("build/x/e", "build/x/out2");
    move("build/x/out2", "build/x/e");
    fs::rename(path("build/x/out"), path("build/x/f"));
    static_cast<void>(take());
    BOOST_TEST(replay.contains(in / "build/x/f/deep/file"));
}

BOOST_AUTO_TEST_CASE(a_pattern_that_can_never_match_was_accepted)
{
    asio_inotify::tree_options options;
    options.exclude = {"*.o", "build/"};
    test::error_code ec;
    watcher.open(options, ec);
    BOOST_TEST(ec == asio_inotify::error::invalid_exclude_pattern);
    BOOST_TEST(ec.has_location());
    BOOST_TEST(!watcher.is_open());
    auto const names = [](std::string const& start) {
        return [start](boost::system::system_error const& e) {
            BOOST_TEST(std::string_view(e.what()).starts_with(start), e.what());
            return e.code() == asio_inotify::error::invalid_exclude_pattern;
        };
    };
    BOOST_CHECK_EXCEPTION(watcher.open(options), boost::system::system_error,
                          names("open 'build/': "));
    // It depends on the root if a path from the root directory can match.
    options.exclude = {"*.o", in.native() + "/build"};
    watcher.open(options);
    BOOST_CHECK_EXCEPTION(watcher.add(in), boost::system::system_error,
                          names("add '" + in.native() + "/build': "));
    watcher.add(in, ec);
    BOOST_TEST(ec == asio_inotify::error::invalid_exclude_pattern);
    BOOST_TEST(watcher.counters().entries == 0U);
    asio_inotify::detail::saved_entry root;
    root.is_directory = true;
    root.name = root.absolute = in.native();
    restore(watcher, {{root}, 1}, ec);
    BOOST_TEST(ec == asio_inotify::error::invalid_exclude_pattern);
    BOOST_TEST(watcher.counters().entries == 0U);
}

BOOST_AUTO_TEST_CASE(pruned)
{
    auto options = test::at_once();
    options.prune = [](std::string_view entry, asio_inotify::tree_entry_type type) {
        return type == asio_inotify::tree_entry_type::directory && entry.ends_with("/no");
    };
    test::tree_replay::expectations expected;
    expected.excluded = [](std::string const& entry, bool is_directory) {
        return is_directory && entry.ends_with("/no");
    };
    replay = test::tree_replay(expected);
    make("a/no/b");
    start(options);
    BOOST_TEST(replay.size() == 1U);
    write("a/no/b/file");
    make("no/c");
    expect({});
    write("a/file");
    expect({"created file a/file", "modified file a/file", "closed_write file a/file"});
    move("a/no", "yes");
    static_cast<void>(take());
    BOOST_TEST(replay.size() == 5U);
}

BOOST_AUTO_TEST_CASE(directories_only)
{
    auto options = test::at_once();
    options.directories_only = true;
    test::tree_replay::expectations expected;
    expected.directories_only = true;
    replay = test::tree_replay(expected);
    make("a/b/c");
    make("d");
    write("a/file");
    write("file");
    start(options);
    BOOST_TEST(replay.size() == 4U);
    write("a/file");
    write("d/file");
    expect({});
    make("d/e/f");
    write("d/e/f/file");
    expect({"created dir d/e", "created dir d/e/f"});
    move("a/b", "d/e/b");
    remove("a");
    expect({"renamed dir a/b -> d/e/b", "removed dir a"});
    write("a");
    remove("a");
    make("a");
    expect({"created dir a"});
    remove("a");
    write("a");
    expect({"removed dir a"});
}

BOOST_AUTO_TEST_CASE(links_are_followed)
{
    auto options = test::at_once();
    options.follow_symlinks = true;
    test::tree_replay::expectations expected;
    expected.follow_symlinks = true;
    replay = test::tree_replay(expected);
    make("../out/a");
    fs::create_directory_symlink(out, path("link"));
    start(options);
    BOOST_TEST(replay.contains(in / "link/a"));
    write("../out/a/file");
    expect(
        {"created file link/a/file", "modified file link/a/file", "closed_write file link/a/file"});
    // Made, renamed and removed at run time.
    make("../other/b");
    fs::create_directory_symlink(dir / "other", path("second"));
    static_cast<void>(take());
    write("../other/b/file");
    expect({"created file second/b/file", "modified file second/b/file",
            "closed_write file second/b/file"});
    move("second", "third");
    write("../other/b/file");
    expect({"renamed dir second -> third", "modified file third/b/file",
            "closed_write file third/b/file"});
    fs::remove(path("third"));
    static_cast<void>(take());
    write("../other/b/file");
    expect({});
    // In a circle.
    fs::create_directory_symlink(in, path("circle"));
    static_cast<void>(take());
    BOOST_TEST(watcher.uncovered().size() == 1U);
    fs::create_symlink("nowhere", path("dangling"));
    expect({"created file dangling"});
}

BOOST_AUTO_TEST_CASE(batches_have_a_limit)
{
    auto options = test::at_once();
    options.batch_size = 10;
    start(options);
    for (int n = 0; n != 100; ++n) {
        write("f" + std::to_string(n));
    }
    batches = 0;
    auto const seen = take();
    BOOST_TEST(seen.size() == 300U);
    BOOST_TEST(batches >= 30);
}

BOOST_AUTO_TEST_SUITE_END()

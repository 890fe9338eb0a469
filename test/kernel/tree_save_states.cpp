//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/printing.hpp"
#include "support/process/restricted.hpp"
#include "support/tree/saved_tree.hpp"

#include <asio_inotify/error.hpp>
#include <asio_inotify/tree_watcher_saving.hpp>

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <utility>

namespace fs = std::filesystem;

// What is saved beside names: roots, numbers, and what is not watched.
BOOST_FIXTURE_TEST_SUITE(tree_save_states, test::saved_tree)

namespace {

using asio_inotify::error;
using asio_inotify::tree_snapshot;
using test::lines;

int steps_to(fs::path const& path)
{
    return static_cast<int>(std::distance(path.begin(), path.end())) - 1;
}

} // namespace

BOOST_AUTO_TEST_CASE(closed_or_in_use)
{
    test::error_code ec;
    BOOST_TEST((asio_inotify::save(watcher, ec) == tree_snapshot()));
    BOOST_TEST(ec == boost::asio::error::bad_descriptor);
    asio_inotify::restore(watcher, saved, ec);
    BOOST_TEST(ec == boost::asio::error::bad_descriptor);
    BOOST_CHECK_THROW(static_cast<void>(asio_inotify::save(watcher)), boost::system::system_error);
    BOOST_CHECK_THROW(asio_inotify::restore(watcher, saved), boost::system::system_error);
    make("a");
    begin();
    saved = saved_now();
    asio_inotify::restore(watcher, saved, ec);
    BOOST_TEST(ec == error::not_empty);
    BOOST_TEST(ec.has_location());
    // Nothing has changed.
    write("a/file");
    expect({"created file a/file", "modified file a/file", "closed_write file a/file"});
}

BOOST_AUTO_TEST_CASE(no_trees)
{
    open();
    saved = saved_now();
    BOOST_TEST(saved.empty());
    asio_inotify::restore(watcher, saved);
    expect({});
    // It is an ordinary watcher without roots.
    asio_inotify::restore(watcher, saved);
    make("a");
    add_root();
    expect({"existing dir a"});
    make("b");
    expect({"created dir b"});
}

BOOST_AUTO_TEST_CASE(entries_that_are_there_twice)
{
    make("a/b");
    begin();
    save();
    auto const twice = [&](std::size_t at) {
        auto entries = saved.entries();
        entries.push_back(entries.at(at));
        return tree_snapshot(std::move(entries), saved.time());
    };
    open();
    for (std::size_t const at : {0U, 1U}) {
        test::error_code ec;
        asio_inotify::restore(watcher, twice(at), ec);
        BOOST_TEST(ec == error::malformed_snapshot);
        BOOST_TEST(watcher.counters().entries == 0U);
        BOOST_TEST(watches().empty());
    }
    // What is a part needs a root.
    auto alone = saved.entries();
    alone.resize(1);
    alone[0] = {};
    alone[0].name = in.native();
    alone[0].absolute = in.native();
    test::error_code ec;
    asio_inotify::restore(watcher, {alone, 1}, ec);
    BOOST_TEST(ec == error::malformed_snapshot);
    // After all that it can still be restored.
    asio_inotify::restore(watcher, saved);
    expect_rescan({});
    expect_same_watches();
}

// The table of devices has 65535 numbers. One more was number 0 and read before its start.
BOOST_AUTO_TEST_CASE(more_filesystems_than_there_are_numbers)
{
    begin();
    save();
    auto entries = saved.entries();
    BOOST_TEST_REQUIRE(entries.size() == 1U);
    auto const with_devices = [&](std::uint64_t count) {
        auto all = entries;
        // The root has the first one.
        for (std::uint64_t n = 1; n != count; ++n) {
            asio_inotify::detail::saved_entry entry;
            entry.depth = 1;
            entry.is_directory = true;
            entry.device = 0x1'0000'0000 + n;
            entry.inode = 1'000'000'000 + n;
            entry.name = "d" + std::to_string(n);
            all.push_back(entry);
        }
        return tree_snapshot(std::move(all), saved.time());
    };
    open();
    test::error_code ec;
    asio_inotify::restore(watcher, with_devices(65'536), ec);
    BOOST_TEST(ec == error::too_many_filesystems);
    BOOST_TEST(ec.has_location());
    BOOST_TEST(watcher.counters().entries == 0U);
    // All numbers are free again.
    is_replaying = false;
    asio_inotify::restore(watcher, with_devices(65'535), ec);
    BOOST_TEST_REQUIRE(!ec, ec.message());
    BOOST_TEST(watcher.counters().entries == 65'535U);
    settle();
    BOOST_TEST(watcher.counters().entries == 1U);
    write("file");
    settle();
    BOOST_TEST(watcher.counters().entries == 2U);
}

BOOST_AUTO_TEST_CASE(changes_have_to_be_received_first)
{
    make("a");
    begin();
    save();
    restore();
    // That it looks is a change.
    test::error_code ec;
    static_cast<void>(asio_inotify::save(watcher, ec));
    BOOST_TEST(ec == error::changes_not_received);
    expect_rescan({});
    BOOST_TEST((saved_now().entries() == saved.entries()));
}

BOOST_AUTO_TEST_CASE(existing_entries_have_to_be_received_first)
{
    for (int n = 0; n != 20; ++n) {
        write(std::to_string(n));
    }
    auto options = test::at_once();
    options.batch_size = 5;
    open(options);
    add_root();
    settle_until([&] { return batches == 1; });
    stop();
    test::error_code ec;
    static_cast<void>(asio_inotify::save(watcher, ec));
    BOOST_TEST(ec == error::changes_not_received);
    settle();
    BOOST_TEST(saved_now().size() == 21U);
}

BOOST_AUTO_TEST_CASE(unread_changes_are_found)
{
    make("a");
    write("file");
    begin();
    // In the kernel's queue when it is saved.
    make("b");
    write("a/new");
    move("file", "moved");
    saved = saved_now();
    BOOST_TEST(saved.size() == 3U);
    stop();
    watcher.close();
    reported.clear();
    expect_found({"created dir b", "created file a/new", "renamed file file -> moved",
                  "modified file moved"});
}

// Reading them for the snapshot does not hide them from the watcher, which continues.
BOOST_AUTO_TEST_CASE(saving_does_not_end_it)
{
    make("a");
    begin();
    write("a/new");
    BOOST_TEST(saved_now().size() == 2U);
    expect({"created file a/new", "modified file a/new", "closed_write file a/new"});
    BOOST_TEST(saved_now().size() == 3U);
    move("a", "b");
    BOOST_TEST(saved_now().size() == 3U);
    expect({"renamed dir a -> b"});
}

BOOST_AUTO_TEST_CASE(the_root_is_gone)
{
    make("a");
    write("a/file");
    begin();
    save();
    fs::remove_all(in);
    expect_found({"removed dir a", "root_lost dir ."});
    // And saved once more.
    save();
    expect_found({});
    save();
    fs::create_directory(in);
    make("b");
    expect_found({"root_found dir .", "created dir b"});
    write("b/file");
    expect({"created file b/file", "modified file b/file", "closed_write file b/file"});
}

BOOST_AUTO_TEST_CASE(the_root_is_found_later)
{
    begin();
    save();
    fs::rename(in, out / "in");
    expect_found({"root_lost dir ."});
    fs::rename(out / "in", in);
    make("a");
    expect({"root_found dir .", "created dir a"});
}

BOOST_AUTO_TEST_CASE(the_root_is_another)
{
    make("a");
    begin();
    save();
    fs::rename(in, out / "in");
    fs::create_directory(in);
    make("b");
    expect_found({"removed dir a", "root_lost dir .", "root_found dir .", "created dir b"});
}

BOOST_AUTO_TEST_CASE(several_roots)
{
    fs::create_directories(in / "a" / "x");
    fs::create_directories(in / "b");
    test::next_tick();
    open();
    add_root("a");
    add_root("b");
    static_cast<void>(take());
    save();
    BOOST_TEST(saved.roots() == (lines{(in / "a").native(), (in / "b").native()}),
               boost::test_tools::per_element());
    move("a/x", "b/y");
    expect_found({"renamed dir a/x -> b/y"});
    expect_same_watches();
    save();
    fs::remove_all(in / "a");
    expect_found({"root_lost dir a"});
}

BOOST_AUTO_TEST_CASE(roots_in_each_other)
{
    make("a/b");
    test::next_tick();
    open();
    add_root();
    add_root("a/b");
    static_cast<void>(take());
    save();
    BOOST_TEST(saved.roots() == (lines{in.native(), (in / "a/b").native()}),
               boost::test_tools::per_element());
    make("a/b/c");
    expect_found({"created dir a/b/c"});
    test::error_code ec;
    watcher.add(in / "a/b", ec);
    BOOST_TEST(ec == boost::system::errc::file_exists);
    // The inner one continues alone.
    remove_root();
    write("a/b/file");
    write("a/file");
    expect({"created file a/b/file", "modified file a/b/file", "closed_write file a/b/file"});
}

BOOST_AUTO_TEST_CASE(another_root_at_the_same_time)
{
    make("a/b");
    make("c");
    fs::create_directories(out / "d" / "e");
    begin();
    save();
    move("c", "../out/c");
    make("new");
    restore();
    // It takes no number of those that were saved.
    watcher.add(out);
    replay.add_root(out.native());
    auto const before = account;
    settle();
    check();
    BOOST_TEST(std::ranges::count(reported, "removed dir c") == 1);
    BOOST_TEST(std::ranges::count(reported, "created dir new") == 1);
    auto const now = watches();
    BOOST_TEST(now.size() == 8U);
    std::size_t kept = 0;
    for (auto const& line : before) {
        kept += std::ranges::count(now, line) != 0 ? 1U : 0U;
    }
    BOOST_TEST(kept == 3U);
}

BOOST_AUTO_TEST_CASE(numbers_are_not_used_again)
{
    for (auto const* name : {"a", "b", "c", "d", "e"}) {
        make(name);
    }
    begin();
    save();
    auto const largest = static_cast<int>(account.size());
    expect_found({});
    BOOST_TEST(largest_number() == largest);
    remove("c");
    make("new");
    static_cast<void>(take());
    BOOST_TEST(largest_number() == largest + 1);
    // Also of those that were found.
    save();
    // In this order, as a new one could get the inode of one that is gone.
    make("newer");
    remove("a");
    expect_found({"removed dir a", "created dir newer"});
    BOOST_TEST(largest_number() == largest + 2);
    make("newest");
    static_cast<void>(take());
    BOOST_TEST(largest_number() == largest + 3);
}

BOOST_AUTO_TEST_CASE(saved_during_a_scan)
{
    for (int n = 0; n != 30; ++n) {
        make(std::to_string(n) + "/a");
    }
    begin();
    save();
    auto const entries = saved.entries();
    is_replaying = false;
    auto options = test::at_once();
    options.slice_time = std::chrono::microseconds(0);
    restore(options);
    settle_until([&] { return batches > 1 || !reported.empty(); });
    stop();
    BOOST_TEST(reported == lines{"rescan_begin"}, boost::test_tools::per_element());
    auto const again = saved_now();
    BOOST_TEST(again.size() == entries.size());
    for (auto const& entry : again.entries()) {
        BOOST_TEST(entry.wd != 0, entry.name);
    }
    watcher.close();
    saved = again;
    reported.clear();
    expect_found({});
    expect_same_watches();
}

BOOST_AUTO_TEST_CASE(changes_between_a_save_and_a_restore)
{
    for (int n = 0; n != 12; ++n) {
        make(std::to_string(n) + "/a/b");
        write(std::to_string(n) + "/a/file");
    }
    begin();
    for (int round = 0; round != 12; ++round) {
        save();
        auto options = test::at_once();
        options.slice_time = std::chrono::microseconds(0);
        auto const from = std::to_string(round);
        auto const other = std::to_string((round + 1) % 12);
        swap(from, other);
        make(from + "/new" + from);
        restore(options);
        receive();
        // Each time a little later.
        for (int step = 0; step != 2 + 4 * round; ++step) {
            context.restart();
            context.poll_one();
        }
        swap(from, other);
        move(other + "/new" + from, from + "/a/new");
        move(from + "/a/file", other + "/a/file" + from);
        write(other + "/a/b/x");
        move(from + "/a/new", "new" + from);
        settle();
        check();
        BOOST_TEST(replay.missed_writes() == "");
        reported.clear();
    }
}

BOOST_AUTO_TEST_CASE(an_unreadable_directory)
{
    test::run_in_child([] {
        test::become_unprivileged();
        test::saved_tree tree;
        tree.make("a");
        tree.make("locked/in");
        tree.make("open/in");
        tree.chmod("locked", 0);
        tree.begin();
        tree.save();
        tree.chmod("open", 0);
        tree.expect_found({"uncovered dir locked: Permission denied", "removed dir open/in",
                           "uncovered dir open: Permission denied"});
        tree.save();
        tree.chmod("locked", 0700);
        tree.chmod("open", 0700);
        tree.expect_found({"covered dir locked", "created dir locked/in", "covered dir open",
                           "created dir open/in"});
        BOOST_TEST(tree.watcher.uncovered().empty());
    });
}

BOOST_AUTO_TEST_CASE(a_limit_of_watches)
{
    test::run_in_child([] {
        test::enter_user_namespace();
        test::saved_tree tree;
        for (int n = 0; n != 8; ++n) {
            tree.make(std::to_string(n) + "/sub");
            tree.write(std::to_string(n) + "/sub/file");
        }
        tree.begin();
        tree.save();
        test::limit("max_inotify_watches", steps_to(tree.in) + 9);
        tree.restore();
        static_cast<void>(tree.take());
        BOOST_TEST(!tree.watcher.uncovered().empty());
        tree.save();
        test::limit("max_inotify_watches", 1000);
        tree.restore();
        static_cast<void>(tree.take());
        BOOST_TEST(tree.watcher.uncovered().empty());
        BOOST_TEST(tree.replay.size() == 24U);
    });
}

BOOST_AUTO_TEST_CASE(numbers_cannot_be_chosen)
{
    for (int const error : {ENOTTY, EPERM, EINVAL}) {
        test::run_in_child([&] {
            test::saved_tree tree;
            tree.make("a/b");
            tree.make("c");
            tree.write("a/file");
            tree.begin();
            tree.remove("c");
            tree.save();
            test::forbid_set_next(error);
            tree.move("a/b", "b");
            tree.make("new");
            tree.expect_found({"renamed dir a/b -> b", "created dir new"});
            BOOST_TEST(tree.watches().size() == 4U);
            tree.make("b/c");
            tree.expect({"created dir b/c"});
        });
    }
}

BOOST_AUTO_TEST_SUITE_END()

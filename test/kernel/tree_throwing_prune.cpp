//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/skipping.hpp"
#include "support/tree/watched_tree.hpp"

#include <asio_inotify/error.hpp>
#include <asio_inotify/tree_watcher_saving.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <limits>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

// A function tree_options::prune that throws: the operation fails, and the next one continues.
namespace {

using asio_inotify::tree_entry_type;
using boost::system::errc::not_enough_memory;

struct users_exception : std::runtime_error
{
    users_exception()
        : std::runtime_error("the user's")
    {}
};

/// A tree of which one name, and one path, is pruned by a function that throws at one call.
struct throwing_tree : test::watched_tree
{
    static constexpr std::size_t never = (std::numeric_limits<std::size_t>::max)();

    throwing_tree()
    {
        options.prune = [this](std::string_view entry, tree_entry_type) {
            if (calls++ == throw_at || throws_always) {
                has_thrown = true;
                if (is_out_of_memory) {
                    throw std::bad_alloc();
                }
                throw users_exception();
            }
            return is_pruned(entry);
        };
        test::tree_replay::expectations expected;
        expected.excluded = [this](std::string const& entry, bool) { return is_pruned(entry); };
        replay = test::tree_replay(expected);
    }

    [[nodiscard]] bool is_pruned(std::string_view entry) const
    {
        return entry.ends_with("/pruned") || entry.substr(in.native().size()) == "/build/cache";
    }

    void exchange(std::string const& a, std::string const& b) const
    {
        BOOST_TEST_REQUIRE(::renameat2(AT_FDCWD, path(a).c_str(), AT_FDCWD, path(b).c_str(),
                                       RENAME_EXCHANGE) == 0);
    }

    /// Add the root, again after each failure.
    void add_root()
    {
        test::error_code ec;
        while (watcher.add(in, ec), ec) {
            count_failure(ec);
            BOOST_TEST(watcher.empty());
        }
        replay.add_root(in.native());
    }

    void count_failure(test::error_code const& ec)
    {
        ++failures;
        BOOST_TEST((is_out_of_memory ? ec == not_enough_memory
                                     : ec == asio_inotify::error::callback_failed),
                   ec.message());
    }

    /// Let the watcher do what it can, with a new operation for each one that fails.
    void settle_again()
    {
        auto const end = std::chrono::steady_clock::now() + test::deadline;
        for (bool is_failing = true; is_failing;) {
            if (!is_receiving) {
                receive();
            }
            context.restart();
            while (!failure && (context.poll() != 0 || is_busy())) {
                BOOST_TEST_REQUIRE((std::chrono::steady_clock::now() < end));
                context.restart();
            }
            is_failing = !!failure;
            if (is_failing) {
                count_failure(failure);
                failure = {};
            }
        }
    }

    /// How often a change was reported.
    [[nodiscard]] auto count(std::string_view line) const
    {
        return std::ranges::count(reported, line);
    }

    void make_trees() const
    {
        make("a/b");
        write("a/b/file");
        make("moved/inside/pruned/deep");
        make("build/cache/deep");
        make("x/cache/of_x");
        write("one");
        write("two");
    }

    // Each kind of change that has the function called.
    void change_trees() const
    {
        make("new/below");
        write("new/below/file");
        write("new/below/pruned");
        move("moved", "a/renamed");
        write("a/renamed/more");
        exchange("one", "two");
        exchange("x", "build");
        move("a/b", "c");
        move("a/renamed/inside/pruned", "kept");
        move("c/file", "pruned");
        move("../out", "arrived");
    }

    test::tree_options options = test::at_once();
    std::size_t calls = 0;
    std::size_t throw_at = never;
    std::size_t failures = 0;
    bool throws_always = false;
    bool is_out_of_memory = false;
    bool has_thrown = false;
};

} // namespace

BOOST_AUTO_TEST_SUITE(tree_throwing_prune)

BOOST_AUTO_TEST_CASE(continues_after_an_exception_of_every_call)
{
    std::size_t thrown = 0;
    bool is_reached = true;
    for (std::size_t n = 0; is_reached; ++n) {
        BOOST_TEST_REQUIRE(n < 1000U);
        BOOST_TEST_CONTEXT("call " << n)
        {
            throwing_tree t;
            // std::bad_alloc keeps its own error.
            t.is_out_of_memory = n % 8 == 7;
            t.throw_at = n;
            t.make_trees();
            t.open(t.options);
            t.add_root();
            t.settle_again();
            t.check();
            bool const is_in_changes = !t.has_thrown;
            t.change_trees();
            t.settle_again();
            // Applied once: two files that change places twice are where they were.
            BOOST_TEST(t.count("exchanged file one -> two") == 1);
            t.check();
            bool const is_in_rescan = !t.has_thrown;
            t.write("a/of_rescan");
            t.watcher.rescan();
            t.settle_again();
            t.check();
            is_reached = t.has_thrown;
            thrown += is_reached ? 1U : 0U;
            BOOST_TEST(t.failures == (is_reached ? 1U : 0U));
            if (is_in_rescan) {
                BOOST_TEST(t.count("rescan_begin") == 1);
            } else if (is_in_changes) {
                BOOST_TEST(t.count("created dir build") == 0);
            }
            // And of what comes then, nothing is missed.
            t.make("last/of/all");
            t.write("last/of/all/files");
            t.move("x", "last/x");
            t.settle_again();
            t.check();
        }
    }
    BOOST_TEST(thrown > 40U);
}

BOOST_AUTO_TEST_CASE(continues_after_an_exception_while_lost_events_are_made_up_for)
{
    int limit = 0;
    std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> limit;
    if (limit <= 0 || limit > 200000) {
        test::print_skipped("max_queued_events is " + std::to_string(limit));
        return;
    }
    throwing_tree t;
    t.make_trees();
    t.open(t.options);
    t.add_root();
    t.settle_again();
    bool is_reached = true;
    for (std::size_t n = 0; is_reached; n = n * 2 + 1) {
        BOOST_TEST_CONTEXT("call " << n)
        {
            auto const one = t.path("one");
            auto const two = t.path("two");
            for (int i = 0; i <= limit; ++i) {
                ::utimensat(AT_FDCWD, (i % 2 == 0 ? one : two).c_str(), nullptr, 0);
            }
            auto const name = std::to_string(n);
            t.make("lost" + name + "/below/pruned");
            t.write("lost" + name + "/below/file");
            t.move("build", "x/" + name);
            t.make("build/cache");
            // Behind those that apply the events from before the overflow.
            t.calls = 0;
            t.throw_at = static_cast<std::size_t>(limit) + n;
            t.has_thrown = false;
            t.settle_again();
            t.check();
            is_reached = t.has_thrown;
        }
    }
    BOOST_TEST(t.failures > 4U);
}

BOOST_AUTO_TEST_CASE(nothing_is_reported_of_what_is_ignored_by_then)
{
    bool is_reached = true;
    for (std::size_t n = 0; is_reached; ++n) {
        BOOST_TEST_CONTEXT("call " << n)
        {
            throwing_tree t;
            t.make("x/cache/deep");
            t.write("x/cache/deep/file");
            t.open(t.options);
            t.add_root();
            t.settle_again();
            t.check();
            t.calls = 0;
            t.throw_at = n;
            t.move("x", "build");
            // In the queue behind the rename.
            t.write("build/cache/deep/file");
            t.settle_again();
            t.check();
            is_reached = t.has_thrown;
            BOOST_TEST(t.count("removed dir build/cache") == 1);
            BOOST_TEST(t.count("modified file build/cache/deep/file") == 0);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_function_that_always_throws)
{
    throwing_tree t;
    t.make_trees();
    t.throws_always = true;
    t.open(t.options);
    test::error_code ec;
    t.watcher.add(t.in, ec);
    BOOST_TEST((ec == asio_inotify::error::callback_failed));
    BOOST_TEST(t.watcher.empty());
    t.throws_always = false;
    t.add_root();
    t.throws_always = true;
    t.make("another/one");
    for (int i = 0; i != 3; ++i) {
        t.receive();
        t.context.restart();
        t.context.run_one_for(test::deadline);
        BOOST_TEST((t.failure == asio_inotify::error::callback_failed), t.failure.message());
        t.failure = {};
        BOOST_TEST(t.watcher.try_receive(ec).empty());
        BOOST_TEST((ec == asio_inotify::error::callback_failed), ec.message());
    }
    t.throws_always = false;
    t.settle_again();
    t.check();
}

BOOST_AUTO_TEST_CASE(a_root_is_added_with_its_subtree_or_not_at_all)
{
    bool is_reached = true;
    for (std::size_t n = 0; is_reached; ++n) {
        BOOST_TEST_CONTEXT("call " << n)
        {
            throwing_tree t;
            t.make_trees();
            t.open(t.options);
            t.throw_at = n;
            test::outcome added;
            t.watcher.async_add(t.in, test::into(added));
            t.context.poll();
            BOOST_TEST(added.calls == 1);
            is_reached = t.has_thrown;
            BOOST_TEST(
                (added.ec == (is_reached ? make_error_code(asio_inotify::error::callback_failed)
                                         : test::error_code())));
            if (is_reached) {
                test::error_code ec;
                t.watcher.remove(t.in, ec);
                BOOST_TEST((ec == asio_inotify::error::path_not_watched));
                t.watcher.add(t.in);
            }
            t.replay.add_root(t.in.native());
            t.settle_again();
            t.check();
        }
    }
}

BOOST_AUTO_TEST_CASE(a_restore_with_other_options)
{
    throwing_tree t;
    t.make_trees();
    asio_inotify::tree_snapshot saved;
    {
        asio_inotify::tree_watcher before(t.context);
        before.open();
        for (auto const& root : {t.in, t.in / "a/b", t.in / "x/cache/of_x"}) {
            test::outcome added;
            before.async_add(root, test::into(added));
            test::run(t.context);
            BOOST_TEST_REQUIRE(!added.ec);
        }
        saved = save(before);
    }
    t.open(t.options);
    for (std::size_t n = 0; n != 3; ++n) {
        t.calls = 0;
        t.throw_at = n;
        BOOST_CHECK_THROW(restore(t.watcher, saved), users_exception);
        BOOST_TEST(t.watcher.size() == 0U);
        t.calls = 0;
        test::error_code ec;
        restore(t.watcher, saved, ec);
        BOOST_TEST((ec == asio_inotify::error::callback_failed));
        t.calls = 0;
        test::outcome restored;
        async_restore(t.watcher, saved, test::into(restored));
        t.context.restart();
        t.context.poll();
        BOOST_TEST(restored.calls == 1);
        BOOST_TEST((restored.ec == asio_inotify::error::callback_failed));
        BOOST_TEST(t.watcher.size() == 0U);
    }
    // Nothing was reported of what failed.
    t.throw_at = throwing_tree::never;
    t.is_replaying = false;
    t.settle_again();
    BOOST_TEST(t.reported.empty());
    restore(t.watcher, saved);
    t.settle_again();
    BOOST_TEST(t.count("rescan_begin") == 1);
    BOOST_TEST(t.count("rescan_end") == 1);
    BOOST_TEST(t.count("removed dir build/cache") == 1);
    BOOST_TEST(t.count("removed dir moved/inside/pruned") == 1);
}

BOOST_AUTO_TEST_SUITE_END()

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/allocation_counter.hpp"
#include "support/instance.hpp"
#include "support/tree/watched_tree.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <new>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

namespace asio = boost::asio;
using asio_inotify::basic_tree_watcher;
using asio_inotify::tree_change_batch;
using asio_inotify::tree_change_mask;

BOOST_AUTO_TEST_SUITE(tree_async_allocation)

using executors = std::tuple<asio::any_io_executor, asio::io_context::executor_type>;

constexpr int warm_up = 100;
constexpr int rounds = 1000;

/// Files that are written to, and a watcher that reports it.
template <class Executor>
class metered_tree
{
public:
    metered_tree()
    {
        std::filesystem::create_directory(dir_ / "sub");
        for (std::size_t i = 0; i != files_.size(); ++i) {
            auto const file = dir_.write((i % 2 == 0 ? "file" : "sub/file") + std::to_string(i));
            files_[i] = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
            BOOST_REQUIRE(files_[i] >= 0);
        }
        asio_inotify::tree_options options;
        options.report = tree_change_mask::modified;
        // A slice that ends for lack of time is continued by an operation of another size.
        options.slice_time = std::chrono::seconds(10);
        watcher.open(options);
        watcher.async_add(dir_.path(), test::into(added_));
        test::run(context);
        BOOST_TEST_REQUIRE(!added_.ec);
    }

    metered_tree(metered_tree const&) = delete;
    metered_tree& operator=(metered_tree const&) = delete;

    ~metered_tree()
    {
        for (int const fd : files_) {
            ::close(fd);
        }
    }

    void write() const
    {
        for (int const fd : files_) {
            if (::pwrite(fd, "x", 1, 0) != 1) {
                throw std::runtime_error("pwrite");
            }
        }
    }

    /// To be called after each receive; false when there were enough.
    bool next(test::error_code const& ec, tree_change_batch const& batch)
    {
        if (ec || batch.size() != files_.size()) {
            throw std::runtime_error("not what was written");
        }
        if (++round_ == warm_up) {
            before_ = test::allocation_count();
        }
        after_ = test::allocation_count();
        return round_ != warm_up + rounds;
    }

    void run_and_check()
    {
        test::run(context);
        BOOST_TEST(round_ == warm_up + rounds);
        BOOST_TEST(after_ - before_ == 0U);
    }

    asio::io_context context;
    basic_tree_watcher<Executor> watcher{context};

private:
    test::temp_directory dir_;
    std::array<int, 10> files_{};
    test::outcome added_;
    int round_ = 0;
    std::size_t before_ = 0;
    std::size_t after_ = 0;
};

template <class Executor>
struct callback_loop
{
    metered_tree<Executor>& m;

    void operator()(test::error_code const& ec, tree_change_batch const& batch) const
    {
        if (m.next(ec, batch)) {
            start();
        }
    }

    void start() const
    {
        m.write();
        m.watcher.async_receive(*this);
    }
};

BOOST_AUTO_TEST_CASE_TEMPLATE(callbacks, Executor, executors)
{
    metered_tree<Executor> m;
    callback_loop<Executor>{m}.start();
    m.run_and_check();
}

template <class Executor, class Token>
asio::awaitable<void> coroutine_loop(metered_tree<Executor>& m, Token token)
{
    for (bool more = true; more;) {
        m.write();
        more = m.next({}, co_await m.watcher.async_receive(token));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(coroutines, Executor, executors)
{
    metered_tree<Executor> m;
    asio::co_spawn(m.context, coroutine_loop(m, asio::use_awaitable), test::rethrow);
    m.run_and_check();
    metered_tree<Executor> other;
    asio::co_spawn(other.context, coroutine_loop(other, asio::deferred), test::rethrow);
    other.run_and_check();
}

/// A tree that changes without any memory of the test's being needed.
struct failing_tree : test::watched_tree
{
    failing_tree()
    {
        make("a/b");
        write("a/b/file");
        make("moved");
        write("moved/inside");
        open();
        reported_before.reserve(1000);
    }

    /// Watch from the start, and the changes in the meantime.
    void use()
    {
        if (!is_added) {
            watcher.add(in.c_str(), failed_with);
            is_added = !failed_with;
            if (failed_with) {
                return;
            }
        }
        receive_some();
        in_fd = ::open(in.c_str(), O_DIRECTORY | O_RDONLY | O_CLOEXEC);
        static_cast<void>(::mkdirat(in_fd, "new", 0700));
        static_cast<void>(::mkdirat(in_fd, "new/below", 0700));
        create("new/below/file");
        static_cast<void>(::renameat(in_fd, "moved", in_fd, "a/renamed"));
        create("a/renamed/more");
        static_cast<void>(::unlinkat(in_fd, "a/b/file", 0));
        static_cast<void>(::renameat(in_fd, "a/b", in_fd, "c"));
        static_cast<void>(::renameat2(in_fd, "c", in_fd, "a/renamed", RENAME_EXCHANGE));
        ::close(std::exchange(in_fd, -1));
        context.restart();
        context.poll();
        in_fd = ::open(in.c_str(), O_DIRECTORY | O_RDONLY | O_CLOEXEC);
        static_cast<void>(::mkdirat(in_fd, "late", 0700));
        create("late/file");
        static_cast<void>(::renameat(in_fd, "late", in_fd, "later"));
        ::close(std::exchange(in_fd, -1));
        context.restart();
        context.poll();
    }

    void create(char const* name) const
    {
        ::close(::openat(in_fd, name, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    }

    void receive_some()
    {
        watcher.async_receive([this](test::error_code ec, tree_change_batch batch) {
            if (ec) {
                failed_with = ec;
                return;
            }
            reported_before.push_back(std::move(batch));
            receive_some();
        });
    }

    /// Go on as if nothing had been, and see that everything is right.
    void go_on()
    {
        if (in_fd >= 0) {
            ::close(std::exchange(in_fd, -1));
        }
        test::error_code ec;
        watcher.cancel(ec);
        context.restart();
        context.poll();
        if (!is_added) {
            watcher.add(in);
        }
        replay.add_root(in.native());
        for (auto const& batch : reported_before) {
            for (auto const& change : batch) {
                replay.apply(change);
            }
        }
        reported_before.clear();
        settle();
        check();
        // And of what comes then, nothing is missed.
        make("last/of/all");
        write("last/of/all/files");
        settle();
        check();
    }

    std::vector<tree_change_batch> reported_before;
    test::error_code failed_with{};
    bool is_added = false;
    int in_fd = -1;
};

BOOST_AUTO_TEST_CASE(continues_after_every_failure)
{
    std::size_t failures = 0;
    std::size_t reported = 0;
    bool happened = true;
    for (std::size_t n = 0; happened; ++n) {
        BOOST_TEST_REQUIRE(n < 1000U);
        BOOST_TEST_CONTEXT("allocation " << n)
        {
            auto const descriptors = test::open_descriptors();
            {
                failing_tree t;
                bool thrown = false;
                {
                    test::allocation_failure const failure(n);
                    try {
                        t.use();
                    } catch (std::bad_alloc const&) {
                        thrown = true;
                    }
                    happened = failure.happened() && test::counts_allocations;
                }
                if (t.failed_with) {
                    BOOST_TEST(t.failed_with == boost::system::errc::not_enough_memory);
                    ++reported;
                }
                failures += happened ? 1U : 0U;
                // None is passed over in silence.
                BOOST_TEST((thrown || t.failed_with || !happened));
                auto const held = test::open_descriptors();
                t.go_on();
                BOOST_TEST(test::open_descriptors() <= held);
            }
            BOOST_TEST(test::open_descriptors() == descriptors);
        }
    }
    BOOST_TEST_MESSAGE(failures << " failures, " << reported << " of them as an error");
    BOOST_TEST((reported > 0U || !test::counts_allocations));
}

BOOST_AUTO_TEST_CASE(a_root_is_added_with_its_subtree_or_not_at_all)
{
    std::size_t thrown = 0;
    std::size_t reported = 0;
    bool happened = true;
    for (std::size_t n = 0; happened; ++n) {
        BOOST_TEST_REQUIRE(n < 1000U);
        BOOST_TEST_CONTEXT("allocation " << n)
        {
            test::watched_tree t;
            t.make("a/b");
            t.make("c/d");
            // A turn for each directory.
            asio_inotify::tree_options options;
            options.slice_time = std::chrono::milliseconds(0);
            t.watcher.open(options);
            test::outcome added;
            bool is_thrown = false;
            {
                test::allocation_failure const failure(n);
                try {
                    t.watcher.async_add(t.in.c_str(), test::into(added));
                    t.context.poll();
                } catch (std::bad_alloc const&) {
                    is_thrown = true;
                }
                happened = failure.happened() && test::counts_allocations;
            }
            BOOST_TEST(added.calls == (is_thrown ? 0 : 1));
            BOOST_TEST((is_thrown || added.ec || !happened));
            if (is_thrown || added.ec) {
                thrown += is_thrown ? 1U : 0U;
                reported += is_thrown ? 0U : 1U;
                test::error_code ec;
                t.watcher.remove(t.in, ec);
                BOOST_TEST(ec == asio_inotify::error::path_not_watched);
                added = {};
                t.watcher.async_add(t.in.c_str(), test::into(added));
                t.context.restart();
                t.context.poll();
            }
            BOOST_TEST(added.calls == 1);
            BOOST_TEST(!added.ec, added.ec.message());
            BOOST_TEST(t.watcher.counters().watches == 5U);
        }
    }
    BOOST_TEST_MESSAGE(thrown << " exceptions, " << reported << " errors");
    BOOST_TEST(((thrown > 0U && reported > 0U) || !test::counts_allocations));
}

BOOST_AUTO_TEST_SUITE_END()

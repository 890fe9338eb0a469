//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/allocation_counter.hpp"
#include "support/asio/async_operation.hpp"
#include "support/file/watched_files.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <new>
#include <stdexcept>
#include <tuple>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

// Memory: none is taken once everything has its place, and none missing does harm.
BOOST_AUTO_TEST_SUITE(file_allocation)

namespace asio = boost::asio;
using asio_inotify::basic_file_watcher;
using asio_inotify::file_change_batch;
using test::error_code;

using executors = std::tuple<asio::any_io_executor, asio::io_context::executor_type>;

constexpr int warm_up = 50;
constexpr int rounds = 300;

// Files that are written and replaced without memory of the test's own.
template <class Executor>
struct metered
{
    metered()
        : written(dir.write("written"))
        , replaced(dir.write("replaced"))
        , other(dir.write("other"))
    {
        watcher.open();
        watcher.add(written);
        watcher.add(replaced);
    }

    void change() const
    {
        int const fd = ::open(written.c_str(), O_WRONLY | O_CLOEXEC);
        if (::pwrite(fd, "x", 1, 0) != 1) {
            throw std::runtime_error("pwrite");
        }
        ::close(fd);
        ::renameat2(AT_FDCWD, other.c_str(), AT_FDCWD, replaced.c_str(), RENAME_EXCHANGE);
    }

    bool next(error_code ec, file_change_batch const& batch)
    {
        if (ec || batch.empty()) {
            throw std::runtime_error("nothing found");
        }
        if (++round == warm_up) {
            before = test::allocation_count();
        }
        after = test::allocation_count();
        return round != warm_up + rounds;
    }

    test::temp_directory dir;
    test::fs::path written;
    test::fs::path replaced;
    test::fs::path other;
    asio::io_context context;
    basic_file_watcher<Executor> watcher{context};
    asio::cancellation_signal signal;
    int round = 0;
    std::size_t before = 0;
    std::size_t after = 0;
};

template <class Executor>
struct callback_loop
{
    metered<Executor>& m;
    bool with_slot;

    void operator()(error_code ec, file_change_batch const& batch) const
    {
        if (m.next(ec, batch)) {
            start();
        }
    }

    void start() const
    {
        if (with_slot) {
            m.watcher.async_receive(asio::bind_cancellation_slot(m.signal.slot(), *this));
        } else {
            m.watcher.async_receive(*this);
        }
        m.change();
    }
};

BOOST_AUTO_TEST_CASE_TEMPLATE(callbacks, Executor, executors)
{
    for (bool const with_slot : {false, true}) {
        metered<Executor> m;
        callback_loop<Executor>{m, with_slot}.start();
        test::run(m.context);
        BOOST_TEST(m.round == warm_up + rounds);
        BOOST_TEST(m.after == m.before);
    }
}

BOOST_AUTO_TEST_CASE(writing_only)
{
    metered<asio::any_io_executor> m;
    std::size_t before = 0;
    std::size_t after = 0;
    for (int i = 0; i != warm_up + rounds; ++i) {
        before = i == warm_up ? test::allocation_count() : before;
        int const fd = ::open(m.written.c_str(), O_WRONLY | O_CLOEXEC);
        BOOST_REQUIRE(::pwrite(fd, "x", 1, 0) == 1);
        ::close(fd);
        auto const batch = m.watcher.try_receive();
        BOOST_REQUIRE(batch.size() == 1U);
        after = test::allocation_count();
    }
    BOOST_TEST(after == before);
}

BOOST_AUTO_TEST_CASE(a_kept_batch_is_not_changed)
{
    metered<asio::any_io_executor> m;
    test::append(m.written);
    auto const first = m.watcher.try_receive();
    test::append(m.written);
    auto const copy = first;
    test::append(m.replaced);
    auto const second = m.watcher.try_receive();
    BOOST_TEST_REQUIRE(first.size() == 1U);
    BOOST_TEST(second.size() == 2U);
    BOOST_TEST(first.front().path() == m.written.native());
    BOOST_TEST(&copy.front() == &first.front());
    m.watcher.close();
    BOOST_TEST(second.front().path().size() > 4U);
}

// Fails at each allocation in turn, until there is none left to fail at.
template <class Action, class Check>
void fail_everywhere(Action action, Check check)
{
    for (std::size_t i = 0;; ++i) {
        BOOST_TEST_REQUIRE(i < 10'000U);
        bool happened = false;
        {
            test::allocation_failure const failure(i);
            try {
                action();
            } catch (std::bad_alloc const&) {
            }
            happened = failure.happened();
        }
        check();
        if (!happened) {
            return;
        }
    }
}

BOOST_AUTO_TEST_CASE(adding_without_memory)
{
    if (!test::counts_allocations) {
        return;
    }
    test::watched_files f;
    test::fs::create_directories(f / "a/b");
    f.dir.write("a/b/f");
    f.point("link", "a/b/f");
    auto const path = f / "link";
    std::string const text = path;
    auto const watches = f.watcher.watches();
    fail_everywhere([&] { f.watcher.add(text); },
                    [&] {
                        if (f.watcher.contains(text)) {
                            return;
                        }
                        BOOST_TEST(f.watcher.empty());
                        f.run();
                        BOOST_TEST(f.watcher.watches() <= watches + 1);
                        f.expect_consistent();
                    });
    BOOST_TEST(f.watcher.contains(text));
    test::append(f / "a/b/f");
    f.expect({"changed link"});
}

BOOST_AUTO_TEST_CASE(finding_out_without_memory)
{
    if (!test::counts_allocations) {
        return;
    }
    test::temp_directory const dir;
    test::fs::create_directories(dir / "1");
    test::fs::create_directories(dir / "2");
    dir.write("1/f");
    dir.write("2/f");
    dir.write("g");
    asio::io_context context;
    asio_inotify::file_watcher watcher(context);
    watcher.open();
    test::fs::create_directory_symlink("1", dir / "link");
    std::string const path = dir / "link/f";
    watcher.add(path);
    watcher.add(dir / "g");
    for (std::size_t i = 0;; ++i) {
        test::fs::remove(dir / "link");
        test::fs::create_directory_symlink(i % 2 == 0 ? "2" : "1", dir / "link");
        test::append(dir / "g");
        bool happened = false;
        error_code ec;
        file_change_batch batch;
        {
            test::allocation_failure const failure(i);
            batch = watcher.try_receive(ec);
            happened = failure.happened();
        }
        BOOST_TEST(ec.failed() == happened);
        if (ec) {
            BOOST_TEST((ec == boost::system::errc::not_enough_memory));
            // A waiting operation completes at once.
            pollfd waiting{watcher.native_handle(), POLLIN, 0};
            BOOST_TEST(::poll(&waiting, 1, 0) == 1);
            batch = watcher.try_receive(ec);
            BOOST_TEST(!ec);
        }
        BOOST_TEST(batch.size() == 2U);
        BOOST_TEST((watcher.identity(path) == test::identity_of(path)));
        if (!happened) {
            break;
        }
        BOOST_TEST_REQUIRE(i < 1000U);
    }
}

BOOST_AUTO_TEST_CASE(a_write_without_memory)
{
    if (!test::counts_allocations) {
        return;
    }
    bool happened = true;
    for (std::size_t i = 0; happened; ++i) {
        BOOST_TEST_REQUIRE(i < 100U);
        // The first write to a file with a long name in a directory that is known already: there is
        // no memory yet for its path.
        test::temp_directory const dir;
        auto const known = dir.write("known");
        auto const path = dir.write(std::string(200, 'f'));
        asio::io_context context;
        asio_inotify::file_watcher watcher(context);
        watcher.open();
        watcher.add(known);
        BOOST_TEST(watcher.try_receive().empty());
        watcher.add(path);
        test::append(path);
        error_code ec;
        file_change_batch batch;
        {
            test::allocation_failure const failure(i);
            batch = watcher.try_receive(ec);
            happened = failure.happened();
        }
        BOOST_TEST(ec.failed() == happened);
        BOOST_TEST(batch.size() == (happened ? 0U : 1U));
        if (happened) {
            BOOST_TEST(watcher.try_receive().size() == 1U);
        }
    }
}

BOOST_AUTO_TEST_CASE(removed_before_there_was_memory_to_report)
{
    if (!test::counts_allocations) {
        return;
    }
    metered<asio::any_io_executor> m;
    // Kept, so that the next one needs memory of its own.
    file_change_batch kept;
    bool happened = true;
    for (std::size_t i = 0; happened; ++i) {
        BOOST_TEST_REQUIRE(i < 100U);
        test::append(m.written);
        test::append(m.replaced);
        error_code ec;
        {
            test::allocation_failure const failure(i);
            auto const batch = m.watcher.try_receive(ec);
            happened = failure.happened();
            BOOST_TEST(batch.empty() == happened);
        }
        if (happened) {
            m.watcher.remove(m.replaced);
            kept = m.watcher.try_receive();
            BOOST_TEST_REQUIRE(kept.size() == 1U);
            BOOST_TEST(kept.front().path() == m.written.native());
            m.watcher.add(m.replaced);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

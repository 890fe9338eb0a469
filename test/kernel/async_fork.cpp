//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// fork: the child makes an instance of its own, the parent loses nothing.

#include "support/asio/async_operation.hpp"
#include "support/printing.hpp"
#include "support/skipping.hpp"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace asio = boost::asio;
using asio_inotify::event_batch;
using asio_inotify::event_buffer;
using asio_inotify::event_mask;
using asio_inotify::inotify;
using asio_inotify::watch_descriptor;

namespace {

/// Call a function in a child process. What goes wrong there fails the test here.
class child_process
{
public:
    explicit child_process(std::function<void()> const& function)
    {
        int ends[2];
        BOOST_REQUIRE(::pipe(ends) == 0);
        // The child must not write once more what is still in a buffer.
        std::cout.flush();
        std::fflush(nullptr);
        id_ = ::fork();
        BOOST_REQUIRE(id_ >= 0);
        if (id_ == 0) {
            ::close(ends[0]);
            ::_exit(call(function, ends[1]));
        }
        ::close(ends[1]);
        failures_ = ends[0];
    }

    child_process(child_process const&) = delete;
    child_process& operator=(child_process const&) = delete;

    /// Wait for its end.
    ~child_process()
    {
        std::string text;
        char bytes[512];
        constexpr auto limit =
            std::chrono::duration_cast<std::chrono::milliseconds>(test::deadline).count();
        for (;;) {
            pollfd ready{failures_, POLLIN, 0};
            if (::poll(&ready, 1, static_cast<int>(limit)) <= 0) {
                text += "the child does not come to its end";
                ::kill(id_, SIGKILL);
                break;
            }
            auto const size = ::read(failures_, bytes, sizeof bytes);
            if (size <= 0) {
                break;
            }
            text.append(bytes, static_cast<std::size_t>(size));
        }
        ::close(failures_);
        int status = -1;
        ::waitpid(id_, &status, 0);
        BOOST_TEST(text.empty(), "in the child: " << text);
        BOOST_TEST(status == 0);
    }

private:
    // The child has a copy of the test's state, but must not run on in its framework.
    static int call(std::function<void()> const& function, int failures) noexcept
    {
        std::string text;
        try {
            function();
            return 0;
        } catch (std::exception const& e) {
            text = e.what();
        } catch (...) {
            text = "not an exception";
        }
        return ::write(failures, text.data(), text.size()) < 0 ? 2 : 1;
    }

    pid_t id_ = -1;
    int failures_ = -1;
};

/// BOOST_TEST for the child.
void expect(bool condition, char const* what)
{
    if (!condition) {
        throw std::runtime_error(what);
    }
}

bool skip_without_fork()
{
#if defined(BOOST_ASIO_HAS_IO_URING_AS_DEFAULT)
    test::print_skipped("the rings of Asio's io_uring backend do not survive a fork");
    return true;
#else
    return false;
#endif
}

test::name_list read_with(asio::io_context& context, inotify& in)
{
    test::outcome result;
    event_buffer<> buffer;
    in.async_read_events(buffer, test::into(result));
    context.restart();
    context.run_for(test::deadline);
    expect(result.calls == 1, "the read does not complete");
    expect(!result.ec, "the read fails");
    return result.seen;
}

} // namespace

BOOST_AUTO_TEST_SUITE(async_fork)

BOOST_AUTO_TEST_CASE(both_keep_reading)
{
    if (skip_without_fork()) {
        return;
    }
    asio::io_context context;
    test::temp_directory const dir;
    inotify in(context);
    in.open();
    bool const chosen = in.supports_set_next();
    watch_descriptor wd;
    if (chosen) {
        wd = watch_descriptor{4711};
        in.add_at(wd, dir.path(), event_mask::create);
    } else {
        wd = in.add(dir.path(), event_mask::create);
    }
    event_buffer<> buffer;
    test::outcome pending;
    watch_descriptor reported;
    in.async_read_events(buffer, [&](test::error_code ec, event_batch batch) {
        reported = batch.empty() ? watch_descriptor() : batch.front().wd();
        pending(ec, batch);
    });
    context.poll();
    context.notify_fork(asio::io_context::fork_prepare);
    {
        child_process const child([&] {
            context.notify_fork(asio::io_context::fork_child);
            int const shared = in.native_handle();
            // Closes the child's copy only. The read is the child's copy of the parent's, too.
            in.close();
            context.restart();
            context.poll();
            expect(pending.calls == 1, "the copied read is not reported");
            expect(pending.ec == asio::error::operation_aborted, "the copied read is not aborted");
            in.open();
            expect(in.native_handle() == shared, "the descriptor is another one");
            if (chosen) {
                in.add_at(wd, dir.path(), event_mask::create);
            } else {
                expect(in.add(dir.path(), event_mask::create) == wd, "the number is another one");
            }
            dir.write("from-the-child");
            expect(read_with(context, in) == test::name_list{"from-the-child"},
                   "the child does not see its own file");
        });
        context.notify_fork(asio::io_context::fork_parent);
    }
    dir.write("from-the-parent");
    test::run(context);
    BOOST_TEST(pending.calls == 1);
    BOOST_TEST(!pending.ec, pending.ec.message());
    BOOST_TEST(pending.seen == (test::name_list{"from-the-child", "from-the-parent"}),
               boost::test_tools::per_element());
    BOOST_TEST((reported == wd));
    // The watch is as it was, whatever the child did.
    dir.write("afterwards");
    BOOST_TEST(read_with(context, in) == test::name_list{"afterwards"});
}

BOOST_AUTO_TEST_CASE(until_it_reopens_the_child_shares_the_queue)
{
    if (skip_without_fork()) {
        return;
    }
    asio::io_context context;
    test::temp_directory const dir;
    inotify in(context);
    in.open();
    in.add(dir.path(), event_mask::create);
    context.notify_fork(asio::io_context::fork_prepare);
    dir.write("stolen");
    {
        child_process const child([&] {
            context.notify_fork(asio::io_context::fork_child);
            expect(read_with(context, in) == test::name_list{"stolen"}, "nothing to steal");
        });
        context.notify_fork(asio::io_context::fork_parent);
    }
    dir.write("left");
    BOOST_TEST(read_with(context, in) == test::name_list{"left"});
}

BOOST_AUTO_TEST_SUITE_END()

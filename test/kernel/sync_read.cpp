//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/instance.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <filesystem>
#include <string>

#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fs = std::filesystem;

// Reading without an io_context.
BOOST_FIXTURE_TEST_SUITE(sync_read, test::instance)

using asio_inotify::event_buffer;
using asio_inotify::minimum_buffer_size;
using test::error;
using test::error_code;
using test::event_mask;

BOOST_AUTO_TEST_CASE(reads_queued_events)
{
    in.add(dir.path(), event_mask::create | event_mask::delete_);
    fs::remove(dir.write("sixteen-letters."));
    fs::create_directory(dir / "sub");
    event_buffer<> buffer;
    error_code ec = error::no_such_watch;
    auto const batch = in.read_events(buffer, ec);
    BOOST_TEST(!ec);
    std::vector<std::string> seen;
    for (auto const e : batch) {
        seen.push_back(test::describe(e));
    }
    test::expect_events(
        seen, {"1 create sixteen-letters.", "1 delete sixteen-letters.", "1 create|dir sub"});
    // Straight from the kernel into the caller's memory.
    BOOST_TEST(batch.data() == buffer.data());
    BOOST_TEST(batch.size_bytes() == 48U + 48U + 32U);
}

BOOST_AUTO_TEST_CASE(names_of_every_length)
{
    in.add(dir.path(), event_mask::create);
    std::vector<std::string> expected;
    for (std::size_t length = 1; length != 256; ++length) {
        std::string const name(length, static_cast<char>('a' + length % 26));
        dir.write(name);
        expected.push_back("1 create " + name);
    }
    test::expect_events(test::drain(in, minimum_buffer_size), expected);
}

BOOST_AUTO_TEST_CASE(the_kernels_bytes_pass_the_check)
{
    in.add(dir.path(), event_mask::all);
    for (std::size_t length = 1; length != 256; ++length) {
        fs::remove(dir.write(std::string(length, 'n')));
    }
    in.non_blocking(true);
    event_buffer<> buffer;
    for (;;) {
        error_code ec;
        auto const batch = in.read_events(buffer, ec);
        if (ec) {
            BOOST_TEST(ec == boost::asio::error::would_block);
            break;
        }
        auto const checked =
            asio_inotify::decode_events(boost::asio::buffer(batch.data(), batch.size_bytes()), ec);
        BOOST_TEST(!ec);
        BOOST_TEST(checked.size_bytes() == batch.size_bytes());
    }
}

BOOST_AUTO_TEST_CASE(small_buffers_are_refused)
{
    in.add(dir.path(), event_mask::create);
    dir.write("a");
    std::array<std::byte, minimum_buffer_size> memory{};
    auto const queued = in.available();
    for (std::size_t const size : {0U, 1U, 16U, 32U, 271U}) {
        error_code ec;
        BOOST_TEST(in.read_events(boost::asio::buffer(memory.data(), size), ec).empty());
        BOOST_TEST(ec == error::buffer_too_small);
    }
    error_code ec;
    BOOST_TEST(in.read_events(boost::asio::mutable_buffer(), ec).empty());
    BOOST_TEST(ec == error::buffer_too_small);
    BOOST_CHECK_EXCEPTION(static_cast<void>(in.read_events(boost::asio::mutable_buffer())),
                          boost::system::system_error, [](auto const& e) {
                              return e.code() == error::buffer_too_small &&
                                     std::string(e.what()).starts_with("read_events: ");
                          });
    // Nothing was taken.
    BOOST_TEST(in.available() == queued);
    BOOST_TEST(in.read_events(boost::asio::buffer(memory)).front().name() == "a");
}

BOOST_AUTO_TEST_CASE(would_block)
{
    in.add(dir.path(), event_mask::create);
    event_buffer<> buffer;
    BOOST_TEST(!in.non_blocking());
    in.non_blocking(true);
    BOOST_TEST(in.non_blocking());
    error_code ec;
    BOOST_TEST(in.read_events(buffer, ec).empty());
    BOOST_TEST(ec == boost::asio::error::would_block);
    BOOST_CHECK_THROW(static_cast<void>(in.read_events(buffer)), boost::system::system_error);
    dir.write("a");
    BOOST_TEST(in.read_events(buffer, ec).front().name() == "a");
    BOOST_TEST(!ec);
}

BOOST_AUTO_TEST_CASE(available)
{
    in.add(dir.path(), event_mask::create);
    BOOST_TEST(in.available() == 0U);
    dir.write("a");
    BOOST_TEST(in.available() == 32U);
    dir.write("sixteen-letters.");
    error_code ec = error::no_such_watch;
    BOOST_TEST(in.available(ec) == 32U + 48U);
    BOOST_TEST(!ec);
    in.remove(test::wd(1));
    BOOST_TEST(in.available() == 32U + 48U + 16U);
    test::drain(in);
    BOOST_TEST(in.available() == 0U);
}

// The reader waits in the kernel, or is about to, when the child writes: the child waits until the
// kernel says that the reader sleeps.
void write_when_asleep(pid_t reader, test::temp_directory const& dir)
{
    auto const state = "/proc/" + std::to_string(reader) + "/stat";
    for (int tries = 0; tries != 1'000'000; ++tries) {
        std::ifstream file(state);
        std::string text{std::istreambuf_iterator<char>(file), {}};
        auto const at = text.rfind(") ");
        if (at != std::string::npos && text.compare(at + 2, 1, "S") == 0) {
            break;
        }
    }
    dir.write("a");
}

template <class Wait>
void wakes_up(test::temp_directory const& dir, Wait wait)
{
    auto const reader = ::getpid();
    auto const child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        write_when_asleep(reader, dir);
        ::_exit(0);
    }
    // The deadline.
    ::alarm(60);
    wait();
    ::alarm(0);
    int status = 0;
    BOOST_TEST(::waitpid(child, &status, 0) == child);
    BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_CASE(a_read_waits_for_the_first_event)
{
    in.add(dir.path(), event_mask::create);
    wakes_up(dir, [&] {
        event_buffer<> buffer;
        BOOST_TEST(in.read_events(buffer).front().name() == "a");
    });
}

BOOST_AUTO_TEST_CASE(a_read_of_a_blocking_instance_waits_too)
{
    int const fd = ::inotify_init1(IN_CLOEXEC);
    asio_inotify::inotify other{context, fd};
    other.add(dir.path(), event_mask::create);
    wakes_up(dir, [&] {
        event_buffer<> buffer;
        BOOST_TEST(other.read_events(buffer).front().name() == "a");
    });
}

BOOST_AUTO_TEST_CASE(non_blocking_waits_do_not_wait)
{
    in.add(dir.path(), event_mask::create);
    in.non_blocking(true);
    error_code ec;
    in.wait(in.wait_read, ec);
    BOOST_TEST(ec == boost::asio::error::would_block);
    dir.write("a");
    in.wait(in.wait_read, ec);
    BOOST_TEST(!ec);
}

BOOST_AUTO_TEST_CASE(wait_waits_and_takes_nothing)
{
    in.add(dir.path(), event_mask::create);
    wakes_up(dir, [&] { in.wait(in.wait_read); });
    BOOST_TEST(in.available() == 32U);
    error_code ec = error::no_such_watch;
    in.wait(in.wait_read, ec);
    BOOST_TEST(!ec);
    test::expect_events(test::drain(in), {"1 create a"});
}

BOOST_AUTO_TEST_CASE(a_read_waits_on_when_there_was_only_a_trace)
{
    in.add_at(test::wd(5), new_file(), event_mask::all);
    in.add_at(test::wd(9), dir.path(), event_mask::create);
    error_code ec;
    test::temp_directory other;
    in.add_at(test::wd(5), other.path(), event_mask::all, ec);
    BOOST_TEST(ec == error::watch_descriptor_in_use);
    wakes_up(dir, [&] {
        event_buffer<> buffer;
        BOOST_TEST(in.read_events(buffer).front().name() == "a");
    });
}

BOOST_AUTO_TEST_SUITE_END()

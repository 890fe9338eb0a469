//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// A program that uses the I/O object without any test framework, so that it can be built in every
// way in which users build: it is linked with the library of each variant in CMakeLists.txt.
#include <asio_inotify.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/throw_exception.hpp>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#if defined(BOOST_NO_EXCEPTIONS)
void boost::throw_exception(std::exception const& e)
{
    std::fprintf(stderr, "%s\n", e.what());
    std::abort();
}

void boost::throw_exception(std::exception const& e, boost::source_location const&)
{
    throw_exception(e);
}
#endif

namespace {

namespace asio = boost::asio;
using namespace asio_inotify;

void require(bool good, char const* what)
{
    if (!good) {
        std::fprintf(stderr, "smoke: %s\n", what);
        std::exit(1);
    }
}

void touch(std::string const& path)
{
    int const fd = ::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    require(fd >= 0, "open");
    ::close(fd);
}

} // namespace

int main()
{
    std::string dir = "/tmp/asio_inotify_smoke.XXXXXX";
    require(::mkdtemp(dir.data()) != nullptr, "mkdtemp");

    asio::io_context context;
    basic_inotify<asio::io_context::executor_type> concrete{context};
    concrete.open();
    asio_inotify::inotify in{std::move(concrete)};
    boost::system::error_code ec;
    if (in.supports_set_next(ec)) {
        in.add_at(watch_descriptor{7}, dir, event_mask::create, ec);
        require(!ec, "add_at");
    } else {
        in.add(dir, event_mask::create, ec);
        require(!ec, "add");
    }
    in.add("/nonexistent", event_mask::create, ec);
    require(ec == boost::system::errc::no_such_file_or_directory, "missing path");
    in.remove(watch_descriptor{4711}, ec);
    require(ec == error::no_such_watch, "missing watch");

    std::string seen;
    event_buffer<> buffer;
    touch(dir + "/callback");
    in.async_read_events(buffer, [&](boost::system::error_code failure, event_batch batch) {
        require(!failure && !batch.empty(), "async_read_events");
        seen = batch.front().name();
    });
    context.run();
    require(seen == "callback", "callback");

#if !defined(BOOST_NO_EXCEPTIONS) // Asio's coroutines rethrow.
    touch(dir + "/coroutine");
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            for (auto e : co_await in.async_read_events(buffer, asio::use_awaitable)) {
                seen = event(e).name();
            }
        },
        asio::detached);
    context.restart();
    context.run();
    require(seen == "coroutine", "coroutine");

    bool thrown = false;
    try {
        in.add(dir, event_mask::none);
    } catch (boost::system::system_error const& e) {
        thrown = e.code() == error::invalid_event_mask &&
                 std::string(e.what()).find(dir) != std::string::npos;
    }
    require(thrown, "throwing form");
#endif

    basic_file_watcher<asio::io_context::executor_type> files{context};
    files.open();
    files.add(dir + "/file", ec);
    require(!ec, "add a file");
    asio_inotify::file_watcher watcher{context};
    watcher.open();
    watcher.add(dir + "/file", ec);
    require(!ec && watcher.size() == 1 && watcher.try_receive().empty(), "add a file");
    int changes = 0;
    auto const count = [&](boost::system::error_code failure, file_change_batch batch) {
        require(!failure && batch.front().kind() == file_change_kind::appeared, "async_receive");
        changes += 1;
    };
    files.async_receive(count);
    watcher.async_receive(count);
    touch(dir + "/file");
    context.restart();
    context.run();
    require(changes == 2, "file watchers");

    ::unlink((dir + "/file").c_str());
    ::unlink((dir + "/callback").c_str());
    ::unlink((dir + "/coroutine").c_str());
    ::rmdir(dir.c_str());
}

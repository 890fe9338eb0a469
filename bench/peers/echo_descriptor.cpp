//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "echo.hpp"

#include "../support/system.hpp"
#include "../support/tally.hpp"

#include <asio_inotify/event_batch.hpp>
#include <asio_inotify/event_buffer.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/system/system_error.hpp>

#include <sys/inotify.h>

namespace asio = boost::asio;

namespace bench {
namespace {

class watcher
{
public:
    watcher(std::string const& path, answerer& to)
        : to_(to)
        , descriptor_(context_, check(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC), "inotify_init1"))
    {
        check(::inotify_add_watch(descriptor_.native_handle(), path.c_str(), IN_MODIFY),
              "inotify_add_watch");
    }

    void run()
    {
        read();
        to_.ready();
        context_.run();
    }

private:
    void read()
    {
        descriptor_.async_read_some(
            asio::mutable_buffer(buffer_), [this](boost::system::error_code ec, std::size_t size) {
                if (ec) {
                    throw boost::system::system_error(ec, "async_read_some");
                }
                if (handle(size)) {
                    read();
                }
            });
    }

    bool handle(std::size_t size)
    {
        for (auto const e : asio_inotify::event_batch(buffer_.data(), size)) {
            total_.add(e.wd().value(), static_cast<std::uint32_t>(e.mask()), e.cookie(), e.name());
            if (!to_.answer()) {
                return false;
            }
        }
        return true;
    }

    answerer& to_;
    asio::io_context context_{1};
    asio::posix::basic_stream_descriptor<asio::io_context::executor_type> descriptor_;
    asio_inotify::event_buffer<> buffer_;
    tally total_;
};

} // namespace

void echo_descriptor(std::string const& path, answerer& to)
{
    watcher(path, to).run();
}

} // namespace bench

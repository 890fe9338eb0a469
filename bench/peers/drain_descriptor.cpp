//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "drain.hpp"

#include "../support/system.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/system/system_error.hpp>

#include <sys/inotify.h>

namespace asio = boost::asio;

namespace bench {
namespace {

class descriptor_peer final : public drain_peer
{
public:
    explicit descriptor_peer(asio::mutable_buffer buffer)
        : buffer_(buffer)
        , descriptor_(context_, check(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC), "inotify_init1"))
    {}

    [[nodiscard]] int instance() noexcept override { return descriptor_.native_handle(); }

    [[nodiscard]] tally drain(std::size_t events) override
    {
        wanted_ = events;
        total_ = {};
        read();
        context_.run();
        return total_;
    }

private:
    void read()
    {
        descriptor_.async_read_some(
            buffer_, [this](boost::system::error_code ec, std::size_t size) {
                if (ec) {
                    throw boost::system::system_error(ec, "async_read_some");
                }
                decode(size);
                if (total_.events < wanted_) {
                    read();
                }
            });
    }

    void decode(std::size_t size) noexcept
    {
        auto counted = total_;
        auto const* at = static_cast<char const*>(buffer_.data());
        auto const* const end = at + size;
        while (at != end) {
            auto const* const event = reinterpret_cast<inotify_event const*>(at);
            counted.add(event->wd, event->mask, event->cookie,
                        event->len == 0 ? std::string_view() : std::string_view(event->name));
            at += sizeof(inotify_event) + event->len;
        }
        total_ = counted;
    }

    asio::mutable_buffer buffer_;
    asio::io_context context_{1};
    asio::posix::basic_stream_descriptor<asio::io_context::executor_type> descriptor_;
    std::size_t wanted_ = 0;
    tally total_;
};

} // namespace

std::unique_ptr<drain_peer> make_descriptor(asio::mutable_buffer buffer)
{
    return std::make_unique<descriptor_peer>(buffer);
}

} // namespace bench

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "drain.hpp"

#include "../support/system.hpp"

#include <asio_inotify/event_batch.hpp>

#include <sys/inotify.h>
#include <unistd.h>

namespace bench {
namespace {

struct with_batch
{
    static void decode(void const* data, std::size_t size, tally& total) noexcept
    {
        for (auto const event : asio_inotify::event_batch(data, size)) {
            total.add(event.wd().value(), static_cast<std::uint32_t>(event.mask()), event.cookie(),
                      event.name());
        }
    }
};

struct with_strlen
{
    static void decode(void const* data, std::size_t size, tally& total) noexcept
    {
        auto const* at = static_cast<char const*>(data);
        auto const* const end = at + size;
        while (at != end) {
            auto const* const event = reinterpret_cast<inotify_event const*>(at);
            total.add(event->wd, event->mask, event->cookie,
                      event->len == 0 ? std::string_view() : std::string_view(event->name));
            at += sizeof(inotify_event) + event->len;
        }
    }
};

template <class Decoder>
class bare_peer final : public drain_peer
{
public:
    explicit bare_peer(boost::asio::mutable_buffer buffer)
        : buffer_(buffer)
    {}

    [[nodiscard]] int instance() noexcept override { return instance_.get(); }

    [[nodiscard]] tally drain(std::size_t events) override
    {
        tally total;
        while (total.events < events) {
            auto const size =
                check(::read(instance_.get(), buffer_.data(), buffer_.size()), "read");
            Decoder::decode(buffer_.data(), static_cast<std::size_t>(size), total);
        }
        return total;
    }

private:
    unique_fd instance_ = make_instance();
    boost::asio::mutable_buffer buffer_;
};

} // namespace

std::unique_ptr<drain_peer> make_bare(boost::asio::mutable_buffer buffer)
{
    return std::make_unique<bare_peer<with_batch>>(buffer);
}

std::unique_ptr<drain_peer> make_bare_strlen(boost::asio::mutable_buffer buffer)
{
    return std::make_unique<bare_peer<with_strlen>>(buffer);
}

} // namespace bench

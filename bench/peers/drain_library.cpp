//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "drain.hpp"

#include <asio_inotify.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <exception>

namespace asio = boost::asio;

namespace bench {
namespace {

template <class Executor>
class library_peer : public drain_peer
{
public:
    explicit library_peer(asio::mutable_buffer buffer)
        : buffer_(buffer)
    {
        in_.open();
    }

    [[nodiscard]] int instance() noexcept override { return in_.native_handle(); }

protected:
    // Counted in registers, as in the bare loop.
    static void decode(asio_inotify::event_batch batch, tally& total) noexcept
    {
        auto counted = total;
        for (auto const event : batch) {
            counted.add(event.wd().value(), static_cast<std::uint32_t>(event.mask()),
                        event.cookie(), event.name());
        }
        total = counted;
    }

    asio::mutable_buffer buffer_;
    asio::io_context context_{1};
    asio_inotify::basic_inotify<Executor> in_{context_};
};

template <class Executor>
class callback_peer final : public library_peer<Executor>
{
public:
    using library_peer<Executor>::library_peer;

    [[nodiscard]] tally drain(std::size_t events) override
    {
        wanted_ = events;
        total_ = {};
        read();
        this->context_.run();
        return total_;
    }

private:
    void read()
    {
        this->in_.async_read_events(
            this->buffer_, [this](boost::system::error_code ec, asio_inotify::event_batch batch) {
                if (ec) {
                    throw boost::system::system_error(ec, "async_read_events");
                }
                this->decode(batch, total_);
                if (total_.events < wanted_) {
                    read();
                }
            });
    }

    std::size_t wanted_ = 0;
    tally total_;
};

template <class Executor>
class coroutine_peer final : public library_peer<Executor>
{
public:
    using library_peer<Executor>::library_peer;

    [[nodiscard]] tally drain(std::size_t events) override
    {
        tally total;
        asio::co_spawn(this->context_.get_executor(), read(events, total), rethrow);
        this->context_.run();
        return total;
    }

private:
    using executor = asio::io_context::executor_type;

    asio::awaitable<void, executor> read(std::size_t events, tally& total)
    {
        while (total.events < events) {
            this->decode(co_await this->in_.async_read_events(this->buffer_,
                                                              asio::use_awaitable_t<executor>()),
                         total);
        }
    }

    static void rethrow(std::exception_ptr failure)
    {
        if (failure) {
            std::rethrow_exception(failure);
        }
    }
};

// The usual code: everything with its default executor.
class plain_coroutine_peer final : public library_peer<asio::any_io_executor>
{
public:
    using library_peer::library_peer;

    [[nodiscard]] tally drain(std::size_t events) override
    {
        tally total;
        asio::co_spawn(context_, read(events, total), [](std::exception_ptr failure) {
            if (failure) {
                std::rethrow_exception(failure);
            }
        });
        context_.run();
        return total;
    }

private:
    asio::awaitable<void> read(std::size_t events, tally& total)
    {
        while (total.events < events) {
            decode(co_await in_.async_read_events(buffer_, asio::use_awaitable), total);
        }
    }
};

} // namespace

std::unique_ptr<drain_peer> make_callback(asio::mutable_buffer buffer)
{
    return std::make_unique<callback_peer<asio::io_context::executor_type>>(buffer);
}

std::unique_ptr<drain_peer> make_callback_any(asio::mutable_buffer buffer)
{
    return std::make_unique<callback_peer<asio::any_io_executor>>(buffer);
}

std::unique_ptr<drain_peer> make_coroutine(asio::mutable_buffer buffer)
{
    return std::make_unique<coroutine_peer<asio::io_context::executor_type>>(buffer);
}

std::unique_ptr<drain_peer> make_coroutine_any(asio::mutable_buffer buffer)
{
    return std::make_unique<plain_coroutine_peer>(buffer);
}

} // namespace bench

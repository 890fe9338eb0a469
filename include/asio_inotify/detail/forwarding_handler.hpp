//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_FORWARDING_HANDLER_HPP
#define ASIO_INOTIFY_DETAIL_FORWARDING_HANDLER_HPP

#include <asio_inotify/detail/config.hpp>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associator.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <utility>

namespace asio_inotify::detail {

// Wraps the user's handler for an operation of the descriptor. `Finish` turns the result of that
// into the result of ours: it is called with the handler and the descriptor's result.
template <class Handler, class Finish>
class forwarding_handler
{
public:
    /// @param slot  Of the descriptor's operation: the handler's own is for a cancellation_relay.
    template <class HandlerArg>
    forwarding_handler(HandlerArg&& handler, asio::cancellation_slot slot, Finish finish)
        : handler_(std::forward<HandlerArg>(handler))
        , slot_(slot)
        , finish_(std::move(finish))
    {}

    // Completions of async_read_some carry a size, those of async_wait none.
    void operator()(boost::system::error_code ec, std::size_t size = 0)
    {
        std::move(finish_)(std::move(handler_), ec, size);
    }

    [[nodiscard]] Handler const& handler() const noexcept { return handler_; }
    [[nodiscard]] asio::cancellation_slot slot() const noexcept { return slot_; }

private:
    Handler handler_;
    asio::cancellation_slot slot_;
    Finish finish_;
};

} // namespace asio_inotify::detail

// Passes on to the descriptor's operation every other association of the user's handler: executor,
// allocator, immediate executor and later inventions of Asio.
template <template <class, class> class Associator, class Handler, class Finish, class Default>
struct boost::asio::associator<Associator,
                               asio_inotify::detail::forwarding_handler<Handler, Finish>, Default>
    : Associator<Handler, Default>
{
    [[nodiscard]] static decltype(auto)
    get(asio_inotify::detail::forwarding_handler<Handler, Finish> const& h) noexcept
    {
        return Associator<Handler, Default>::get(h.handler());
    }

    [[nodiscard]] static decltype(auto)
    get(asio_inotify::detail::forwarding_handler<Handler, Finish> const& h,
        Default const& d) noexcept
    {
        return Associator<Handler, Default>::get(h.handler(), d);
    }
};

template <class Handler, class Finish, class CancellationSlot>
struct boost::asio::associated_cancellation_slot<
    asio_inotify::detail::forwarding_handler<Handler, Finish>, CancellationSlot>
{
    using type = cancellation_slot;

    [[nodiscard]] static type
    get(asio_inotify::detail::forwarding_handler<Handler, Finish> const& h) noexcept
    {
        return h.slot();
    }

    [[nodiscard]] static type
    get(asio_inotify::detail::forwarding_handler<Handler, Finish> const& h,
        CancellationSlot const& /*otherwise*/) noexcept
    {
        return h.slot();
    }
};

#endif

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
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <utility>

namespace asio_inotify::detail {

// Wraps the user's handler for an operation of the descriptor. `Finish` turns the result of that
// into the result of ours: it is called with the handler and the descriptor's result, and keeps
// alive the object at which the operation's cancellation handler points.
template <class Handler, class Finish>
class forwarding_handler
{
public:
    template <class HandlerArg>
    forwarding_handler(HandlerArg&& handler, Finish finish)
        : handler_(std::forward<HandlerArg>(handler))
        , finish_(std::move(finish))
    {}

    // Completions of async_read_some carry a size, those of async_wait none.
    void operator()(boost::system::error_code ec, std::size_t size = 0)
    {
        // Asio leaves the cancellation handler in the slot until the next operation replaces it. It
        // points into the descriptor's implementation, which can be destroyed when `finish_`
        // releases it: a later emission must not find it.
        if (auto slot = asio::get_associated_cancellation_slot(handler_); slot.is_connected()) {
            slot.clear();
        }
        std::move(finish_)(std::move(handler_), ec, size);
    }

    [[nodiscard]] Handler const& handler() const noexcept { return handler_; }

private:
    Handler handler_;
    Finish finish_;
};

} // namespace asio_inotify::detail

// Passes on to the descriptor's operation every association of the user's handler: executor,
// allocator, cancellation slot, immediate executor and later inventions of Asio.
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

#endif

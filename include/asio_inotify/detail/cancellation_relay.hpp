//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_CANCELLATION_RELAY_HPP
#define ASIO_INOTIFY_DETAIL_CANCELLATION_RELAY_HPP

#include <asio_inotify/detail/config.hpp>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>

#include <memory>
#include <utility>

namespace asio_inotify::detail {

// The cancellation handler of an operation of a descriptor, in the user's slot. Asio's own one,
// which points into the descriptor, is in a slot of this object.
//
// Nothing of it is touched when the operation completes: the user's handler can run on another
// executor, while a signal is emitted on the object's. So it stays in the user's slot, where it
// does nothing any more when the descriptor is gone.
template <class Core>
class cancellation_relay
{
public:
    explicit cancellation_relay(std::weak_ptr<Core> core) noexcept
        : core_(std::move(core))
    {}

    void operator()(asio::cancellation_type_t type)
    {
        if (auto const alive = core_.lock()) {
            signal_.emit(type);
        }
    }

    [[nodiscard]] asio::cancellation_slot slot() noexcept { return signal_.slot(); }

private:
    std::weak_ptr<Core> core_;
    asio::cancellation_signal signal_;
};

/// Put a relay into the slot of a handler. @returns The slot for the descriptor's operation.
/** Not connected if the handler's is not. @param core  Owns the descriptor. */
template <class Core, class Handler>
[[nodiscard]] asio::cancellation_slot relay_cancellation(Handler const& handler,
                                                         std::shared_ptr<Core> const& core)
{
    auto slot = asio::get_associated_cancellation_slot(handler);
    if (!slot.is_connected()) {
        return {};
    }
    return slot.template emplace<cancellation_relay<Core>>(core).slot();
}

} // namespace asio_inotify::detail

#endif

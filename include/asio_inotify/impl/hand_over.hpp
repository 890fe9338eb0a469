//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_IMPL_HAND_OVER_HPP
#define ASIO_INOTIFY_IMPL_HAND_OVER_HPP

#include <asio_inotify/detail/hand_over_channel.hpp>
#include <asio_inotify/detail/late_compose.hpp>
#include <asio_inotify/detail/scope_guard.hpp>
#include <asio_inotify/detail/set_access.hpp>
#include <asio_inotify/detail/set_assigner.hpp>
#include <asio_inotify/detail/set_reservation.hpp>
#include <asio_inotify/detail/watch_registry.hpp>

#include <boost/asio/append.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <boost/core/no_exceptions_support.hpp>

#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <tuple>
#include <utility>

namespace asio_inotify {
namespace detail {

template <class Socket>
auto wait_for(hand_over_need need) noexcept
{
    return need == hand_over_need::readable ? Socket::wait_read : Socket::wait_write;
}

// The instance and the watches of a set while it is handed over. Until that ends, the set is closed
// and cannot be opened; if the user closes it, it stays closed.
template <class Executor>
class handed_over
{
public:
    using set_type = basic_watch_set<Executor>;
    using access = set_access<Executor>;

    /// Begin.
    /** @param wake  Ends the wait of the operation. */
    handed_over(set_type& set, std::function<void()> wake)
        : set_(&set)
        , reservation_(std::make_shared<set_reservation>())
    {
        reservation_->wake = std::move(wake);
        access::reserve(set, reservation_);
    }

    /// Take what the set has.
    void take() noexcept { std::tie(instance, registry) = access::take(*set_); }

    /// True if the user has cancelled the operations of the set, or closed it.
    [[nodiscard]] bool is_cancelled() const noexcept
    {
        return !reservation_ || reservation_->cancelled;
    }

    /// True if the user has closed the set.
    [[nodiscard]] bool is_closed() const noexcept { return !reservation_ || reservation_->closed; }

    void finish_assigning(set_assigner& assigner) { assigner.finish(access::access(*instance)); }

    /// End, and give the instance and the watches to the set.
    void give() noexcept
    {
        if (!is_closed()) {
            access::end_reservation(*set_);
            access::give(*set_, std::move(instance), std::move(registry));
        }
        drop();
    }

    /// End, and close the instance.
    void drop() noexcept
    {
        if (auto const ended = std::exchange(registry, nullptr)) {
            ended->close();
        }
        if (auto const ended = std::exchange(instance, nullptr)) {
            boost::system::error_code ignored;
            ended->close(ignored);
        }
        if (!is_closed()) {
            access::end_reservation(*set_);
        }
        reservation_.reset();
    }

    std::shared_ptr<basic_inotify<Executor>> instance;
    std::shared_ptr<watch_registry> registry;

private:
    set_type* set_;
    std::shared_ptr<set_reservation> reservation_;
};

template <class Socket>
[[nodiscard]] std::function<void()> cancel_waits_of(Socket& socket)
{
    return [&socket] {
        boost::system::error_code ignored;
        socket.cancel(ignored);
    };
}

// The operation owns the instance until it completes, so that nobody reads from it, and gives it
// back on failure.
template <class Executor, class SocketExecutor>
class hand_over_op
{
public:
    using socket_type = asio::basic_stream_socket<asio::local::stream_protocol, SocketExecutor>;
    using set_type = basic_watch_set<Executor>;

    hand_over_op(socket_type& socket, set_type& set, watch_event_batch unread)
        : socket_(socket)
        , set_(set)
        , unread_(unread)
    {}

    template <class Self>
    void operator()(Self& self)
    {
        self.reset_cancellation_state(asio::enable_total_cancellation());
        boost::system::error_code ec;
        auto const state = state_to_release(set_, unread_, ec);
        if (!ec) {
            sender_ = std::make_unique<hand_over_sender>(set_.native_handle(), state);
            handed_.emplace(set_, cancel_waits_of(socket_));
            handed_->take();
            // Not a post: the executor of some tokens runs a posted handler on any thread.
            wait(self, hand_over_need::writable);
        } else {
            auto const executor = socket_.get_executor();
            asio::post(executor, asio::append(std::move(self), ec));
        }
    }

    template <class Self>
    void operator()(Self& self, boost::system::error_code ec)
    {
        auto need = hand_over_need::nothing;
        if (!ec && (self.cancelled() != asio::cancellation_type::none || handed_->is_cancelled())) {
            ec = asio::error::operation_aborted;
        }
        if (!ec) {
            need = sender_->step(socket_.native_handle(), ec);
        }
        if (need != hand_over_need::nothing) {
            wait(self, need);
            return;
        }
        if (handed_) {
            ec ? handed_->give() : handed_->drop();
        }
        self.complete(ec);
    }

private:
    // If that fails, out of memory, the handler is lost, but the set is not. The guard has copies,
    // as the operation is moved away before.
    template <class Self>
    void wait(Self& self, hand_over_need need)
    {
        scope_guard give_back([handed = *handed_]() mutable { handed.give(); });
        socket_.async_wait(wait_for<socket_type>(need), std::move(self));
        give_back.dismiss();
    }

    socket_type& socket_;
    set_type& set_;
    watch_event_batch unread_;
    std::unique_ptr<hand_over_sender> sender_;
    // Nothing if the set was not open.
    std::optional<handed_over<Executor>> handed_;
};

template <class Executor, class SocketExecutor>
class take_over_op
{
public:
    using socket_type = asio::basic_stream_socket<asio::local::stream_protocol, SocketExecutor>;
    using set_type = basic_watch_set<Executor>;

    take_over_op(socket_type& socket, set_type& set, hand_over_limits limits)
        : socket_(socket)
        , set_(set)
        , limits_(limits)
    {}

    template <class Self>
    void operator()(Self& self)
    {
        self.reset_cancellation_state(asio::enable_total_cancellation());
        boost::system::error_code ec;
        if (set_access<Executor>::check_closed(set_, ec)) {
            handed_.emplace(set_, cancel_waits_of(socket_));
            receiver_ = std::make_unique<hand_over_receiver>(limits_.state_size);
            socket_.async_wait(socket_type::wait_read, std::move(self));
        } else {
            auto const executor = socket_.get_executor();
            asio::post(executor, asio::append(std::move(self), ec));
        }
    }

    template <class Self>
    void operator()(Self& self, boost::system::error_code ec)
    {
        auto need = hand_over_need::nothing;
        if (!ec && (self.cancelled() != asio::cancellation_type::none || handed_->is_cancelled())) {
            ec = asio::error::operation_aborted;
        }
        if (!ec) {
            need = step(ec);
        }
        if (ec && receiver_ && receiver_->has_answered() &&
            hand_over_receiver::take_last_word(socket_.native_handle())) {
            ec.clear();
        }
        if (need != hand_over_need::nothing) {
            wait(self, need);
            return;
        }
        if (!ec && handed_->is_closed()) {
            // Closed after the peer has released it.
            ec = asio::error::operation_aborted;
        }
        if (handed_) {
            ec ? handed_->drop() : handed_->give();
        }
        self.complete(ec);
    }

private:
    hand_over_need step(boost::system::error_code& ec)
    {
        if (!assigner_) {
            auto const need = receiver_->step(socket_.native_handle(), ec);
            if (need != hand_over_need::decision) {
                return need;
            }
        }
        bool const is_prepared = prepare(ec);
        if (ec) {
            hand_over_receiver::refuse(socket_.native_handle());
            return hand_over_need::nothing;
        }
        if (!is_prepared) {
            // A socket that nothing was sent over is writable: other handlers have their turn.
            return hand_over_need::writable;
        }
        receiver_->accept();
        return receiver_->step(socket_.native_handle(), ec);
    }

    // Makes the set, in slices. Nothing is read from it before the sender has released it. Returns
    // whether it is complete.
    bool prepare(boost::system::error_code& ec)
    {
        BOOST_TRY
        {
            if (!assigner_) {
                begin_to_prepare(ec);
                if (ec) {
                    return false;
                }
            }
            if (!assigner_->step(ec) || ec) {
                return false;
            }
            handed_->finish_assigning(*assigner_);
            assigner_.reset();
        }
        BOOST_CATCH(std::bad_alloc const&)
        {
            ec = asio::error::no_memory;
            return false;
        }
        BOOST_CATCH_END
        return true;
    }

    void begin_to_prepare(boost::system::error_code& ec)
    {
        auto instance = std::make_shared<basic_inotify<Executor>>(set_.get_executor());
        auto registry = std::make_shared<watch_registry>();
        auto assigner =
            std::make_unique<set_assigner>(*registry, receiver_->state(), limits_.watches);
        instance->assign(receiver_->fd(), ec);
        if (!ec) {
            receiver_->forget_fd();
            handed_->instance = std::move(instance);
            handed_->registry = std::move(registry);
            assigner_ = std::move(assigner);
        }
    }

    // If that fails, out of memory, the handler is lost. Exactly one side must have the set anyway,
    // and the sender must not wait for ever. The guard has copies, as the operation is moved away
    // before.
    template <class Self>
    void wait(Self& self, hand_over_need need)
    {
        scope_guard end_hand_over([socket = socket_.native_handle(), handed = *handed_,
                                   has_answered = receiver_->has_answered()]() mutable {
            if (!has_answered) {
                hand_over_receiver::refuse(socket);
            } else if (hand_over_receiver::take_last_word(socket)) {
                handed.give();
            }
        });
        socket_.async_wait(wait_for<socket_type>(need), std::move(self));
        end_hand_over.dismiss();
    }

    socket_type& socket_;
    set_type& set_;
    hand_over_limits limits_;
    std::unique_ptr<hand_over_receiver> receiver_;
    // Nothing if the set was open.
    std::optional<handed_over<Executor>> handed_;
    // While the set is made.
    std::unique_ptr<set_assigner> assigner_;
};

} // namespace detail

template <class SocketExecutor, class Executor,
          asio::completion_token_for<void(boost::system::error_code)> HandOverToken>
auto async_hand_over(
    asio::basic_stream_socket<asio::local::stream_protocol, SocketExecutor>& socket,
    basic_watch_set<Executor>& set, watch_event_batch unread, HandOverToken&& token)
{
    return detail::late_compose<void(boost::system::error_code)>(
        socket.get_executor(), std::forward<HandOverToken>(token), [&socket, &set, unread] {
            return detail::hand_over_op<Executor, SocketExecutor>(socket, set, unread);
        });
}

template <class SocketExecutor, class Executor,
          asio::completion_token_for<void(boost::system::error_code)> TakeOverToken>
auto async_take_over(
    asio::basic_stream_socket<asio::local::stream_protocol, SocketExecutor>& socket,
    basic_watch_set<Executor>& set, hand_over_limits limits, TakeOverToken&& token)
{
    return detail::late_compose<void(boost::system::error_code)>(
        socket.get_executor(), std::forward<TakeOverToken>(token), [&socket, &set, limits] {
            return detail::take_over_op<Executor, SocketExecutor>(socket, set, limits);
        });
}

template <class SocketExecutor, class Executor,
          asio::completion_token_for<void(boost::system::error_code)> TakeOverToken>
auto async_take_over(
    asio::basic_stream_socket<asio::local::stream_protocol, SocketExecutor>& socket,
    basic_watch_set<Executor>& set, TakeOverToken&& token)
{
    return async_take_over(socket, set, hand_over_limits(), std::forward<TakeOverToken>(token));
}

} // namespace asio_inotify

#endif

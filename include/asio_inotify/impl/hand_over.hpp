//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_IMPL_HAND_OVER_HPP
#define ASIO_INOTIFY_IMPL_HAND_OVER_HPP

#include <asio_inotify/detail/hand_over_channel.hpp>

#include <boost/asio/append.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <boost/core/no_exceptions_support.hpp>

#include <memory>
#include <new>
#include <utility>

namespace asio_inotify {
namespace detail {

template <class Socket>
auto wait_for(hand_over_need need) noexcept
{
    return need == hand_over_need::readable ? Socket::wait_read : Socket::wait_write;
}

// The operation has the instance while it lasts, so that nobody reads from it, and gives it back if
// it fails.
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
        auto const state = set_.release_state(unread_, ec);
        if (!ec) {
            sender_ = std::make_unique<hand_over_sender>(set_.native_handle(), state);
            instance_ = std::move(set_.instance_);
            registry_ = std::move(set_.registry_);
            // Not a post: some tokens have an executor of their own that runs what is posted
            // wherever it likes.
            wait(self, hand_over_need::writable);
        } else {
            asio::post(asio::append(std::move(self), ec));
        }
    }

    template <class Self>
    void operator()(Self& self, boost::system::error_code ec)
    {
        auto need = hand_over_need::nothing;
        if (!ec && self.cancelled() != asio::cancellation_type::none) {
            ec = asio::error::operation_aborted;
        }
        if (!ec) {
            need = sender_->step(socket_.native_handle(), ec);
        }
        if (need != hand_over_need::nothing) {
            wait(self, need);
            return;
        }
        if (ec) {
            give_back();
        } else {
            registry_->close();
            boost::system::error_code ignored;
            instance_->close(ignored);
        }
        self.complete(ec);
    }

private:
    // If that fails, for want of memory, the handler is lost, but the set is not.
    template <class Self>
    void wait(Self& self, hand_over_need need)
    {
        struct give_back_on_failure
        {
            set_type* set;
            std::shared_ptr<basic_inotify<Executor>> instance;
            std::shared_ptr<watch_registry> registry;

            ~give_back_on_failure()
            {
                if (set != nullptr && instance) {
                    set->instance_ = std::move(instance);
                    set->registry_ = std::move(registry);
                }
            }
        } failed{&set_, instance_, registry_};
        socket_.async_wait(wait_for<socket_type>(need), std::move(self));
        failed.set = nullptr;
    }

    void give_back() noexcept
    {
        if (instance_) {
            set_.instance_ = std::move(instance_);
            set_.registry_ = std::move(registry_);
        }
    }

    socket_type& socket_;
    set_type& set_;
    watch_event_batch unread_;
    std::unique_ptr<hand_over_sender> sender_;
    std::shared_ptr<basic_inotify<Executor>> instance_;
    std::shared_ptr<watch_registry> registry_;
};

template <class Executor, class SocketExecutor>
class take_over_op
{
public:
    using socket_type = asio::basic_stream_socket<asio::local::stream_protocol, SocketExecutor>;
    using set_type = basic_watch_set<Executor>;

    take_over_op(socket_type& socket, set_type& set)
        : socket_(socket)
        , set_(set)
    {}

    template <class Self>
    void operator()(Self& self)
    {
        self.reset_cancellation_state(asio::enable_total_cancellation());
        boost::system::error_code ec;
        if (set_.check_closed(ec)) {
            receiver_ = std::make_unique<hand_over_receiver>(default_hand_over_size);
            socket_.async_wait(socket_type::wait_read, std::move(self));
        } else {
            asio::post(asio::append(std::move(self), ec));
        }
    }

    template <class Self>
    void operator()(Self& self, boost::system::error_code ec)
    {
        auto need = hand_over_need::nothing;
        if (!ec && self.cancelled() != asio::cancellation_type::none) {
            ec = asio::error::operation_aborted;
        }
        if (!ec) {
            need = step(ec);
        } else if (receiver_ && receiver_->has_answered() &&
                   hand_over_receiver::settle(socket_.native_handle())) {
            ec.clear();
        }
        if (need != hand_over_need::nothing) {
            wait(self, need);
            return;
        }
        if (!ec) {
            set_.instance_ = std::move(instance_);
            set_.registry_ = std::move(registry_);
        }
        self.complete(ec);
    }

private:
    hand_over_need step(boost::system::error_code& ec)
    {
        auto const need = receiver_->step(socket_.native_handle(), ec);
        if (need != hand_over_need::decision) {
            return need;
        }
        prepare(ec);
        if (ec) {
            hand_over_receiver::refuse(socket_.native_handle());
            return hand_over_need::nothing;
        }
        receiver_->accept();
        return receiver_->step(socket_.native_handle(), ec);
    }

    // The set that is to be, of which nothing is read before the sender has let go.
    void prepare(boost::system::error_code& ec)
    {
        BOOST_TRY
        {
            set_type prepared(set_.get_executor());
            prepared.assign({receiver_->fd(), receiver_->state()}, ec);
            if (!ec) {
                receiver_->forget_fd();
                instance_ = std::move(prepared.instance_);
                registry_ = std::move(prepared.registry_);
            }
        }
        BOOST_CATCH(std::bad_alloc const&)
        {
            ec = asio::error::no_memory;
        }
        BOOST_CATCH_END
    }

    // If that fails, for want of memory, the handler is lost; which of the two sides has the set
    // has to be clear nevertheless, and the other one is not to wait for ever.
    template <class Self>
    void wait(Self& self, hand_over_need need)
    {
        struct settle_on_failure
        {
            int socket;
            set_type& set;
            std::shared_ptr<basic_inotify<Executor>> instance;
            std::shared_ptr<watch_registry> registry;
            bool has_answered;
            bool has_begun = false;

            ~settle_on_failure()
            {
                if (has_begun) {
                    return;
                }
                if (!has_answered) {
                    hand_over_receiver::refuse(socket);
                } else if (hand_over_receiver::settle(socket)) {
                    set.instance_ = std::move(instance);
                    set.registry_ = std::move(registry);
                }
            }
        } failed{socket_.native_handle(), set_, instance_, registry_, receiver_->has_answered()};
        socket_.async_wait(wait_for<socket_type>(need), std::move(self));
        failed.has_begun = true;
    }

    socket_type& socket_;
    set_type& set_;
    std::unique_ptr<hand_over_receiver> receiver_;
    std::shared_ptr<basic_inotify<Executor>> instance_;
    std::shared_ptr<watch_registry> registry_;
};

} // namespace detail

template <class SocketExecutor, class Executor,
          asio::completion_token_for<void(boost::system::error_code)> HandOverToken>
auto async_hand_over(
    asio::basic_stream_socket<asio::local::stream_protocol, SocketExecutor>& socket,
    basic_watch_set<Executor>& set, watch_event_batch unread, HandOverToken&& token)
{
    return asio::async_compose<HandOverToken, void(boost::system::error_code)>(
        detail::hand_over_op<Executor, SocketExecutor>(socket, set, unread), token, socket);
}

template <class SocketExecutor, class Executor,
          asio::completion_token_for<void(boost::system::error_code)> TakeOverToken>
auto async_take_over(
    asio::basic_stream_socket<asio::local::stream_protocol, SocketExecutor>& socket,
    basic_watch_set<Executor>& set, TakeOverToken&& token)
{
    return asio::async_compose<TakeOverToken, void(boost::system::error_code)>(
        detail::take_over_op<Executor, SocketExecutor>(socket, set), token, socket);
}

} // namespace asio_inotify

#endif

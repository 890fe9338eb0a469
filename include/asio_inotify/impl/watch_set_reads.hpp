//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_IMPL_WATCH_SET_READS_HPP
#define ASIO_INOTIFY_IMPL_WATCH_SET_READS_HPP

#include <asio_inotify/detail/instance_ops.hpp>
#include <asio_inotify/detail/late_compose.hpp>
#include <asio_inotify/detail/watch_read_buffer.hpp>

#include <boost/asio/append.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/core/no_exceptions_support.hpp>

#include <memory>
#include <new>
#include <utility>

// Reads and waits of a set.
namespace asio_inotify {

template <class Executor>
bool basic_watch_set<Executor>::hold_after_restore(inotify_type& instance,
                                                   detail::watch_registry& registry,
                                                   asio::mutable_buffer buffer, event_batch events)
{
    return registry.hold_after_restore(instance.access(), detail::watch_read_buffer(buffer).data(),
                                       events.size_bytes());
}

template <class Executor>
watch_event_batch basic_watch_set<Executor>::finish_read(detail::watch_registry& registry,
                                                         asio::mutable_buffer buffer,
                                                         event_batch events)
{
    detail::watch_read_buffer const parts(buffer);
    auto const size = registry.finish_read(parts, events.size_bytes());
    return {parts.data(), size, detail::watch_pointer_reader(parts.watches())};
}

template <class Executor>
watch_event_batch basic_watch_set<Executor>::read_events(asio::mutable_buffer buffer)
{
    boost::system::error_code ec;
    auto const batch = read_events(buffer, ec);
    detail::throw_if_failed(ec, "read_events");
    return batch;
}

template <class Executor>
watch_event_batch basic_watch_set<Executor>::read_events(asio::mutable_buffer buffer,
                                                         boost::system::error_code& ec)
{
    for (;;) {
        if (!check_not_outstanding(ec)) {
            return {};
        }
        registry().begin_read(instance().access(), ec);
        if (ec) {
            return {};
        }
        auto const events = instance().read_events(detail::watch_read_buffer(buffer).records(), ec);
        // Also if there is nothing to read.
        if (hold_after_restore(instance(), *registry_, buffer, events)) {
            continue;
        }
        if (ec) {
            return {};
        }
        auto const batch = finish_read(*registry_, buffer, events);
        if (!batch.empty()) {
            return batch;
        }
    }
}

template <class Executor>
class basic_watch_set<Executor>::read_op
{
public:
    read_op(basic_watch_set& set, asio::mutable_buffer buffer)
        : executor_(set.executor_)
        , buffer_(buffer)
    {
        set.registry();
        set.instance();
        instance_ = set.instance_;
        registry_ = set.registry_;
    }

    template <class Self>
    void operator()(Self& self)
    {
        self.reset_cancellation_state(asio::enable_total_cancellation());
        lease_ = lease(registry_);
        if (lease_) {
            read(self);
        } else {
            auto const executor = executor_;
            asio::post(executor,
                       asio::append(std::move(self), operation_outstanding(), event_batch()));
        }
    }

    template <class Self>
    void operator()(Self& self, boost::system::error_code ec, event_batch events)
    {
        if (!ec && registry_->is_closed()) {
            // The watches that the events belong to end with this operation.
            ec = asio::error::operation_aborted;
        }
        if (ec) {
            complete(self, ec, watch_event_batch());
            return;
        }
        // Null if the set was moved to another type of executor: the events are delivered then.
        auto const instance = instance_.lock();
        if (instance && is_cancelled(self) && put_back(*instance, events)) {
            complete(self, asio::error::operation_aborted, watch_event_batch());
            return;
        }
        bool const is_held = instance && hold_after_restore(*instance, *registry_, buffer_, events);
        auto const batch = is_held ? watch_event_batch() : finish_read(*registry_, buffer_, events);
        if (!batch.empty()) {
            complete(self, ec, batch);
        } else {
            read(self);
        }
    }

private:
    template <class Self>
    [[nodiscard]] bool is_cancelled(Self& self) const noexcept
    {
        return self.cancelled() != asio::cancellation_type::none || lease_.is_cancelled();
    }

    // The next read or wait is outstanding already, and waits for the kernel's queue.
    void wake_next(detail::instance_access const& access) noexcept
    {
        BOOST_TRY
        {
            boost::system::error_code ignored;
            registry_->wake_read(access, ignored);
        }
        BOOST_CATCH(std::bad_alloc const&)
        {
            // It completes with the next event of the kernel.
        }
        BOOST_CATCH_END
    }

    // False without memory for it.
    [[nodiscard]] bool put_back(inotify_type& instance, event_batch events)
    {
        auto const access = instance.access();
        if (!registry_->put_back(access, detail::watch_read_buffer(buffer_).data(),
                                 events.size_bytes())) {
            return false;
        }
        if (!access.may_read) {
            wake_next(access);
        }
        return true;
    }

    template <class Self>
    void read(Self& self)
    {
        auto const instance = instance_.lock();
        boost::system::error_code ec;
        if (!instance || registry_->is_closed() || is_cancelled(self)) {
            // Closed, and perhaps opened again, after a read that gave only events of gone watches.
            ec = asio::error::operation_aborted;
        } else {
            registry_->begin_read(instance->access(), ec);
        }
        if (ec) {
            auto const executor = executor_;
            asio::post(executor, asio::append(std::move(self), ec, event_batch()));
            return;
        }
        instance->async_read_events(detail::watch_read_buffer(buffer_).records(), std::move(self));
    }

    // The handler may close the set or start the next operation: nothing is used afterwards.
    template <class Self>
    void complete(Self& self, boost::system::error_code const& ec, watch_event_batch batch)
    {
        lease_.release();
        registry_.reset();
        self.complete(ec, batch);
    }

    executor_type executor_;
    std::weak_ptr<inotify_type> instance_;
    std::shared_ptr<detail::watch_registry> registry_;
    asio::mutable_buffer buffer_;
    lease lease_;
};

template <class Executor>
template <asio::completion_token_for<void(boost::system::error_code, watch_event_batch)> ReadToken>
auto basic_watch_set<Executor>::async_read_events(asio::mutable_buffer buffer, ReadToken&& token)
{
    return detail::late_compose<void(boost::system::error_code, watch_event_batch)>(
        executor_, std::forward<ReadToken>(token),
        [this, buffer] { return read_op(*this, buffer); });
}

template <class Executor>
void basic_watch_set<Executor>::wait()
{
    boost::system::error_code ec;
    wait(ec);
    detail::throw_if_failed(ec, "wait");
}

template <class Executor>
void basic_watch_set<Executor>::wait(boost::system::error_code& ec)
{
    if (!check_not_outstanding(ec)) {
        return;
    }
    registry().begin_read(instance().access(), ec);
    if (!ec) {
        instance().wait(inotify_type::wait_read, ec);
    }
}

template <class Executor>
class basic_watch_set<Executor>::wait_op
{
public:
    explicit wait_op(basic_watch_set& set)
        : executor_(set.executor_)
    {
        set.registry();
        set.instance();
        instance_ = set.instance_;
        registry_ = set.registry_;
    }

    template <class Self>
    void operator()(Self& self)
    {
        self.reset_cancellation_state(asio::enable_total_cancellation());
        auto const instance = instance_.lock();
        boost::system::error_code ec;
        lease_ = lease(registry_);
        if (!lease_) {
            ec = operation_outstanding();
        } else {
            registry_->begin_read(instance->access(), ec);
        }
        if (ec) {
            auto const executor = executor_;
            asio::post(executor, asio::append(std::move(self), ec));
            return;
        }
        instance->async_wait(inotify_type::wait_read, std::move(self));
    }

    template <class Self>
    void operator()(Self& self, boost::system::error_code ec)
    {
        if (!ec && (registry_->is_closed() || lease_.is_cancelled() ||
                    self.cancelled() != asio::cancellation_type::none)) {
            ec = asio::error::operation_aborted;
        }
        // Before completion, as the handler may start the next operation.
        lease_.release();
        registry_.reset();
        self.complete(ec);
    }

private:
    executor_type executor_;
    std::weak_ptr<inotify_type> instance_;
    std::shared_ptr<detail::watch_registry> registry_;
    lease lease_;
};

template <class Executor>
template <asio::completion_token_for<void(boost::system::error_code)> WaitToken>
auto basic_watch_set<Executor>::async_wait(WaitToken&& token)
{
    return detail::late_compose<void(boost::system::error_code)>(
        executor_, std::forward<WaitToken>(token), [this] { return wait_op(*this); });
}

// Here, and not beside the alias: whatever uses the class first must know its visibility.
extern template class ASIO_INOTIFY_DECL basic_watch_set<asio::any_io_executor>;

} // namespace asio_inotify

#endif

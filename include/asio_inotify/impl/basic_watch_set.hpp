//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_IMPL_BASIC_WATCH_SET_HPP
#define ASIO_INOTIFY_IMPL_BASIC_WATCH_SET_HPP

#include <asio_inotify/detail/instance_ops.hpp>
#include <asio_inotify/detail/late_compose.hpp>
#include <asio_inotify/detail/watch_read_buffer.hpp>
#include <asio_inotify/error.hpp>

#include <boost/asio/append.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/core/no_exceptions_support.hpp>

#include <cstdint>
#include <memory>
#include <new>
#include <utility>

namespace asio_inotify {

template <class Executor>
basic_watch_set<Executor>::basic_watch_set(executor_type const& ex)
    : executor_(ex)
{}

template <class Executor>
template <detail::context_of<Executor> ExecutionContext>
basic_watch_set<Executor>::basic_watch_set(ExecutionContext& context)
    : executor_(context.get_executor())
{}

template <class Executor>
basic_watch_set<Executor>::basic_watch_set(basic_watch_set&& other) noexcept
    : executor_(other.executor_)
    , instance_(std::move(other.instance_))
    , registry_(std::move(other.registry_))
{}

template <class Executor>
basic_watch_set<Executor>& basic_watch_set<Executor>::operator=(basic_watch_set&& other) noexcept
{
    if (this != &other) {
        boost::system::error_code ignored;
        close(ignored);
        executor_ = other.executor_;
        instance_ = std::move(other.instance_);
        registry_ = std::move(other.registry_);
    }
    return *this;
}

template <class Executor>
template <detail::other_executor<Executor> Executor1>
basic_watch_set<Executor>::basic_watch_set(basic_watch_set<Executor1>&& other)
    : executor_(other.executor_)
{
    if (other.instance_) {
        instance_ = std::make_shared<inotify_type>(std::move(*other.instance_));
        other.instance_.reset();
    }
    registry_ = std::move(other.registry_);
}

template <class Executor>
template <detail::other_executor<Executor> Executor1>
basic_watch_set<Executor>& basic_watch_set<Executor>::operator=(basic_watch_set<Executor1>&& other)
{
    return *this = basic_watch_set(std::move(other));
}

template <class Executor>
basic_watch_set<Executor>::~basic_watch_set()
{
    boost::system::error_code ignored;
    close(ignored);
}

template <class Executor>
bool basic_watch_set<Executor>::is_open() const noexcept
{
    return instance_ && instance_->is_open();
}

template <class Executor>
auto basic_watch_set<Executor>::native_handle() const noexcept -> native_handle_type
{
    return instance_ ? instance_->native_handle() : -1;
}

template <class Executor>
auto basic_watch_set<Executor>::instance() -> inotify_type&
{
    if (!instance_) {
        instance_ = std::make_shared<inotify_type>(executor_);
    }
    return *instance_;
}

template <class Executor>
auto basic_watch_set<Executor>::registry() -> detail::watch_registry&
{
    if (!registry_) {
        registry_ = std::make_shared<detail::watch_registry>();
    }
    return *registry_;
}

template <class Executor>
void basic_watch_set<Executor>::open()
{
    boost::system::error_code ec;
    open(ec);
    detail::throw_if_failed(ec, "open");
}

template <class Executor>
void basic_watch_set<Executor>::open(boost::system::error_code& ec)
{
    if (!check_closed(ec)) {
        return;
    }
    registry();
    instance().open(ec);
    if (!ec) {
        registry_->notice_restores();
    }
}

template <class Executor>
void basic_watch_set<Executor>::close()
{
    boost::system::error_code ec;
    close(ec);
    detail::throw_if_failed(ec, "close");
}

template <class Executor>
void basic_watch_set<Executor>::close(boost::system::error_code& ec)
{
    ec.clear();
    hand_over_.reset();
    if (instance_) {
        instance_->close(ec);
    }
    if (registry_) {
        registry_->close();
        registry_.reset();
    }
}

template <class Executor>
void basic_watch_set<Executor>::cancel()
{
    boost::system::error_code ec;
    cancel(ec);
    detail::throw_if_failed(ec, "cancel");
}

template <class Executor>
void basic_watch_set<Executor>::cancel(boost::system::error_code& ec)
{
    instance().cancel(ec);
    if (registry_) {
        registry_->cancel_read();
    }
}

template <class Executor>
watch_descriptor basic_watch_set<Executor>::add(path_ref const& path, event_mask mask,
                                                add_options options)
{
    boost::system::error_code ec;
    auto const wd = add(path, mask, options, ec);
    detail::throw_if_failed(ec, "add", path);
    return wd;
}

template <class Executor>
watch_descriptor basic_watch_set<Executor>::add(path_ref const& path, event_mask mask,
                                                boost::system::error_code& ec)
{
    return add(path, mask, add_options::none, ec);
}

template <class Executor>
watch_descriptor basic_watch_set<Executor>::add(path_ref const& path, event_mask mask,
                                                add_options options, boost::system::error_code& ec)
{
    return registry().add(instance().access(), path, mask, options, ec);
}

template <class Executor>
void basic_watch_set<Executor>::add_at(watch_descriptor wd, path_ref const& path, event_mask mask,
                                       add_options options)
{
    boost::system::error_code ec;
    add_at(wd, path, mask, options, ec);
    detail::throw_if_failed(ec, "add_at", wd, path);
}

template <class Executor>
void basic_watch_set<Executor>::add_at(watch_descriptor wd, path_ref const& path, event_mask mask,
                                       boost::system::error_code& ec)
{
    add_at(wd, path, mask, add_options::none, ec);
}

template <class Executor>
void basic_watch_set<Executor>::add_at(watch_descriptor wd, path_ref const& path, event_mask mask,
                                       add_options options, boost::system::error_code& ec)
{
    registry().add_at(instance().access(), wd, path, mask, options, ec);
}

template <class Executor>
void basic_watch_set<Executor>::set_mask(watch_descriptor wd, event_mask mask)
{
    boost::system::error_code ec;
    set_mask(wd, mask, ec);
    detail::throw_if_failed(ec, "set_mask", wd);
}

template <class Executor>
void basic_watch_set<Executor>::set_mask(watch_descriptor wd, event_mask mask,
                                         boost::system::error_code& ec)
{
    registry().set_mask(instance().access(), wd, mask, ec);
}

template <class Executor>
void basic_watch_set<Executor>::remove(watch_descriptor wd)
{
    boost::system::error_code ec;
    remove(wd, ec);
    detail::throw_if_failed(ec, "remove", wd);
}

template <class Executor>
void basic_watch_set<Executor>::remove(watch_descriptor wd, boost::system::error_code& ec)
{
    registry().remove(instance().access(), wd, ec);
}

template <class Executor>
watch_view basic_watch_set<Executor>::find(watch_descriptor wd) const noexcept
{
    return watch_view{registry_ ? registry_->find(wd) : nullptr};
}

template <class Executor>
watch_view basic_watch_set<Executor>::find(std::string_view path) const noexcept
{
    return watch_view{registry_ ? registry_->find(path) : nullptr};
}

template <class Executor>
watch_set_counters basic_watch_set<Executor>::counters() const noexcept
{
    return registry_ ? registry_->counters() : watch_set_counters{};
}

template <class Executor>
std::size_t basic_watch_set<Executor>::available() const
{
    boost::system::error_code ec;
    auto const size = available(ec);
    detail::throw_if_failed(ec, "available");
    return size;
}

template <class Executor>
std::size_t basic_watch_set<Executor>::available(boost::system::error_code& ec) const
{
    return instance_ ? instance_->available(ec) : inotify_type(executor_).available(ec);
}

template <class Executor>
bool basic_watch_set<Executor>::non_blocking() const noexcept
{
    return instance_ && instance_->non_blocking();
}

template <class Executor>
void basic_watch_set<Executor>::non_blocking(bool mode)
{
    boost::system::error_code ec;
    non_blocking(mode, ec);
    detail::throw_if_failed(ec, "non_blocking");
}

template <class Executor>
void basic_watch_set<Executor>::non_blocking(bool mode, boost::system::error_code& ec)
{
    instance().non_blocking(mode, ec);
}

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
        cancelled_reads_ = registry_->cancelled_reads();
    }

    template <class Self>
    void operator()(Self& self)
    {
        self.reset_cancellation_state(asio::enable_total_cancellation());
        read(self);
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
        return self.cancelled() != asio::cancellation_type::none ||
               registry_->cancelled_reads() != cancelled_reads_;
    }

    // False without memory for it.
    [[nodiscard]] bool put_back(inotify_type& instance, event_batch events)
    {
        auto const access = instance.access();
        auto const* const data = detail::watch_read_buffer(buffer_).data();
        if (!registry_->put_back(access, data, events.size_bytes())) {
            return false;
        }
        if (!access.may_read) {
            // The next read waits already, for the kernel's queue.
            boost::system::error_code ignored;
            BOOST_TRY
            {
                registry_->wake_read(access, ignored);
            }
            BOOST_CATCH(std::bad_alloc const&)
            {
                // It completes with the next event of the kernel.
            }
            BOOST_CATCH_END
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

    // The handler may close the set: nothing of it is used afterwards.
    template <class Self>
    void complete(Self& self, boost::system::error_code const& ec, watch_event_batch batch)
    {
        registry_.reset();
        self.complete(ec, batch);
    }

    executor_type executor_;
    std::weak_ptr<inotify_type> instance_;
    std::shared_ptr<detail::watch_registry> registry_;
    asio::mutable_buffer buffer_;
    std::uint64_t cancelled_reads_ = 0;
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
bool basic_watch_set<Executor>::check_closed(boost::system::error_code& ec) const
{
    ec.clear();
    if (is_open()) {
        static constexpr boost::source_location where = BOOST_CURRENT_LOCATION;
        ec.assign(asio::error::make_error_code(asio::error::already_open), &where);
    } else if (!hand_over_.expired()) {
        static constexpr boost::source_location where = BOOST_CURRENT_LOCATION;
        ec.assign(make_error_code(error::operation_outstanding), &where);
    }
    return !ec;
}

template <class Executor>
bool basic_watch_set<Executor>::check_open(boost::system::error_code& ec) const
{
    ec.clear();
    if (!is_open()) {
        static constexpr boost::source_location where = BOOST_CURRENT_LOCATION;
        ec.assign(asio::error::make_error_code(asio::error::bad_descriptor), &where);
    }
    return !ec;
}

template <class Executor>
void basic_watch_set<Executor>::take(inotify_type&& instance,
                                     std::shared_ptr<detail::watch_registry> registry)
{
    instance_ = std::make_shared<inotify_type>(std::move(instance));
    registry_ = std::move(registry);
    registry_->notice_restores();
}

} // namespace asio_inotify

#endif

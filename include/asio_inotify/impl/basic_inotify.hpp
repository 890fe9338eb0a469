//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_IMPL_BASIC_INOTIFY_HPP
#define ASIO_INOTIFY_IMPL_BASIC_INOTIFY_HPP

#include <asio_inotify/detail/cancellation_relay.hpp>
#include <asio_inotify/detail/forwarding_handler.hpp>
#include <asio_inotify/detail/instance_ops.hpp>
#include <asio_inotify/detail/scope_guard.hpp>
#include <asio_inotify/event_buffer.hpp>

#include <boost/asio/error.hpp>

#include <type_traits>
#include <utility>

namespace asio_inotify {

template <class Executor>
struct basic_inotify<Executor>::core
{
    explicit core(Executor const& ex)
        : descriptor(ex)
        , backlog(std::make_shared<detail::read_backlog>())
    {}

    template <class OtherCore>
    core(std::in_place_t, OtherCore& other)
        : descriptor(std::move(other.descriptor))
        , backlog(other.backlog)
    {}

    asio::posix::basic_stream_descriptor<Executor> descriptor;
    // Shared with the outstanding operations, and with the core that the descriptor moves to when
    // its executor type changes.
    std::shared_ptr<detail::read_backlog> backlog;
};

template <class Executor>
basic_inotify<Executor>::basic_inotify(executor_type const& ex)
    : executor_(ex)
{}

template <class Executor>
template <detail::context_of<Executor> ExecutionContext>
basic_inotify<Executor>::basic_inotify(ExecutionContext& context)
    : executor_(context.get_executor())
{}

template <class Executor>
basic_inotify<Executor>::basic_inotify(executor_type const& ex, native_handle_type handle)
    : executor_(ex)
{
    assign(handle);
}

template <class Executor>
template <detail::context_of<Executor> ExecutionContext>
basic_inotify<Executor>::basic_inotify(ExecutionContext& context, native_handle_type handle)
    : executor_(context.get_executor())
{
    assign(handle);
}

template <class Executor>
basic_inotify<Executor>::basic_inotify(basic_inotify&& other) noexcept
    : executor_(other.executor_)
    , numbers_(std::exchange(other.numbers_, {}))
    , core_(std::move(other.core_))
{}

template <class Executor>
basic_inotify<Executor>& basic_inotify<Executor>::operator=(basic_inotify&& other) noexcept
{
    if (this != &other) {
        boost::system::error_code ignored;
        close(ignored);
        executor_ = other.executor_;
        numbers_ = std::exchange(other.numbers_, {});
        core_ = std::move(other.core_);
    }
    return *this;
}

template <class Executor>
template <detail::other_executor<Executor> Executor1>
basic_inotify<Executor>::basic_inotify(basic_inotify<Executor1>&& other)
    : executor_(other.executor_)
{
    if (other.core_) {
        core_ = std::make_shared<core>(std::in_place, *other.core_);
        other.core_.reset();
    }
    numbers_ = std::exchange(other.numbers_, {});
}

template <class Executor>
template <detail::other_executor<Executor> Executor1>
basic_inotify<Executor>& basic_inotify<Executor>::operator=(basic_inotify<Executor1>&& other)
{
    return *this = basic_inotify(std::move(other));
}

template <class Executor>
basic_inotify<Executor>::~basic_inotify()
{
    boost::system::error_code ignored;
    close(ignored);
}

template <class Executor>
bool basic_inotify<Executor>::is_open() const noexcept
{
    return core_ && core_->descriptor.is_open();
}

template <class Executor>
auto basic_inotify<Executor>::native_handle() const noexcept -> native_handle_type
{
    return core_ ? core_->descriptor.native_handle() : -1;
}

template <class Executor>
auto basic_inotify<Executor>::make_core() -> std::shared_ptr<core> const&
{
    if (!core_) {
        core_ = std::make_shared<core>(executor_);
    }
    return core_;
}

template <class Executor>
detail::instance_access basic_inotify<Executor>::access()
{
    auto& instance = *make_core();
    // Each outstanding operation shares the backlog.
    return {instance.descriptor.native_handle(), *instance.backlog,
            instance.backlog.use_count() == 1};
}

template <class Executor>
void basic_inotify<Executor>::open()
{
    boost::system::error_code ec;
    open(ec);
    detail::throw_if_failed(ec, "open");
}

template <class Executor>
void basic_inotify<Executor>::open(boost::system::error_code& ec)
{
    if (is_open()) {
        static constexpr boost::source_location where = BOOST_CURRENT_LOCATION;
        ec.assign(asio::error::make_error_code(asio::error::already_open), &where);
        return;
    }
    auto& instance = *make_core();
    int const fd = detail::open_instance(ec);
    if (ec) {
        return;
    }
    // Assigning takes memory for the reactor, and throws if there is none.
    detail::scope_guard close_again([fd] { detail::close_descriptor(fd); });
    instance.descriptor.assign(fd, ec);
    if (ec) {
        return;
    }
    close_again.dismiss();
    instance.backlog->clear();
    numbers_.opened();
}

template <class Executor>
void basic_inotify<Executor>::assign(native_handle_type handle)
{
    boost::system::error_code ec;
    assign(handle, ec);
    detail::throw_if_failed(ec, "assign");
}

template <class Executor>
void basic_inotify<Executor>::assign(native_handle_type handle, boost::system::error_code& ec)
{
    if (is_open()) {
        static constexpr boost::source_location where = BOOST_CURRENT_LOCATION;
        ec.assign(asio::error::make_error_code(asio::error::already_open), &where);
        return;
    }
    auto& instance = *make_core();
    detail::check_instance(handle, ec);
    if (ec) {
        return;
    }
    instance.descriptor.assign(handle, ec);
    if (ec) {
        return;
    }
    instance.backlog->clear();
    numbers_.assigned();
}

template <class Executor>
void basic_inotify<Executor>::close()
{
    boost::system::error_code ec;
    close(ec);
    detail::throw_if_failed(ec, "close");
}

template <class Executor>
void basic_inotify<Executor>::close(boost::system::error_code& ec)
{
    ec.clear();
    if (core_) {
        core_->descriptor.close(ec);
        core_->backlog->clear();
    }
}

template <class Executor>
auto basic_inotify<Executor>::release() -> native_handle_type
{
    return core_ ? core_->descriptor.release() : -1;
}

template <class Executor>
void basic_inotify<Executor>::cancel()
{
    boost::system::error_code ec;
    cancel(ec);
    detail::throw_if_failed(ec, "cancel");
}

template <class Executor>
void basic_inotify<Executor>::cancel(boost::system::error_code& ec)
{
    make_core()->descriptor.cancel(ec);
}

template <class Executor>
bool basic_inotify<Executor>::non_blocking() const noexcept
{
    return core_ && core_->descriptor.non_blocking();
}

template <class Executor>
void basic_inotify<Executor>::non_blocking(bool mode)
{
    boost::system::error_code ec;
    non_blocking(mode, ec);
    detail::throw_if_failed(ec, "non_blocking");
}

template <class Executor>
void basic_inotify<Executor>::non_blocking(bool mode, boost::system::error_code& ec)
{
    make_core()->descriptor.non_blocking(mode, ec);
}

template <class Executor>
std::size_t basic_inotify<Executor>::available() const
{
    boost::system::error_code ec;
    auto const size = available(ec);
    detail::throw_if_failed(ec, "available");
    return size;
}

template <class Executor>
std::size_t basic_inotify<Executor>::available(boost::system::error_code& ec) const
{
    auto const queued = detail::queued_bytes(core_ ? core_->descriptor.native_handle() : -1, ec);
    return ec ? 0 : queued + core_->backlog->held_bytes();
}

template <class Executor>
watch_descriptor basic_inotify<Executor>::add(path_ref const& path, event_mask mask,
                                              add_options options)
{
    boost::system::error_code ec;
    auto const wd = add(path, mask, options, ec);
    detail::throw_if_failed(ec, "add", path);
    return wd;
}

template <class Executor>
watch_descriptor basic_inotify<Executor>::add(path_ref const& path, event_mask mask,
                                              boost::system::error_code& ec)
{
    return add(path, mask, add_options::none, ec);
}

template <class Executor>
watch_descriptor basic_inotify<Executor>::add(path_ref const& path, event_mask mask,
                                              add_options options, boost::system::error_code& ec)
{
    return numbers_.add(access(), path, mask, options, ec);
}

template <class Executor>
void basic_inotify<Executor>::add_at(watch_descriptor wd, path_ref const& path, event_mask mask,
                                     add_options options)
{
    boost::system::error_code ec;
    add_at(wd, path, mask, options, ec);
    detail::throw_if_failed(ec, "add_at", wd, path);
}

template <class Executor>
void basic_inotify<Executor>::add_at(watch_descriptor wd, path_ref const& path, event_mask mask,
                                     boost::system::error_code& ec)
{
    add_at(wd, path, mask, add_options::none, ec);
}

template <class Executor>
void basic_inotify<Executor>::add_at(watch_descriptor wd, path_ref const& path, event_mask mask,
                                     add_options options, boost::system::error_code& ec)
{
    numbers_.add_at(access(), wd, path, mask, options, ec);
}

template <class Executor>
void basic_inotify<Executor>::remove(watch_descriptor wd)
{
    boost::system::error_code ec;
    remove(wd, ec);
    detail::throw_if_failed(ec, "remove", wd);
}

template <class Executor>
void basic_inotify<Executor>::remove(watch_descriptor wd, boost::system::error_code& ec)
{
    numbers_.remove(native_handle(), wd, ec);
}

template <class Executor>
void basic_inotify<Executor>::set_next_watch_descriptor(watch_descriptor wd)
{
    boost::system::error_code ec;
    set_next_watch_descriptor(wd, ec);
    detail::throw_if_failed(ec, "set_next_watch_descriptor", wd);
}

template <class Executor>
void basic_inotify<Executor>::set_next_watch_descriptor(watch_descriptor wd,
                                                        boost::system::error_code& ec)
{
    numbers_.set_next(native_handle(), wd, ec);
}

template <class Executor>
bool basic_inotify<Executor>::supports_set_next() const
{
    boost::system::error_code ec;
    auto const supported = supports_set_next(ec);
    detail::throw_if_failed(ec, "supports_set_next");
    return supported;
}

template <class Executor>
bool basic_inotify<Executor>::supports_set_next(boost::system::error_code& ec) const
{
    return detail::supports_set_next(core_ ? core_->descriptor.native_handle() : -1, ec);
}

template <class Executor>
event_batch basic_inotify<Executor>::read_events(asio::mutable_buffer buffer)
{
    boost::system::error_code ec;
    auto const batch = read_events(buffer, ec);
    detail::throw_if_failed(ec, "read_events");
    return batch;
}

template <class Executor>
event_batch basic_inotify<Executor>::read_events(asio::mutable_buffer buffer,
                                                 boost::system::error_code& ec)
{
    if (buffer.size() < minimum_buffer_size) {
        detail::set_buffer_too_small(ec);
        return {};
    }
    auto& instance = *make_core();
    ec.clear();
    for (;;) {
        std::size_t size = 0;
        if (instance.backlog->held_bytes() == 0) {
            size = instance.descriptor.read_some(buffer, ec);
            if (ec) {
                detail::explain_read_error(ec);
                return {};
            }
        }
        size = instance.backlog->finish_read(buffer.data(), buffer.size(), size, ec);
        if (size != 0 || ec) {
            return {buffer.data(), size};
        }
    }
}

template <class Executor>
class basic_inotify<Executor>::read_finish
{
public:
    read_finish(std::shared_ptr<detail::read_backlog> backlog, asio::mutable_buffer buffer) noexcept
        : backlog_(std::move(backlog))
        , buffer_(buffer)
    {}

    template <class Handler>
    void operator()(Handler&& handler, boost::system::error_code ec, std::size_t size) &&
    {
        if (ec) {
            detail::explain_read_error(ec);
            size = 0;
        } else if (buffer_.size() < minimum_buffer_size) {
            detail::set_buffer_too_small(ec);
        } else {
            size = backlog_->finish_read(buffer_.data(), buffer_.size(), size, ec);
        }
        // The handler may start the next operation, and this one is no longer outstanding then.
        backlog_.reset();
        std::forward<Handler>(handler)(ec, event_batch(buffer_.data(), size));
    }

private:
    std::shared_ptr<detail::read_backlog> backlog_;
    asio::mutable_buffer buffer_;
};

template <class Executor>
class basic_inotify<Executor>::initiate_read_events
{
public:
    using executor_type = Executor;

    explicit initiate_read_events(basic_inotify* self) noexcept
        : self_(self)
    {}

    [[nodiscard]] executor_type const& get_executor() const noexcept
    {
        return self_->get_executor();
    }

    template <class Handler>
    void operator()(Handler&& handler, asio::mutable_buffer buffer) const
    {
        using stored = std::decay_t<Handler>;
        auto const& instance = self_->make_core();
        // An empty buffer makes Asio complete at once without a system call, by the path of every
        // completion: never from within this function, and with all associations.
        bool const at_once =
            buffer.size() < minimum_buffer_size || instance->backlog->held_bytes() != 0;
        auto const slot = detail::relay_cancellation(handler, instance);
        instance->descriptor.async_read_some(
            at_once ? asio::mutable_buffer() : buffer,
            detail::forwarding_handler<stored, read_finish>(std::forward<Handler>(handler), slot,
                                                            {instance->backlog, buffer}));
    }

private:
    basic_inotify* self_;
};

template <class Executor>
template <asio::completion_token_for<void(boost::system::error_code, event_batch)> ReadToken>
auto basic_inotify<Executor>::async_read_events(asio::mutable_buffer buffer, ReadToken&& token)
{
    return asio::async_initiate<ReadToken, void(boost::system::error_code, event_batch)>(
        initiate_read_events(this), token, buffer);
}

template <class Executor>
void basic_inotify<Executor>::wait(wait_type type)
{
    boost::system::error_code ec;
    wait(type, ec);
    detail::throw_if_failed(ec, "wait");
}

template <class Executor>
void basic_inotify<Executor>::wait(wait_type type, boost::system::error_code& ec)
{
    auto& instance = *make_core();
    if (type == wait_read && instance.backlog->held_bytes() != 0) {
        ec.clear();
        return;
    }
    instance.descriptor.wait(type, ec);
}

template <class Executor>
class basic_inotify<Executor>::wait_finish
{
public:
    explicit wait_finish(std::shared_ptr<detail::read_backlog> backlog) noexcept
        : backlog_(std::move(backlog))
    {}

    template <class Handler>
    void operator()(Handler&& handler, boost::system::error_code ec, std::size_t) &&
    {
        backlog_.reset();
        std::forward<Handler>(handler)(ec);
    }

private:
    // While it is shared, an operation is outstanding.
    std::shared_ptr<detail::read_backlog> backlog_;
};

template <class Executor>
class basic_inotify<Executor>::initiate_wait
{
public:
    using executor_type = Executor;

    explicit initiate_wait(basic_inotify* self) noexcept
        : self_(self)
    {}

    [[nodiscard]] executor_type const& get_executor() const noexcept
    {
        return self_->get_executor();
    }

    template <class Handler>
    void operator()(Handler&& handler, wait_type type) const
    {
        using stored = std::decay_t<Handler>;
        auto const& instance = self_->make_core();
        auto const slot = detail::relay_cancellation(handler, instance);
        detail::forwarding_handler<stored, wait_finish> forward(
            std::forward<Handler>(handler), slot, wait_finish(instance->backlog));
        if (type == wait_read && instance->backlog->held_bytes() != 0) {
            instance->descriptor.async_read_some(asio::mutable_buffer(), std::move(forward));
        } else {
            instance->descriptor.async_wait(type, std::move(forward));
        }
    }

private:
    basic_inotify* self_;
};

template <class Executor>
template <asio::completion_token_for<void(boost::system::error_code)> WaitToken>
auto basic_inotify<Executor>::async_wait(wait_type type, WaitToken&& token)
{
    return asio::async_initiate<WaitToken, void(boost::system::error_code)>(initiate_wait(this),
                                                                            token, type);
}

// Here, and not beside the alias: whatever uses the class first must know its visibility.
extern template class ASIO_INOTIFY_DECL basic_inotify<asio::any_io_executor>;

} // namespace asio_inotify

#endif

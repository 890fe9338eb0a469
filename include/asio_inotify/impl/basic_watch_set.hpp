//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_IMPL_BASIC_WATCH_SET_HPP
#define ASIO_INOTIFY_IMPL_BASIC_WATCH_SET_HPP

#include <asio_inotify/detail/instance_ops.hpp>
#include <asio_inotify/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/assert/source_location.hpp>

#include <memory>
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
    if (registry_) {
        // An outstanding operation ends later, on the old executor.
        registry_->revoke_lease();
    }
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
    if (auto const reservation = reservation_.lock()) {
        // The socket of a hand-over may be gone already, when nothing of it runs any more.
        reservation->wake = nullptr;
    }
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
    if (auto const reservation = reservation_.lock()) {
        reservation_.reset();
        reservation->closed = true;
        reservation->cancel();
    }
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
    if (auto const reservation = reservation_.lock()) {
        ec.clear();
        reservation->cancel();
        return;
    }
    instance().cancel(ec);
    if (registry_) {
        registry_->cancel_all();
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
watch_view basic_watch_set<Executor>::find(path_ref const& path) const noexcept
{
    return watch_view{registry_ ? registry_->find(path.view()) : nullptr};
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
bool basic_watch_set<Executor>::check_closed(boost::system::error_code& ec) const
{
    ec.clear();
    if (is_open()) {
        static constexpr boost::source_location where = BOOST_CURRENT_LOCATION;
        ec.assign(asio::error::make_error_code(asio::error::already_open), &where);
    } else if (!reservation_.expired()) {
        ec = operation_outstanding();
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
bool basic_watch_set<Executor>::check_not_outstanding(boost::system::error_code& ec) const
{
    ec.clear();
    if (registry_ && registry_->is_outstanding()) {
        ec = operation_outstanding();
    }
    return !ec;
}

template <class Executor>
boost::system::error_code basic_watch_set<Executor>::operation_outstanding() noexcept
{
    static constexpr boost::source_location where = BOOST_CURRENT_LOCATION;
    boost::system::error_code ec;
    ec.assign(make_error_code(error::operation_outstanding), &where);
    return ec;
}

template <class Executor>
bool basic_watch_set<Executor>::notices_restores() const noexcept
{
    return is_open() && registry_->notices_restores();
}

template <class Executor>
std::optional<watch_report> basic_watch_set<Executor>::take_restore_report()
{
    return registry_ ? registry_->take_restore_report() : std::nullopt;
}

} // namespace asio_inotify

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_IMPL_BASIC_TREE_WATCHER_HPP
#define ASIO_INOTIFY_IMPL_BASIC_TREE_WATCHER_HPP

#include <asio_inotify/detail/instance_ops.hpp>
#include <asio_inotify/detail/late_compose.hpp>
#include <asio_inotify/detail/slice_op.hpp>
#include <asio_inotify/detail/tree_tasks.hpp>

#include <boost/asio/error.hpp>
#include <boost/assert/source_location.hpp>

#include <string>
#include <utility>

namespace asio_inotify {

template <class Executor>
basic_tree_watcher<Executor>::basic_tree_watcher(executor_type const& ex)
    : pump_(ex)
{}

template <class Executor>
template <detail::context_of<Executor> ExecutionContext>
basic_tree_watcher<Executor>::basic_tree_watcher(ExecutionContext& context)
    : pump_(context.get_executor())
{}

template <class Executor>
basic_tree_watcher<Executor>::basic_tree_watcher(basic_tree_watcher&& other) noexcept = default;

template <class Executor>
basic_tree_watcher<Executor>&
basic_tree_watcher<Executor>::operator=(basic_tree_watcher&& other) noexcept = default;

template <class Executor>
template <detail::other_executor<Executor> Executor1>
basic_tree_watcher<Executor>::basic_tree_watcher(basic_tree_watcher<Executor1>&& other)
    : pump_(std::move(other.pump_))
{
    if (is_open()) {
        // Their operations do not find the engine any more.
        pump_.engine()->cancel_restore();
        pump_.engine()->undo_additions();
    }
}

template <class Executor>
template <detail::other_executor<Executor> Executor1>
basic_tree_watcher<Executor>&
basic_tree_watcher<Executor>::operator=(basic_tree_watcher<Executor1>&& other)
{
    return *this = basic_tree_watcher(std::move(other));
}

template <class Executor>
basic_tree_watcher<Executor>::~basic_tree_watcher() = default;

template <class Executor>
auto basic_tree_watcher<Executor>::native_handle() const noexcept -> native_handle_type
{
    return is_open() ? pump_.engine()->native_handle() : -1;
}

template <class Executor>
void basic_tree_watcher<Executor>::open(tree_options options)
{
    auto const* const invalid = find_invalid_exclude(options);
    auto const pattern = invalid != nullptr ? *invalid : std::string();
    boost::system::error_code ec;
    open(std::move(options), ec);
    if (ec == error::invalid_exclude_pattern) {
        detail::throw_if_failed(ec, "open", pattern);
    }
    detail::throw_if_failed(ec, "open");
}

template <class Executor>
void basic_tree_watcher<Executor>::open(boost::system::error_code& ec)
{
    open(tree_options(), ec);
}

template <class Executor>
void basic_tree_watcher<Executor>::open(tree_options options, boost::system::error_code& ec)
{
    if (!pump_.check_closed(ec)) {
        return;
    }
    auto engine = detail::kernel_tree::make(std::move(options), ec);
    if (!ec) {
        pump_.open(std::move(engine), ec);
    }
}

template <class Executor>
void basic_tree_watcher<Executor>::close()
{
    pump_.close();
}

template <class Executor>
void basic_tree_watcher<Executor>::close(boost::system::error_code& ec)
{
    ec.clear();
    pump_.close();
}

template <class Executor>
void basic_tree_watcher<Executor>::cancel()
{
    boost::system::error_code ec;
    cancel(ec);
    detail::throw_if_failed(ec, "cancel");
}

template <class Executor>
void basic_tree_watcher<Executor>::cancel(boost::system::error_code& ec)
{
    pump_.cancel(ec);
}

template <class Executor>
void basic_tree_watcher<Executor>::add(path_ref const& path, tree_add_options const& options)
{
    boost::system::error_code ec;
    add(path, options, ec);
    if (ec == error::invalid_exclude_pattern) {
        detail::throw_if_failed(ec, "add", pump_.engine()->absolute_exclude());
    }
    detail::throw_if_failed(ec, "add", path);
}

template <class Executor>
void basic_tree_watcher<Executor>::add(path_ref const& path, boost::system::error_code& ec)
{
    add(path, tree_add_options(), ec);
}

template <class Executor>
void basic_tree_watcher<Executor>::add(path_ref const& path, tree_add_options const& options,
                                       boost::system::error_code& ec)
{
    if (pump_.check_open(ec)) {
        pump_.engine()->add(path, options, ec);
    }
}

template <class Executor>
void basic_tree_watcher<Executor>::remove(path_ref const& path)
{
    boost::system::error_code ec;
    remove(path, ec);
    detail::throw_if_failed(ec, "remove", path);
}

template <class Executor>
void basic_tree_watcher<Executor>::remove(path_ref const& path, boost::system::error_code& ec)
{
    if (pump_.check_open(ec)) {
        pump_.engine()->remove(path, ec);
    }
}

template <class Executor>
std::size_t basic_tree_watcher<Executor>::size() const noexcept
{
    return is_open() ? pump_.engine()->size() : 0;
}

template <class Executor>
std::vector<std::string> basic_tree_watcher<Executor>::roots() const
{
    return is_open() ? pump_.engine()->roots() : std::vector<std::string>();
}

template <class Executor>
bool basic_tree_watcher<Executor>::contains(path_ref const& path) const noexcept
{
    return is_open() && pump_.engine()->contains(path);
}

template <class Executor>
void basic_tree_watcher<Executor>::rescan()
{
    boost::system::error_code ec;
    rescan(ec);
    detail::throw_if_failed(ec, "rescan");
}

template <class Executor>
void basic_tree_watcher<Executor>::rescan(boost::system::error_code& ec)
{
    if (pump_.check_open(ec)) {
        pump_.engine()->rescan();
    }
}

template <class Executor>
bool basic_tree_watcher<Executor>::notices_restores() const noexcept
{
    return is_open() && pump_.engine()->notices_restores();
}

template <class Executor>
tree_counters basic_tree_watcher<Executor>::counters() const noexcept
{
    return is_open() ? pump_.engine()->counters() : tree_counters();
}

template <class Executor>
std::vector<uncovered_directory> basic_tree_watcher<Executor>::uncovered() const
{
    return is_open() ? pump_.engine()->uncovered() : std::vector<uncovered_directory>();
}

template <class Executor>
tree_change_batch basic_tree_watcher<Executor>::try_receive()
{
    boost::system::error_code ec;
    auto batch = try_receive(ec);
    detail::throw_if_failed(ec, "try_receive");
    return batch;
}

template <class Executor>
tree_change_batch basic_tree_watcher<Executor>::try_receive(boost::system::error_code& ec)
{
    return check_not_restoring(ec) ? pump_.try_receive(ec) : tree_change_batch();
}

template <class Executor>
tree_change_batch basic_tree_watcher<Executor>::receive()
{
    boost::system::error_code ec;
    auto batch = receive(ec);
    detail::throw_if_failed(ec, "receive");
    return batch;
}

template <class Executor>
tree_change_batch basic_tree_watcher<Executor>::receive(boost::system::error_code& ec)
{
    return check_not_restoring(ec) ? pump_.receive(ec) : tree_change_batch();
}

template <class Executor>
template <
    asio::completion_token_for<void(boost::system::error_code, tree_change_batch)> ReceiveToken>
auto basic_tree_watcher<Executor>::async_receive(ReceiveToken&& token)
{
    return pump_.async_receive(std::forward<ReceiveToken>(token));
}

template <class Executor>
void basic_tree_watcher<Executor>::wait()
{
    boost::system::error_code ec;
    wait(ec);
    detail::throw_if_failed(ec, "wait");
}

template <class Executor>
void basic_tree_watcher<Executor>::wait(boost::system::error_code& ec)
{
    if (check_not_restoring(ec)) {
        pump_.wait(ec);
    }
}

template <class Executor>
bool basic_tree_watcher<Executor>::check_not_restoring(boost::system::error_code& ec) const
{
    if (pump_.check_open(ec) && pump_.engine()->is_restoring()) {
        static constexpr boost::source_location where = BOOST_CURRENT_LOCATION;
        ec.assign(make_error_code(error::operation_outstanding), &where);
    }
    return !ec;
}

template <class Executor>
template <asio::completion_token_for<void(boost::system::error_code)> WaitToken>
auto basic_tree_watcher<Executor>::async_wait(WaitToken&& token)
{
    return pump_.async_wait(std::forward<WaitToken>(token));
}

template <class Executor>
template <asio::completion_token_for<void(boost::system::error_code)> AddToken>
auto basic_tree_watcher<Executor>::async_add(path_ref const& path, AddToken&& token)
{
    return async_add(path, tree_add_options(), std::forward<AddToken>(token));
}

template <class Executor>
template <asio::completion_token_for<void(boost::system::error_code)> AddToken>
auto basic_tree_watcher<Executor>::async_add(path_ref const& path, tree_add_options const& options,
                                             AddToken&& token)
{
    return detail::late_compose<void(boost::system::error_code)>(
        get_executor(), std::forward<AddToken>(token),
        [this, path = std::string(path.view()), options] {
            return detail::slice_op(detail::add_tree_task(pump_.share(), path, options),
                                    get_executor());
        });
}

// Here, and not beside the alias: whatever uses the class first must know its visibility.
extern template class ASIO_INOTIFY_DECL basic_tree_watcher<asio::any_io_executor>;

} // namespace asio_inotify

#endif

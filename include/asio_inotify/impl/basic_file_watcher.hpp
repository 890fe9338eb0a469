//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_IMPL_BASIC_FILE_WATCHER_HPP
#define ASIO_INOTIFY_IMPL_BASIC_FILE_WATCHER_HPP

#include <asio_inotify/detail/instance_ops.hpp>

#include <utility>

namespace asio_inotify {

template <class Executor>
basic_file_watcher<Executor>::basic_file_watcher(executor_type const& ex)
    : pump_(ex)
{}

template <class Executor>
template <detail::context_of<Executor> ExecutionContext>
basic_file_watcher<Executor>::basic_file_watcher(ExecutionContext& context)
    : pump_(context.get_executor())
{}

template <class Executor>
basic_file_watcher<Executor>::basic_file_watcher(basic_file_watcher&& other) noexcept = default;

template <class Executor>
basic_file_watcher<Executor>&
basic_file_watcher<Executor>::operator=(basic_file_watcher&& other) noexcept = default;

template <class Executor>
template <detail::other_executor<Executor> Executor1>
basic_file_watcher<Executor>::basic_file_watcher(basic_file_watcher<Executor1>&& other)
    : pump_(std::move(other.pump_))
{}

template <class Executor>
template <detail::other_executor<Executor> Executor1>
basic_file_watcher<Executor>&
basic_file_watcher<Executor>::operator=(basic_file_watcher<Executor1>&& other)
{
    return *this = basic_file_watcher(std::move(other));
}

template <class Executor>
basic_file_watcher<Executor>::~basic_file_watcher() = default;

template <class Executor>
auto basic_file_watcher<Executor>::native_handle() const noexcept -> native_handle_type
{
    return is_open() ? pump_.engine()->native_handle() : -1;
}

template <class Executor>
void basic_file_watcher<Executor>::open()
{
    boost::system::error_code ec;
    open(ec);
    detail::throw_if_failed(ec, "open");
}

template <class Executor>
void basic_file_watcher<Executor>::open(boost::system::error_code& ec)
{
    if (!pump_.check_closed(ec)) {
        return;
    }
    auto engine = detail::kernel_files::make(ec);
    if (!ec) {
        pump_.open(std::move(engine), ec);
    }
}

template <class Executor>
void basic_file_watcher<Executor>::close()
{
    pump_.close();
}

template <class Executor>
void basic_file_watcher<Executor>::close(boost::system::error_code& ec)
{
    ec.clear();
    pump_.close();
}

template <class Executor>
void basic_file_watcher<Executor>::cancel()
{
    boost::system::error_code ec;
    cancel(ec);
    detail::throw_if_failed(ec, "cancel");
}

template <class Executor>
void basic_file_watcher<Executor>::cancel(boost::system::error_code& ec)
{
    pump_.cancel(ec);
}

template <class Executor>
void basic_file_watcher<Executor>::add(path_ref const& path, file_watch_options const& options)
{
    boost::system::error_code ec;
    add(path, options, ec);
    detail::throw_if_failed(ec, "add", path);
}

template <class Executor>
void basic_file_watcher<Executor>::add(path_ref const& path, boost::system::error_code& ec)
{
    add(path, file_watch_options(), ec);
}

template <class Executor>
void basic_file_watcher<Executor>::add(path_ref const& path, file_watch_options const& options,
                                       boost::system::error_code& ec)
{
    if (pump_.check_open(ec)) {
        pump_.engine()->add(path, options, ec);
    }
}

template <class Executor>
void basic_file_watcher<Executor>::remove(path_ref const& path)
{
    boost::system::error_code ec;
    remove(path, ec);
    detail::throw_if_failed(ec, "remove", path);
}

template <class Executor>
void basic_file_watcher<Executor>::remove(path_ref const& path, boost::system::error_code& ec)
{
    if (pump_.check_open(ec)) {
        pump_.engine()->remove(path, ec);
    }
}

template <class Executor>
void basic_file_watcher<Executor>::rescan()
{
    boost::system::error_code ec;
    rescan(ec);
    detail::throw_if_failed(ec, "rescan");
}

template <class Executor>
void basic_file_watcher<Executor>::rescan(boost::system::error_code& ec)
{
    if (pump_.check_open(ec)) {
        pump_.engine()->rescan();
    }
}

template <class Executor>
bool basic_file_watcher<Executor>::notices_restores() const noexcept
{
    return is_open() && pump_.engine()->notices_restores();
}

template <class Executor>
std::vector<std::string> basic_file_watcher<Executor>::paths() const
{
    return is_open() ? pump_.engine()->paths() : std::vector<std::string>();
}

template <class Executor>
bool basic_file_watcher<Executor>::contains(path_ref const& path) const noexcept
{
    return is_open() && pump_.engine()->contains(path);
}

template <class Executor>
file_identity basic_file_watcher<Executor>::identity(path_ref const& path) const noexcept
{
    return is_open() ? pump_.engine()->identity(path) : file_identity();
}

template <class Executor>
std::size_t basic_file_watcher<Executor>::size() const noexcept
{
    return is_open() ? pump_.engine()->size() : 0;
}

template <class Executor>
std::size_t basic_file_watcher<Executor>::watches() const noexcept
{
    return is_open() ? pump_.engine()->watches() : 0;
}

template <class Executor>
file_watcher_counters basic_file_watcher<Executor>::counters() const noexcept
{
    return is_open() ? pump_.engine()->counters() : file_watcher_counters();
}

template <class Executor>
file_change_batch basic_file_watcher<Executor>::try_receive()
{
    boost::system::error_code ec;
    auto batch = try_receive(ec);
    detail::throw_if_failed(ec, "try_receive");
    return batch;
}

template <class Executor>
file_change_batch basic_file_watcher<Executor>::try_receive(boost::system::error_code& ec)
{
    return pump_.try_receive(ec);
}

template <class Executor>
file_change_batch basic_file_watcher<Executor>::receive()
{
    boost::system::error_code ec;
    auto batch = receive(ec);
    detail::throw_if_failed(ec, "receive");
    return batch;
}

template <class Executor>
file_change_batch basic_file_watcher<Executor>::receive(boost::system::error_code& ec)
{
    return pump_.receive(ec);
}

template <class Executor>
template <
    asio::completion_token_for<void(boost::system::error_code, file_change_batch)> ReceiveToken>
auto basic_file_watcher<Executor>::async_receive(ReceiveToken&& token)
{
    return pump_.async_receive(std::forward<ReceiveToken>(token));
}

template <class Executor>
void basic_file_watcher<Executor>::wait()
{
    boost::system::error_code ec;
    wait(ec);
    detail::throw_if_failed(ec, "wait");
}

template <class Executor>
void basic_file_watcher<Executor>::wait(boost::system::error_code& ec)
{
    pump_.wait(ec);
}

template <class Executor>
template <asio::completion_token_for<void(boost::system::error_code)> WaitToken>
auto basic_file_watcher<Executor>::async_wait(WaitToken&& token)
{
    return pump_.async_wait(std::forward<WaitToken>(token));
}

// Here, and not beside the alias: whatever uses the class first must know its visibility.
extern template class ASIO_INOTIFY_DECL basic_file_watcher<asio::any_io_executor>;

} // namespace asio_inotify

#endif

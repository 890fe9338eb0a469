//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_IMPL_TREE_WATCHER_SAVING_HPP
#define ASIO_INOTIFY_IMPL_TREE_WATCHER_SAVING_HPP

#include <asio_inotify/detail/instance_ops.hpp>
#include <asio_inotify/detail/late_compose.hpp>
#include <asio_inotify/detail/slice_op.hpp>
#include <asio_inotify/detail/tree_tasks.hpp>

#include <exception>
#include <memory>
#include <utility>

namespace asio_inotify {
namespace detail {

/// The parts of a tree watcher, for the functions that are in headers of their own.
template <class Executor>
class tree_access
{
public:
    [[nodiscard]] static auto& pump(basic_tree_watcher<Executor>& watcher) noexcept
    {
        return watcher.pump_;
    }
};

} // namespace detail

template <class Executor>
tree_snapshot save(basic_tree_watcher<Executor>& watcher)
{
    boost::system::error_code ec;
    auto saved = save(watcher, ec);
    detail::throw_if_failed(ec, "save");
    return saved;
}

template <class Executor>
tree_snapshot save(basic_tree_watcher<Executor>& watcher, boost::system::error_code& ec)
{
    auto& pump = detail::tree_access<Executor>::pump(watcher);
    return pump.check_open(ec) ? pump.engine()->save(ec) : tree_snapshot();
}

template <class Executor>
void restore(basic_tree_watcher<Executor>& watcher, tree_snapshot const& saved)
{
    auto& pump = detail::tree_access<Executor>::pump(watcher);
    boost::system::error_code ec;
    if (pump.check_open(ec)) {
        if (auto thrown = pump.engine()->restore(saved, ec)) {
            std::rethrow_exception(std::move(thrown));
        }
    }
    detail::throw_if_failed(ec, "restore");
}

template <class Executor>
void restore(basic_tree_watcher<Executor>& watcher, tree_snapshot const& saved,
             boost::system::error_code& ec)
{
    auto& pump = detail::tree_access<Executor>::pump(watcher);
    if (pump.check_open(ec)) {
        static_cast<void>(pump.engine()->restore(saved, ec));
    }
}

template <class Executor, asio::completion_token_for<void(boost::system::error_code)> RestoreToken>
auto async_restore(basic_tree_watcher<Executor>& watcher, tree_snapshot saved, RestoreToken&& token)
{
    auto shared = std::make_shared<tree_snapshot const>(std::move(saved));
    return detail::late_compose<void(boost::system::error_code)>(
        watcher.get_executor(), std::forward<RestoreToken>(token),
        [&watcher, shared = std::move(shared)] {
            return detail::slice_op(
                detail::restore_tree_task(detail::tree_access<Executor>::pump(watcher).share(),
                                          shared),
                watcher.get_executor());
        });
}

} // namespace asio_inotify

#endif

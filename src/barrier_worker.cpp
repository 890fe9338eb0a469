//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/detail/barrier_worker.hpp>

#include <asio_inotify/detail/instance_ops.hpp>

#include "inotify_ops.hpp"

#include <boost/config.hpp>
#include <boost/system/system_error.hpp>

namespace asio_inotify::detail {

asio::execution_context::id barrier_worker::id;

barrier_worker::barrier_worker(asio::execution_context& context)
    : service(context)
    , thread_(std::in_place, 1U)
{}

barrier_worker::~barrier_worker() = default;

barrier_worker* barrier_worker::of(asio::execution_context& context, boost::system::error_code& ec)
{
    ec.clear();
#if defined(BOOST_NO_EXCEPTIONS)
    return &asio::use_service<barrier_worker>(context);
#else
    try {
        return &asio::use_service<barrier_worker>(context);
    } catch (boost::system::system_error const& failure) {
        ec = failure.code();
    }
    return nullptr;
#endif
}

void barrier_worker::shutdown()
{
    // What waits goes with the pool, here, as it refers to services that are still there.
    thread_->stop();
    thread_->join();
    thread_.reset();
}

void barrier(boost::system::error_code& ec) noexcept
{
    scratch_inode const scratch(ec);
    if (ec) {
        return;
    }
    int const fd = open_instance(ec);
    if (ec) {
        return;
    }
    // Closing waits only if there is a watch to be freed (kernel note 3.5).
    instance_guard const closed_at_end(fd);
    static_cast<void>(add_watch(fd, scratch.path(), silent_mask, ec));
}

} // namespace asio_inotify::detail

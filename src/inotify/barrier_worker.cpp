//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/detail/barrier_worker.hpp>

#include <asio_inotify/detail/instance_ops.hpp>

#include "system/inotify_ops.hpp"
#include "system/unique_fd.hpp"
#include "values/fail.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/assert.hpp>
#include <boost/config.hpp>
#include <boost/system/system_error.hpp>

#include <cstdint>
#include <utility>

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

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
    // Waiting requests are destroyed with the pool, while the services that they refer to exist.
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
    // Closing it waits only if there is a watch to be freed (kernel note 3.5).
    unique_fd const instance(open_instance(ec));
    if (!ec) {
        static_cast<void>(add_watch(instance.get(), scratch.path(), silent_mask, ec));
    }
}

barrier_request::barrier_request(boost::system::error_code& ec) noexcept
    : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    ec.clear();
    if (event_ < 0) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
    }
}

barrier_request::~barrier_request()
{
    if (event_ >= 0) {
        close_descriptor(event_);
    }
}

void barrier_request::start(barrier_worker& worker, std::shared_ptr<barrier_request> request)
{
    BOOST_ASSERT(request && request->event_ >= 0);
    asio::post(worker.get_executor(), [request = std::move(request)] { request->run(); });
}

int barrier_request::make_descriptor(boost::system::error_code& ec) const noexcept
{
    ec.clear();
    int const fd = ::fcntl(event_, F_DUPFD_CLOEXEC, 0);
    if (fd < 0) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
    }
    return fd;
}

boost::system::error_code barrier_request::result() const noexcept
{
    return is_over_.load(std::memory_order_acquire)
               ? result_
               : boost::system::error_code(asio::error::operation_aborted);
}

void barrier_request::run() noexcept
{
    barrier(result_);
    is_over_.store(true, std::memory_order_release);
    std::uint64_t const one = 1;
    // The counter is zero: the write can neither block nor fail.
    static_cast<void>(!::write(event_, &one, sizeof one));
}

} // namespace asio_inotify::detail

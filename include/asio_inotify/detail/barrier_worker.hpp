//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_BARRIER_WORKER_HPP
#define ASIO_INOTIFY_DETAIL_BARRIER_WORKER_HPP

#include <asio_inotify/detail/config.hpp>

#include <boost/asio/execution_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/system/error_code.hpp>

#include <atomic>
#include <memory>
#include <optional>

namespace asio_inotify::detail {

// The thread on which the objects of a context wait for the kernel. It is started when the first of
// them has to wait, and joined at the context's shutdown, while the services that its operations
// refer to still exist.
class ASIO_INOTIFY_DECL barrier_worker : public asio::execution_context::service
{
public:
    using key_type = barrier_worker;
    static asio::execution_context::id id;

    explicit barrier_worker(asio::execution_context& context);
    ~barrier_worker() override;

    /// The worker of a context; null if no thread can be started.
    [[nodiscard]] static barrier_worker* of(asio::execution_context& context,
                                            boost::system::error_code& ec);

    [[nodiscard]] asio::thread_pool::executor_type get_executor() noexcept
    {
        return thread_->get_executor();
    }

private:
    void shutdown() override;

    std::optional<asio::thread_pool> thread_;
};

/// Wait until the queue has every event that another processor was about to queue for a watch that
/// was removed before the call (kernel notes 3.2 and 3.5). Takes milliseconds.
ASIO_INOTIFY_DECL void barrier(boost::system::error_code& ec) noexcept;

// A barrier that runs on the worker. It signals its end through a descriptor, so that the worker
// neither allocates nor touches the handler of the waiting operation.
class ASIO_INOTIFY_DECL barrier_request
{
public:
    explicit barrier_request(boost::system::error_code& ec) noexcept;
    barrier_request(barrier_request const&) = delete;
    barrier_request& operator=(barrier_request const&) = delete;
    ~barrier_request();

    /// Start the barrier. @pre Construction succeeded.
    static void start(barrier_worker& worker, std::shared_ptr<barrier_request> request);

    /// A duplicate of the descriptor, owned by the caller: readable when the barrier has passed or
    /// failed.
    [[nodiscard]] int make_descriptor(boost::system::error_code& ec) const noexcept;

    /// Why it failed; operation_aborted if it is not over.
    [[nodiscard]] boost::system::error_code result() const noexcept;

private:
    void run() noexcept;

    int event_;
    std::atomic<bool> is_over_{false};
    boost::system::error_code result_;
};

} // namespace asio_inotify::detail

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_IMPL_WATCH_SET_RECYCLING_HPP
#define ASIO_INOTIFY_IMPL_WATCH_SET_RECYCLING_HPP

#include <asio_inotify/detail/barrier_worker.hpp>
#include <asio_inotify/detail/instance_ops.hpp>
#include <asio_inotify/detail/late_compose.hpp>
#include <asio_inotify/detail/number_recycler.hpp>
#include <asio_inotify/detail/scope_guard.hpp>

#include <boost/asio/append.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>

#include <cstddef>
#include <memory>
#include <utility>

// Recycling the watch descriptors of a set.
namespace asio_inotify {

template <class Executor>
class basic_watch_set<Executor>::recycle_op
{
public:
    explicit recycle_op(basic_watch_set& set)
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
        self.reset_cancellation_state(asio::disable_cancellation());
        boost::system::error_code ec;
        start(ec);
        if (ticket_ == 0) {
            auto const executor = executor_;
            asio::post(executor, asio::append(std::move(self), ec));
            return;
        }
        auto& over = waiting_->over;
        over.async_wait(over.wait_read, std::move(self));
    }

    template <class Self>
    void operator()(Self& self, boost::system::error_code ec)
    {
        if (ticket_ == 0) {
            self.complete(ec, 0);
            return;
        }
        auto const instance = instance_.lock();
        if (!instance || registry_->is_closed()) {
            self.complete(asio::error::operation_aborted, 0);
            return;
        }
        ec = waiting_->request->result();
        auto const recycled =
            detail::number_recycler(*registry_).end(instance->access(), ticket_, ec);
        self.complete(ec, recycled);
    }

private:
    struct waiting
    {
        explicit waiting(executor_type const& ex)
            : over(ex)
        {}

        std::shared_ptr<detail::barrier_request> request;
        asio::posix::basic_stream_descriptor<executor_type> over;
    };

    // Everything that can fail comes before the barrier of the numbers is started.
    void start(boost::system::error_code& ec)
    {
        auto const instance = instance_.lock();
        if (!instance) {
            ec = asio::error::operation_aborted;
            return;
        }
        static_cast<void>(instance->available(ec));
        if (ec) {
            return;
        }
        auto const executor = instance->get_executor();
        auto* const worker =
            detail::barrier_worker::of(asio::query(executor, asio::execution::context), ec);
        if (ec) {
            return;
        }
        waiting_ = std::make_unique<waiting>(executor);
        waiting_->request = std::make_shared<detail::barrier_request>(ec);
        int const descriptor = ec ? -1 : waiting_->request->make_descriptor(ec);
        if (ec) {
            return;
        }
        waiting_->over.assign(descriptor, ec);
        if (ec) {
            detail::close_descriptor(descriptor);
            return;
        }
        detail::number_recycler recycler(*registry_);
        auto const ticket = recycler.begin(instance->access());
        if (ticket != 0) {
            detail::scope_guard abandon([&] { recycler.abandon(ticket); });
            detail::barrier_request::start(*worker, waiting_->request);
            abandon.dismiss();
            ticket_ = ticket;
        }
    }

    executor_type executor_;
    std::weak_ptr<inotify_type> instance_;
    std::shared_ptr<detail::watch_registry> registry_;
    std::unique_ptr<waiting> waiting_;
    detail::number_recycler::ticket ticket_ = 0;
};

template <class Executor>
template <asio::completion_token_for<void(boost::system::error_code, std::size_t)> RecycleToken>
auto basic_watch_set<Executor>::async_recycle(RecycleToken&& token)
{
    return detail::late_compose<void(boost::system::error_code, std::size_t)>(
        executor_, std::forward<RecycleToken>(token), [this] { return recycle_op(*this); });
}

} // namespace asio_inotify

#endif

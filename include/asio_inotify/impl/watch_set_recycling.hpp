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
#include <asio_inotify/detail/set_access.hpp>

#include <boost/asio/append.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace asio_inotify {
namespace detail {

template <class Executor>
class recycle_op
{
public:
    using inotify_type = basic_inotify<Executor>;

    explicit recycle_op(basic_watch_set<Executor>& set)
        : executor_(set.get_executor())
        , instance_(set_access<Executor>::instance(set))
        , registry_(set_access<Executor>::registry(set))
        , cancellations_(registry_->cancellations)
    {}

    template <class Self>
    void operator()(Self& self)
    {
        self.reset_cancellation_state(asio::enable_total_cancellation());
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
        if (ec || self.cancelled() != asio::cancellation_type::none ||
            registry_->cancellations != cancellations_) {
            ec = asio::error::operation_aborted;
        } else {
            ec = waiting_->request->result();
        }
        auto const recycled =
            number_recycler(*registry_).end(set_access<Executor>::access(*instance), ticket_, ec);
        self.complete(ec, recycled);
    }

private:
    struct waiting
    {
        explicit waiting(Executor const& ex)
            : over(ex)
        {}

        std::shared_ptr<barrier_request> request;
        asio::posix::basic_stream_descriptor<Executor> over;
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
            barrier_worker::of(asio::query(executor, asio::execution::context), ec);
        if (ec) {
            return;
        }
        waiting_ = std::make_unique<waiting>(executor);
        waiting_->request = std::make_shared<barrier_request>(ec);
        int const descriptor = ec ? -1 : waiting_->request->make_descriptor(ec);
        if (ec) {
            return;
        }
        waiting_->over.assign(descriptor, ec);
        if (ec) {
            close_descriptor(descriptor);
            return;
        }
        number_recycler recycler(*registry_);
        auto const ticket = recycler.begin(set_access<Executor>::access(*instance));
        if (ticket != 0) {
            scope_guard abandon([&] { recycler.abandon(ticket); });
            barrier_request::start(*worker, waiting_->request);
            abandon.dismiss();
            ticket_ = ticket;
        }
    }

    Executor executor_;
    std::weak_ptr<inotify_type> instance_;
    std::shared_ptr<watch_registry> registry_;
    std::unique_ptr<waiting> waiting_;
    std::uint64_t cancellations_;
    number_recycler::ticket ticket_ = 0;
};

} // namespace detail

template <class Executor,
          asio::completion_token_for<void(boost::system::error_code, std::size_t)> RecycleToken>
auto async_recycle(basic_watch_set<Executor>& set, RecycleToken&& token)
{
    return detail::late_compose<void(boost::system::error_code, std::size_t)>(
        set.get_executor(), std::forward<RecycleToken>(token),
        [&set] { return detail::recycle_op<Executor>(set); });
}

} // namespace asio_inotify

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_PUMP_OP_HPP
#define ASIO_INOTIFY_DETAIL_PUMP_OP_HPP

#include <asio_inotify/detail/operation_lease.hpp>
#include <asio_inotify/detail/scope_guard.hpp>
#include <asio_inotify/detail/step_result.hpp>
#include <asio_inotify/error.hpp>

#include <boost/asio/append.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>

#include <memory>
#include <utility>

namespace asio_inotify::detail {

// The state that operations share with their watcher. It loses its engine when the watcher is
// closed or moved to another type of executor.
template <class Engine>
struct pump_core : operation_state
{
    std::unique_ptr<Engine> engine;
};

/// Whether an operation takes the changes that it waits for.
enum class pump_mode
{
    receive,
    wait
};

// The operation of a watcher's wait or receive, as the implementation of an async_compose: waits
// for the engine's descriptor and runs a step of the engine, until there is a batch to deliver.
//
// Cancellation loses nothing, as the changes stay in the engine until they are taken. An engine
// that stops with work left makes its descriptor readable by wake().
template <class Pump, pump_mode mode>
class pump_op
{
public:
    explicit pump_op(Pump* pump) noexcept
        : pump_(pump)
    {}

    template <class Self>
    void operator()(Self& self)
    {
        self.reset_cancellation_state(asio::enable_total_cancellation());
        auto const& descriptor = pump_->descriptor();
        descriptor_ = descriptor;
        lease_ = typename Pump::lease(pump_->core());
        if (!lease_) {
            asio::post(
                descriptor->get_executor(),
                asio::append(std::move(self), make_error_code(error::operation_outstanding)));
            return;
        }
        // Asio installs a cancellation handler that points into the descriptor.
        if (asio::get_associated_cancellation_slot(self).is_connected()) {
            pinned_ = descriptor;
        }
        descriptor->async_wait(Pump::descriptor_type::wait_read, std::move(self));
    }

    template <class Self>
    void operator()(Self& self, boost::system::error_code ec)
    {
        if (ec) {
            finish(self, ec);
            return;
        }
        auto const& engine = lease_->engine;
        auto const descriptor = descriptor_.lock();
        if (!engine || !descriptor) {
            finish(self, asio::error::operation_aborted);
            return;
        }
        if (is_cancelled(self)) {
            // Nothing is taken: the next operation finds everything.
            engine->wake();
            finish(self, asio::error::operation_aborted);
            return;
        }
        auto const result = engine->step(ec);
        if (ec) {
            finish(self, ec);
        } else if (result == step_result::deliver) {
            deliver(self, *engine);
        } else if (result == step_result::again || is_cancelled(self)) {
            // If the post throws for lack of memory, the next operation continues.
            scope_guard wake([&left = *engine] { left.wake(); });
            // On the object's executor, as that of use_future would run it on any thread.
            asio::post(descriptor->get_executor(),
                       asio::append(std::move(self), boost::system::error_code()));
            wake.dismiss();
        } else {
            descriptor->async_wait(Pump::descriptor_type::wait_read, std::move(self));
        }
    }

private:
    template <class Self>
    [[nodiscard]] bool is_cancelled(Self& self) const noexcept
    {
        return lease_.is_cancelled() || self.cancelled() != asio::cancellation_type::none;
    }

    template <class Self>
    void deliver(Self& self, typename Pump::engine_type& engine)
    {
        if constexpr (mode == pump_mode::receive) {
            auto batch = engine.take_batch();
            release();
            self.complete(boost::system::error_code(), std::move(batch));
        } else {
            engine.wake();
            finish(self, boost::system::error_code());
        }
    }

    template <class Self>
    void finish(Self& self, boost::system::error_code ec)
    {
        release();
        if constexpr (mode == pump_mode::receive) {
            self.complete(ec, typename Pump::batch_type());
        } else {
            self.complete(ec);
        }
    }

    // Before completion, as the handler may start the next operation.
    void release() noexcept
    {
        lease_.release();
        pinned_.reset();
        descriptor_.reset();
    }

    Pump* pump_;
    typename Pump::lease lease_;
    std::weak_ptr<typename Pump::descriptor_type> descriptor_;
    // Only with a cancellation slot. Destroying the descriptor needs the object's context, but that
    // outlives the operation anyway: async_compose keeps work on it, in the handler.
    std::shared_ptr<typename Pump::descriptor_type> pinned_;
};

} // namespace asio_inotify::detail

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_PUMP_OP_HPP
#define ASIO_INOTIFY_DETAIL_PUMP_OP_HPP

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

// What a watcher's operation works on. Operations share it with the object, and find no engine any
// more once the object was closed or has gone to another type of executor.
template <class Engine>
struct pump_core
{
    std::unique_ptr<Engine> engine;
    bool outstanding = false;
    bool cancelled = false;
};

/// The right to be the one operation that is outstanding.
template <class Engine>
class pump_turn
{
public:
    pump_turn() noexcept = default;

    /// Take it, if nobody else has it.
    explicit pump_turn(std::shared_ptr<pump_core<Engine>> const& core) noexcept
    {
        if (!core->outstanding) {
            core->outstanding = true;
            core->cancelled = false;
            core_ = core;
        }
    }

    pump_turn(pump_turn&& other) noexcept = default;

    pump_turn& operator=(pump_turn&& other) noexcept
    {
        std::swap(core_, other.core_);
        return *this;
    }

    ~pump_turn()
    {
        if (core_) {
            core_->outstanding = false;
        }
    }

    [[nodiscard]] explicit operator bool() const noexcept { return core_ != nullptr; }
    [[nodiscard]] pump_core<Engine>* operator->() const noexcept { return core_.get(); }

private:
    std::shared_ptr<pump_core<Engine>> core_;
};

// The operation behind a watcher's wait, as the implementation of an async_compose: waits for the
// engine's descriptor and lets the engine do a step, until there is something to deliver.
//
// Nothing is lost by giving up, as what an engine has found stays in it until it is taken. Engines
// make their descriptor readable by wake() whenever they are left with something to do.
template <class Pump>
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
        auto const& waiting = pump_->waiting();
        descriptor_ = waiting;
        turn_ = typename Pump::turn(pump_->core());
        if (!turn_) {
            asio::post(
                waiting->get_executor(),
                asio::append(std::move(self), make_error_code(error::operation_outstanding)));
            return;
        }
        // Asio puts a handler into the slot that points into the descriptor.
        if (asio::get_associated_cancellation_slot(self).is_connected()) {
            pinned_ = waiting;
        }
        waiting->async_wait(Pump::descriptor_type::wait_read, std::move(self));
    }

    template <class Self>
    void operator()(Self& self, boost::system::error_code ec)
    {
        if (ec) {
            finish(self, ec);
            return;
        }
        auto const& engine = turn_->engine;
        auto const descriptor = descriptor_.lock();
        if (!engine || !descriptor) {
            finish(self, asio::error::operation_aborted);
            return;
        }
        auto const result = engine->step(ec);
        if (ec) {
            finish(self, ec);
        } else if (result == step_result::deliver) {
            auto batch = engine->take_batch();
            release();
            self.complete(ec, std::move(batch));
        } else if (turn_->cancelled || self.cancelled() != asio::cancellation_type::none) {
            if (result == step_result::again) {
                engine->wake();
            }
            finish(self, asio::error::operation_aborted);
        } else if (result == step_result::again) {
            // What is left is the next operation's if there is no memory for this one to go on.
            struct wake_on_failure
            {
                typename Pump::engine_type* engine;
                ~wake_on_failure()
                {
                    if (engine != nullptr) {
                        engine->wake();
                    }
                }
            } undone{engine.get()};
            // By way of the object's executor, as that of use_future would run it on any thread.
            asio::post(descriptor->get_executor(),
                       asio::append(std::move(self), boost::system::error_code()));
            undone.engine = nullptr;
        } else {
            descriptor->async_wait(Pump::descriptor_type::wait_read, std::move(self));
        }
    }

private:
    template <class Self>
    void finish(Self& self, boost::system::error_code ec)
    {
        release();
        self.complete(ec, typename Pump::batch_type());
    }

    // The handler may start the next operation, for which this one counts no more.
    void release() noexcept
    {
        auto const given_back = std::exchange(turn_, typename Pump::turn());
        pinned_.reset();
        descriptor_.reset();
    }

    Pump* pump_;
    typename Pump::turn turn_;
    std::weak_ptr<typename Pump::descriptor_type> descriptor_;
    // Only of an operation with a cancellation slot, as the descriptor's end needs the object's
    // context, which a handler on another context can outlive.
    std::shared_ptr<typename Pump::descriptor_type> pinned_;
};

} // namespace asio_inotify::detail

#endif

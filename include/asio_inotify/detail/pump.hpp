//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_PUMP_HPP
#define ASIO_INOTIFY_DETAIL_PUMP_HPP

#include <asio_inotify/detail/late_compose.hpp>
#include <asio_inotify/detail/pump_op.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/assert.hpp>
#include <boost/assert/source_location.hpp>

#include <memory>
#include <utility>

namespace asio_inotify::detail {

// The common part of the watchers: an engine, the descriptor that is readable when the engine has
// work, and the operation that waits for it and runs the engine.
//
// An Engine does no I/O by Asio, and has these members:
//     using batch_type = ...;         the result of an operation; empty by default
//     int native_handle();            the descriptor, readable when there is work
//     int release_handle();           the same; the caller owns it from now on
//     step_result step(error_code&);  work for one slice of time; never throws
//     batch_type take_batch();        after a step with the result deliver
//     void wake();                    make the descriptor readable
template <class Engine, class Executor>
class pump
{
public:
    using engine_type = Engine;
    using batch_type = typename Engine::batch_type;
    using descriptor_type = asio::posix::basic_stream_descriptor<Executor>;
    using lease = operation_lease<pump_core<Engine>>;

    explicit pump(Executor const& ex)
        : executor_(ex)
    {}

    pump(pump&& other) noexcept
        : executor_(other.executor_)
        , core_(std::move(other.core_))
        , descriptor_(std::move(other.descriptor_))
    {}

    pump& operator=(pump&& other) noexcept
    {
        if (this != &other) {
            close();
            executor_ = other.executor_;
            core_ = std::move(other.core_);
            descriptor_ = std::move(other.descriptor_);
        }
        return *this;
    }

    // Cancels an outstanding operation, as it cannot wait on the other executor.
    template <class Executor1>
    explicit pump(pump<Engine, Executor1>&& other)
        : executor_(other.executor_)
    {
        if (!other.is_open()) {
            other.close();
            return;
        }
        core_ = std::make_shared<core_type>();
        boost::system::error_code ignored;
        other.descriptor_->cancel(ignored);
        descriptor_ = std::make_shared<descriptor_type>(std::move(*other.descriptor_));
        core_->engine = std::move(other.core_->engine);
        // The cancelled operation may have been between two steps.
        core_->engine->wake();
        other.close();
    }

    pump(pump const&) = delete;
    pump& operator=(pump const&) = delete;

    ~pump() { close(); }

    [[nodiscard]] Executor const& get_executor() const noexcept { return executor_; }

    [[nodiscard]] bool is_open() const noexcept { return engine() != nullptr; }

    /// Null if closed.
    [[nodiscard]] Engine* engine() const noexcept { return core_ ? core_->engine.get() : nullptr; }

    /// The shared state, for operations of another kind. It loses its engine when the pump is
    /// closed or moved to another type of executor. Null before the first open.
    [[nodiscard]] std::shared_ptr<pump_core<Engine>> share() const noexcept { return core_; }

    /// Set `ec` if it is open. Returns whether it is closed.
    [[nodiscard]] bool check_closed(boost::system::error_code& ec) const
    {
        ec.clear();
        if (is_open()) {
            static constexpr boost::source_location where = BOOST_CURRENT_LOCATION;
            ec.assign(asio::error::make_error_code(asio::error::already_open), &where);
        }
        return !ec;
    }

    /// Set `ec` if it is closed. Returns whether it is open.
    [[nodiscard]] bool check_open(boost::system::error_code& ec) const
    {
        ec.clear();
        if (!is_open()) {
            static constexpr boost::source_location where = BOOST_CURRENT_LOCATION;
            ec.assign(asio::error::make_error_code(asio::error::bad_descriptor), &where);
        }
        return !ec;
    }

    /// Start to use an engine. @pre Closed.
    void open(std::unique_ptr<Engine> engine, boost::system::error_code& ec)
    {
        BOOST_ASSERT(!is_open());
        // An operation that started before the last close can be outstanding: it keeps the old
        // core.
        auto core = std::make_shared<core_type>();
        auto assigned = std::make_shared<descriptor_type>(executor_);
        assigned->assign(engine->native_handle(), ec);
        if (!ec) {
            static_cast<void>(engine->release_handle());
            core->engine = std::move(engine);
            core_ = std::move(core);
            descriptor_ = std::move(assigned);
        }
    }

    /// Outstanding operations complete with operation_aborted.
    void close() noexcept
    {
        if (descriptor_) {
            boost::system::error_code ignored;
            descriptor_->close(ignored);
            descriptor_.reset();
        }
        if (core_) {
            core_->engine.reset();
            core_.reset();
        }
    }

    void cancel(boost::system::error_code& ec)
    {
        if (check_open(ec)) {
            core_->cancel_all();
            descriptor_->cancel(ec);
        }
    }

    /// The batch that the engine delivers without waiting; empty if there is none.
    [[nodiscard]] batch_type try_receive(boost::system::error_code& ec)
    {
        return check_not_outstanding(ec) && work(ec) == step_result::deliver
                   ? core_->engine->take_batch()
                   : batch_type();
    }

    /// Wait for a batch and take it; empty on failure.
    [[nodiscard]] batch_type receive(boost::system::error_code& ec)
    {
        return wait_for_batch(ec) ? core_->engine->take_batch() : batch_type();
    }

    /// Wait for a batch, which stays in the engine.
    void wait(boost::system::error_code& ec)
    {
        if (wait_for_batch(ec)) {
            core_->engine->wake();
        }
    }

    /// Complete with the next batch of the engine.
    template <class Token>
    auto async_receive(Token&& token)
    {
        return late_compose<void(boost::system::error_code, batch_type)>(
            executor_, std::forward<Token>(token),
            [this] { return pump_op<pump, pump_mode::receive>(this); });
    }

    /// Complete when the engine has a batch, which stays there.
    template <class Token>
    auto async_wait(Token&& token)
    {
        return late_compose<void(boost::system::error_code)>(
            executor_, std::forward<Token>(token),
            [this] { return pump_op<pump, pump_mode::wait>(this); });
    }

private:
    template <class Engine1, class Executor1>
    friend class pump;
    template <class Pump, pump_mode mode>
    friend class pump_op;

    using core_type = pump_core<Engine>;

    [[nodiscard]] bool check_not_outstanding(boost::system::error_code& ec) const
    {
        if (check_open(ec) && core_->is_outstanding()) {
            static constexpr boost::source_location where = BOOST_CURRENT_LOCATION;
            ec.assign(make_error_code(error::operation_outstanding), &where);
        }
        return !ec;
    }

    /// Run the engine until it has a batch, or nothing to do. @returns wait on failure.
    [[nodiscard]] step_result work(boost::system::error_code& ec)
    {
        auto result = step_result::again;
        while (result == step_result::again && !ec) {
            result = core_->engine->step(ec);
        }
        return ec ? step_result::wait : result;
    }

    /// @returns False on failure.
    [[nodiscard]] bool wait_for_batch(boost::system::error_code& ec)
    {
        if (!check_not_outstanding(ec)) {
            return false;
        }
        while (work(ec) == step_result::wait && !ec) {
            descriptor_->wait(descriptor_type::wait_read, ec);
        }
        return !ec;
    }

    std::shared_ptr<core_type> const& core()
    {
        if (!core_) {
            core_ = std::make_shared<core_type>();
        }
        return core_;
    }

    std::shared_ptr<descriptor_type> const& descriptor()
    {
        if (!descriptor_) {
            descriptor_ = std::make_shared<descriptor_type>(executor_);
        }
        return descriptor_;
    }

    Executor executor_;
    std::shared_ptr<core_type> core_;
    // Must not move while an operation is outstanding.
    std::shared_ptr<descriptor_type> descriptor_;
};

} // namespace asio_inotify::detail

#endif

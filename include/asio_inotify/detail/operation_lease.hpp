//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_OPERATION_LEASE_HPP
#define ASIO_INOTIFY_DETAIL_OPERATION_LEASE_HPP

#include <cstdint>
#include <memory>
#include <utility>

namespace asio_inotify::detail {

/// What an object and its asynchronous operations share about them.
struct operation_state
{
    [[nodiscard]] bool is_outstanding() const noexcept { return holder != 0; }

    /// The operation that has the lease may end later, but another one can have it now.
    void revoke_lease() noexcept { holder = 0; }

    /// End all operations that have started. Another one can start at once.
    void cancel_all() noexcept
    {
        ++cancellations;
        revoke_lease();
    }

    // The number of the lease that an operation has; 0 if none has one.
    std::uint64_t holder = 0;
    std::uint64_t leases = 0;
    // How often all operations were cancelled: those end that started before.
    std::uint64_t cancellations = 0;
};

/// The lease of an object for the one read, receive or wait that can be outstanding.
/** @tparam Core  The shared part of the object, derived from operation_state. */
template <class Core>
class operation_lease
{
public:
    operation_lease() noexcept = default;

    /// Take it, unless another operation has it.
    explicit operation_lease(std::shared_ptr<Core> const& core) noexcept
    {
        if (!core->is_outstanding()) {
            number_ = core->holder = ++core->leases;
            core_ = core;
            cancellations_ = core->cancellations;
        }
    }

    operation_lease(operation_lease&& other) noexcept = default;

    operation_lease& operator=(operation_lease&& other) noexcept
    {
        std::swap(core_, other.core_);
        std::swap(number_, other.number_);
        std::swap(cancellations_, other.cancellations_);
        return *this;
    }

    ~operation_lease() { release(); }

    void release() noexcept
    {
        if (core_ && core_->holder == number_) {
            core_->revoke_lease();
        }
        core_.reset();
    }

    [[nodiscard]] explicit operator bool() const noexcept { return core_ != nullptr; }
    [[nodiscard]] Core* operator->() const noexcept { return core_.get(); }
    [[nodiscard]] Core& operator*() const noexcept { return *core_; }

    /// True if all operations were cancelled since it was taken. @pre It was taken.
    [[nodiscard]] bool is_cancelled() const noexcept
    {
        return core_->cancellations != cancellations_;
    }

private:
    std::shared_ptr<Core> core_;
    std::uint64_t number_ = 0;
    std::uint64_t cancellations_ = 0;
};

} // namespace asio_inotify::detail

#endif

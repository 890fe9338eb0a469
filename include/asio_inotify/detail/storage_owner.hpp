//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_STORAGE_OWNER_HPP
#define ASIO_INOTIFY_DETAIL_STORAGE_OWNER_HPP

#include <atomic>
#include <utility>

namespace asio_inotify::detail {

/// A pointer to what the changes of one batch are in; the last owner deletes it.
/**
 * Shared by the watcher, which uses the memory again when nobody else has it any more, and the
 * copies of the batch, on whatever thread they are. A std::shared_ptr does not tell that safely:
 * what others did before they let go is not ordered before its use_count().
 *
 * A Storage has a member `std::atomic<int> owners`, which is 0 at first.
 */
template <class Storage>
class storage_owner
{
public:
    storage_owner() noexcept = default;

    /** @param storage  New: nobody owns it yet. */
    explicit storage_owner(Storage* storage) noexcept
        : storage_(storage)
    {
        acquire();
    }

    storage_owner(storage_owner const& other) noexcept
        : storage_(other.storage_)
    {
        acquire();
    }

    storage_owner(storage_owner&& other) noexcept
        : storage_(std::exchange(other.storage_, nullptr))
    {}

    storage_owner& operator=(storage_owner other) noexcept
    {
        std::swap(storage_, other.storage_);
        return *this;
    }

    ~storage_owner()
    {
        if (storage_ != nullptr && storage_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) {
            delete storage_;
        }
    }

    /// True if nobody else has it, so that it may be changed.
    [[nodiscard]] bool is_only() const noexcept
    {
        return storage_ != nullptr && storage_->owners.load(std::memory_order_acquire) == 1;
    }

    [[nodiscard]] Storage* get() const noexcept { return storage_; }
    [[nodiscard]] Storage* operator->() const noexcept { return storage_; }

private:
    void acquire() noexcept
    {
        if (storage_ != nullptr) {
            storage_->owners.fetch_add(1, std::memory_order_relaxed);
        }
    }

    Storage* storage_ = nullptr;
};

} // namespace asio_inotify::detail

#endif

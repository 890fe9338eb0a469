//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_FILE_CHANGE_STORAGE_HPP
#define ASIO_INOTIFY_DETAIL_FILE_CHANGE_STORAGE_HPP

#include <asio_inotify/file_change.hpp>

#include <atomic>
#include <string>
#include <utility>
#include <vector>

namespace asio_inotify::detail {

// The changes of one batch and their paths, shared by the watcher, which uses the memory again when
// nobody else has it any more, and the copies of the batch, on whatever thread they are.
struct file_change_storage
{
    std::vector<file_change> changes{};
    std::string paths{};
    std::atomic<int> owners{0};
};

/// A pointer that shares a storage.
class file_change_owner
{
public:
    file_change_owner() noexcept = default;

    /** @param storage  New: nobody owns it yet. */
    explicit file_change_owner(file_change_storage* storage) noexcept
        : storage_(storage)
    {
        acquire();
    }

    file_change_owner(file_change_owner const& other) noexcept
        : storage_(other.storage_)
    {
        acquire();
    }

    file_change_owner(file_change_owner&& other) noexcept
        : storage_(std::exchange(other.storage_, nullptr))
    {}

    file_change_owner& operator=(file_change_owner other) noexcept
    {
        std::swap(storage_, other.storage_);
        return *this;
    }

    ~file_change_owner()
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

    [[nodiscard]] file_change_storage* get() const noexcept { return storage_; }
    [[nodiscard]] file_change_storage* operator->() const noexcept { return storage_; }

private:
    void acquire() noexcept
    {
        if (storage_ != nullptr) {
            storage_->owners.fetch_add(1, std::memory_order_relaxed);
        }
    }

    file_change_storage* storage_ = nullptr;
};

} // namespace asio_inotify::detail

#endif

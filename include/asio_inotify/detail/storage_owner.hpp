//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_STORAGE_OWNER_HPP
#define ASIO_INOTIFY_DETAIL_STORAGE_OWNER_HPP

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <atomic>
#include <concepts>

namespace asio_inotify::detail {

/// The memory of a batch, with a reference count that is 0 at first.
template <class Storage>
concept counted_storage = std::same_as<decltype(Storage::owners), std::atomic<int>>;

template <counted_storage Storage>
void intrusive_ptr_add_ref(Storage* storage) noexcept
{
    storage->owners.fetch_add(1, std::memory_order_relaxed);
}

template <counted_storage Storage>
void intrusive_ptr_release(Storage* storage) noexcept
{
    if (storage->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        delete storage;
    }
}

/// Shared by a watcher and the copies of a batch, on whatever thread they are.
template <class Storage>
using storage_owner = boost::intrusive_ptr<Storage>;

/// True if there is no other owner, so that the watcher may use the memory again.
/**
 * The accesses of former owners happen before this returns true. The use_count() of a
 * std::shared_ptr does not guarantee that.
 */
template <counted_storage Storage>
[[nodiscard]] bool is_only_owner(storage_owner<Storage> const& owner) noexcept
{
    return owner != nullptr && owner->owners.load(std::memory_order_acquire) == 1;
}

} // namespace asio_inotify::detail

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_FILE_CHANGE_BATCH_HPP
#define ASIO_INOTIFY_FILE_CHANGE_BATCH_HPP

#include <asio_inotify/detail/file_change_storage.hpp>
#include <asio_inotify/file_change.hpp>

#include <boost/assert.hpp>

#include <cstddef>
#include <utility>

namespace asio_inotify {

/// The changes that one wait of a @ref basic_file_watcher delivers: at most one for each path.
/**
 * A contiguous range of @ref file_change. Copies share the ownership of the changes and their
 * paths: copying copies a pointer.
 *
 * @par Object Lifetimes
 * The changes are valid while the batch or a copy of it is; the watcher may be closed or destroyed.
 *
 * @par Thread Safety
 * Distinct objects: safe, also copies of one batch. Shared objects: unsafe.
 */
class file_change_batch
{
public:
    /// The type of the elements.
    using value_type = file_change;
    /// A reference to an element.
    using reference = file_change const&;
    /// The same: the range is read-only.
    using const_reference = reference;
    /// A contiguous iterator.
    using iterator = file_change const*;
    /// The same: the range is read-only.
    using const_iterator = iterator;
    /// The distance between two iterators.
    using difference_type = std::ptrdiff_t;
    /// The number of changes.
    using size_type = std::size_t;

    /// Construct an empty batch.
    file_change_batch() noexcept = default;

    /// Share the changes of another batch.
    file_change_batch(file_change_batch const&) noexcept = default;

    /// Take over the changes of another batch, which is empty then.
    file_change_batch(file_change_batch&&) noexcept = default;

    /// Share the changes of another batch.
    file_change_batch& operator=(file_change_batch const&) noexcept = default;

    /// Take over the changes of another batch, which is empty then.
    file_change_batch& operator=(file_change_batch&&) noexcept = default;

    ~file_change_batch() = default;

    /// @cond
    explicit file_change_batch(detail::file_change_owner changes) noexcept
        : changes_(std::move(changes))
    {}
    /// @endcond

    /// The first change, or the end.
    [[nodiscard]] iterator begin() const noexcept
    {
        return changes_.get() != nullptr ? changes_->changes.data() : nullptr;
    }

    /// The end: one past the last change.
    [[nodiscard]] iterator end() const noexcept { return begin() + size(); }

    /// The number of changes.
    [[nodiscard]] size_type size() const noexcept
    {
        return changes_.get() != nullptr ? changes_->changes.size() : 0;
    }

    /// True if the batch has no changes.
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }

    /// The first change. @pre `!empty()`
    [[nodiscard]] reference front() const noexcept { return (*this)[0]; }

    /// The change at an index. @pre `index < size()`
    [[nodiscard]] reference operator[](size_type index) const noexcept
    {
        BOOST_ASSERT(index < size());
        return begin()[index];
    }

private:
    detail::file_change_owner changes_;
};

} // namespace asio_inotify

#endif

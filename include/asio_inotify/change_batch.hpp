//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_CHANGE_BATCH_HPP
#define ASIO_INOTIFY_CHANGE_BATCH_HPP

#include <asio_inotify/detail/shared_change.hpp>

#include <boost/assert.hpp>

#include <compare>
#include <cstddef>
#include <iterator>
#include <utility>

namespace asio_inotify {

/// The changes that one receive of a watcher delivers.
/**
 * A random-access range of changes. Copies share the ownership of the changes and their paths:
 * copying copies a pointer. The watcher may be closed or destroyed. If you destroy the batch, its
 * copies and copies of its changes before you receive the next one, the watcher reuses the memory.
 *
 * @par Object Lifetimes
 * The changes in a batch are valid while the batch or a copy of it is. A copy of a change lives by
 * itself.
 *
 * @par Thread Safety
 * Distinct objects: safe, also copies of one batch. Shared objects: unsafe.
 *
 * @tparam Change  @ref tree_change or @ref file_change.
 */
template <class Change>
class change_batch
{
    using element = detail::batched_change<Change>;
    using storage_type = detail::change_storage<Change>;

public:
    /// The type of the elements.
    using value_type = Change;
    /// A reference to an element.
    using reference = Change const&;
    /// The same: the range is read-only.
    using const_reference = reference;
    /// The distance between two iterators.
    using difference_type = std::ptrdiff_t;
    /// The number of changes.
    using size_type = std::size_t;

    /// Iterates over the changes.
    class iterator
    {
    public:
        /// The category.
        using iterator_category = std::random_access_iterator_tag;
        /// The type of the elements.
        using value_type = Change;
        /// The distance between two iterators.
        using difference_type = std::ptrdiff_t;
        /// A pointer to an element.
        using pointer = Change const*;
        /// A reference to an element.
        using reference = Change const&;

        /// Construct a singular iterator.
        iterator() noexcept = default;

        /// The change at this position.
        /** @pre Not the end. */
        [[nodiscard]] reference operator*() const noexcept
        {
            BOOST_ASSERT(at_ != nullptr);
            return *at_;
        }
        /// A member of the change at this position.
        [[nodiscard]] pointer operator->() const noexcept { return at_; }
        /// The change at a distance.
        [[nodiscard]] reference operator[](difference_type n) const noexcept { return at_[n]; }

        /// Advance to the next change.
        iterator& operator++() noexcept
        {
            ++at_;
            return *this;
        }
        /// Advance to the next change; returns the previous position.
        iterator operator++(int) noexcept { return iterator{at_++}; }
        /// Go back to the previous change.
        iterator& operator--() noexcept
        {
            --at_;
            return *this;
        }
        /// Go back to the previous change; returns the previous position.
        iterator operator--(int) noexcept { return iterator{at_--}; }
        /// Advance by a distance.
        iterator& operator+=(difference_type n) noexcept
        {
            at_ += n;
            return *this;
        }
        /// Go back by a distance.
        iterator& operator-=(difference_type n) noexcept
        {
            at_ -= n;
            return *this;
        }

        /// The position at a distance.
        [[nodiscard]] friend iterator operator+(iterator it, difference_type n) noexcept
        {
            return it += n;
        }
        /// The position at a distance.
        [[nodiscard]] friend iterator operator+(difference_type n, iterator it) noexcept
        {
            return it += n;
        }
        /// The position at a distance before.
        [[nodiscard]] friend iterator operator-(iterator it, difference_type n) noexcept
        {
            return it -= n;
        }
        /// The distance between two positions.
        [[nodiscard]] friend difference_type operator-(iterator a, iterator b) noexcept
        {
            return a.at_ - b.at_;
        }
        /// True if both are at the same position.
        [[nodiscard]] friend bool operator==(iterator, iterator) noexcept = default;
        /// The order of two positions.
        [[nodiscard]] friend auto operator<=>(iterator, iterator) noexcept = default;

    private:
        friend class change_batch;

        explicit iterator(element const* at) noexcept
            : at_(at)
        {}

        element const* at_ = nullptr;
    };

    /// The same: the range is read-only.
    using const_iterator = iterator;

    /// Construct an empty batch.
    change_batch() noexcept = default;

    /// Share the changes of another batch.
    change_batch(change_batch const&) noexcept = default;

    /// Take over the changes of another batch, which is empty then.
    change_batch(change_batch&&) noexcept = default;

    /// Share the changes of another batch.
    change_batch& operator=(change_batch const&) noexcept = default;

    /// Take over the changes of another batch, which is empty then.
    change_batch& operator=(change_batch&&) noexcept = default;

    ~change_batch() = default;

    /// The first change, or the end.
    [[nodiscard]] iterator begin() const noexcept
    {
        return storage_ ? iterator{storage_->changes.data()} : iterator{};
    }

    /// The end: one past the last change.
    [[nodiscard]] iterator end() const noexcept
    {
        return begin() + static_cast<difference_type>(size());
    }

    /// The number of changes.
    [[nodiscard]] size_type size() const noexcept
    {
        return storage_ ? storage_->changes.size() : 0;
    }

    /// True if the batch has no changes.
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }

    /// The first change. @pre `!empty()`
    [[nodiscard]] reference front() const noexcept { return (*this)[0]; }

    /// The last change. @pre `!empty()`
    [[nodiscard]] reference back() const noexcept { return (*this)[size() - 1]; }

    /// The change at an index. @pre `index < size()`
    [[nodiscard]] reference operator[](size_type index) const noexcept
    {
        BOOST_ASSERT(index < size());
        return storage_->changes[index];
    }

private:
    friend struct detail::batch_access;

    explicit change_batch(detail::storage_owner<storage_type> storage) noexcept
        : storage_(std::move(storage))
    {}

    detail::storage_owner<storage_type> storage_;
};

} // namespace asio_inotify

#endif

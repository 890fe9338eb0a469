//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TREE_CHANGE_BATCH_HPP
#define ASIO_INOTIFY_TREE_CHANGE_BATCH_HPP

#include <asio_inotify/detail/storage_owner.hpp>
#include <asio_inotify/tree_change.hpp>

#include <boost/assert.hpp>

#include <cstddef>
#include <iterator>
#include <utility>

namespace asio_inotify {

/// Changes of trees, in order.
/**
 * A range of @ref tree_change. Copies of a batch share the ownership of the changes and their
 * paths, which are valid while a copy exists; the watcher may be closed or destroyed. If you
 * destroy the batch before you receive the next one, the watcher reuses its memory.
 *
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
class tree_change_batch
{
public:
    /// Iterates over the changes.
    class iterator
    {
    public:
        /// The category for C++20 ranges.
        using iterator_concept = std::forward_iterator_tag;
        /// The category for older algorithms: dereferencing returns a view by value, not a
        /// reference.
        using iterator_category = std::input_iterator_tag;
        /// The type of the elements.
        using value_type = tree_change;
        /// The distance between two iterators.
        using difference_type = std::ptrdiff_t;
        /// The result of dereferencing: a view by value.
        using reference = tree_change;

        /// The result of `operator->`, as the iterator makes a view and has no object to point to.
        class pointer
        {
        public:
            /// The change.
            tree_change const* operator->() const noexcept { return &change_; }

        private:
            friend class iterator;
            explicit pointer(tree_change change) noexcept
                : change_(change)
            {}
            tree_change change_;
        };

        /// Construct a singular iterator.
        iterator() noexcept = default;

        /// The change at this position.
        /** @pre Not the end. */
        [[nodiscard]] tree_change operator*() const noexcept
        {
            BOOST_ASSERT(at_ != nullptr);
            return {at_, storage_};
        }
        /// A member of the change at this position.
        [[nodiscard]] pointer operator->() const noexcept { return pointer{**this}; }

        /// Advance to the next change.
        iterator& operator++() noexcept
        {
            ++at_;
            return *this;
        }

        /// Advance to the next change; returns the previous position.
        iterator operator++(int) noexcept
        {
            auto before = *this;
            ++*this;
            return before;
        }

        /// True if both are at the same position.
        friend bool operator==(iterator const& a, iterator const& b) noexcept
        {
            return a.at_ == b.at_;
        }

    private:
        friend class tree_change_batch;

        iterator(detail::tree_change_record const* at,
                 detail::tree_change_storage const* storage) noexcept
            : at_(at)
            , storage_(storage)
        {}

        detail::tree_change_record const* at_ = nullptr;
        detail::tree_change_storage const* storage_ = nullptr;
    };

    /// The same: the range is read-only.
    using const_iterator = iterator;

    /// Construct an empty batch.
    tree_change_batch() noexcept = default;

    /// Share the changes of another batch.
    tree_change_batch(tree_change_batch const&) noexcept = default;

    /// Take over the changes of another batch, which is empty then.
    tree_change_batch(tree_change_batch&&) noexcept = default;

    /// Share the changes of another batch.
    tree_change_batch& operator=(tree_change_batch const&) noexcept = default;

    /// Take over the changes of another batch, which is empty then.
    tree_change_batch& operator=(tree_change_batch&&) noexcept = default;

    ~tree_change_batch() = default;

    /// @cond
    explicit tree_change_batch(detail::storage_owner<detail::tree_change_storage> storage) noexcept
        : storage_(std::move(storage))
    {}
    /// @endcond

    /// The first change, or the end.
    [[nodiscard]] iterator begin() const noexcept
    {
        return storage_.get() != nullptr ? iterator{storage_->records.data(), storage_.get()}
                                         : iterator{};
    }

    /// The end: one past the last change.
    [[nodiscard]] iterator end() const noexcept
    {
        return storage_.get() != nullptr
                   ? iterator{storage_->records.data() + size(), storage_.get()}
                   : iterator{};
    }

    /// The number of changes.
    [[nodiscard]] std::size_t size() const noexcept
    {
        return storage_.get() != nullptr ? storage_->records.size() : 0;
    }

    /// True if the batch has no changes.
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }

    /// The change at an index. @pre `at < size()`
    [[nodiscard]] tree_change operator[](std::size_t at) const noexcept
    {
        BOOST_ASSERT(at < size());
        return {storage_->records.data() + at, storage_.get()};
    }

    /// The first change. @pre `!empty()`
    [[nodiscard]] tree_change front() const noexcept { return (*this)[0]; }

private:
    detail::storage_owner<detail::tree_change_storage> storage_;
};

} // namespace asio_inotify

#endif

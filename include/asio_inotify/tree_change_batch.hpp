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

#include <cstddef>
#include <iterator>
#include <utility>

namespace asio_inotify {

/// Changes of trees, in their order.
/**
 * A range of @ref tree_change. A batch shares the ownership of its changes and their paths: they
 * are valid as long as a copy of it lives, whatever happens to the watcher. Dropping it before the
 * next one is asked for lets the watcher use the memory again.
 *
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
class tree_change_batch
{
public:
    /// Gives the changes one after the other.
    class iterator
    {
    public:
        /// What it is to ranges.
        using iterator_concept = std::forward_iterator_tag;
        /// What it is to older algorithms: dereferencing makes a view, not a reference to one that
        /// exists.
        using iterator_category = std::input_iterator_tag;
        /// What it gives.
        using value_type = tree_change;
        /// A distance.
        using difference_type = std::ptrdiff_t;
        /// The same: a view.
        using reference = tree_change;

        /// What `operator->` of an iterator without an object to point at returns.
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

        /// Construct an iterator that stands nowhere.
        iterator() noexcept = default;

        /// The change it stands at.
        [[nodiscard]] tree_change operator*() const noexcept { return {at_, storage_}; }
        /// A member of the change it stands at.
        [[nodiscard]] pointer operator->() const noexcept { return pointer{**this}; }

        /// Go on to the next change.
        iterator& operator++() noexcept
        {
            ++at_;
            return *this;
        }

        /// Go on to the next change; where it stood is returned.
        iterator operator++(int) noexcept
        {
            auto before = *this;
            ++*this;
            return before;
        }

        /// True if both stand at the same change.
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

    /// Ranges call it so as well.
    using const_iterator = iterator;

    /// Construct an empty batch.
    tree_change_batch() noexcept = default;

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

    /// Behind the last change.
    [[nodiscard]] iterator end() const noexcept
    {
        return storage_.get() != nullptr
                   ? iterator{storage_->records.data() + size(), storage_.get()}
                   : iterator{};
    }

    /// How many changes there are.
    [[nodiscard]] std::size_t size() const noexcept
    {
        return storage_.get() != nullptr ? storage_->records.size() : 0;
    }

    /// True if there is no change.
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }

    /// The change at a place. @pre `at < size()`
    [[nodiscard]] tree_change operator[](std::size_t at) const noexcept
    {
        return {storage_->records.data() + at, storage_.get()};
    }

    /// The first change. @pre `!empty()`
    [[nodiscard]] tree_change front() const noexcept { return (*this)[0]; }

private:
    detail::storage_owner<detail::tree_change_storage> storage_;
};

} // namespace asio_inotify

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_WATCH_RANGE_HPP
#define ASIO_INOTIFY_WATCH_RANGE_HPP

#include <asio_inotify/detail/watch_registry.hpp>
#include <asio_inotify/watch_view.hpp>

#include <boost/assert.hpp>

#include <cstddef>
#include <iterator>
#include <ranges>

namespace asio_inotify {

/// The watches of a @ref basic_watch_set, in no particular order.
/**
 * A forward range of @ref watch_view. You may remove watches while you iterate. A watch that is
 * added in the meantime may or may not be visited.
 *
 * @par Object Lifetimes
 * The range and its iterators are valid until the set is closed; they may outlive the range.
 *
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe. It refers to the set: do not use it while
 * another thread modifies the set.
 */
class watch_range
{
public:
    /// Iterates over the watches.
    class iterator
    {
    public:
        using iterator_concept = std::forward_iterator_tag;
        // Dereferencing returns a view by value, not a reference.
        using iterator_category = std::input_iterator_tag;
        using value_type = watch_view;
        using difference_type = std::ptrdiff_t;
        using reference = watch_view;

        iterator() noexcept = default;

        /// The watch at this position. @pre Not the end.
        [[nodiscard]] watch_view operator*() const noexcept
        {
            BOOST_ASSERT(record_ != nullptr);
            return watch_view{record_};
        }

        /// Advance to the next watch. @pre Not the end.
        iterator& operator++() noexcept
        {
            BOOST_ASSERT(record_ != nullptr);
            ++position_;
            record_ = watches_->live_from(position_);
            return *this;
        }

        iterator operator++(int) noexcept
        {
            auto before = *this;
            ++*this;
            return before;
        }

        friend bool operator==(iterator const& a, iterator const& b) noexcept
        {
            return a.record_ == b.record_;
        }

    private:
        friend class watch_range;

        explicit iterator(detail::watch_registry const* watches) noexcept
            : watches_(watches)
            , record_(watches != nullptr ? watches->live_from(position_) : nullptr)
        {}

        detail::watch_registry const* watches_ = nullptr;
        std::size_t position_ = 0;
        detail::watch_record const* record_ = nullptr;
    };

    /// The same: the range is read-only.
    using const_iterator = iterator;

    /// Construct an empty range.
    watch_range() noexcept = default;

    /// The first watch, or the end.
    [[nodiscard]] iterator begin() const noexcept { return iterator{watches_}; }
    /// The end: one past the last watch.
    [[nodiscard]] iterator end() const noexcept { return {}; }

private:
    template <class Executor>
    friend class basic_watch_set;

    explicit watch_range(detail::watch_registry const* watches) noexcept
        : watches_(watches)
    {}

    detail::watch_registry const* watches_ = nullptr;
};

} // namespace asio_inotify

/// @cond
// Specialised by hand, as clang 14 rejects libstdc++ 12's view_interface.
template <>
inline constexpr bool std::ranges::enable_view<asio_inotify::watch_range> = true;
template <>
inline constexpr bool std::ranges::enable_borrowed_range<asio_inotify::watch_range> = true;
/// @endcond

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_WATCH_EVENT_BATCH_HPP
#define ASIO_INOTIFY_WATCH_EVENT_BATCH_HPP

#include <asio_inotify/detail/watch_read_buffer.hpp>
#include <asio_inotify/detail/watch_record.hpp>
#include <asio_inotify/event_view.hpp>
#include <asio_inotify/watch_view.hpp>

#include <boost/assert.hpp>

#include <cstddef>
#include <iterator>
#include <ranges>

namespace asio_inotify {

/// The smallest buffer for reading from a @ref basic_watch_set, in bytes.
/** One event with any name of a common filesystem, and the table of the watches of the events. */
inline constexpr std::size_t minimum_watch_buffer_size = 408;

/// An event together with the watch that reports it.
/**
 * @par Object Lifetimes
 * Those of @ref event_view and of @ref watch_view.
 *
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
class watch_event : public event_view
{
public:
    /// The watch; an empty view for an overflow.
    [[nodiscard]] watch_view watch() const noexcept { return watch_; }

private:
    friend class watch_event_batch;

    watch_event(event_view event, watch_view watch) noexcept
        : event_view(event)
        , watch_(watch)
    {}

    watch_view watch_;
};

/// The events of one read from a @ref basic_watch_set, in the order in which the kernel queued
/// them.
/**
 * A forward range of @ref watch_event over a buffer that it does not own, in the sense of
 * `std::ranges::view`. Zero-copy: three pointers, to be passed by value.
 *
 * You may remove a watch while you iterate: the iterator then skips the remaining events of that
 * watch.
 *
 * @par Object Lifetimes
 * A batch, its iterators, events and watches are valid until the next read of the set begins, the
 * set is closed, or the buffer is destroyed or modified. A borrowed range: iterators may outlive
 * the batch.
 *
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe. It refers to the set: do not use it while
 * another thread modifies the set.
 */
class watch_event_batch
{
public:
    /// Iterates over the events.
    class iterator
    {
    public:
        using iterator_concept = std::forward_iterator_tag;
        // Dereferencing returns a view by value, not a reference.
        using iterator_category = std::input_iterator_tag;
        using value_type = watch_event;
        using difference_type = std::ptrdiff_t;
        using reference = watch_event;

        /// The result of `operator->`, as the iterator makes a view and has no object to point to.
        class pointer
        {
        public:
            watch_event const* operator->() const noexcept { return &event_; }

        private:
            friend class iterator;
            explicit pointer(watch_event event) noexcept
                : event_(event)
            {}
            watch_event event_;
        };

        iterator() noexcept = default;

        /// The event at this position. @pre Not the end.
        [[nodiscard]] watch_event operator*() const noexcept
        {
            BOOST_ASSERT(at_ != end_);
            return {event_view{at_}, watch_view{watch()}};
        }

        [[nodiscard]] pointer operator->() const noexcept { return pointer{**this}; }

        /// Advance to the next event. @pre Not the end.
        iterator& operator++() noexcept
        {
            BOOST_ASSERT(at_ != end_);
            step();
            skip_removed();
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
            return a.at_ == b.at_;
        }

    private:
        friend class watch_event_batch;

        iterator(std::byte const* at, std::byte const* end,
                 detail::watch_pointer_reader watches) noexcept
            : at_(at)
            , end_(end)
            , watches_(watches)
        {
            skip_removed();
        }

        [[nodiscard]] detail::watch_record const* watch() const noexcept { return watches_.get(); }

        void step() noexcept
        {
            at_ += event_view{at_}.size_bytes();
            watches_.advance();
        }

        void skip_removed() noexcept
        {
            while (at_ != end_ && watch() != nullptr &&
                   watch()->state == detail::watch_state::removed) {
                step();
            }
        }

        std::byte const* at_ = nullptr;
        std::byte const* end_ = nullptr;
        detail::watch_pointer_reader watches_;
    };

    /// The same: the range is read-only.
    using const_iterator = iterator;

    /// Construct an empty batch.
    watch_event_batch() noexcept = default;

    /// The first event, or the end.
    [[nodiscard]] iterator begin() const noexcept { return {begin_, end_, watches_}; }
    /// The end: one past the last event.
    [[nodiscard]] iterator end() const noexcept { return {end_, end_, {}}; }

    /// True if the batch has no events.
    [[nodiscard]] bool empty() const noexcept { return begin() == end(); }

    /// The first event. @pre `!empty()`
    [[nodiscard]] watch_event front() const noexcept
    {
        BOOST_ASSERT(!empty());
        return *begin();
    }

    /// The events from an iterator to the end, such as those that you have not handled yet.
    /** @pre `first` is an iterator of this batch. */
    [[nodiscard]] watch_event_batch from(iterator first) const noexcept
    {
        BOOST_ASSERT(first.end_ == end_);
        return {first.at_, static_cast<std::size_t>(end_ - first.at_), first.watches_};
    }

private:
    template <class Executor>
    friend class basic_watch_set;

    watch_event_batch(std::byte const* data, std::size_t size_bytes,
                      detail::watch_pointer_reader watches) noexcept
        : begin_(data)
        , end_(data + size_bytes)
        , watches_(watches)
    {}

    std::byte const* begin_ = nullptr;
    std::byte const* end_ = nullptr;
    // For each record, a pointer to its watch.
    detail::watch_pointer_reader watches_;
};

} // namespace asio_inotify

/// @cond
// Specialised by hand, as clang 14 rejects libstdc++ 12's view_interface.
template <>
inline constexpr bool std::ranges::enable_view<asio_inotify::watch_event_batch> = true;
template <>
inline constexpr bool std::ranges::enable_borrowed_range<asio_inotify::watch_event_batch> = true;
/// @endcond

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_EVENT_BATCH_HPP
#define ASIO_INOTIFY_EVENT_BATCH_HPP

#include <asio_inotify/event_view.hpp>

#include <boost/assert.hpp>

#include <cstddef>
#include <iterator>
#include <ranges>

namespace asio_inotify {

/// The events of one read, in the order in which the kernel queued them.
/**
 * A range of @ref event_view over a buffer that it does not own, in the sense of
 * `std::ranges::view`; a forward range. Zero-copy: two pointers, to be passed by value.
 *
 * @par Object Lifetimes
 * A batch, its iterators, its events and their names are valid while the buffer is valid and
 * unmodified; the object that read it may be closed or destroyed. It is a borrowed range: iterators
 * may outlive the batch.
 *
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
class event_batch
{
public:
    /// Iterates over the events.
    class iterator
    {
    public:
        using iterator_concept = std::forward_iterator_tag;
        // Dereferencing returns a view by value, not a reference.
        using iterator_category = std::input_iterator_tag;
        using value_type = event_view;
        using difference_type = std::ptrdiff_t;
        using reference = event_view;

        /// The result of `operator->`, as the iterator makes a view and has no object to point to.
        class pointer
        {
        public:
            event_view const* operator->() const noexcept { return &event_; }

        private:
            friend class iterator;
            explicit pointer(event_view event) noexcept
                : event_(event)
            {}
            event_view event_;
        };

        iterator() noexcept = default;

        /// The event at this position. @pre Not the end.
        [[nodiscard]] event_view operator*() const noexcept
        {
            BOOST_ASSERT(at_ != nullptr);
            return event_view{at_};
        }
        [[nodiscard]] pointer operator->() const noexcept { return pointer{**this}; }

        iterator& operator++() noexcept
        {
            at_ += (**this).size_bytes();
            return *this;
        }

        iterator operator++(int) noexcept
        {
            auto before = *this;
            ++*this;
            return before;
        }

        friend bool operator==(iterator const&, iterator const&) noexcept = default;

    private:
        friend class event_batch;
        explicit iterator(std::byte const* at) noexcept
            : at_(at)
        {}

        std::byte const* at_ = nullptr;
    };

    /// The same: the range is read-only.
    using const_iterator = iterator;

    /// Construct an empty batch.
    event_batch() noexcept = default;

    /// View the bytes that `read(2)` wrote for an inotify instance.
    /**
     * The bytes are not checked. For untrusted bytes use @ref decode_events.
     *
     * @pre The bytes are whole records as the kernel writes them.
     */
    event_batch(void const* data, std::size_t size_bytes) noexcept
        : begin_(static_cast<std::byte const*>(data))
        , end_(begin_ + size_bytes)
    {
        BOOST_ASSERT(data != nullptr || size_bytes == 0);
    }

    /// The first event, or the end.
    [[nodiscard]] iterator begin() const noexcept { return iterator{begin_}; }
    /// The end: one past the last event.
    [[nodiscard]] iterator end() const noexcept { return iterator{end_}; }

    /// True if the batch has no events.
    [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }

    /// The first event. @pre `!empty()`
    [[nodiscard]] event_view front() const noexcept
    {
        BOOST_ASSERT(!empty());
        return *begin();
    }

    /// The bytes of the records.
    [[nodiscard]] void const* data() const noexcept { return begin_; }

    /// The size of the records in bytes. The number of events is `std::ranges::distance(batch)`.
    [[nodiscard]] std::size_t size_bytes() const noexcept
    {
        return static_cast<std::size_t>(end_ - begin_);
    }

private:
    std::byte const* begin_ = nullptr;
    std::byte const* end_ = nullptr;
};

} // namespace asio_inotify

/// @cond
// Specialised by hand, as clang 14 rejects libstdc++ 12's view_interface.
template <>
inline constexpr bool std::ranges::enable_view<asio_inotify::event_batch> = true;
template <>
inline constexpr bool std::ranges::enable_borrowed_range<asio_inotify::event_batch> = true;
/// @endcond

#endif

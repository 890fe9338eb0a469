//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_EVENT_BATCH_HPP
#define ASIO_INOTIFY_EVENT_BATCH_HPP

#include <asio_inotify/event_view.hpp>

#include <cstddef>
#include <iterator>
#include <ranges>

namespace asio_inotify {

/// The events of one read, in the order in which the kernel queued them.
/**
 * A range of @ref event_view over a buffer that it does not own, in the sense of
 * `std::ranges::view`; a forward range. Two pointers, to be passed by value.
 *
 * @par Object Lifetimes
 * A batch, its iterators, its events and their names are valid as long as the buffer is valid and
 * unmodified, whatever happens to the object that read it. It is a borrowed range: iterators may
 * outlive the batch.
 *
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
class event_batch
{
public:
    /// Gives the events one after the other.
    class iterator
    {
    public:
        using iterator_concept = std::forward_iterator_tag;
        // Dereferencing makes a view, not a reference to one that exists.
        using iterator_category = std::input_iterator_tag;
        using value_type = event_view;
        using difference_type = std::ptrdiff_t;
        using reference = event_view;

        /// What `operator->` of an iterator without an object to point at returns.
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

        [[nodiscard]] event_view operator*() const noexcept { return event_view{at_}; }
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

    /// Ranges call it so as well.
    using const_iterator = iterator;

    /// Construct an empty batch.
    event_batch() noexcept = default;

    /// View bytes that `read(2)` gave for an inotify instance.
    /**
     * Nothing is checked. For bytes from anywhere else use @ref decode_events.
     *
     * @pre The bytes are whole records as the kernel writes them.
     */
    event_batch(void const* data, std::size_t size_bytes) noexcept
        : begin_(static_cast<std::byte const*>(data))
        , end_(begin_ + size_bytes)
    {}

    /// The first event, or the end.
    [[nodiscard]] iterator begin() const noexcept { return iterator{begin_}; }
    /// Behind the last event.
    [[nodiscard]] iterator end() const noexcept { return iterator{end_}; }

    /// True if there is no event.
    [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }

    /// The first event. @pre `!empty()`
    [[nodiscard]] event_view front() const noexcept { return *begin(); }

    /// The bytes of the records.
    [[nodiscard]] void const* data() const noexcept { return begin_; }

    /// How many bytes the records take. The number of events is `std::ranges::distance(batch)`.
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
// By hand, as clang 14 does not accept libstdc++'s view_interface.
template <>
inline constexpr bool std::ranges::enable_view<asio_inotify::event_batch> = true;
template <>
inline constexpr bool std::ranges::enable_borrowed_range<asio_inotify::event_batch> = true;
/// @endcond

#endif

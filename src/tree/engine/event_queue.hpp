//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_EVENT_QUEUE_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_EVENT_QUEUE_HPP

#include "tree/model/name_bytes.hpp"

#include <asio_inotify/event_view.hpp>

#include <boost/assert.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace asio_inotify::detail {

/// A record of the kernel that was read and not applied yet.
struct queued_event
{
    int wd;
    std::uint32_t mask;
    std::uint32_t cookie;
    std::string_view name;
    // Its position in the stream.
    std::uint64_t at;

    /// It was applied together with an earlier event. No record of the kernel has an empty mask.
    [[nodiscard]] bool is_consumed() const noexcept { return mask == 0; }
};

/// A record of the kernel, for a loop that need not decode each name.
struct raw_event
{
    explicit raw_event(std::byte const* record) noexcept
        : header(load<event_header>(record))
        , name(reinterpret_cast<char const*>(record + sizeof header), header.length)
    {}

    [[nodiscard]] std::size_t size_bytes() const noexcept { return sizeof header + header.length; }

    event_header header;
    padded_name name;
};

// Events between read(2) and the engine. They are held back while the MOVED_TO event of a rename is
// missing, as it need not follow the MOVED_FROM event at once (kernel note 4.27).
class event_queue
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    /** @param limit  How many bytes are held, at most; but there is always room for a read. */
    explicit event_queue(std::size_t limit) noexcept
        : limit_((std::max)(first_size, limit - limit % smallest_room))
    {}

    [[nodiscard]] bool empty() const noexcept { return at_ == end_; }

    /// Where the next events can be read into; empty if the limit is reached.
    /** @throws std::bad_alloc */
    [[nodiscard]] std::span<std::byte> room();

    /// So many bytes were read into the room.
    void append(std::size_t size, time_point when);

    /// The next event. @pre `!empty()`
    [[nodiscard]] queued_event front() const noexcept
    {
        BOOST_ASSERT(!empty());
        return event_at(at_);
    }

    /// When the next event was read.
    [[nodiscard]] time_point front_time() const noexcept { return times_.front().when; }

    /// Remove the next event.
    void pop() noexcept { pop_to(bytes_.data() + at_ + size_at(at_)); }

    /// The records of the events, the next one first.
    [[nodiscard]] std::span<std::byte const> records() const noexcept
    {
        return std::span(bytes_).subspan(at_, end_ - at_);
    }

    /// Remove the events before one of these records, or all of them if it is the end.
    void pop_to(std::byte const* record) noexcept
    {
        at_ = static_cast<std::size_t>(record - bytes_.data());
        auto const left =
            std::ranges::find_if(times_, [&](arrival const& a) { return a.end > base_ + at_; });
        times_.erase(times_.begin(), left);
    }

    /// The MOVED_TO event with the cookie of the next event. What was searched is remembered.
    [[nodiscard]] std::optional<queued_event> match_moved_to(std::uint32_t cookie);

    /// The next event of a kind and a name, behind a position.
    /** Checks a few events only: it is for what the kernel reports without a gap. */
    [[nodiscard]] std::optional<queued_event> find_near(std::uint64_t behind, int wd,
                                                        std::uint32_t kind,
                                                        std::string_view name) const noexcept;

    /// The next event of an entry that comes to or leaves one of two directories. Checks a few
    /// events only.
    [[nodiscard]] std::optional<queued_event> find_next_entry(std::uint64_t behind, int wd,
                                                              int other_wd) const noexcept;

    struct mover
    {
        // Nothing if none of them reports a move.
        std::optional<int> wd;
        // No event that is read later can change this.
        bool is_certain;
    };

    /// Which of two watched directories reports its own move (MOVE_SELF) after a rename.
    /** The kernel reports nothing else in the two parents before that. */
    [[nodiscard]] mover find_mover(queued_event const& from, queued_event const& to, int wd,
                                   int other_wd) const noexcept;

    /// True if a watch has ended behind a position. Checks a few events only.
    [[nodiscard]] bool has_end(std::uint64_t behind, int wd) const noexcept;

    /// True if so few events are behind a position that the rest of what the kernel reports without
    /// a gap can still be on its way.
    [[nodiscard]] bool is_near_end(std::uint64_t behind) const noexcept;

    /// A later event was applied together with the next one: see queued_event::is_consumed.
    void consume(queued_event const& later) noexcept;

    /// True if one of the events of a watch is of these kinds.
    [[nodiscard]] bool contains(int wd, std::uint32_t kinds) const noexcept;

    /// True if an overflow is among the events.
    [[nodiscard]] bool has_overflow() const noexcept;

private:
    static constexpr std::size_t smallest_room = std::size_t{16} * 1024;
    static constexpr std::size_t first_size = std::size_t{64} * 1024;
    static constexpr int near = 16;

    struct arrival
    {
        std::uint64_t end;
        time_point when;
    };

    struct moved_to
    {
        std::uint32_t cookie;
        std::uint64_t at;
    };

    [[nodiscard]] std::size_t size_at(std::size_t at) const noexcept
    {
        return sizeof(event_header) +
               load<std::uint32_t>(bytes_.data() + at + offsetof(event_header, length));
    }

    [[nodiscard]] queued_event event_at(std::size_t at) const noexcept
    {
        raw_event const raw(bytes_.data() + at);
        auto const& header = raw.header;
        return {header.wd, header.mask, header.cookie, raw.name.view(), base_ + at};
    }

    std::vector<std::byte> bytes_;
    std::size_t limit_;
    // The events that were not removed yet.
    std::size_t at_ = 0;
    std::size_t end_ = 0;
    // The position in the stream of the first byte.
    std::uint64_t base_ = 0;
    std::vector<arrival> times_;
    // The MOVED_TO events up to a position, also those before the next event.
    std::vector<moved_to> targets_;
    std::uint64_t searched_ = 0;
};

} // namespace asio_inotify::detail

#endif

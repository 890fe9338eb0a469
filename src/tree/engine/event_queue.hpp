//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_EVENT_QUEUE_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_EVENT_QUEUE_HPP

#include <asio_inotify/event_view.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace asio_inotify::detail {

/// A record of the kernel that was read and not yet dealt with.
struct queued_event
{
    int wd;
    std::uint32_t mask;
    std::uint32_t cookie;
    std::string_view name;
    // Where it stands in the stream.
    std::uint64_t at;
};

// Events between read(2) and the engine. They are held back where the second half of a rename is
// looked for, as it need not follow the first one at once (kernel note 4.27).
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
    [[nodiscard]] queued_event front() const noexcept { return event_at(at_); }

    /// When the next event was read.
    [[nodiscard]] time_point front_time() const noexcept { return times_.front().when; }

    /// The next event is dealt with.
    void pop() noexcept
    {
        at_ += size_at(at_);
        if (base_ + at_ >= times_.front().end) {
            times_.erase(times_.begin());
        }
    }

    /// A later event of a kind that has the cookie of a rename; its mask is 0 if there is none.
    [[nodiscard]] queued_event find_moved_to(std::uint32_t cookie);

    /// The next event of a kind and a name, behind a place; its mask is 0 if there is none.
    /** Looks at a few events only, as this is for what is told in one go. */
    [[nodiscard]] queued_event find_near(std::uint64_t behind, int wd, std::uint32_t kind,
                                         std::string_view name) const noexcept;

    /// The next event of an entry that comes to two directories or leaves them; its mask is 0 if
    /// there is none. Looks at a few events only.
    [[nodiscard]] queued_event find_next_entry(std::uint64_t behind, int wd,
                                               int other_wd) const noexcept;

    struct mover
    {
        int wd;
        // No event that is read later can tell more.
        bool is_certain;
    };

    /// Which of two directories has moved, as it tells itself after a rename; 0 if none does.
    /** The kernel tells of nothing else in the two parents before. */
    [[nodiscard]] mover find_mover(queued_event const& from, queued_event const& to, int wd,
                                   int other_wd) const noexcept;

    /// True if a watch has ended behind a place. Looks at a few events only.
    [[nodiscard]] bool has_end(std::uint64_t behind, int wd) const noexcept;

    /// True if so few events stand behind a place that what was told in one go can still be on its
    /// way.
    [[nodiscard]] bool is_near_end(std::uint64_t behind) const noexcept;

    /// A later event was dealt with together with the next one: it comes with an empty mask.
    void consume(queued_event const& later) noexcept;

    /// True if an overflow stands among the events.
    [[nodiscard]] bool has_overflow() const noexcept;

private:
    static constexpr std::size_t smallest_room = 16 * 1024;
    static constexpr std::size_t first_size = 64 * 1024;
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
        auto const* const record = bytes_.data() + at;
        auto const header = load<event_header>(record);
        std::string_view name;
        if (header.length != 0) {
            // As event_view does: the end of the name is in its last 16 bytes.
            auto const* const padded = record + sizeof(event_header);
            auto const* const tail = padded + header.length - 16;
            auto const last = bytes_before_padding(tail + 8);
            auto const used = last != 0 ? 8 + last : bytes_before_padding(tail);
            name = {reinterpret_cast<char const*>(padded), header.length - 16 + used};
        }
        return {header.wd, header.mask, header.cookie, name, base_ + at};
    }

    std::vector<std::byte> bytes_;
    std::size_t limit_;
    // What is not dealt with yet.
    std::size_t at_ = 0;
    std::size_t end_ = 0;
    // The place in the stream of the first byte.
    std::uint64_t base_ = 0;
    std::vector<arrival> times_;
    // Second halves of renames up to a place, those before the next event too.
    std::vector<moved_to> targets_;
    std::uint64_t searched_ = 0;
};

} // namespace asio_inotify::detail

#endif

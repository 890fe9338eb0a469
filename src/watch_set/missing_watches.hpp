//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_WATCH_SET_MISSING_WATCHES_HPP
#define ASIO_INOTIFY_SRC_WATCH_SET_MISSING_WATCHES_HPP

#include <cstdint>
#include <utility>
#include <vector>

namespace asio_inotify::detail {

/// The watches that the kernel no longer has although their IN_IGNORED was not read. Values only.
/**
 * An overflow can lose the IN_IGNORED of a watch (kernel notes 2.8 and 4.15), so after one the
 * table is compared with the kernel's watches. The IN_IGNORED of a missing watch may also still be
 * queued: its end is reported only when the stream was read up to the position where the queue
 * ended at the comparison, and only if no IN_IGNORED came by then.
 */
class missing_watches
{
public:
    /// An overflow was read: a comparison is needed.
    void note_overflow() noexcept { must_compare_ = true; }
    [[nodiscard]] bool must_compare() const noexcept { return must_compare_; }

    /// The result of the comparison.
    /** @param report_at  The position up to which the stream has to be read first. */
    void assign(std::vector<int> numbers, std::uint64_t report_at) noexcept
    {
        numbers_ = std::move(numbers);
        report_at_ = report_at;
        must_compare_ = false;
    }

    /// True if watches wait to be reported.
    [[nodiscard]] bool is_waiting() const noexcept { return !numbers_.empty(); }

    /// True if they can be reported when the stream was read up to `position`.
    [[nodiscard]] bool is_due(std::uint64_t position) const noexcept
    {
        return is_waiting() && position >= report_at_;
    }

    /// So many bytes more have to be read first.
    void shift(std::uint64_t bytes) noexcept { report_at_ += bytes; }

    /// The queue was found empty when the stream was read up to `position`: none has to be read.
    void queue_was_empty(std::uint64_t position) noexcept { report_at_ = position; }

    [[nodiscard]] std::vector<int> const& numbers() const noexcept { return numbers_; }

    /// They were reported.
    void clear() noexcept { numbers_.clear(); }

private:
    bool must_compare_ = false;
    std::vector<int> numbers_;
    std::uint64_t report_at_ = 0;
};

} // namespace asio_inotify::detail

#endif

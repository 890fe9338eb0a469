//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_WATCH_SET_EVENT_STREAM_HPP
#define ASIO_INOTIFY_SRC_WATCH_SET_EVENT_STREAM_HPP

#include "system/restore_detector.hpp"
#include "watch_set/missing_watches.hpp"

#include <asio_inotify/detail/instance_access.hpp>
#include <asio_inotify/watch_set_counters.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace asio_inotify::detail {

class watch_table;

/// The stream of a set's events: joins it with the watches, and knows how far it was read.
/**
 * A position is a number of bytes from the beginning of the stream. "Everything that is queued now
 * was read" is a position too, at which recycled numbers become free and missing watches are
 * reported.
 */
class event_stream
{
public:
    explicit event_stream(watch_table& table) noexcept
        : table_(table)
    {}

    /// Before a read: after an overflow compare the watches with the kernel's, and report the
    /// missing ones that are due.
    void begin_read(instance_access const& instance, boost::system::error_code& ec);

    /// After a read, before its records are joined: notice that CRIU has restored the process.
    /**
     * Then the records are held back behind the record of an overflow, as the kernel's queue was
     * lost, and @ref must_revalidate becomes true.
     * @returns True if so: nothing is left to be joined.
     */
    [[nodiscard]] bool hold_after_restore(instance_access const& instance, std::byte const* data,
                                          std::size_t size) noexcept;

    /// Put records that were read before everything else: the next read gives them first.
    /** @returns False if there is no memory for them. */
    [[nodiscard]] bool put_back(instance_access const& instance, std::byte const* data,
                                std::size_t size) noexcept;

    /// The watches have to be revalidated before the next read, as CRIU has made them again.
    [[nodiscard]] bool must_revalidate() const noexcept { return must_revalidate_; }

    /// They were revalidated.
    void revalidated() noexcept { must_revalidate_ = false; }

    /// Join `size` bytes of records, which were read, with their watches.
    /** @returns The bytes that are left. */
    [[nodiscard]] std::size_t join(std::byte* data, std::size_t size, std::byte* watches);

    /// How far the stream was read.
    [[nodiscard]] std::uint64_t position() const noexcept { return position_; }

    /// How far it is read when all events that are queued now were read.
    [[nodiscard]] std::uint64_t end_of_queue(instance_access const& instance,
                                             boost::system::error_code& ec);

    /// These watches of the table are missing in the kernel: report their ends when all events that
    /// are queued now were read.
    void set_missing(instance_access const& instance, std::vector<int> numbers,
                     boost::system::error_code& ec);

    /// The watches have to be compared with the kernel's before the next read.
    void note_overflow() noexcept { missing_.note_overflow(); }

    /// True if the end of a watch may have been lost, and is not reported yet.
    [[nodiscard]] bool must_reconcile() const noexcept
    {
        return missing_.must_compare() || missing_.is_waiting();
    }

    /// Notices restores by CRIU when it is open.
    [[nodiscard]] restore_detector& detector() noexcept { return detector_; }

    [[nodiscard]] watch_set_counters const& counters() const noexcept { return counters_; }

private:
    void shift_by_read(std::size_t size) noexcept;
    void correct_positions(instance_access const& instance) noexcept;
    void reconcile(instance_access const& instance, boost::system::error_code& ec);
    void compare(instance_access const& instance, boost::system::error_code& ec);
    void report_missing(instance_access const& instance);

    watch_table& table_;
    watch_set_counters counters_;
    std::uint64_t position_ = 0;
    missing_watches missing_;
    bool comparison_failed_ = false;
    restore_detector detector_;
    // Noticed, and not reported yet.
    bool was_restored_ = false;
    bool must_revalidate_ = false;
    // A read was outstanding when the end of the queue was asked for. Its events come before that
    // position, and are not joined yet.
    bool read_in_flight_ = false;
    // The bytes of that read were added to all positions. If they were still queued when they were
    // counted, the positions are too far and might never be reached.
    bool positions_may_be_too_far_ = false;
};

} // namespace asio_inotify::detail

#endif

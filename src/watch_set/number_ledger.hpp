//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_WATCH_SET_NUMBER_LEDGER_HPP
#define ASIO_INOTIFY_SRC_WATCH_SET_NUMBER_LEDGER_HPP

#include "watch_set/number_index.hpp"

#include <asio_inotify/detail/number_ranges.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace asio_inotify::detail {

// The state of each number of an instance, for an object that chooses every number itself. Values
// only: the system calls are elsewhere.
//
// No number is given to a second watch unless it was recycled: events of the first one can still be
// queued, or come from another processor even after its IN_IGNORED (kernel notes 2.4 to 2.6). The
// states of a number:
//
//     free --claim--> live --end--> closing --freed--> quarantined --barrier, then all read--> free
class number_ledger
{
public:
    enum class state
    {
        /// No watch had it, or it was recycled.
        free,
        /// A watch has it.
        live,
        /// The kernel has removed its watch, or is about to: there the number may still be in use.
        closing,
        /// Free in the kernel, but events of its watch can still come.
        quarantined
    };

    /// Where the owner keeps the watch.
    using slot = number_index::slot;
    static constexpr slot no_slot = number_index::nothing;

    explicit number_ledger(int cursor = 1) noexcept
        : cursor_(cursor)
    {}

    [[nodiscard]] state state_of(int number) const noexcept;

    /// The slot of a live number, @ref no_slot for all others.
    [[nodiscard]] slot find(int number) const noexcept { return live_.find(number); }

    /// Load the number's place into the cache: a @ref find follows soon.
    void prefetch(int number) const noexcept { live_.prefetch(number); }

    /// The number for a watch whose caller chooses none: the lowest recycled one, else the next
    /// free one of the ascending cursor. 0 if there is none.
    [[nodiscard]] int next() noexcept;

    /// The next number of the ascending cursor; 0 behind INT_MAX.
    [[nodiscard]] int cursor() const noexcept;

    /// Move the ascending cursor behind this number.
    void skip(int last) noexcept;

    /// free to live. @pre The number is free.
    void claim(int number, slot where);

    /// live to free: the kernel did not give the number to the watch.
    void unclaim(int number) noexcept;

    /// live to closing: the watch has ended, or is about to.
    void end(int number);

    /// free to quarantined: a watch outside the set has it, or a stray watch had it for a moment.
    /// Other numbers stay as they are.
    void quarantine(int number);

    /// Allocate memory for so many calls of @ref quarantine, so that they cannot fail.
    void reserve_quarantine(std::size_t count);

    /// The same, with the memory of at most two ranges of `spare`; one if no number was recycled
    /// yet.
    void quarantine(int number, number_ranges& spare) noexcept;

    /// closing to quarantined: inotify_rm_watch(2) found no watch with the number.
    void freed(int number);

    /// The numbers that are closing.
    [[nodiscard]] number_ranges const& closing() const noexcept { return closing_; }

    /// Identifies a batch of quarantined numbers that waits for its barrier.
    using ticket = std::uint64_t;

    /// Make a batch of all quarantined numbers that are in none, before a barrier begins.
    /** @returns 0 if there is none. */
    [[nodiscard]] ticket begin_barrier();

    /// The barrier has passed: no event behind `position` in the stream is of the former watches of
    /// these numbers.
    /** @returns How many numbers the batch has. */
    std::size_t barrier_passed(ticket batch, std::uint64_t position);

    /// The barrier could not be run.
    void barrier_failed(ticket batch) noexcept;

    /// The stream of events was read up to this position.
    void read_up_to(std::uint64_t position) noexcept;

    /// So many bytes were inserted into the stream before the unread events.
    void stream_shifted(std::uint64_t bytes) noexcept;

    /// True if a barrier has passed whose position is not reached yet.
    [[nodiscard]] bool is_waiting() const noexcept;

    /// The numbers that are quarantined, in a batch or not.
    [[nodiscard]] number_ranges quarantined() const;

    /// The free numbers that watches had before.
    [[nodiscard]] number_ranges const& recycled() const noexcept { return recycled_; }

    /// Begin the ascending cursor at a number; 0 for behind INT_MAX. @pre No number was given yet.
    void start_at(int next) noexcept;

    /// Begin with numbers that watches had. @pre No number is in any of these states yet.
    void load(number_ranges closing, number_ranges quarantined, number_ranges recycled) noexcept;

    [[nodiscard]] std::size_t live_count() const noexcept { return live_.size(); }
    [[nodiscard]] std::size_t quarantined_count() const noexcept;
    [[nodiscard]] std::size_t recycled_count() const noexcept { return recycled_.count(); }

private:
    struct batch
    {
        ticket id;
        bool passed;
        std::uint64_t position;
        number_ranges numbers;
    };

    struct claimed
    {
        int number;
        int cursor;
        bool recycled;
    };

    [[nodiscard]] std::vector<batch>::iterator find_batch(ticket id) noexcept;

    number_index live_;
    number_ranges closing_;
    number_ranges quarantined_;
    number_ranges recycled_;
    // The numbers mean nothing: memory for those that are quarantined without allocating.
    number_ranges spare_;
    std::vector<batch> batches_;
    ticket last_ticket_ = 0;
    // How to undo the last claim.
    claimed last_claim_{};
    // `next` has given no number from here on; 0 behind INT_MAX.
    int cursor_;
};

} // namespace asio_inotify::detail

#endif

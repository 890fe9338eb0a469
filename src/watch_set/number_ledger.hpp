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

// Who has which number of an instance, for objects that choose every number themselves. Values
// only: the kernel is told elsewhere.
//
// A number is never given to a second watch unless it was recycled, as events of the first one can
// still be queued, or come from another processor even after the event of its end (kernel notes
// 2.4 to 2.6). The way of a number:
//
//     free --claim--> live --end--> closing --settle--> quarantined --barrier, then all read-->
//     free
class number_ledger
{
public:
    enum class state
    {
        /// No watch had it, or it was recycled.
        free,
        /// A watch has it.
        live,
        /// The kernel has removed its watch, or is about to: it may still be taken there.
        closing,
        /// Free in the kernel; events of its watch can still come.
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

    /// The number will be looked for soon.
    void prefetch(int number) const noexcept { live_.prefetch(number); }

    /// The number for a watch that does not care: the lowest recycled one, else the next one of
    /// the ascending cursor that is free. 0 if there is none.
    [[nodiscard]] int next() noexcept;

    /// Where the ascending cursor stands; 0 behind INT_MAX.
    [[nodiscard]] int cursor() noexcept;

    /// Numbers up to this one are not for the ascending cursor.
    void skip(int last) noexcept;

    /// free to live. @pre The number is free.
    void claim(int number, slot where);

    /// live to free: the kernel has not given the number to the watch.
    void unclaim(int number) noexcept;

    /// live to closing: the watch has ended, or is about to.
    void end(int number);

    /// free to quarantined: somebody else has it, or had it for a moment. Nothing for others.
    void burn(int number);

    /// Take the memory for so many calls of @ref burn, so that they cannot fail.
    void prepare_burns(std::size_t count);

    /// The same with the memory of ranges that are kept elsewhere: of two of them at most, and of
    /// one if no number was recycled yet.
    void burn(int number, number_ranges& spare) noexcept;

    /// closing to quarantined: inotify_rm_watch(2) has said that no watch has the number.
    void settle(int number);

    /// The numbers that are closing.
    [[nodiscard]] number_ranges const& closing() const noexcept { return closing_; }

    /// Names a batch of quarantined numbers on their way to be free.
    using ticket = std::uint64_t;

    /// Take all quarantined numbers that no other barrier has, before a barrier begins.
    /** @returns 0 if there is none. */
    [[nodiscard]] ticket begin_barrier();

    /// The barrier has passed: what comes behind `position` in the stream of events cannot be of
    /// these numbers' former watches.
    /** @returns How many numbers there are. */
    std::size_t barrier_passed(ticket batch, std::uint64_t position);

    /// The barrier could not be run.
    void barrier_failed(ticket batch) noexcept;

    /// The stream of events was read up to this position.
    void read_up_to(std::uint64_t position) noexcept;

    /// So many bytes were put into the stream before what is unread.
    void stream_shifted(std::uint64_t bytes) noexcept;

    /// A barrier has passed, and its position was not reached yet.
    [[nodiscard]] bool is_waiting() const noexcept;

    /// The numbers that are quarantined, or on their way to be free.
    [[nodiscard]] number_ranges quarantined() const;

    /// The numbers that are free although watches had them.
    [[nodiscard]] number_ranges const& recycled() const noexcept { return recycled_; }

    /// Begin with numbers that watches had. @pre No number was given yet.
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
    // No numbers: memory for those that are burnt.
    number_ranges spare_;
    std::vector<batch> batches_;
    ticket last_ticket_ = 0;
    // How to take the last claim back.
    claimed last_claim_{};
    // No number from here on was given by `next`; 0 behind INT_MAX.
    int cursor_;
};

} // namespace asio_inotify::detail

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_WATCH_SET_SET_STATE_HPP
#define ASIO_INOTIFY_SRC_WATCH_SET_SET_STATE_HPP

#include "snapshot/set_snapshot_reader.hpp"

#include <asio_inotify/detail/number_ranges.hpp>
#include <asio_inotify/snapshot.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace asio_inotify::detail {

// The state of a set that the kernel does not have. It accompanies the descriptor when another
// process, or another program in this one, continues with the set.
struct set_state
{
    snapshot watches;
    /// Numbers that must not be given to new watches, see number_ledger.
    number_ranges closing;
    number_ranges quarantined;
    /// Free numbers that watches had before.
    number_ranges recycled;
    /// The watches have to be compared with the kernel's, as an IN_IGNORED may have been lost.
    bool reconcile = false;
    /// Whole records that were read but not delivered.
    std::string events;
};

/// Lines of text, followed by the raw events.
/** The format has a version, as the two sides can have different versions of the library. */
[[nodiscard]] std::string to_bytes(set_state const& state);

/// Parses these bytes in slices.
/** @par Errors malformed_set_state; unsupported_snapshot_version; message_size if there are too
 * many watches. */
class set_state_reader
{
public:
    /** @param bytes  They must outlive the reader. */
    explicit set_state_reader(std::string_view bytes,
                              std::size_t most_watches = std::string_view::npos) noexcept
        : rest_(bytes)
        , most_watches_(most_watches)
    {}

    /// Parse at most so many watches or ranges of numbers. Returns true if it is complete or
    /// failed.
    bool step(std::size_t work, boost::system::error_code& ec);

    /// The state. @pre It is complete.
    [[nodiscard]] set_state take() noexcept { return std::move(state_); }

private:
    enum class part
    {
        title,
        closing,
        quarantined,
        recycled,
        sizes,
        watches,
        disjoint,
        done
    };

    bool step_part(std::size_t& work, boost::system::error_code& ec);
    bool read_title(boost::system::error_code& ec) noexcept;
    bool read_ranges(std::string_view name, number_ranges& numbers, std::size_t& work);
    bool read_sizes(boost::system::error_code& ec);
    bool read_watches(std::size_t& work, boost::system::error_code& ec);
    bool check_disjoint(std::size_t& work);
    [[nodiscard]] bool is_retired(int first, int last) const noexcept;
    bool skip(std::string_view text) noexcept;
    template <class Number>
    bool read_number(Number& value) noexcept;
    template <class Number>
    bool read_line(std::string_view name, Number& value) noexcept;
    bool read_bytes(std::size_t size, std::string_view& value) noexcept;

    std::string_view rest_;
    std::size_t most_watches_;
    part part_ = part::title;
    // Within a line of ranges, the number behind the last range.
    long long above_ = 0;
    // The watches that were compared with the other numbers.
    std::size_t compared_ = 0;
    std::optional<set_snapshot_reader> watches_;
    set_state state_;
};

/// The same at once.
[[nodiscard]] set_state set_state_from_bytes(std::string_view bytes, boost::system::error_code& ec);

} // namespace asio_inotify::detail

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_WATCH_SET_SET_STATE_HPP
#define ASIO_INOTIFY_SRC_WATCH_SET_SET_STATE_HPP

#include <asio_inotify/detail/number_ranges.hpp>
#include <asio_inotify/snapshot.hpp>

#include <boost/system/error_code.hpp>

#include <string>
#include <string_view>

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

/// @par Errors
/// malformed_set_state; unsupported_snapshot_version.
[[nodiscard]] set_state set_state_from_bytes(std::string_view bytes, boost::system::error_code& ec);

} // namespace asio_inotify::detail

#endif

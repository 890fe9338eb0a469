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

// All that a set knows and the kernel does not: what goes along with the descriptor when another
// process, or another program in this one, is to go on with the set.
struct set_state
{
    snapshot watches;
    /// Numbers that are not for new watches, as in number_ledger.
    number_ranges closing;
    number_ranges quarantined;
    /// Numbers that are, though watches had them before.
    number_ranges recycled;
    /// The watches are to be compared with the kernel's, as ends may have been lost.
    bool reconcile = false;
    /// Whole records that were read and not delivered.
    std::string events;
};

/// Lines of text, and then the events as they are.
/** Both sides can be of different versions of the library, so that the form has one too. */
[[nodiscard]] std::string to_bytes(set_state const& state);

/// @par Errors
/// malformed_set_state; unsupported_snapshot_version.
[[nodiscard]] set_state set_state_from_bytes(std::string_view bytes, boost::system::error_code& ec);

} // namespace asio_inotify::detail

#endif

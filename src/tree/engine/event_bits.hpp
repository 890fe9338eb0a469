//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_EVENT_BITS_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_EVENT_BITS_HPP

#include "values/native.hpp"

// The kinds of events as they stand in a record; what is none of a user's is in event_view.hpp.
namespace asio_inotify::detail {

inline constexpr auto created_bit = native(event_mask::create);
inline constexpr auto deleted_bit = native(event_mask::delete_);
inline constexpr auto moved_from_bit = native(event_mask::moved_from);
inline constexpr auto moved_to_bit = native(event_mask::moved_to);
inline constexpr auto modified_bit = native(event_mask::modify);
inline constexpr auto closed_write_bit = native(event_mask::close_write);
inline constexpr auto attributes_bit = native(event_mask::attrib);
inline constexpr auto move_self_bit = native(event_mask::move_self);

/// Every kind that reports an entry that comes or goes.
inline constexpr auto entry_bits = created_bit | deleted_bit | moved_from_bit | moved_to_bit;

} // namespace asio_inotify::detail

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_INOTIFY_ADD_ARGUMENTS_HPP
#define ASIO_INOTIFY_SRC_INOTIFY_ADD_ARGUMENTS_HPP

#include "values/native.hpp"

#include <asio_inotify/add_options.hpp>
#include <asio_inotify/event_mask.hpp>
#include <asio_inotify/path_ref.hpp>
#include <asio_inotify/watch_descriptor.hpp>

#include <boost/system/error_code.hpp>

namespace asio_inotify::detail {

inline constexpr auto known_options = add_options::only_directory | add_options::dont_follow |
                                      add_options::exclude_unlinked | add_options::create_only |
                                      add_options::merge_mask | add_options::one_shot;

/// Those that stay with the watch; the others are about the call alone.
inline constexpr auto lasting_options = add_options::only_directory | add_options::dont_follow |
                                        add_options::exclude_unlinked | add_options::one_shot;

/// Refuse a mask and options that the kernel would accept, or would refuse with an EINVAL without a
/// reason.
void check_mask(event_mask mask, add_options options, boost::system::error_code& ec);

/// Refuse arguments that the kernel would accept, or would refuse with an EINVAL without a reason.
void check_arguments(path_ref const& path, event_mask mask, add_options options,
                     boost::system::error_code& ec);

/// The same, with a number of the caller's choice.
void check_arguments(watch_descriptor wanted, path_ref const& path, event_mask mask,
                     add_options options, boost::system::error_code& ec);

} // namespace asio_inotify::detail

#endif

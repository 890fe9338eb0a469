//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_SET_SAVING_HPP
#define ASIO_INOTIFY_DETAIL_SET_SAVING_HPP

#include <asio_inotify/detail/config.hpp>
#include <asio_inotify/detail/instance_access.hpp>
#include <asio_inotify/snapshot.hpp>
#include <asio_inotify/watch_event_batch.hpp>
#include <asio_inotify/watch_report.hpp>

#include <boost/system/error_code.hpp>

#include <string>
#include <string_view>

// How the watches of a registry leave it and come into another one. Restoring is set_restorer's.
namespace asio_inotify::detail {

class watch_registry;

/// The watches that the kernel has, with the identities of their inodes.
[[nodiscard]] ASIO_INOTIFY_DECL snapshot save_watches(watch_registry const& registry,
                                                      instance_access const& instance,
                                                      boost::system::error_code& ec);

/// Compare the watches with the kernel's, and give events and options back that were lost there.
[[nodiscard]] ASIO_INOTIFY_DECL watch_report revalidate_watches(watch_registry& registry,
                                                                instance_access const& instance,
                                                                boost::system::error_code& ec);

/// Enter the watches of an instance that was made elsewhere, and hold its events.
/** Blocks for a barrier. On failure nothing was read. @pre The registry is new. */
[[nodiscard]] ASIO_INOTIFY_DECL watch_report adopt_watches(watch_registry& registry,
                                                           instance_access const& instance,
                                                           snapshot const& known,
                                                           boost::system::error_code& ec);

/// The state of a set that the kernel does not have, for another object to continue with.
/** @param unread  Events that were read and not delivered. */
[[nodiscard]] ASIO_INOTIFY_DECL std::string release_state(watch_registry const& registry,
                                                          instance_access const& instance,
                                                          watch_event_batch unread,
                                                          boost::system::error_code& ec);

} // namespace asio_inotify::detail

#endif

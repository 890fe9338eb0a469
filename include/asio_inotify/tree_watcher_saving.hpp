//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TREE_WATCHER_SAVING_HPP
#define ASIO_INOTIFY_TREE_WATCHER_SAVING_HPP

#include <asio_inotify/basic_tree_watcher.hpp>
#include <asio_inotify/tree_snapshot.hpp>

#include <boost/system/error_code.hpp>

namespace asio_inotify {

/// Save the trees of a watcher as a value: the state after the changes that were delivered.
/**
 * Blocks while it checks files that were created in the meantime. Changes that were not
 * delivered before are reported after @ref restore. Roots whose initial scan has not ended are
 * left out.
 *
 * @par Errors
 * @ref error::changes_not_received if an operation was cancelled after it had found changes:
 * receive them first. @ref error::operation_outstanding while @ref async_restore is;
 * `bad_file_descriptor` if the watcher is closed.
 */
template <class Executor>
[[nodiscard]] tree_snapshot save(basic_tree_watcher<Executor>& watcher);

/// @copydoc save(basic_tree_watcher<Executor>&)
template <class Executor>
[[nodiscard]] tree_snapshot save(basic_tree_watcher<Executor>& watcher,
                                 boost::system::error_code& ec);

/// Restore saved trees and report what has changed since they were saved.
/**
 * A rescan reports the differences between `rescan_begin` and `rescan_end`: entries that were
 * created or removed, entries that were moved (found by inode), and files that were written
 * since (found by their times). A `modified` may be spurious, but none is missed. Directories
 * that still exist get their watch descriptors back if the kernel has `INOTIFY_IOC_SETNEXTWD`.
 *
 * @param watcher  Open, and without roots.
 * @param saved    Need not outlive the call.
 *
 * @par Errors
 * @ref error::not_empty if the watcher has roots; @ref error::operation_outstanding while
 * @ref async_restore is; @ref error::malformed_snapshot if an entry
 * occurs twice; @ref error::too_many_filesystems; @ref error::invalid_exclude_pattern, as
 * @ref basic_tree_watcher::add; @ref error::callback_failed if @ref tree_options::prune throws (the
 * form without an error code rethrows its exception); `bad_file_descriptor` if the watcher is
 * closed. On failure nothing changes.
 */
template <class Executor>
void restore(basic_tree_watcher<Executor>& watcher, tree_snapshot const& saved);

/// @copydoc restore(basic_tree_watcher<Executor>&, tree_snapshot const&)
template <class Executor>
void restore(basic_tree_watcher<Executor>& watcher, tree_snapshot const& saved,
             boost::system::error_code& ec);

/// Restore saved trees without blocking other handlers for long.
/**
 * As @ref restore, and completes when the trees of the snapshot are made: then the rescan has
 * begun, and @ref basic_tree_watcher::async_receive reports it. The work is done in parts that take
 * about @ref tree_options::slice_time, between which other handlers run. An @ref
 * basic_tree_watcher::async_receive may be outstanding at the same time.
 *
 * Until it completes, the watcher reports nothing, and @ref basic_tree_watcher::add, @ref
 * basic_tree_watcher::remove, @ref save and a second restore fail with @ref
 * error::operation_outstanding.
 *
 * @param watcher  Open, and without roots.
 * @param saved    The operation owns it: move it if you do not need it any more.
 * @param token    The completion token; default: the executor's default, else `asio::deferred`.
 *
 * @par Completion Signature
 * `void(boost::system::error_code)`
 * @par Per-Operation Cancellation
 * `terminal`, `partial`, `total`: the watcher has no roots then.
 * @par Object Lifetimes
 * The object may be moved, closed or destroyed before the operation completes.
 * @par Errors
 * Those of @ref restore; `operation_aborted`; `not_enough_memory`. On failure the watcher has
 * no roots.
 * @par Exception Safety
 * Strong. If the operation runs out of memory after the call has returned, the executor's `run`
 * throws, and the watcher has no roots.
 */
template <class Executor, asio::completion_token_for<void(boost::system::error_code)> RestoreToken =
                              detail::default_token_t<Executor>>
auto async_restore(basic_tree_watcher<Executor>& watcher, tree_snapshot saved,
                   RestoreToken&& token = RestoreToken());

} // namespace asio_inotify

#include <asio_inotify/impl/tree_watcher_saving.hpp>

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_WATCH_SET_SAVING_HPP
#define ASIO_INOTIFY_WATCH_SET_SAVING_HPP

#include <asio_inotify/basic_watch_set.hpp>
#include <asio_inotify/released_set.hpp>
#include <asio_inotify/restore_options.hpp>
#include <asio_inotify/snapshot.hpp>
#include <asio_inotify/watch_event_batch.hpp>
#include <asio_inotify/watch_report.hpp>

#include <boost/system/error_code.hpp>

// Saving, restoring, checking and passing on the watches of a set. Only a program that includes
// this header links it.
namespace asio_inotify {

/// Save the watches of a set as a value: watch descriptors, masks, options, paths and identities.
/**
 * Leaves out watches that have ended, even if the event of their end has not been read yet.
 * Reads `/proc/self/fdinfo`: some 4 microseconds per watch.
 *
 * @par Errors
 * `bad_file_descriptor` if the set is closed; those of opening and reading `/proc/self/fdinfo`.
 */
template <class Executor>
[[nodiscard]] snapshot save(basic_watch_set<Executor> const& set);

/// @copydoc save(basic_watch_set<Executor> const&)
template <class Executor>
[[nodiscard]] snapshot save(basic_watch_set<Executor> const& set, boost::system::error_code& ec);

/// Open a set with the watches of a snapshot and the same watch descriptors.
/**
 * @ref basic_watch_set::add continues the saved sequence of watch descriptors. Restoring queues no
 * events. Changes between saving and restoring are not reported: scan for them.
 *
 * Each watch is added on the object at its path; the report says if that is a different object
 * than before. If the path names nothing, or the object of another watch, the object is searched by
 * its file handle, which needs CAP_DAC_READ_SEARCH. Needs a mounted `/proc`. Relative paths start
 * at the current working directory, not at that of the process that saved them.
 *
 * @param set      Closed.
 * @param saved    Need not outlive the call.
 * @param options  Whether to fail if a watch cannot be restored, and whether to compare objects.
 * @returns The state of each watch; with @ref restore_options::all_or_nothing also on failure.
 *
 * @par Errors
 * `asio::error::already_open`; those of @ref basic_watch_set::open. With @ref
 * restore_options::all_or_nothing the cause for the first watch that cannot be on its object: @ref
 * error::watch_moved if the path names a different object, `no_such_file_or_directory` if the
 * object is gone; those of @ref basic_watch_set::add. On failure the set is closed, and nothing is
 * left behind.
 * @par Exception Safety
 * Strong.
 */
template <class Executor>
watch_report restore(basic_watch_set<Executor>& set, snapshot const& saved,
                     restore_options options = {});

/// Open a set with the watches of a snapshot, with the default options.
template <class Executor>
watch_report restore(basic_watch_set<Executor>& set, snapshot const& saved,
                     boost::system::error_code& ec);

/// @copydoc restore(basic_watch_set<Executor>&, snapshot const&, restore_options)
template <class Executor>
watch_report restore(basic_watch_set<Executor>& set, snapshot const& saved, restore_options options,
                     boost::system::error_code& ec);

/// Open a set with the watches of a snapshot without blocking other handlers for long.
/**
 * As @ref restore. The work is done in parts of about 50 watches, between which other handlers
 * run; with @ref restore_options::check_identity, one part reads the kernel's whole list of
 * the watches. Until it completes, the set is closed, and opening it fails with
 * @ref error::operation_outstanding.
 *
 * @param set      Closed.
 * @param saved    The operation owns it: move it if you do not need it any more.
 * @param options  As for @ref restore.
 * @param token    The completion token; default: the executor's default, else `asio::deferred`.
 *
 * @par Completion Signature
 * `void(boost::system::error_code, watch_report)`: the state of each watch; with @ref
 * restore_options::all_or_nothing also on failure.
 * @par Per-Operation Cancellation
 * `terminal`, `partial`, `total`: the set stays closed. @ref basic_watch_set::cancel does the same.
 * @par Object Lifetimes
 * Do not move or destroy the set until the handler is called.
 * @par Errors
 * Those of @ref restore; `operation_aborted`; `not_enough_memory`.
 * @par Exception Safety
 * Strong. If there is no memory for the next part, `run` throws, and the set stays closed.
 */
template <class Executor, asio::completion_token_for<void(boost::system::error_code, watch_report)>
                              RestoreToken = detail::default_token_t<Executor>>
auto async_restore(basic_watch_set<Executor>& set, snapshot saved, restore_options options,
                   RestoreToken&& token = RestoreToken());

/// Open a set with the watches of a snapshot, with the default options.
/**
 * @param set    Closed.
 * @param saved  As above.
 * @param token  The completion token; default: the executor's default, else `asio::deferred`.
 *
 * @par Completion Signature
 * `void(boost::system::error_code, watch_report)`: as above.
 * @par Per-Operation Cancellation
 * `terminal`, `partial`, `total`: the set stays closed.
 * @par Object Lifetimes
 * Do not move or destroy the set until the handler is called.
 * @par Errors
 * As above.
 */
template <class Executor, asio::completion_token_for<void(boost::system::error_code, watch_report)>
                              RestoreToken = detail::default_token_t<Executor>>
auto async_restore(basic_watch_set<Executor>& set, snapshot saved,
                   RestoreToken&& token = RestoreToken());

/// Compare the watches of a set with the kernel's watches and with the objects at their paths.
/**
 * Call it after something else has recreated the instance, or when paths may be out of date.
 * After a restore by CRIU the set does it by itself, see @ref
 * basic_watch_set::take_restore_report.
 *
 * A watch that the kernel no longer has is `gone`; a read, also one that is outstanding,
 * delivers the event of its end. Event kinds and options that the kernel has lost are added
 * again. A watch whose path no longer names its object is `moved`. A watch that something else
 * has put on a different object at the same path is `replaced`; once, as from then on that is
 * its object. Takes some 9 microseconds per watch.
 *
 * @par Errors
 * `bad_file_descriptor` if the set is closed; those of opening and reading
 * `/proc/self/fdinfo`; if a read or wait is outstanding and watches are gone, those of
 * memfd_create(2) and inotify_add_watch(2): then the report is complete, but the ends are delivered
 * with the next event.
 */
template <class Executor>
[[nodiscard]] watch_report revalidate(basic_watch_set<Executor>& set);

/// @copydoc revalidate(basic_watch_set<Executor>&)
template <class Executor>
[[nodiscard]] watch_report revalidate(basic_watch_set<Executor>& set,
                                      boost::system::error_code& ec);

/// Open a set with an existing instance and its watches, such as an inherited one.
/**
 * The kernel lists watch descriptors, event kinds and most options of the watches, but no
 * paths. A path is taken from `known` if watch descriptor and object are equal. Otherwise it is
 * looked up by the object's file handle, which needs CAP_DAC_READ_SEARCH. Otherwise it is
 * reported as unknown; the set never guesses.
 *
 * The next reads deliver the queued events. Watch descriptors of former watches that still have
 * queued events are in quarantine. The sequence of @ref basic_watch_set::add continues after the
 * largest watch descriptor that occurs anywhere. Blocks for some milliseconds, until the kernel can
 * queue no more late events of former watches; for this it uses an instance of its own with one
 * watch. The file descriptor becomes close-on-exec. Nobody else may use the instance any more.
 *
 * @param set     Closed.
 * @param handle  The set owns it if the call succeeds; you still own it if the call fails.
 * @param known   A snapshot with the paths that you know; need not outlive the call.
 * @returns The state of each watch. Watches of `known` that the instance does not have are
 *          `gone`.
 *
 * @par Errors
 * Those of @ref basic_inotify::assign, of opening and reading `/proc/self/fdinfo`, and of
 * @ref async_recycle. On failure no event was read from the instance.
 */
template <class Executor>
watch_report adopt(basic_watch_set<Executor>& set, int handle, snapshot const& known = snapshot());

/// Open a set with an existing instance whose paths you do not know.
template <class Executor>
watch_report adopt(basic_watch_set<Executor>& set, int handle, boost::system::error_code& ec);

/// @copydoc adopt(basic_watch_set<Executor>&, int, snapshot const&)
template <class Executor>
watch_report adopt(basic_watch_set<Executor>& set, int handle, snapshot const& known,
                   boost::system::error_code& ec);

/// Take the instance and the watches out of a set; the set is then closed.
/**
 * For a hot restart with execve(2): clear the close-on-exec flag of the file descriptor, pass
 * descriptor and state to the new program, and @ref assign them there. No event is lost. Do not
 * use other copies of the file descriptor any more.
 *
 * @param set     The set.
 * @param unread  Events that you have read and that the new owner shall deliver: the rest of
 *                the last batch, see @ref watch_event_batch::from.
 *
 * @par Errors
 * `bad_file_descriptor` if the set is closed; @ref error::operation_outstanding if an asynchronous
 * read or wait is outstanding; @ref error::watch_descriptor_in_use if `unread` contains the end of
 * a watch whose descriptor was recycled and reused. On failure the set is unchanged.
 */
template <class Executor>
[[nodiscard]] released_set release(basic_watch_set<Executor>& set,
                                   watch_event_batch unread = watch_event_batch());

/// Take the instance and the watches out of a set, of which you have no unread events.
template <class Executor>
[[nodiscard]] released_set release(basic_watch_set<Executor>& set, boost::system::error_code& ec);

/// @copydoc release(basic_watch_set<Executor>&, watch_event_batch)
template <class Executor>
[[nodiscard]] released_set release(basic_watch_set<Executor>& set, watch_event_batch unread,
                                   boost::system::error_code& ec);

/// Open a set with what @ref release has taken out of another one.
/**
 * The watches, their watch descriptors and the watch descriptors that must not be reused are
 * the same; the next reads deliver the undelivered events. The counters start at zero. The file
 * descriptor becomes close-on-exec.
 *
 * @param set       Closed.
 * @param released  Is empty if the call succeeds, and unchanged if it fails.
 *
 * @par Errors
 * Those of @ref basic_inotify::assign; @ref error::malformed_set_state;
 * @ref error::unsupported_snapshot_version. On failure the set stays closed.
 */
template <class Executor>
void assign(basic_watch_set<Executor>& set, released_set&& released);

/// @copydoc assign(basic_watch_set<Executor>&, released_set&&)
template <class Executor>
void assign(basic_watch_set<Executor>& set, released_set&& released, boost::system::error_code& ec);

} // namespace asio_inotify

#include <asio_inotify/impl/watch_set_saving.hpp>

#endif

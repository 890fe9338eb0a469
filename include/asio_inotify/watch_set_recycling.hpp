//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_WATCH_SET_RECYCLING_HPP
#define ASIO_INOTIFY_WATCH_SET_RECYCLING_HPP

#include <asio_inotify/basic_watch_set.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>

namespace asio_inotify {

/// Recycle the watch descriptors of watches of a set that have ended.
/**
 * Late events of a watch can arrive even after the event of its end. The operation waits until
 * the kernel can queue none any more: some milliseconds, on a thread of the executor's context,
 * with an inotify instance of its own that has one watch. Instance and watch count against the
 * user's limits in the meantime. Completes with the number of watch descriptors that can be
 * reused. They become free when you have read the events that are in the queue at that time,
 * including those of an outstanding read; @ref basic_watch_set::add then reuses the lowest ones
 * first.
 *
 * To keep the call short, it takes at most 65536 of the watches that the kernel has removed (as
 * their files were deleted, for instance); the next call takes more.
 *
 * Correctness never needs this operation, and there are 2^31 - 1 watch descriptors. It saves
 * kernel memory: small, dense watch descriptors need less than large, sparse ones. It depends
 * on kernel implementation details, not on a documented guarantee.
 *
 * @param set    The set.
 * @param token  The completion token; default: the executor's default, else `asio::deferred`.
 *
 * @par Completion Signature
 * `void(boost::system::error_code, std::size_t)`; 0 on failure, and if no watch has ended.
 * @par Per-Operation Cancellation
 * `terminal`, `partial`, `total`: the watch descriptors stay in quarantine. @ref
 * basic_watch_set::cancel does the same.
 * @par Object Lifetimes
 * The object may be moved, closed or destroyed before the operation completes.
 * @par Errors
 * Those of inotify_init1(2), inotify_add_watch(2), memfd_create(2) and eventfd(2), if the
 * barrier cannot be run; the watch descriptors then stay in quarantine. `operation_aborted`, also
 * if the set is closed before the operation completes; `bad_file_descriptor` if it is closed when
 * the operation starts; those of starting a thread.
 */
template <class Executor, asio::completion_token_for<void(boost::system::error_code, std::size_t)>
                              RecycleToken = detail::default_token_t<Executor>>
auto async_recycle(basic_watch_set<Executor>& set, RecycleToken&& token = RecycleToken());

} // namespace asio_inotify

#include <asio_inotify/impl/watch_set_recycling.hpp>

#endif

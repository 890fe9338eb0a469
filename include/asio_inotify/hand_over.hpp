//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_HAND_OVER_HPP
#define ASIO_INOTIFY_HAND_OVER_HPP

#include <asio_inotify/basic_watch_set.hpp>
#include <asio_inotify/detail/default_token.hpp>
#include <asio_inotify/watch_event_batch.hpp>
#include <asio_inotify/watch_set_saving.hpp>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>

namespace asio_inotify {

/// How much @ref async_take_over accepts from a peer.
/** The peer's state takes up to five times its size in memory while it is checked. */
struct hand_over_limits
{
    /// The size of the state, in bytes: the paths of the watches and undelivered events.
    std::size_t state_size = std::size_t{2} << 20U;
    /// The number of watches.
    std::size_t watches = 8192;
};

/// Transfer the ownership of a watch set to another process, which calls @ref async_take_over.
/**
 * Transfers the inotify instance (with `SCM_RIGHTS`), the watches with their watch descriptors, the
 * watch descriptors that must not be reused, and the undelivered events. No event is lost or
 * delivered twice. Completes when the peer owns the set; the set is then closed. If the operation
 * fails, the set is unchanged and usable. The ownership changes when the peer receives the final
 * confirmation, after it has reported that it can take over the set.
 *
 * While the operation is outstanding the set appears closed.
 *
 * @param socket  Connected. Do not send or receive anything else over it in the meantime. Close it
 *                after a failure, as unread bytes may remain in it.
 * @param set     The set.
 * @param unread  Events that you have read and that the peer shall deliver: the rest of the last
 *                batch, see @ref watch_event_batch::from.
 * @param token   The completion token; the socket's executor's default, else `asio::deferred`.
 *
 * @par Completion Signature
 * `void(boost::system::error_code)`
 * @par Per-Operation Cancellation
 * `terminal`, `partial`, `total`: either the operation completes with `operation_aborted` and the
 * set is unchanged, or the peer owns the set. @ref basic_watch_set::cancel does the same.
 * @par Object Lifetimes
 * Do not move or destroy the socket and the set until the handler is called. Opening the set until
 * then fails with @ref error::operation_outstanding. If you close it, it stays closed, and the
 * operation completes with `operation_aborted`. If the handler is destroyed without being called,
 * the set is closed.
 * @par Errors
 * `bad_file_descriptor` if the set is closed; @ref error::operation_outstanding if an asynchronous
 * read or wait of it is outstanding; @ref error::hand_over_refused if the peer could not take it
 * over; `asio::error::eof` or `broken_pipe` if the peer has closed the connection; those of
 * sendmsg(2) and recvmsg(2).
 * @par Exception Safety
 * If there is no memory for a wait, the call, or the execution context's `run`, throws. The handler
 * is then not called, and the set is unchanged.
 */
template <class SocketExecutor, class Executor,
          asio::completion_token_for<void(boost::system::error_code)> HandOverToken =
              detail::default_token_t<SocketExecutor>>
auto async_hand_over(
    asio::basic_stream_socket<asio::local::stream_protocol, SocketExecutor>& socket,
    basic_watch_set<Executor>& set, watch_event_batch unread,
    HandOverToken&& token = HandOverToken());

/// Take over the ownership of a watch set from another process, which calls @ref async_hand_over.
/**
 * Completes when the set is open and has the peer's watches, with the same watch descriptors. The
 * next reads deliver the events that the peer did not deliver. The file descriptor is
 * close-on-exec. The received bytes are untrusted: they are checked in small slices, between
 * which other handlers of the executor run. No more memory is reserved than `limits` allow.
 * A peer can be silent for ever: cancel the operation after a while.
 *
 * @param socket  Connected. Do not send or receive anything else over it in the meantime. Close it
 *                after a failure.
 * @param set     Closed.
 * @param limits  What is accepted.
 * @param token   The completion token; the socket's executor's default, else `asio::deferred`.
 *
 * @par Completion Signature
 * `void(boost::system::error_code)`
 * @par Per-Operation Cancellation
 * `terminal`, `partial`, `total`: either the operation completes with `operation_aborted` and the
 * peer still owns the set, or it succeeds. @ref basic_watch_set::cancel does the same.
 * @par Object Lifetimes
 * Do not move or destroy the socket and the set until the handler is called. Opening the set until
 * then fails with @ref error::operation_outstanding. If you close it, it stays closed, and the
 * operation completes with `operation_aborted`.
 * @par Errors
 * `asio::error::already_open`; @ref error::malformed_set_state;
 * @ref error::unsupported_snapshot_version; `asio::error::message_size` if the state is larger or
 * has more watches than `limits` allow; `asio::error::no_memory`; `asio::error::no_descriptors` if
 * this process has no descriptor left for the instance; `asio::error::access_denied` if a security
 * module does not allow it to have the instance; `asio::error::no_buffer_space` if options of the
 * socket make the kernel add more control messages than there is room for; those of @ref
 * basic_inotify::assign; `asio::error::eof` if the peer has closed the connection; those of
 * sendmsg(2) and recvmsg(2). The set is then closed; if the state was malformed, the peer is
 * notified at once.
 * @par Exception Safety
 * If there is no memory for a wait, the call, or the execution context's `run`, throws. The handler
 * is then not called. The set is open if the peer has released it.
 */
template <class SocketExecutor, class Executor,
          asio::completion_token_for<void(boost::system::error_code)> TakeOverToken =
              detail::default_token_t<SocketExecutor>>
auto async_take_over(
    asio::basic_stream_socket<asio::local::stream_protocol, SocketExecutor>& socket,
    basic_watch_set<Executor>& set, hand_over_limits limits,
    TakeOverToken&& token = TakeOverToken());

/// Take over the ownership of a watch set from another process, with the default limits.
/**
 * @param socket  As above.
 * @param set     Closed.
 * @param token   The completion token; the socket's executor's default, else `asio::deferred`.
 *
 * @par Completion Signature
 * `void(boost::system::error_code)`
 * @par Per-Operation Cancellation
 * `terminal`, `partial`, `total`: either the operation completes with `operation_aborted` and the
 * peer still owns the set, or it succeeds.
 * @par Object Lifetimes
 * As above.
 * @par Errors
 * As above.
 */
template <class SocketExecutor, class Executor,
          asio::completion_token_for<void(boost::system::error_code)> TakeOverToken =
              detail::default_token_t<SocketExecutor>>
auto async_take_over(
    asio::basic_stream_socket<asio::local::stream_protocol, SocketExecutor>& socket,
    basic_watch_set<Executor>& set, TakeOverToken&& token = TakeOverToken());

} // namespace asio_inotify

#include <asio_inotify/impl/hand_over.hpp>

#endif

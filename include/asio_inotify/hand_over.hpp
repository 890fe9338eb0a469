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

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>

namespace asio_inotify {

/// The largest state of a set that @ref async_take_over accepts by default, in bytes: enough for
/// the most watches that a user may have by default, with paths of 200 characters.
inline constexpr std::size_t default_hand_over_size = std::size_t{256} << 20U;

/// Give a set to another process, which calls @ref async_take_over.
/**
 * The instance, the watches under their numbers, the numbers that must not be given, and the events
 * that were not delivered go over; no event is lost or delivered twice. Completes when the other
 * side has it: the set is closed then. If the operation fails, the set is as it was before, and
 * goes on. The set is the other side's from the moment in which it is told so, after it has said
 * that it could take it over.
 *
 * While the operation is outstanding the set appears closed.
 *
 * @param socket  Connected. Nothing else may be sent or received over it meanwhile. What stays
 *                unread in it after a failure has no meaning: it should be closed then.
 * @param set     The set.
 * @param unread  Events that were read and are to be delivered by the other side: the rest of the
 *                last batch, see @ref watch_event_batch::from.
 * @param token   The completion token; the socket's executor's default, else `asio::deferred`.
 *
 * @par Completion Signature
 * `void(boost::system::error_code)`
 * @par Per-Operation Cancellation
 * `terminal`, `partial`, `total`: either the operation completes with `operation_aborted`, and the
 * set is as it was before, or the other side has the set.
 * @par Object Lifetimes
 * Socket and set have to stay where they are until the handler is called, and the set must not be
 * opened meanwhile. If the handler is destroyed without being called, the set is closed.
 * @par Errors
 * `bad_file_descriptor` if the set is closed; @ref error::read_outstanding while an asynchronous
 * read of it is; @ref error::hand_over_refused if the other side could not take it over;
 * `asio::error::eof` or `broken_pipe` if it went away; those of sendmsg(2) and recvmsg(2).
 * @par Exception Safety
 * If memory for a wait is lacking, the exception comes out of the call, or of the execution
 * context's `run`; the handler is lost, and the set is as it was before.
 */
template <class SocketExecutor, class Executor,
          asio::completion_token_for<void(boost::system::error_code)> HandOverToken =
              detail::default_token_t<SocketExecutor>>
auto async_hand_over(
    asio::basic_stream_socket<asio::local::stream_protocol, SocketExecutor>& socket,
    basic_watch_set<Executor>& set, watch_event_batch unread,
    HandOverToken&& token = HandOverToken());

/// Take over a set from another process, which calls @ref async_hand_over.
/**
 * Completes when the set is open, with the watches under the numbers they have there; what was not
 * delivered there comes with the next reads. The descriptor is close-on-exec. What comes is not
 * trusted: it is checked, and takes memory only as it comes.
 *
 * @param socket  Connected. Nothing else may be sent or received over it meanwhile; it should be
 *                closed after a failure.
 * @param set     Closed.
 * @param token   The completion token; the socket's executor's default, else `asio::deferred`.
 *
 * @par Completion Signature
 * `void(boost::system::error_code)`
 * @par Per-Operation Cancellation
 * `terminal`, `partial`, `total`: either the operation completes with `operation_aborted`, and the
 * set is still the other side's, or it succeeds.
 * @par Object Lifetimes
 * Socket and set have to stay where they are until the handler is called, and the set must not be
 * opened meanwhile.
 * @par Errors
 * `asio::error::already_open`; @ref error::malformed_set_state;
 * @ref error::unsupported_snapshot_version; `asio::error::message_size` if the state is larger than
 * @ref default_hand_over_size; `asio::error::no_memory`; those of @ref basic_inotify::assign;
 * `asio::error::eof` if the other side went away; those of sendmsg(2) and recvmsg(2). The set is
 * closed then, and the other side is told of what is wrong with the state at once.
 * @par Exception Safety
 * If memory for a wait is lacking, the exception comes out of the call, or of the execution
 * context's `run`; the handler is lost. The set is open if the other side has let go.
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

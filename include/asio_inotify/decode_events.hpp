//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DECODE_EVENTS_HPP
#define ASIO_INOTIFY_DECODE_EVENTS_HPP

#include <asio_inotify/event_batch.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>

namespace asio_inotify {

/// Decode untrusted bytes as events, after checking every length and name.
/**
 * Use it for bytes that another process has read, or that come from a file or a test. Events that
 * an inotify object has read need no check.
 *
 * The function accepts the bytes that the kernel can have written: a sequence of whole records. The
 * length of each name is a multiple of 16; the name contains no null byte and is padded with 1 to
 * 16 null bytes. The bytes need not be aligned. Copies nothing.
 *
 * @param bytes  Not owned; the batch is valid while they are valid and unmodified.
 * @param ec     Set to @ref error::malformed_event at the first malformed record,
 *               cleared otherwise.
 * @returns All events; on failure, those before the malformed record.
 */
[[nodiscard]] ASIO_INOTIFY_DECL event_batch decode_events(asio::const_buffer bytes,
                                                          boost::system::error_code& ec) noexcept;

/// Decode untrusted bytes as events; throws on the first malformed record.
/** @throws boost::system::system_error with @ref error::malformed_event; its text contains the
 * offset of the record. */
[[nodiscard]] ASIO_INOTIFY_DECL event_batch decode_events(asio::const_buffer bytes);

} // namespace asio_inotify

#endif

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

/// View bytes from anywhere as events, after checking every length and name.
/**
 * For bytes that another process read, that come from a file or from a test. What an inotify
 * object reads needs no check.
 *
 * Accepted is what the kernel can have written: whole records one after the other, the length of
 * each name a multiple of 16, its bytes without a zero inside and filled up with 1 to 16 zeros.
 * Nothing is demanded of the alignment.
 *
 * @param bytes  Not owned; the batch is valid as long as they are valid and unmodified.
 * @param ec     Set to @ref error::malformed_event at the first record that is not acceptable,
 *               cleared otherwise.
 * @returns All events; on failure those before the malformed one.
 */
[[nodiscard]] ASIO_INOTIFY_DECL event_batch decode_events(asio::const_buffer bytes,
                                                          boost::system::error_code& ec) noexcept;

/// View bytes from anywhere as events, after checking every length and name as the other form does.
/** @throws boost::system::system_error with @ref error::malformed_event; its text tells the offset
 * of the record. */
[[nodiscard]] ASIO_INOTIFY_DECL event_batch decode_events(asio::const_buffer bytes);

} // namespace asio_inotify

#endif

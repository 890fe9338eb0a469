//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_WATCH_CHANGE_PRINTER_HPP
#define ASIO_WATCH_CHANGE_PRINTER_HPP

#include <asio_inotify/file_change.hpp>

#include <string>

namespace asio_watch {

/// Append a file change as one line with a JSON object.
void append_json(std::string& out, asio_inotify::file_change const& change);

/// Append a file change as one line for people.
void append_plain(std::string& out, asio_inotify::file_change const& change, bool colour);

} // namespace asio_watch

#endif

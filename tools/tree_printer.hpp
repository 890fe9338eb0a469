//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_WATCH_TREE_PRINTER_HPP
#define ASIO_WATCH_TREE_PRINTER_HPP

#include <asio_inotify/tree_change.hpp>

#include <string>

namespace asio_watch {

/// Append a tree change as one line with a JSON object.
void append_json(std::string& out, asio_inotify::tree_change const& change);

/// Append a tree change as one line for people.
void append_plain(std::string& out, asio_inotify::tree_change const& change, bool colour);

} // namespace asio_watch

#endif

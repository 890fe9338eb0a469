//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_WATCH_EVENT_PRINTER_HPP
#define ASIO_WATCH_EVENT_PRINTER_HPP

#include <asio_inotify/watch_descriptor.hpp>
#include <asio_inotify/watch_event_batch.hpp>
#include <asio_inotify/watch_report.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace asio_watch {

/// Formats the lines of flat mode. Each function appends one line.
class event_printer
{
public:
    event_printer() = default;
    event_printer(event_printer const&) = delete;
    event_printer& operator=(event_printer const&) = delete;
    virtual ~event_printer() = default;

    /// A watch of the snapshot that was not restored as `same`.
    /** @param path  The path in the snapshot. */
    virtual void restored(std::string& out, asio_inotify::watch_descriptor wd,
                          asio_inotify::watch_outcome outcome, std::string_view path) const = 0;

    /// All watches have been added.
    virtual void ready(std::string& out, std::size_t watches) const = 0;

    /// One kernel event.
    virtual void event(std::string& out, asio_inotify::watch_event event) const = 0;
};

/// A printer of one JSON object per line.
[[nodiscard]] std::unique_ptr<event_printer> make_json_printer();

/// A printer of lines for people.
[[nodiscard]] std::unique_ptr<event_printer> make_plain_printer(bool colour);

} // namespace asio_watch

#endif

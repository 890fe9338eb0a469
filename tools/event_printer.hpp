//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_WATCH_EVENT_PRINTER_HPP
#define ASIO_WATCH_EVENT_PRINTER_HPP

#include <asio_inotify/event_view.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace asio_watch {

/// How the lines of flat mode look. Each function appends one line.
class event_printer
{
public:
    event_printer() = default;
    event_printer(event_printer const&) = delete;
    event_printer& operator=(event_printer const&) = delete;
    virtual ~event_printer() = default;

    /// The part of a line that is the same for all events of a watch, made once.
    [[nodiscard]] virtual std::string label(std::string_view path) const = 0;

    /// All watches are there.
    virtual void ready(std::string& out, std::size_t watches) const = 0;

    /// An event; its label is empty if it belongs to no watch.
    virtual void event(std::string& out, asio_inotify::event_view event,
                       std::string_view label) const = 0;
};

/// One JSON object per line.
[[nodiscard]] std::unique_ptr<event_printer> make_json_printer();

/// Lines for people.
[[nodiscard]] std::unique_ptr<event_printer> make_plain_printer(bool colour);

} // namespace asio_watch

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "event_printer.hpp"
#include "event_words.hpp"
#include "text.hpp"

namespace asio_watch {
namespace {

using asio_inotify::event_mask;

/// The escape sequence for the colour of an event; empty for events that are not changes.
std::string_view colour_of(asio_inotify::event_view event) noexcept
{
    if (event.is(event_mask::create | event_mask::moved_to)) {
        return "\x1b[32m"; // green
    }
    if (event.is(event_mask::delete_ | event_mask::delete_self | event_mask::moved_from)) {
        return "\x1b[31m"; // red
    }
    if (event.is(event_mask::modify | event_mask::close_write | event_mask::attrib)) {
        return "\x1b[33m"; // yellow
    }
    if (event.is(event_mask::move_self) || event.is_ignored() || event.is_unmount()) {
        return "\x1b[35m"; // magenta
    }
    if (event.is_overflow()) {
        return "\x1b[1;31m"; // bold red
    }
    return {};
}

/// The escape sequence for the colour of a restore outcome.
std::string_view colour_of(asio_inotify::watch_outcome outcome) noexcept
{
    switch (outcome) {
    case asio_inotify::watch_outcome::replaced:
        return "\x1b[33m"; // yellow
    case asio_inotify::watch_outcome::gone:
        return "\x1b[31m"; // red
    case asio_inotify::watch_outcome::failed:
        return "\x1b[1;31m"; // bold red
    default:
        return "\x1b[35m"; // magenta
    }
}

// The words, padded to the longest common ones, the watch descriptor, the cookie of renames, and
// the path. The path is last, so that it extends to the end of the line even if it contains spaces.
class plain_printer final : public event_printer
{
public:
    explicit plain_printer(bool colour)
        : colour_(colour)
    {}

    void restored(std::string& out, asio_inotify::watch_descriptor wd,
                  asio_inotify::watch_outcome outcome, std::string_view path) const override
    {
        append_padded(out, colour_of(outcome), [&] {
            out += "restore,";
            out += to_string(outcome);
        });
        append_watch(out, wd);
        if (!path.empty()) {
            out += "  ";
            append_escaped(out, path);
        }
        out += '\n';
    }

    void ready(std::string& out, std::size_t watches) const override
    {
        out += "ready, ";
        append_number(out, watches);
        out += watches == 1 ? " watch\n" : " watches\n";
    }

    void event(std::string& out, asio_inotify::watch_event event) const override
    {
        append_padded(out, colour_of(event), [&] {
            auto const begin = out.size();
            for_each_word(event, [&](std::string_view word) {
                if (out.size() != begin) {
                    out += ',';
                }
                out += word;
            });
        });
        append_watch(out, event.wd());
        if (event.cookie() != 0) {
            out += " cookie=";
            append_number(out, event.cookie());
        }
        auto const path = event.watch().path();
        if (!path.empty()) {
            out += "  ";
            append_escaped(out, path);
        }
        if (auto const name = event.name(); !name.empty()) {
            if (!path.ends_with('/')) {
                out += '/';
            }
            append_escaped(out, name);
        }
        out += '\n';
    }

private:
    /// Append the first column: the text of the function in colour, then blanks without colour.
    template <class Append>
    void append_padded(std::string& out, std::string_view colour, Append append) const
    {
        if (!colour_) {
            colour = {};
        }
        out += colour;
        auto const begin = out.size();
        append();
        auto const width = out.size() - begin;
        if (!colour.empty()) {
            out += "\x1b[0m";
        }
        if (width < event_width) {
            out.append(event_width - width, ' ');
        }
    }

    static void append_watch(std::string& out, asio_inotify::watch_descriptor wd)
    {
        out += " wd=";
        append_number(out, wd.value());
    }

    static constexpr std::size_t event_width = std::string_view{"close_nowrite,isdir"}.size();

    bool colour_;
};

} // namespace

std::unique_ptr<event_printer> make_plain_printer(bool colour)
{
    return std::make_unique<plain_printer>(colour);
}

} // namespace asio_watch

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

/// The terminal's code for the colour of an event; empty for those that change nothing.
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

// EVENT padded to the longest that is common, the number, for renames the cookie, and last the
// path, so that it reaches to the end of the line whatever is in it.
class plain_printer final : public event_printer
{
public:
    explicit plain_printer(bool colour)
        : colour_(colour)
    {}

    [[nodiscard]] std::string label(std::string_view path) const override
    {
        std::string text;
        append_escaped(text, path);
        return text;
    }

    void ready(std::string& out, std::size_t watches) const override
    {
        out += "ready, ";
        append_number(out, watches);
        out += watches == 1 ? " watch\n" : " watches\n";
    }

    void event(std::string& out, asio_inotify::event_view event,
               std::string_view label) const override
    {
        auto const colour = colour_ ? colour_of(event) : std::string_view{};
        out += colour;
        auto const begin = out.size();
        for_each_word(event, [&](std::string_view word) {
            if (out.size() != begin) {
                out += ',';
            }
            out += word;
        });
        auto const width = out.size() - begin;
        if (!colour.empty()) {
            out += "\x1b[0m";
        }
        if (width < event_width) {
            out.append(event_width - width, ' ');
        }
        out += " wd=";
        append_number(out, event.wd().value());
        if (event.cookie() != 0) {
            out += " cookie=";
            append_number(out, event.cookie());
        }
        if (!label.empty()) {
            out += "  ";
            out += label;
        }
        if (auto const name = event.name(); !name.empty()) {
            if (!label.ends_with('/')) {
                out += '/';
            }
            append_escaped(out, name);
        }
        out += '\n';
    }

private:
    static constexpr std::size_t event_width = std::string_view{"close_nowrite,isdir"}.size();

    bool colour_;
};

} // namespace

std::unique_ptr<event_printer> make_plain_printer(bool colour)
{
    return std::make_unique<plain_printer>(colour);
}

} // namespace asio_watch

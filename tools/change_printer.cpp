//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "change_printer.hpp"

#include "text.hpp"

#include <string_view>

namespace asio_watch {
namespace {

using asio_inotify::file_change_kind;

std::string_view colour_of(file_change_kind kind) noexcept
{
    switch (kind) {
    case file_change_kind::appeared:
        return "\x1b[32m"; // green
    case file_change_kind::disappeared:
        return "\x1b[31m"; // red
    case file_change_kind::changed:
        break;
    }
    return "\x1b[33m"; // yellow
}

} // namespace

void append_json(std::string& out, asio_inotify::file_change const& change)
{
    out += R"({"change":")";
    out += to_string(change.kind());
    out += "\",";
    append_json_member(out, "path", change.path());
    out += "}\n";
}

void append_plain(std::string& out, asio_inotify::file_change const& change, bool colour)
{
    auto const what = to_string(change.kind());
    constexpr auto width = std::string_view{"disappeared"}.size();
    if (colour) {
        out += colour_of(change.kind());
    }
    out += what;
    if (colour) {
        out += "\x1b[0m";
    }
    out.append(width - what.size() + 2, ' ');
    append_escaped(out, change.path());
    out += '\n';
}

} // namespace asio_watch

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree_printer.hpp"

#include "failure.hpp"
#include "text.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace asio_watch {
namespace {

using asio_inotify::tree_change;
using asio_inotify::tree_change_mask;

/// The terminal's code for the colour of a change.
std::string_view colour_of(tree_change const& change) noexcept
{
    if (change.is(tree_change_mask::created | tree_change_mask::root_found |
                  tree_change_mask::covered | tree_change_mask::path_guarded)) {
        return "\x1b[32m"; // green
    }
    if (change.is(tree_change_mask::removed | tree_change_mask::root_lost)) {
        return "\x1b[31m"; // red
    }
    if (change.is(tree_change_mask::modified | tree_change_mask::closed_write |
                  tree_change_mask::attributes)) {
        return "\x1b[33m"; // yellow
    }
    if (change.is(tree_change_mask::renamed | tree_change_mask::exchanged)) {
        return "\x1b[36m"; // cyan
    }
    if (change.is(tree_change_mask::rescan_begin | tree_change_mask::uncovered |
                  tree_change_mask::path_unguarded)) {
        return "\x1b[1;31m"; // bold red
    }
    if (change.is(tree_change_mask::rescan_end | tree_change_mask::unmounted)) {
        return "\x1b[35m"; // magenta
    }
    return {};
}

/// The words of the first column.
void append_words(std::string& out, tree_change const& change)
{
    out += to_string(change.kind());
    if (change.is_directory() && !change.path().empty()) {
        out += ",dir";
    }
    if (change.replaced()) {
        out += ",replaced";
    }
    if (change.synthetic()) {
        out += ",synthetic";
    }
}

} // namespace

void append_json(std::string& out, tree_change const& change)
{
    out += R"({"change":")";
    out += to_string(change.kind());
    out += '"';
    // rescan_begin and rescan_end have no path.
    if (!change.path().empty()) {
        out += R"(,"type":")";
        out += to_string(change.type());
        out += "\",";
        if (!change.old_path().empty()) {
            append_json_member(out, "old_path", change.old_path());
            out += ',';
        }
        append_json_member(out, "path", change.path());
    }
    if (change.replaced()) {
        out += R"(,"replaced":true)";
    }
    if (change.synthetic()) {
        out += R"(,"synthetic":true)";
    }
    if (auto const why = change.error()) {
        out += ',';
        append_json_member(out, "error", explain(why));
    }
    out += "}\n";
}

void append_plain(std::string& out, tree_change const& change, bool colour)
{
    // Longer words are rare.
    constexpr auto width = std::string_view{"attributes,dir"}.size();
    auto const code = colour ? colour_of(change) : std::string_view();
    out += code;
    auto const begin = out.size();
    append_words(out, change);
    auto const size = out.size() - begin;
    if (!code.empty()) {
        out += "\x1b[0m";
    }
    if (!change.path().empty()) {
        out.append(size < width ? width - size + 2 : 2, ' ');
        if (!change.old_path().empty()) {
            append_escaped(out, change.old_path());
            out += change.is(tree_change_mask::exchanged) ? " <-> " : " -> ";
        }
        append_escaped(out, change.path());
    }
    if (auto const why = change.error()) {
        out += ": ";
        append_escaped(out, explain(why));
    }
    out += '\n';
}

} // namespace asio_watch

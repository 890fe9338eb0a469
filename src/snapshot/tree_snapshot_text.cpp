//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/error.hpp>
#include <asio_inotify/tree_snapshot.hpp>

#include "snapshot/text_lines.hpp"
#include "snapshot/tree_check.hpp"
#include "values/fail.hpp"
#include "values/throw_failed.hpp"

#include <utility>

// docs/snapshot-format.md describes the form.
namespace asio_inotify {
namespace {

using detail::append_number;
using detail::append_path;
using detail::parse_number;
using detail::parse_path;
using detail::saved_entry;
using detail::saved_state;
using detail::take_prefix;
using detail::take_until;

constexpr std::string_view tree_title = "asio-inotify tree ";

void append_time_line(std::string& text, std::int64_t time)
{
    text += "time ";
    append_number(text, time, 10);
    text += '\n';
}

void append_entry_line(std::string& text, saved_entry const& entry)
{
    if (entry.depth == 0) {
        text += entry.is_directory ? "root" : "part";
    } else {
        text += entry.is_directory ? "dir " : "file ";
        append_number(text, entry.depth, 10);
    }
    if (entry.state != saved_state::covered) {
        text += entry.state == saved_state::lost ? " state=lost" : " state=uncovered";
    }
    if (entry.wd != 0) {
        text += " wd=";
        append_number(text, entry.wd, 10);
    }
    if (entry.device != 0) {
        text += " dev=";
        append_number(text, entry.device, 16);
    }
    if (entry.inode != 0) {
        text += " ino=";
        append_number(text, entry.inode, 16);
    }
    if (!entry.absolute.empty()) {
        text += " at=";
        append_path(text, entry.absolute);
    }
    text += " name=";
    append_path(text, entry.name);
    text += '\n';
}

bool parse_field(std::string_view field, saved_entry& entry)
{
    auto const key = take_until(field, '=');
    if (key == "state") {
        entry.state = field == "lost" ? saved_state::lost : saved_state::uncovered;
        return true;
    }
    if (key == "wd") {
        return parse_number(field, entry.wd, 10);
    }
    if (key == "dev") {
        return parse_number(field, entry.device, 16);
    }
    if (key == "ino") {
        return parse_number(field, entry.inode, 16);
    }
    if (key == "at") {
        return parse_path(field, entry.absolute);
    }
    return key == "name" && parse_path(field, entry.name);
}

// Refuses a well-formed line that no tree has.
bool is_possible(saved_entry const& entry)
{
    constexpr std::size_t longest = 0xffff;
    auto const has = [](std::string const& text, char c) {
        return text.find(c) != std::string::npos;
    };
    if (entry.name.empty() || entry.name.size() > longest || has(entry.name, 0) || entry.wd < 0) {
        return false;
    }
    bool const is_plain = entry.wd == 0 && entry.device == 0;
    if (entry.state != saved_state::covered && (!entry.is_directory || entry.wd != 0)) {
        return false;
    }
    if (entry.depth == 0) {
        return entry.absolute.starts_with('/') && !has(entry.absolute, 0) &&
               (entry.is_directory || (is_plain && entry.inode == 0));
    }
    return entry.absolute.empty() && !has(entry.name, '/') && entry.name != "." &&
           entry.name != ".." && entry.state != saved_state::lost &&
           (entry.is_directory || is_plain);
}

bool parse_entry(std::string_view line, saved_entry& entry)
{
    auto const kind = take_until(line, ' ');
    entry.is_directory = kind != "file" && kind != "part";
    if (kind == "dir" || kind == "file") {
        if (!parse_number(take_until(line, ' '), entry.depth, 10) || entry.depth == 0) {
            return false;
        }
    } else if (kind != "root" && kind != "part") {
        return false;
    }
    while (!line.empty()) {
        if (!parse_field(take_until(line, ' '), entry)) {
            return false;
        }
    }
    return is_possible(entry);
}

class tree_reader : public detail::line_reader
{
public:
    using line_reader::line_reader;

    bool read_time(std::int64_t& time, boost::system::error_code& ec)
    {
        if (!take_line(ec)) {
            return false;
        }
        auto line = line_.substr(0, line_.size() - 1);
        if (!take_prefix(line, "time ") || !parse_number(line, time, 10)) {
            ASIO_INOTIFY_FAIL(ec, error::malformed_snapshot);
            return false;
        }
        append_time_line(rewritten_, time);
        return check_rewritten(ec);
    }

    bool read_entries(std::vector<saved_entry>& entries, boost::system::error_code& ec)
    {
        detail::tree_check check;
        while (take_line(ec)) {
            if (line_.starts_with("end")) {
                return read_end(entries.size(), ec) && check_roots(entries, ec);
            }
            saved_entry entry;
            if (!parse_entry(line_.substr(0, line_.size() - 1), entry)) {
                ASIO_INOTIFY_FAIL(ec, error::malformed_snapshot);
                return false;
            }
            append_entry_line(rewritten_, entry);
            if (!check_rewritten(ec)) {
                return false;
            }
            // The name is the last part, and has one written form, which has no space.
            auto const name = line_.substr(line_.find(" name="));
            if (!check.accepts(entry, name)) {
                ASIO_INOTIFY_FAIL(ec, error::malformed_snapshot);
                return false;
            }
            entries.push_back(std::move(entry));
        }
        return false;
    }

private:
    bool check_roots(std::vector<saved_entry> const& entries, boost::system::error_code& ec)
    {
        constexpr std::size_t first_entry = 3;
        if (auto const found = detail::tree_check::find_misplaced_root(entries)) {
            go_back_to(first_entry + *found);
            ASIO_INOTIFY_FAIL(ec, error::malformed_snapshot);
        }
        return !ec;
    }
};

} // namespace

tree_snapshot::tree_snapshot(std::vector<saved_entry> entries, std::int64_t time) noexcept
    : entries_(std::move(entries))
    , time_(time)
{}

std::vector<std::string> tree_snapshot::roots() const
{
    std::vector<std::string> paths;
    for (auto const& entry : entries_) {
        if (entry.depth == 0) {
            paths.push_back(entry.name);
        }
    }
    return paths;
}

std::string tree_snapshot::to_text() const
{
    std::string text;
    detail::append_title_line(text, tree_title);
    append_time_line(text, time_);
    for (auto const& entry : entries_) {
        append_entry_line(text, entry);
    }
    std::string end;
    detail::append_end_line(end, entries_.size(), text);
    return text += end;
}

tree_snapshot tree_snapshot::from_text(std::string_view text, boost::system::error_code& ec,
                                       std::size_t& line)
{
    ec.clear();
    tree_snapshot result;
    tree_reader reader(text);
    if (reader.read_title(tree_title, ec) && reader.read_time(result.time_, ec) &&
        reader.read_entries(result.entries_, ec)) {
        line = 0;
        return result;
    }
    line = reader.line();
    return {};
}

tree_snapshot tree_snapshot::from_text(std::string_view text, boost::system::error_code& ec)
{
    std::size_t line = 0;
    return from_text(text, ec, line);
}

tree_snapshot tree_snapshot::from_text(std::string_view text)
{
    boost::system::error_code ec;
    std::size_t line = 0;
    auto result = from_text(text, ec, line);
    if (ec) {
        detail::throw_failed(ec, "tree_snapshot::from_text line " + std::to_string(line));
    }
    return result;
}

} // namespace asio_inotify

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/error.hpp>
#include <asio_inotify/snapshot.hpp>

#include "snapshot/check_watch.hpp"
#include "snapshot/set_snapshot_reader.hpp"
#include "snapshot/text_lines.hpp"
#include "values/fail.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// docs/snapshot-format.md describes the form.
namespace asio_inotify {
namespace {

using detail::append_hex_byte;
using detail::append_number;
using detail::append_path;
using detail::append_title_line;
using detail::parse_hex_byte;
using detail::parse_number;
using detail::parse_path;
using detail::take_prefix;
using detail::take_until;

constexpr std::string_view text_title = "asio-inotify snapshot ";

using named_option = std::pair<std::string_view, add_options>;

// In the order of the bits.
constexpr std::array saved_options{
    named_option{"only_directory", add_options::only_directory},
    named_option{"dont_follow", add_options::dont_follow},
    named_option{"exclude_unlinked", add_options::exclude_unlinked},
    named_option{"one_shot", add_options::one_shot},
};

void append_mask(std::string& text, event_mask mask)
{
    auto const begin = static_cast<std::ptrdiff_t>(text.size());
    text += to_string(mask);
    // As between the options.
    std::replace(text.begin() + begin, text.end(), ',', '|');
}

void append_options(std::string& text, add_options options)
{
    bool first = true;
    for (auto const& [name, option] : saved_options) {
        if (any(options & option)) {
            text += first ? "" : "|";
            text += name;
            first = false;
        }
    }
}

void append_next_line(std::string& text, watch_descriptor next)
{
    text += "next ";
    append_number(text, next.is_valid() ? next.value() : 0, 10);
    text += '\n';
}

void append_watch_line(std::string& text, saved_watch const& watch)
{
    text += "watch ";
    append_number(text, watch.wd.value(), 10);
    text += " mask=";
    append_mask(text, watch.mask);
    if (any(watch.options)) {
        text += " options=";
        append_options(text, watch.options);
    }
    if (watch.identity) {
        text += " dev=";
        append_number(text, watch.identity->device, 16);
        text += " ino=";
        append_number(text, watch.identity->inode, 16);
        if (!watch.identity->handle.empty()) {
            text += " handle=";
            append_number(text, watch.identity->handle_type, 16);
            text += ':';
            for (char const c : watch.identity->handle) {
                append_hex_byte(text, static_cast<unsigned char>(c));
            }
        }
    }
    if (!watch.path.empty()) {
        text += " path=";
        append_path(text, watch.path);
    }
    text += '\n';
}

bool parse_options(std::string_view names, add_options& options) noexcept
{
    while (!names.empty()) {
        auto const name = take_until(names, '|');
        auto const* const known =
            std::find_if(saved_options.begin(), saved_options.end(),
                         [&](named_option const& option) { return option.first == name; });
        if (known == saved_options.end()) {
            return false;
        }
        options |= known->second;
    }
    return true;
}

bool parse_file_handle(std::string_view text, inode_identity& identity)
{
    if (!parse_number(take_until(text, ':'), identity.handle_type, 16)) {
        return false;
    }
    for (; !text.empty(); text.remove_prefix(2)) {
        if (!parse_hex_byte(text.substr(0, 2), identity.handle)) {
            return false;
        }
    }
    return true;
}

bool parse_field(std::string_view field, saved_watch& watch)
{
    auto const identity = [&]() -> inode_identity& {
        return watch.identity ? *watch.identity : watch.identity.emplace();
    };
    auto const key = take_until(field, '=');
    if (key == "mask") {
        boost::system::error_code ec;
        watch.mask = event_mask_from_string(field, ec);
        return !ec;
    }
    if (key == "options") {
        return parse_options(field, watch.options);
    }
    if (key == "dev") {
        return parse_number(field, identity().device, 16);
    }
    if (key == "ino") {
        return parse_number(field, identity().inode, 16);
    }
    if (key == "handle") {
        return parse_file_handle(field, identity());
    }
    return key == "path" && parse_path(field, watch.path);
}

bool parse_watch(std::string_view line, saved_watch& watch)
{
    int number = 0;
    if (!take_prefix(line, "watch ") || !parse_number(take_until(line, ' '), number, 10)) {
        return false;
    }
    watch.wd = watch_descriptor{number};
    while (!line.empty()) {
        if (!parse_field(take_until(line, ' '), watch)) {
            return false;
        }
    }
    boost::system::error_code ec;
    detail::check_watch(watch, ec);
    return !ec;
}

} // namespace

bool detail::set_snapshot_reader::step(std::size_t lines, boost::system::error_code& ec)
{
    for (ec.clear(); lines != 0 && part_ != part::done; --lines) {
        bool const is_right = part_ == part::title  ? read_title(text_title, ec)
                              : part_ == part::next ? read_next(ec)
                                                    : read_watch(ec);
        if (!is_right) {
            return true;
        }
        if (part_ == part::title) {
            part_ = part::next;
        } else if (part_ == part::next) {
            part_ = part::watches;
        }
    }
    return part_ == part::done;
}

bool detail::set_snapshot_reader::read_next(boost::system::error_code& ec)
{
    if (!take_line(ec)) {
        return false;
    }
    auto line = line_.substr(0, line_.size() - 1);
    int number = 0;
    if (!take_prefix(line, "next ") || !parse_number(line, number, 10)) {
        ASIO_INOTIFY_FAIL(ec, error::malformed_snapshot);
        return false;
    }
    result_.next_ = number == 0 ? watch_descriptor{} : watch_descriptor{number};
    append_next_line(rewritten_, result_.next_);
    return check_rewritten(ec);
}

// Or the end line.
bool detail::set_snapshot_reader::read_watch(boost::system::error_code& ec)
{
    auto& watches = result_.watches_;
    if (!take_line(ec)) {
        return false;
    }
    if (line_.starts_with("end")) {
        part_ = part::done;
        return read_end(watches.size(), ec);
    }
    saved_watch watch;
    if (!parse_watch(line_.substr(0, line_.size() - 1), watch) ||
        (!watches.empty() && watches.back().wd >= watch.wd)) {
        ASIO_INOTIFY_FAIL(ec, error::malformed_snapshot);
        return false;
    }
    append_watch_line(rewritten_, watch);
    if (!check_rewritten(ec)) {
        return false;
    }
    watches.push_back(std::move(watch));
    return true;
}

std::string snapshot::to_text() const
{
    std::string text;
    append_title_line(text, text_title);
    append_next_line(text, next_);
    for (auto const& watch : watches_) {
        append_watch_line(text, watch);
    }
    std::string end;
    detail::append_end_line(end, watches_.size(), text);
    return text += end;
}

snapshot snapshot::from_text(std::string_view text, boost::system::error_code& ec,
                             std::size_t& line)
{
    detail::set_snapshot_reader reader(text);
    while (!reader.step(text.size() + 1, ec)) {
    }
    line = ec ? reader.line() : 0;
    return ec ? snapshot() : reader.take();
}

} // namespace asio_inotify

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/error.hpp>
#include <asio_inotify/snapshot.hpp>

#include "../fail.hpp"
#include "check_watch.hpp"

#include <boost/crc.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The form is described in docs/snapshot-format.md.
//
// There is one text for each snapshot. The writer alone knows which: the reader accepts more, then
// has the line that it has read written again and compares. So there is no rule of form that the
// two could see differently.

namespace asio_inotify {
namespace {

constexpr std::string_view text_title = "asio-inotify snapshot ";
constexpr std::string_view hex_digits = "0123456789abcdef";

using named_option = std::pair<std::string_view, add_options>;

// In the order of the bits.
constexpr std::array saved_options{
    named_option{"only_directory", add_options::only_directory},
    named_option{"dont_follow", add_options::dont_follow},
    named_option{"exclude_unlinked", add_options::exclude_unlinked},
    named_option{"one_shot", add_options::one_shot},
};

template <class Number>
void append_number(std::string& text, Number number, int base)
{
    // A digit for each bit and a sign is enough for every base.
    std::array<char, std::numeric_limits<Number>::digits + 2> digits{};
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
    text.append(digits.data(), end);
}

void append_hex_byte(std::string& text, unsigned char byte)
{
    text += hex_digits[byte >> 4U];
    text += hex_digits[byte & 0xfU];
}

void append_mask(std::string& text, event_mask mask)
{
    auto const begin = static_cast<std::ptrdiff_t>(text.size());
    text += to_string(mask);
    // A comma would do as well, but options and kinds should look alike.
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

void append_path(std::string& text, std::string_view path)
{
    for (char const c : path) {
        auto const byte = static_cast<unsigned char>(c);
        if (byte > 0x20 && byte < 0x7f && c != '\\') {
            text += c;
        } else {
            text += "\\x";
            append_hex_byte(text, byte);
        }
    }
}

void append_title_line(std::string& text)
{
    text += text_title;
    text += "1\n";
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

// Its checksum is that of what stands before it.
void append_end_line(std::string& text, std::size_t watches, std::string_view before)
{
    boost::crc_32_type crc;
    crc.process_bytes(before.data(), before.size());
    std::uint32_t const sum = crc.checksum();
    text += "end ";
    append_number(text, watches, 10);
    text += ' ';
    for (unsigned shift = 32; shift != 0;) {
        shift -= 8;
        append_hex_byte(text, static_cast<unsigned char>(sum >> shift & 0xffU));
    }
    text += '\n';
}

// Cut off what stands before a separator; everything if there is none.
std::string_view take_until(std::string_view& text, char separator) noexcept
{
    auto const at = text.find(separator);
    auto const taken = text.substr(0, at);
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
    return taken;
}

bool take_prefix(std::string_view& text, std::string_view prefix) noexcept
{
    bool const there = text.starts_with(prefix);
    text.remove_prefix(there ? prefix.size() : 0);
    return there;
}

template <class Number>
bool parse_number(std::string_view text, Number& number, int base) noexcept
{
    auto const* const end = text.data() + text.size();
    auto const [last, failure] = std::from_chars(text.data(), end, number, base);
    return failure == std::errc{} && last == end;
}

// Exactly two digits.
bool parse_hex_byte(std::string_view text, std::string& bytes)
{
    unsigned char byte = 0;
    if (text.size() != 2 || !parse_number(text, byte, 16)) {
        return false;
    }
    bytes += static_cast<char>(byte);
    return true;
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

bool parse_handle(std::string_view text, inode_identity& identity)
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

bool parse_path(std::string_view text, std::string& path)
{
    while (!text.empty()) {
        if (!take_prefix(text, "\\x")) {
            path += text.front();
            text.remove_prefix(1);
        } else if (parse_hex_byte(text.substr(0, 2), path)) {
            text.remove_prefix(2);
        } else {
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
        return parse_handle(field, identity());
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

// Anything but 0 and 1, however many digits it has.
bool is_later_version(std::string_view version) noexcept
{
    return !version.empty() && version.front() != '0' && version != "1" &&
           version.find_first_not_of("0123456789") == std::string_view::npos;
}

// Reads a text line by line, and judges a line without those behind it.
class text_reader
{
public:
    explicit text_reader(std::string_view text) noexcept
        : text_(text)
    {}

    bool read_title(boost::system::error_code& ec)
    {
        if (!take_line(ec)) {
            return false;
        }
        append_title_line(again_);
        auto version = line_.substr(0, line_.size() - 1);
        if (take_prefix(version, text_title) && is_later_version(version)) {
            ASIO_INOTIFY_FAIL(ec, error::unsupported_snapshot_version);
            return false;
        }
        return is_same(ec);
    }

    bool read_next(watch_descriptor& next, boost::system::error_code& ec)
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
        next = number == 0 ? watch_descriptor{} : watch_descriptor{number};
        append_next_line(again_, next);
        return is_same(ec);
    }

    bool read_watches(std::vector<saved_watch>& watches, boost::system::error_code& ec)
    {
        while (take_line(ec)) {
            if (line_.starts_with("end")) {
                append_end_line(again_, watches.size(), text_.substr(0, position_ - line_.size()));
                return is_same(ec) && is_at_end(ec);
            }
            saved_watch watch;
            if (!parse_watch(line_.substr(0, line_.size() - 1), watch) ||
                (!watches.empty() && watches.back().wd >= watch.wd)) {
                ASIO_INOTIFY_FAIL(ec, error::malformed_snapshot);
                return false;
            }
            append_watch_line(again_, watch);
            if (!is_same(ec)) {
                return false;
            }
            watches.push_back(std::move(watch));
        }
        return false;
    }

    /// The number of the line that was looked at last, from 1.
    [[nodiscard]] std::size_t line() const noexcept { return number_; }

private:
    // The next line with its newline.
    bool take_line(boost::system::error_code& ec)
    {
        ++number_;
        again_.clear();
        auto const newline = text_.find('\n', position_);
        if (newline == std::string_view::npos) {
            ASIO_INOTIFY_FAIL(ec, error::truncated_snapshot);
            return false;
        }
        line_ = text_.substr(position_, newline + 1 - position_);
        position_ = newline + 1;
        return true;
    }

    bool is_same(boost::system::error_code& ec)
    {
        if (line_ != again_) {
            ASIO_INOTIFY_FAIL(ec, error::malformed_snapshot);
        }
        return !ec;
    }

    bool is_at_end(boost::system::error_code& ec)
    {
        if (position_ != text_.size()) {
            ++number_;
            ASIO_INOTIFY_FAIL(ec, error::malformed_snapshot);
        }
        return !ec;
    }

    std::string_view text_;
    std::size_t position_ = 0;
    std::string_view line_;
    std::size_t number_ = 0;
    // The line as the writer writes what was read.
    std::string again_;
};

} // namespace

std::string snapshot::to_text() const
{
    std::string text;
    append_title_line(text);
    append_next_line(text, next_);
    for (auto const& watch : watches_) {
        append_watch_line(text, watch);
    }
    std::string end;
    append_end_line(end, watches_.size(), text);
    return text += end;
}

snapshot snapshot::from_text(std::string_view text, boost::system::error_code& ec,
                             std::size_t& line)
{
    ec.clear();
    snapshot result;
    text_reader reader(text);
    if (reader.read_title(ec) && reader.read_next(result.next_, ec) &&
        reader.read_watches(result.watches_, ec)) {
        line = 0;
        return result;
    }
    line = reader.line();
    return {};
}

} // namespace asio_inotify

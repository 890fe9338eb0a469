//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "snapshot/text_lines.hpp"

#include <asio_inotify/error.hpp>

#include "values/fail.hpp"

#include <cstdint>

namespace asio_inotify::detail {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

// Any decimal number but 0 and 1, of any length.
bool is_later_version(std::string_view version) noexcept
{
    return !version.empty() && version.front() != '0' && version != "1" &&
           version.find_first_not_of("0123456789") == std::string_view::npos;
}

} // namespace

void append_hex_byte(std::string& text, unsigned char byte)
{
    text += hex_digits[byte >> 4U];
    text += hex_digits[byte & 0xfU];
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

void append_title_line(std::string& text, std::string_view title)
{
    text += title;
    text += "1\n";
}

void append_end_line(std::string& text, std::size_t count, std::string_view before)
{
    boost::crc_32_type crc;
    crc.process_bytes(before.data(), before.size());
    append_end_line(text, count, crc.checksum());
}

void append_end_line(std::string& text, std::size_t count, std::uint32_t checksum)
{
    text += "end ";
    append_number(text, count, 10);
    text += ' ';
    for (unsigned shift = 32; shift != 0;) {
        shift -= 8;
        append_hex_byte(text, static_cast<unsigned char>(checksum >> shift & 0xffU));
    }
    text += '\n';
}

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

bool parse_hex_byte(std::string_view text, std::string& bytes)
{
    unsigned char byte = 0;
    if (text.size() != 2 || !parse_number(text, byte, 16)) {
        return false;
    }
    bytes += static_cast<char>(byte);
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

bool line_reader::read_title(std::string_view title, boost::system::error_code& ec)
{
    if (!take_line(ec)) {
        return false;
    }
    append_title_line(rewritten_, title);
    auto version = line_.substr(0, line_.size() - 1);
    if (take_prefix(version, title) && is_later_version(version)) {
        ASIO_INOTIFY_FAIL(ec, error::unsupported_snapshot_version);
        return false;
    }
    return check_rewritten(ec);
}

bool line_reader::read_end(std::size_t count, boost::system::error_code& ec)
{
    append_end_line(rewritten_, count, checksum_.checksum());
    return check_rewritten(ec) && check_at_end(ec);
}

bool line_reader::take_line(boost::system::error_code& ec)
{
    ++number_;
    rewritten_.clear();
    checksum_.process_bytes(line_.data(), line_.size());
    auto const newline = text_.find('\n', position_);
    if (newline == std::string_view::npos) {
        ASIO_INOTIFY_FAIL(ec, error::truncated_snapshot);
        return false;
    }
    if (newline - position_ > longest_line_) {
        ASIO_INOTIFY_FAIL(ec, error::malformed_snapshot);
        return false;
    }
    line_ = text_.substr(position_, newline + 1 - position_);
    position_ = newline + 1;
    return true;
}

bool line_reader::check_rewritten(boost::system::error_code& ec)
{
    if (line_ != rewritten_) {
        ASIO_INOTIFY_FAIL(ec, error::malformed_snapshot);
    }
    return !ec;
}

bool line_reader::check_at_end(boost::system::error_code& ec)
{
    if (position_ != text_.size()) {
        ++number_;
        ASIO_INOTIFY_FAIL(ec, error::malformed_snapshot);
    }
    return !ec;
}

} // namespace asio_inotify::detail

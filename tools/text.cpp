//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "text.hpp"

#include <boost/algorithm/hex.hpp>

#include <cstddef>
#include <iterator>

namespace asio_watch {
namespace {

unsigned char byte_at(std::string_view bytes, std::size_t at) noexcept
{
    return static_cast<unsigned char>(bytes[at]);
}

/// The length of the UTF-8 sequence at the start of the bytes; 0 if there is none.
std::size_t sequence_length(std::string_view bytes) noexcept
{
    auto const lead = byte_at(bytes, 0);
    if (lead < 0x80) {
        return 1;
    }
    std::size_t length = 0;
    // The second byte alone distinguishes overlong forms, surrogates and values above U+10FFFF.
    unsigned char lowest = 0x80;
    unsigned char highest = 0xbf;
    if (lead >= 0xc2 && lead <= 0xdf) {
        length = 2;
    } else if (lead >= 0xe0 && lead <= 0xef) {
        length = 3;
        lowest = lead == 0xe0 ? 0xa0 : lowest;
        highest = lead == 0xed ? 0x9f : highest;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
        length = 4;
        lowest = lead == 0xf0 ? 0x90 : lowest;
        highest = lead == 0xf4 ? 0x8f : highest;
    } else {
        return 0;
    }
    if (bytes.size() < length || byte_at(bytes, 1) < lowest || byte_at(bytes, 1) > highest) {
        return 0;
    }
    for (std::size_t i = 2; i != length; ++i) {
        if ((byte_at(bytes, i) & 0xc0U) != 0x80) {
            return 0;
        }
    }
    return length;
}

void append_hex(std::string& out, std::string_view bytes)
{
    boost::algorithm::hex_lower(bytes.begin(), bytes.end(), std::back_inserter(out));
}

/// True for C0 and C1 control characters. C1 are two bytes in UTF-8; some terminals obey them too.
bool is_control(std::string_view sequence) noexcept
{
    auto const lead = byte_at(sequence, 0);
    return lead < 0x20 || lead == 0x7f || (lead == 0xc2 && byte_at(sequence, 1) < 0xa0);
}

void append_escape(std::string& out, std::string_view bytes)
{
    if (bytes == "\n") {
        out += "\\n";
    } else if (bytes == "\t") {
        out += "\\t";
    } else {
        for (auto const& byte : bytes) {
            out += "\\x";
            append_hex(out, {&byte, 1});
        }
    }
}

void append_json_string(std::string& out, std::string_view utf8)
{
    out += '"';
    for (;;) {
        std::size_t plain = 0;
        while (plain != utf8.size() && byte_at(utf8, plain) >= 0x20 && utf8[plain] != '"' &&
               utf8[plain] != '\\') {
            ++plain;
        }
        out += utf8.substr(0, plain);
        if (plain == utf8.size()) {
            break;
        }
        auto const special = utf8.substr(plain, 1);
        if (special == "\n") {
            out += "\\n";
        } else if (special == "\t") {
            out += "\\t";
        } else if (byte_at(special, 0) < 0x20) {
            out += "\\u00";
            append_hex(out, special);
        } else {
            out += '\\';
            out += special;
        }
        utf8.remove_prefix(plain + 1);
    }
    out += '"';
}

} // namespace

bool is_utf8(std::string_view bytes) noexcept
{
    while (!bytes.empty()) {
        auto const length = sequence_length(bytes);
        if (length == 0) {
            return false;
        }
        bytes.remove_prefix(length);
    }
    return true;
}

void append_escaped(std::string& out, std::string_view bytes)
{
    while (!bytes.empty()) {
        auto const length = sequence_length(bytes);
        auto const sequence = bytes.substr(0, length == 0 ? 1 : length);
        if (length == 0 || is_control(sequence)) {
            append_escape(out, sequence);
        } else if (sequence == "\\") {
            out += "\\\\";
        } else {
            out += sequence;
        }
        bytes.remove_prefix(sequence.size());
    }
}

void append_json_member(std::string& out, std::string_view key, std::string_view bytes)
{
    out += '"';
    out += key;
    if (is_utf8(bytes)) {
        out += "\":";
        append_json_string(out, bytes);
    } else {
        out += "_hex\":\"";
        append_hex(out, bytes);
        out += '"';
    }
}

} // namespace asio_watch

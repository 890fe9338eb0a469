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

/// The code point of a valid UTF-8 sequence.
char32_t decoded(std::string_view sequence) noexcept
{
    constexpr unsigned char lead_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    char32_t code = byte_at(sequence, 0) & lead_bits[sequence.size()];
    for (std::size_t i = 1; i != sequence.size(); ++i) {
        code = code << 6U | (byte_at(sequence, i) & 0x3fU);
    }
    return code;
}

/// True for what a terminal, an editor or a reader of lines obeys instead of showing it.
bool is_control(char32_t code) noexcept
{
    // C0, DEL and C1. C1 are two bytes in UTF-8, and some terminals obey them too.
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) {
        return true;
    }
    // Marks, embeddings, overrides and isolates of bidirectional text, which change the order in
    // which the rest of the line is shown; the separators of lines and paragraphs.
    return code == 0x061c || code == 0x200e || code == 0x200f ||
           (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

/// The size of an arrow between blanks, as between two paths, at a position; 0 if there is none.
std::size_t arrow_length(std::string_view bytes, std::size_t at) noexcept
{
    if (at != 0 && bytes[at - 1] != ' ') {
        return 0;
    }
    auto const rest = bytes.substr(at);
    for (std::string_view const arrow : {"->", "<->"}) {
        if (rest.starts_with(arrow) && (rest.size() == arrow.size() || rest[arrow.size()] == ' ')) {
            return arrow.size();
        }
    }
    return 0;
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

void append_json_escape(std::string& out, std::string_view sequence)
{
    auto const code = decoded(sequence);
    if (code == '\n') {
        out += "\\n";
    } else if (code == '\t') {
        out += "\\t";
    } else if (code == '"' || code == '\\') {
        out += '\\';
        out += sequence;
    } else {
        char const bytes[] = {static_cast<char>(code >> 8U), static_cast<char>(code & 0xffU)};
        out += "\\u";
        append_hex(out, {bytes, sizeof bytes});
    }
}

// All control characters are in the basic plane: they have one \u each.
void append_json_string(std::string& out, std::string_view utf8)
{
    out += '"';
    std::size_t plain = 0;
    while (plain != utf8.size()) {
        auto const sequence = utf8.substr(plain, sequence_length(utf8.substr(plain)));
        if (sequence == "\"" || sequence == "\\" || is_control(decoded(sequence))) {
            out += utf8.substr(0, plain);
            append_json_escape(out, sequence);
            utf8.remove_prefix(plain + sequence.size());
            plain = 0;
        } else {
            plain += sequence.size();
        }
    }
    out += utf8;
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
    for (std::size_t at = 0; at != bytes.size();) {
        auto const length = sequence_length(bytes.substr(at));
        auto const sequence = bytes.substr(at, length == 0 ? 1 : length);
        if (auto const arrow = arrow_length(bytes, at)) {
            out += bytes.substr(at, arrow - 1);
            append_escape(out, ">");
            at += arrow;
            continue;
        }
        if (length == 0 || is_control(decoded(sequence))) {
            append_escape(out, sequence);
        } else if (sequence == "\\") {
            out += "\\\\";
        } else {
            out += sequence;
        }
        at += sequence.size();
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

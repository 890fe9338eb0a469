//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_WATCH_TEXT_HPP
#define ASIO_WATCH_TEXT_HPP

#include <array>
#include <charconv>
#include <concepts>
#include <limits>
#include <string>
#include <string_view>

namespace asio_watch {

/// True if the bytes are valid UTF-8, without overlong forms and surrogates.
[[nodiscard]] bool is_utf8(std::string_view bytes) noexcept;

/// Append bytes escaped: on one line, and harmless to a terminal.
/**
 * Control characters, also those of bidirectional text, separators of lines and paragraphs, bytes
 * that are not UTF-8 and backslashes become `\n`, `\t`, `\\` or `\xHH`. So does the `>` of ` -> `
 * and ` <-> `, which is between two paths. The escaping is reversible.
 */
void append_escaped(std::string& out, std::string_view bytes);

/// Append a JSON object member: `"key":"text"`, or `"key_hex":"..."` if the bytes are not UTF-8.
/** The same control characters are escaped. */
void append_json_member(std::string& out, std::string_view key, std::string_view bytes);

/// Append a number in decimal.
void append_number(std::string& out, std::integral auto value)
{
    std::array<char, std::numeric_limits<decltype(value)>::digits10 + 2> digits;
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out.append(digits.data(), end);
}

} // namespace asio_watch

#endif

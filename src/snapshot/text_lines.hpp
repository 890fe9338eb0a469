//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SNAPSHOT_TEXT_LINES_HPP
#define ASIO_INOTIFY_SRC_SNAPSHOT_TEXT_LINES_HPP

#include <boost/system/error_code.hpp>

#include <array>
#include <charconv>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

// What the texts of snapshots of all kinds are made of.
//
// There is one text for each snapshot. The writer alone knows which: the reader accepts more, then
// has the line that it has read written again and compares. So there is no rule of form that the
// two could see differently.
namespace asio_inotify::detail {

template <class Number>
void append_number(std::string& text, Number number, int base)
{
    // A digit for each bit and a sign is enough for every base.
    std::array<char, std::numeric_limits<Number>::digits + 2> digits{};
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
    text.append(digits.data(), end);
}

void append_hex_byte(std::string& text, unsigned char byte);

/// All but printable ASCII is escaped.
void append_path(std::string& text, std::string_view path);

void append_title_line(std::string& text, std::string_view title);

/// Its checksum is that of what stands before it.
void append_end_line(std::string& text, std::size_t count, std::string_view before);

/// Cut off what stands before a separator; everything if there is none.
std::string_view take_until(std::string_view& text, char separator) noexcept;

bool take_prefix(std::string_view& text, std::string_view prefix) noexcept;

template <class Number>
bool parse_number(std::string_view text, Number& number, int base) noexcept
{
    auto const* const end = text.data() + text.size();
    auto const [last, failure] = std::from_chars(text.data(), end, number, base);
    return failure == std::errc{} && last == end;
}

/// Exactly two digits.
bool parse_hex_byte(std::string_view text, std::string& bytes);

bool parse_path(std::string_view text, std::string& path);

/// Reads a text line by line, and judges a line without those behind it.
class line_reader
{
public:
    explicit line_reader(std::string_view text) noexcept
        : text_(text)
    {}

    bool read_title(std::string_view title, boost::system::error_code& ec);

    /// The number of the line that was looked at last, from 1.
    [[nodiscard]] std::size_t line() const noexcept { return number_; }

protected:
    /// The next line with its newline.
    bool take_line(boost::system::error_code& ec);

    /// The line is the last one: true if it is as it should be.
    bool read_end(std::size_t count, boost::system::error_code& ec);

    bool is_same(boost::system::error_code& ec);

    std::string_view line_;
    // The line as the writer writes what was read.
    std::string again_;

private:
    bool is_at_end(boost::system::error_code& ec);

    std::string_view text_;
    std::size_t position_ = 0;
    std::size_t number_ = 0;
};

} // namespace asio_inotify::detail

#endif

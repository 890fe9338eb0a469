//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SNAPSHOT_TEXT_LINES_HPP
#define ASIO_INOTIFY_SRC_SNAPSHOT_TEXT_LINES_HPP

#include <boost/crc.hpp>
#include <boost/system/error_code.hpp>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

// The parts of the text forms of all snapshots.
//
// Each snapshot has exactly one text. Only the writer knows its form: the reader parses leniently,
// writes the line again from the result and compares. So reader and writer cannot disagree about a
// rule of the form.
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

/// Escapes everything but printable ASCII.
void append_path(std::string& text, std::string_view path);

void append_title_line(std::string& text, std::string_view title);

/// Its checksum is that of all text before it.
void append_end_line(std::string& text, std::size_t count, std::string_view before);
void append_end_line(std::string& text, std::size_t count, std::uint32_t checksum);

/// Remove and return the text up to a separator, which is removed too; all text if there is none.
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

/// Reads a text line by line, and checks each line before it reads the next one.
class line_reader
{
public:
    /** @param longest_line  A longer line is malformed, and is not parsed. */
    explicit line_reader(std::string_view text,
                         std::size_t longest_line = std::string_view::npos) noexcept
        : text_(text)
        , longest_line_(longest_line)
    {}

    bool read_title(std::string_view title, boost::system::error_code& ec);

    /// The number of bytes that were read.
    [[nodiscard]] std::size_t position() const noexcept { return position_; }

    /// The number of the line that was read last, or was found to be wrong after all, from 1.
    [[nodiscard]] std::size_t line() const noexcept { return number_; }

protected:
    /// The next line with its newline.
    bool take_line(boost::system::error_code& ec);

    /// Check that the line is the right end line, and the last one.
    bool read_end(std::size_t count, boost::system::error_code& ec);

    /// Check that the line is the one that the writer writes.
    bool check_rewritten(boost::system::error_code& ec);

    /// A line that was accepted is wrong after all.
    void go_back_to(std::size_t number) noexcept { number_ = number; }

    std::string_view line_;
    // The line as the writer writes it from the parsed values.
    std::string rewritten_;

private:
    bool check_at_end(boost::system::error_code& ec);

    std::string_view text_;
    std::size_t longest_line_;
    // The checksum of the lines before the last one.
    boost::crc_32_type checksum_;
    std::size_t position_ = 0;
    std::size_t number_ = 0;
};

} // namespace asio_inotify::detail

#endif

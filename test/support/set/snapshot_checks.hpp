//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_SET_SNAPSHOT_CHECKS_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_SET_SNAPSHOT_CHECKS_HPP

#include <asio_inotify/error.hpp>

#include <boost/crc.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

// Checks for the texts of snapshots of each kind.
namespace test {

using asio_inotify::error;

/// The last line of a text, by a way of the test's own.
inline std::string end_line(std::string_view before, std::size_t count)
{
    boost::crc_32_type crc;
    crc.process_bytes(before.data(), before.size());
    unsigned const sum = crc.checksum();
    char line[64];
    std::snprintf(line, sizeof line, "end %zu %08x\n", count, sum);
    return line;
}

inline std::size_t count_lines(std::string_view text)
{
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// The checks of a kind of snapshots with a text.
template <class Snapshot>
struct snapshot_checks
{
    static void is_refused(std::string_view text, error code, std::size_t line)
    {
        boost::system::error_code ec;
        std::size_t refused = 12345;
        auto const s = Snapshot::from_text(text, ec, refused);
        if (ec != code || refused != line || !ec.has_location() || !(s == Snapshot())) {
            BOOST_ERROR("refused at line " << refused << ": " << ec.message() << "; expected line "
                                           << line << ": " << make_error_code(code).message()
                                           << "; of the text\n"
                                           << text.substr(0, 2000));
        }
    }

    static void is_malformed(std::string_view text, std::size_t line)
    {
        is_refused(text, error::malformed_snapshot, line);
    }

    static void is_truncated(std::string_view text, std::size_t line)
    {
        is_refused(text, error::truncated_snapshot, line);
    }

    /// Written and read, it is the same.
    static void survives(Snapshot const& s)
    {
        auto const text = s.to_text();
        boost::system::error_code ec = error::no_such_watch;
        std::size_t line = 12345;
        auto const again = Snapshot::from_text(text, ec, line);
        if (ec || line != 0 || !(again == s) || again.to_text() != text) {
            BOOST_ERROR("line " << line << ": " << ec.message() << "; of the text\n"
                                << text.substr(0, 2000));
        }
        bool const readable = std::all_of(text.begin(), text.end(), [](char c) {
            return c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c < 0x7f);
        });
        BOOST_TEST(readable, text);
    }

    static void prefixes_are_truncated(std::string_view text)
    {
        for (std::size_t size = 0; size != text.size(); ++size) {
            auto const prefix = text.substr(0, size);
            is_truncated(prefix, 1 + count_lines(prefix));
        }
    }

    /// The text may be anything; what counts is that it is refused as the reference says.
    static void is_refused_somewhere(std::string const& text)
    {
        boost::system::error_code ec;
        std::size_t line = 0;
        auto const s = Snapshot::from_text(text, ec, line);
        if (!(ec == error::malformed_snapshot || ec == error::truncated_snapshot ||
              ec == error::unsupported_snapshot_version) ||
            line < 1 || line > count_lines(text) + 1 || !(s == Snapshot())) {
            BOOST_ERROR("line " << line << ": " << ec.message() << "; of the text\n" << text);
        }
    }

    static void changed_bytes_are_refused(std::string text)
    {
        for (char& c : text) {
            char const before = c;
            for (int value = 0; value != 256; ++value) {
                c = static_cast<char>(value);
                if (c != before) {
                    is_refused_somewhere(text);
                }
            }
            c = before;
        }
    }

    static void lost_and_added_bytes_are_refused(std::string const& text)
    {
        for (std::size_t at = 0; at != text.size(); ++at) {
            is_refused_somewhere(text.substr(0, at) + text.substr(at + 1));
        }
        for (std::size_t at = 0; at <= text.size(); ++at) {
            for (std::string const added : {" ", "\n", "0", "a", "|", "\\"}) {
                is_refused_somewhere(text.substr(0, at) + added + text.substr(at));
            }
            is_refused_somewhere(text.substr(0, at) + '\0' + text.substr(at));
        }
    }

    /// @param title  That of the form, with the space before the version.
    static void wrong_titles_are_refused(std::string const& title)
    {
        for (auto const* const version : {"", " ", "0", "01", "02", "-1", "+2", "1 ", "2 ", "1\r",
                                          "2\r", "1.1", "2a", "a", " 1"}) {
            is_malformed(title + version + '\n', 1);
        }
        auto const cut = title.substr(0, title.size() - 1);
        for (auto const& line : {std::string(), std::string(" "), cut, ' ' + title + '1', cut + '2',
                                 "A" + title.substr(1) + '1', "\xef\xbb\xbf" + title + '1'}) {
            is_malformed(line + '\n', 1);
        }
    }

    /// @param text  A valid one.
    static void later_versions_are_told(std::string const& title, std::string_view text)
    {
        std::string const rest(text.substr(text.find('\n')));
        for (std::string const version :
             {"2", "9", "10", "11", "2147483648", "18446744073709551617",
              "340282366920938463463374607431768211457"}) {
            auto const line = title + version;
            for (auto const& behind :
                 {rest, std::string("\n"), std::string("\ngarbage"), std::string("\n\n\r\xff")}) {
                is_refused(line + behind, error::unsupported_snapshot_version, 1);
            }
            // Digits can be missing.
            is_truncated(line, 1);
        }
    }

    /// @param body   The text before its last line; that of one watch or entry.
    static void wrong_ends_are_refused(std::string const& body)
    {
        auto const sum = end_line(body, 1).substr(6, 8);
        auto const whole = body + end_line(body, 1);
        BOOST_TEST(Snapshot::from_text(whole).to_text() == whole);
        auto const line = count_lines(body) + 1;
        auto upper = sum;
        for (char& c : upper) {
            c = static_cast<char>(c >= 'a' && c <= 'f' ? c - 'a' + 'A' : c);
        }
        BOOST_TEST_REQUIRE(upper != sum);
        auto other = sum;
        other[7] = other[7] == '0' ? '1' : '0';
        for (auto const& end : {std::string("end"),
                                std::string("end "),
                                std::string("end 1"),
                                std::string("end 1 "),
                                "end 1 " + other,
                                "end 1 " + upper,
                                "end 1 " + sum + ' ',
                                "end 1 " + sum + '\r',
                                "end 1 " + sum + '0',
                                "end 1 0" + sum,
                                "end 1 " + sum.substr(0, 7),
                                "end 1  " + sum,
                                "end  1 " + sum,
                                "end 01 " + sum,
                                "end 0 " + sum,
                                "end 2 " + sum,
                                "end -1 " + sum,
                                "end a " + sum,
                                "end " + sum,
                                "End 1 " + sum,
                                " end 1 " + sum,
                                "ending 1 " + sum,
                                "end 1 0x" + sum}) {
            is_malformed(body + end + '\n', line);
            // The rest is not read any more.
            is_malformed(body + end + "\nend 1 " + sum + '\n', line);
            is_truncated(body + end, line);
        }
    }

    /// @param text  A valid one.
    static void nothing_may_follow(std::string const& text)
    {
        for (auto const& behind :
             {std::string("\n"), std::string(" "), std::string("x"), std::string(1, '\0'),
              std::string("end"), std::string("# comment\n"), text, std::string("\n\n\n")}) {
            is_malformed(text + behind, count_lines(text) + 1);
        }
    }
};

} // namespace test

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_FUZZ_SNAPSHOT_CHECKS_HPP
#define ASIO_INOTIFY_TEST_FUZZ_SNAPSHOT_CHECKS_HPP

#include "check.hpp"

#include <asio_inotify/error.hpp>

#include <boost/crc.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

// There is one text for each snapshot: whatever is accepted is what would be written.
namespace test {

/// @returns What the text says; an empty snapshot if it is refused.
template <class Snapshot>
Snapshot check_text(std::string_view text)
{
    using asio_inotify::error;
    boost::system::error_code ec;
    std::size_t line = 0;
    auto const s = Snapshot::from_text(text, ec, line);
    if (ec) {
        auto const lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
        check(ec == error::malformed_snapshot || ec == error::truncated_snapshot ||
                  ec == error::unsupported_snapshot_version,
              "which error");
        check(line >= 1 && line <= lines + 1, "a line of the text, or the one behind it");
        check(ec != error::truncated_snapshot || line == lines + 1, "cut off in the last line");
        check(ec != error::unsupported_snapshot_version || line == 1, "the line of the version");
        check(s == Snapshot(), "empty on failure");
    } else {
        check(line == 0, "no line on success");
        check(s.to_text() == text, "written again it is the same");
    }
    return s;
}

/// A fuzzer does not guess a checksum. So that it gets behind it, the last line is replaced by the
/// one that belongs there.
/** @param counts  Says whether a line counts. */
template <class Counts>
std::string with_end(std::string_view text, Counts counts)
{
    std::size_t count = 0;
    std::size_t size = 0;
    for (;;) {
        auto const newline = text.find('\n', size);
        auto const line = text.substr(size, newline - size);
        if (newline == std::string_view::npos || line.starts_with("end")) {
            break;
        }
        count += counts(line) ? 1 : 0;
        size = newline + 1;
    }
    boost::crc_32_type crc;
    crc.process_bytes(text.data(), size);
    char end[64];
    std::snprintf(end, sizeof end, "end %zu %08x\n", count, crc.checksum());
    return std::string(text.substr(0, size)) + end;
}

} // namespace test

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/error.hpp>
#include <asio_inotify/snapshot.hpp>

#include <boost/crc.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

// There is one text for each snapshot: whatever is accepted is what would be written.
namespace {

void check(bool holds, char const* what)
{
    if (!holds) {
        std::fprintf(stderr, "does not hold: %s\n", what);
        std::abort();
    }
}

void check_text(std::string_view text)
{
    using namespace asio_inotify;
    boost::system::error_code ec;
    std::size_t line = 0;
    auto const s = snapshot::from_text(text, ec, line);
    if (ec) {
        auto const lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
        check(ec == error::malformed_snapshot || ec == error::truncated_snapshot ||
                  ec == error::unsupported_snapshot_version,
              "which error");
        check(line >= 1 && line <= lines + 1, "a line of the text, or the one behind it");
        check(ec != error::truncated_snapshot || line == lines + 1, "cut off in the last line");
        check(ec != error::unsupported_snapshot_version || line == 1, "the line of the version");
        check(s == snapshot(), "empty on failure");
        return;
    }
    check(line == 0, "no line on success");
    check(s.to_text() == text, "written again it is the same");
    // The constructor takes what the text may say.
    check(snapshot(s.watches(), s.next()) == s, "put together again it is the same");
}

// A fuzzer does not guess a checksum. So that it gets behind it, the last line is replaced by the
// one that belongs there.
std::string with_end(std::string_view text)
{
    std::size_t watches = 0;
    std::size_t size = 0;
    for (;;) {
        auto const newline = text.find('\n', size);
        auto const line = text.substr(size, newline - size);
        if (newline == std::string_view::npos || line.starts_with("end")) {
            break;
        }
        watches += line.starts_with("watch ") ? 1 : 0;
        size = newline + 1;
    }
    boost::crc_32_type crc;
    crc.process_bytes(text.data(), size);
    char end[64];
    std::snprintf(end, sizeof end, "end %zu %08x\n", watches, crc.checksum());
    return std::string(text.substr(0, size)) + end;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string const text(data, data + size);
    check_text(text);
    check_text(with_end(text));
    return 0;
}

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "snapshot_checks.hpp"

#include <asio_inotify/snapshot.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

void check_text(std::string_view text)
{
    auto const s = test::check_text<asio_inotify::snapshot>(text);
    // The constructor takes what the text may say.
    test::check(asio_inotify::snapshot(s.watches(), s.next()) == s,
                "put together again it is the same");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string const text(data, data + size);
    check_text(text);
    check_text(
        test::with_end(text, [](std::string_view line) { return line.starts_with("watch "); }));
    return 0;
}

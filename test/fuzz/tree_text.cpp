//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "snapshot_checks.hpp"

#include <asio_inotify/tree_snapshot.hpp>

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace {

void check_text(std::string_view text)
{
    auto const s = test::check_text<asio_inotify::tree_snapshot>(text);
    // The restorer relies on this.
    std::size_t deepest = 0;
    std::set<int> numbers;
    std::set<std::string_view> roots;
    for (auto const& entry : s.entries()) {
        test::check(entry.wd == 0 || numbers.insert(entry.wd).second, "a watch for each");
        test::check(entry.depth != 0 || roots.insert(entry.name).second, "each root once");
        test::check(entry.depth <= deepest, "a directory above each");
        test::check(!entry.name.empty() && entry.name.find('\0') == std::string::npos, "a name");
        test::check(entry.depth == 0 || entry.name.find('/') == std::string::npos, "a single name");
        test::check((entry.depth == 0) == entry.absolute.starts_with('/'), "a place for each root");
        test::check(entry.wd >= 0 && (entry.is_directory || entry.wd == 0), "a number");
        bool const can_have_entries =
            entry.is_directory && entry.state != asio_inotify::detail::saved_state::lost;
        deepest = can_have_entries ? entry.depth + std::size_t{1} : entry.depth;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string const text(data, data + size);
    check_text(text);
    check_text(test::with_end(text, [](std::string_view line) {
        return !line.starts_with("time ") && !line.starts_with("asio-inotify ");
    }));
    return 0;
}

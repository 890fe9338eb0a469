//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_SET_OPEN_SET_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_SET_OPEN_SET_HPP

#include "support/instance.hpp"

#include <asio_inotify.hpp>

#include <string>
#include <vector>

namespace test {

/// "path: wd kind name", for comparisons that show what is wrong.
inline std::string describe_joined(asio_inotify::watch_event const& e)
{
    auto const of_watch = e.watch() ? std::string(e.watch().path()) : "none";
    return std::filesystem::path(of_watch).filename().string() + ": " + describe(e);
}

/// Everything that can be read from a set without waiting.
inline std::vector<std::string> drain(asio_inotify::watch_set& set, std::size_t size = 65536)
{
    std::vector<std::string> seen;
    std::vector<std::byte> memory(size);
    set.non_blocking(true);
    for (;;) {
        error_code ec;
        auto const batch = set.read_events(asio::buffer(memory), ec);
        if (ec) {
            BOOST_TEST(ec == asio::error::would_block);
            set.non_blocking(false);
            return seen;
        }
        BOOST_TEST(!batch.empty());
        for (auto const e : batch) {
            seen.push_back(describe_joined(e));
        }
    }
}

/// An open set and a directory of the test's own.
struct open_set
{
    open_set() { set.open(); }

    std::filesystem::path new_file() { return dir.write("file" + std::to_string(++files)); }

    [[nodiscard]] std::string account() { return kernel_account(set.native_handle()); }

    temp_directory dir;
    asio::io_context context;
    asio_inotify::watch_set set{context};
    int files = 0;
};

} // namespace test

#endif

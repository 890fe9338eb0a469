//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "kernel_watches.hpp"

#include <charconv>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

namespace asio_watch {

std::optional<std::unordered_set<asio_inotify::watch_descriptor>> kernel_watches(int descriptor)
{
    std::ifstream info("/proc/self/fdinfo/" + std::to_string(descriptor));
    if (!info) {
        return std::nullopt;
    }
    std::unordered_set<asio_inotify::watch_descriptor> watches;
    constexpr std::string_view prefix = "inotify wd:";
    for (std::string line; std::getline(info, line);) {
        int number = 0;
        if (line.starts_with(prefix) &&
            std::from_chars(line.data() + prefix.size(), line.data() + line.size(), number, 16)
                    .ec == std::errc{}) {
            watches.insert(asio_inotify::watch_descriptor{number});
        }
    }
    return info.bad() ? std::nullopt : std::optional{watches};
}

} // namespace asio_watch

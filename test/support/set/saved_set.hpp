//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_SET_SAVED_SET_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_SET_SAVED_SET_HPP

#include "support/set/open_set.hpp"

#include <algorithm>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace test {

using asio_inotify::restore_options;
using asio_inotify::saved_watch;
using asio_inotify::snapshot;
using asio_inotify::watch_outcome;
using asio_inotify::watch_report;
using asio_inotify::watch_set;

/// The kernel's lines of the watches of an instance, sorted.
inline std::vector<std::string> watch_lines(int fd)
{
    std::vector<std::string> lines;
    std::istringstream account(kernel_account(fd));
    for (std::string line; std::getline(account, line);) {
        if (line.starts_with("inotify ")) {
            lines.push_back(line);
        }
    }
    std::sort(lines.begin(), lines.end());
    return lines;
}

/// "3 gone, name of the path, reason": what is not the same, one by one.
inline std::vector<std::string> findings(watch_report const& report)
{
    std::vector<std::string> lines;
    for (auto const& f : report.findings) {
        auto line = std::to_string(f.wd.value()) + ' ' + std::string(to_string(f.outcome)) + ' ' +
                    std::filesystem::path(f.path).filename().string();
        if (f.reason) {
            line += ": " + f.reason.message();
        }
        lines.push_back(line);
    }
    return lines;
}

/// Whether objects may be opened by their handles: CAP_DAC_READ_SEARCH, where it counts.
inline bool can_open_by_handle()
{
    alignas(file_handle) char memory[sizeof(file_handle) + 128];
    auto* const handle = reinterpret_cast<file_handle*>(memory);
    handle->handle_bytes = 128;
    int mount = 0;
    if (::name_to_handle_at(AT_FDCWD, "/tmp", handle, &mount, 0) < 0) {
        return false;
    }
    int const directory = ::open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int const fd = ::open_by_handle_at(directory, handle, O_PATH | O_CLOEXEC);
    ::close(directory);
    if (fd < 0) {
        return false;
    }
    ::close(fd);
    return true;
}

} // namespace test

#endif

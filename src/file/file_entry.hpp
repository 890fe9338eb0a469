//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_FILE_FILE_ENTRY_HPP
#define ASIO_INOTIFY_SRC_FILE_FILE_ENTRY_HPP

#include "paths/path_entry.hpp"
#include "system/directory_ops.hpp"

#include <asio_inotify/file_identity.hpp>

#include <chrono>
#include <cstdint>

namespace asio_inotify::detail {

/// The state of a path, to be compared with the one reported before.
struct file_state
{
    file_identity identity{};
    file_stamp stamp{};
    /// The watch on the file. As long as it is the same, so is the file. 0 if there is none, or one
    /// that does not report every change.
    int wd = 0;
    /// The errno that says why there is no file; 0 if there is one.
    int reason = 0;

    [[nodiscard]] bool present() const noexcept { return reason == 0; }
};

/// A path that the user watches; its text is the path as given.
struct file_entry : path_entry
{
    // Events may have been lost after the last report.
    bool events_lost : 1 = false;
    // The stamp is so recent that another write, or a different file, can have the same.
    bool stamp_is_recent : 1 = false;
    // Milliseconds.
    std::uint32_t settle = 0;
    // Of the state at the last comparison, while it waits for its deadline.
    std::uint32_t digest = 0;
    file_state reported{};
    std::chrono::steady_clock::time_point deadline{};
};

} // namespace asio_inotify::detail

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_FILE_FILE_ENTRY_HPP
#define ASIO_INOTIFY_SRC_FILE_FILE_ENTRY_HPP

#include "file/linked_list.hpp"
#include "file/text_behind.hpp"

#include "system/directory_ops.hpp"

#include <asio_inotify/file_identity.hpp>

#include <chrono>
#include <cstdint>

namespace asio_inotify::detail {

struct name_node;

/// The state of a path, as it is compared with the one reported before.
struct file_state
{
    file_identity identity{};
    file_stamp stamp{};
    /// The watch on the file; 0 if there is none. No other file has it as long as it is the same.
    int wd = 0;
    /// Why there is no file: an errno; 0 if there is one.
    int reason = 0;

    [[nodiscard]] bool present() const noexcept { return reason == 0; }
};

/// A path that the user watches; its text is the path as it was given.
struct file_entry : text_size
{
    // How it is watched.
    bool writes_each : 1 = false;
    bool follows : 1 = false;
    // In the list of those to be compared.
    bool queued : 1 = false;
    // The file was written since the report.
    bool written : 1 = false;
    // Events were lost since the report.
    bool doubtful : 1 = false;
    // Waits for its deadline.
    bool settling : 1 = false;
    // The file was written since it was compared.
    bool disturbed : 1 = false;
    // The stamp is so young that another write could have left the same, or another file have it.
    bool young : 1 = false;
    std::uint32_t settle = 0; // milliseconds
    // Of the state when it was compared last, if it waits for its deadline.
    std::uint32_t digest = 0;
    name_node* node = nullptr;
    file_entry* next_of_node = nullptr;
    list_links<file_entry> check_links{};
    file_state reported{};
    std::chrono::steady_clock::time_point deadline{};
};

} // namespace asio_inotify::detail

#endif

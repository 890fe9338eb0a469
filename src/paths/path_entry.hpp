//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_PATHS_PATH_ENTRY_HPP
#define ASIO_INOTIFY_SRC_PATHS_PATH_ENTRY_HPP

#include "paths/linked_list.hpp"
#include "paths/trailing_text.hpp"

namespace asio_inotify::detail {

struct name_node;

/// A path whose object is of interest. The base of what a user of the resolver keeps for it.
struct path_entry : trailing_text
{
    // A symbolic link at the end of the path is followed.
    bool follows : 1 = false;
    // Each write to its file counts, not only the last close.
    bool writes_each : 1 = false;
    // Writes that do not count delay what waits.
    bool settles : 1 = false;
    // In the queue of entries to compare.
    bool queued : 1 = false;
    // The file was written after the last report.
    bool written : 1 = false;
    // The file was written after the last comparison.
    bool disturbed : 1 = false;
    // Waits for the end of its settle time.
    bool settling : 1 = false;
    name_node* node = nullptr;
    path_entry* next_of_node = nullptr;
    list_links<path_entry> queue_links{};
};

} // namespace asio_inotify::detail

#endif

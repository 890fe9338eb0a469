//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SYSTEM_FILE_HANDLES_HPP
#define ASIO_INOTIFY_SRC_SYSTEM_FILE_HANDLES_HPP

#include "system/unique_fd.hpp"

#include <asio_inotify/inode_identity.hpp>

#include <span>
#include <string>

// Opening objects by their file handles (name_to_handle_at(2)) instead of by paths.
namespace asio_inotify::detail {

struct handle_request
{
    inode_identity const* identity = nullptr;
    /// Any directory of the object's filesystem, as an absolute path.
    char const* directory = nullptr;
    /// The object, opened with O_PATH. Closed if it was not found, has no name any more, or we lack
    /// the permission to search.
    unique_fd object{};
    /// The errno of a search that failed for lack of descriptors, threads or memory; else 0.
    int failure = 0;
};

/// Open objects by their file handles. Needs CAP_DAC_READ_SEARCH.
/** No watch reports that. */
void open_by_handle(std::span<handle_request> requests) noexcept;

/// The path of the object that a descriptor is open on; empty if it is not known.
[[nodiscard]] std::string path_of_descriptor(int fd);

/// True if a descriptor is open on a symbolic link itself.
[[nodiscard]] bool is_symbolic_link(int fd) noexcept;

} // namespace asio_inotify::detail

#endif

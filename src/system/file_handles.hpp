//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SYSTEM_FILE_HANDLES_HPP
#define ASIO_INOTIFY_SRC_SYSTEM_FILE_HANDLES_HPP

#include "system/held_file.hpp"

#include <asio_inotify/inode_identity.hpp>

#include <span>
#include <string>

// Finding objects by what they are, not by a path.
namespace asio_inotify::detail {

struct handle_request
{
    inode_identity const* identity = nullptr;
    /// A directory of the object's filesystem.
    char const* mount_point = nullptr;
    /// The object, opened with O_PATH: the caller closes it. Negative if it was not found, has no
    /// name any more, or may not be looked for.
    int fd = -1;
    /// Why it could not be looked for: no descriptor or thread was left.
    int failure = 0;
};

/// Open objects by their file handles, for which CAP_DAC_READ_SEARCH is needed.
/** No watch sees an event of it. */
void open_by_handle(std::span<handle_request> requests) noexcept;

/// Close the descriptors that are open.
void close_all(std::span<handle_request const> requests) noexcept;

/// The path of what a descriptor is open on; empty if it is not known.
[[nodiscard]] std::string path_of(int fd);

/// True if a descriptor is open on a symbolic link itself.
[[nodiscard]] bool is_symbolic_link(held_file const& file) noexcept;

} // namespace asio_inotify::detail

#endif

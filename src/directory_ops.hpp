//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_DIRECTORY_OPS_HPP
#define ASIO_INOTIFY_SRC_DIRECTORY_OPS_HPP

#include "held_file.hpp"

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <string>

namespace asio_inotify::detail {

/// What a name stands for.
enum class file_kind : std::uint8_t
{
    none,
    directory,
    symbolic_link,
    /// Everything else.
    file
};

/// What of an inode tells that its content was changed: the times in nanoseconds since 1970.
struct file_stamp
{
    std::int64_t status_changed = 0;
    std::int64_t modified = 0;
    std::int64_t size = 0;

    friend bool operator==(file_stamp const&, file_stamp const&) = default;
};

/// What stat(2) tells.
struct file_status
{
    file_kind kind = file_kind::none;
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    file_stamp stamp;
};

/// Of what a descriptor is open on.
[[nodiscard]] file_status status_of(int fd, boost::system::error_code& ec) noexcept;

/// Of what a path names; of a symbolic link itself.
[[nodiscard]] file_status status_of(char const* path, boost::system::error_code& ec) noexcept;

/// The time that a file gets that is changed now, in nanoseconds since 1970.
[[nodiscard]] std::int64_t file_clock_now() noexcept;

/// Where the symbolic link leads that a descriptor of open(2) with O_PATH is open on.
void read_link(int fd, std::string& target, boost::system::error_code& ec);

/// The absolute path of the working directory.
[[nodiscard]] std::string working_directory(boost::system::error_code& ec);

/// What a path names, held: another path that goes on naming the same object.
/** Opening it is not reported to any watch (kernel note 4.32). */
class pinned_path : public held_file
{
public:
    /** @param dont_follow  Take a symbolic link itself, not what it points to. */
    pinned_path(char const* path, bool dont_follow, boost::system::error_code& ec) noexcept;
};

} // namespace asio_inotify::detail

#endif

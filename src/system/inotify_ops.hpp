//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SYSTEM_INOTIFY_OPS_HPP
#define ASIO_INOTIFY_SRC_SYSTEM_INOTIFY_OPS_HPP

#include "system/descriptor_path.hpp"
#include "system/unique_fd.hpp"

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>

// The system calls of inotify(7), one function each. No other place makes them, except the
// functions of detail/instance_ops.hpp, which are defined in the same file.
namespace asio_inotify::detail {

/// inotify_add_watch(2); -1 on failure.
[[nodiscard]] int add_watch(int fd, char const* path, std::uint32_t native_mask,
                            boost::system::error_code& ec) noexcept;

/// inotify_rm_watch(2); failure means that the watch is gone already.
void drop_watch(int fd, int wd) noexcept;

/// The first watch descriptor that the kernel tries for the next watch, after it gave this one.
[[nodiscard]] constexpr int number_behind(int wd) noexcept
{
    return wd == (std::numeric_limits<int>::max)() ? 1 : wd + 1;
}

/// INOTIFY_IOC_SETNEXTWD.
void set_next(int fd, int wd, boost::system::error_code& ec) noexcept;

/// True if the failure means that the kernel lacks INOTIFY_IOC_SETNEXTWD.
[[nodiscard]] bool is_set_next_missing(boost::system::error_code const& ec) noexcept;

/// Says whether there is nothing to read. Does not walk the queue, as FIONREAD does.
[[nodiscard]] bool is_queue_empty(int fd) noexcept;

/// One read(2) if there is something to read; 0 if there is not, or on failure.
[[nodiscard]] std::size_t read_queued(int fd, std::byte* data, std::size_t size,
                                      boost::system::error_code& ec) noexcept;

/// One read(2) of an instance that does not block; 0 if there is nothing to read, or on failure.
[[nodiscard]] std::size_t read_now(int fd, std::byte* data, std::size_t size,
                                   boost::system::error_code& ec) noexcept;

/// Do not let a program that this process executes inherit the descriptor.
void set_close_on_exec(int fd) noexcept;

/// A file of our own (memfd), to watch where any inode will do.
class scratch_inode
{
public:
    explicit scratch_inode(boost::system::error_code& ec) noexcept;

    /// Valid as long as the object lives and /proc is mounted.
    [[nodiscard]] char const* path() const noexcept { return path_.c_str(); }

private:
    unique_fd fd_;
    descriptor_path path_;
};

/// A mask that the kernel accepts, and with which a watch never reports an event.
inline constexpr std::uint32_t silent_mask = 0x8000;

} // namespace asio_inotify::detail

#endif

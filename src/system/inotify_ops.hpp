//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SYSTEM_INOTIFY_OPS_HPP
#define ASIO_INOTIFY_SRC_SYSTEM_INOTIFY_OPS_HPP

#include "system/held_file.hpp"

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>

// The system calls of inotify(7), one function each. With detail/instance_ops.hpp, whose functions
// are defined beside these, the only place that knows them.
namespace asio_inotify::detail {

/// inotify_add_watch(2); -1 on failure.
[[nodiscard]] int add_watch(int fd, char const* path, std::uint32_t native_mask,
                            boost::system::error_code& ec) noexcept;

/// inotify_rm_watch(2); failure means that the watch is gone already.
void drop_watch(int fd, int wd) noexcept;

/// Takes a watch away again, unless told that it is wanted.
class watch_guard
{
public:
    watch_guard(int fd, int wd) noexcept
        : fd_(fd)
        , wd_(wd)
    {}
    watch_guard(watch_guard const&) = delete;
    watch_guard& operator=(watch_guard const&) = delete;

    ~watch_guard()
    {
        if (wd_ != 0) {
            drop_watch(fd_, wd_);
        }
    }

    void keep() noexcept { wd_ = 0; }

private:
    int fd_;
    int wd_;
};

/// Where the kernel searches for the number of the next watch, after it gave this one.
[[nodiscard]] constexpr int number_behind(int wd) noexcept
{
    return wd == (std::numeric_limits<int>::max)() ? 1 : wd + 1;
}

/// INOTIFY_IOC_SETNEXTWD.
void set_next(int fd, int wd, boost::system::error_code& ec) noexcept;

/// True if the failure says that the kernel has no INOTIFY_IOC_SETNEXTWD.
[[nodiscard]] bool is_set_next_missing(boost::system::error_code const& ec) noexcept;

/// Whether there is nothing to read. Does not walk the queue, as asking for its size does.
[[nodiscard]] bool is_queue_empty(int fd) noexcept;

/// One read(2) if there is something to read; 0 if there is not, or on failure.
[[nodiscard]] std::size_t read_queued(int fd, std::byte* data, std::size_t size,
                                      boost::system::error_code& ec) noexcept;

/// One read(2) of an instance that does not block; 0 if there is nothing to read, or on failure.
[[nodiscard]] std::size_t read_now(int fd, std::byte* data, std::size_t size,
                                   boost::system::error_code& ec) noexcept;

/// A program that this process becomes by execve(2) does not get the descriptor.
void set_close_on_exec(int fd) noexcept;

/// A file that nobody else has, to be watched when a watch of anything is wanted.
class scratch_inode : public held_file
{
public:
    explicit scratch_inode(boost::system::error_code& ec) noexcept;
};

/// A mask with which a watch is accepted but never reports anything.
inline constexpr std::uint32_t silent_mask = 0x8000;

} // namespace asio_inotify::detail

#endif

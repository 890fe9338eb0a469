//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_FILE_FILE_PORT_HPP
#define ASIO_INOTIFY_SRC_FILE_FILE_PORT_HPP

#include "system/directory_ops.hpp"

#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace asio_inotify::detail {

/// The result of looking up a path.
struct lookup_result
{
    /// The status of the object; of kind `none` if there is none that can be used.
    file_status status;
    /// The errno that says why there is none.
    int reason = 0;
    /// The watch on it; 0 for none.
    int wd = 0;
    /// The errno of adding the watch; 0 if that succeeded or was not requested.
    int watch_failure = 0;
    /// The target of a symbolic link.
    std::string target;

    /// Prepare for the next lookup. Keeps the memory of the target.
    void clear() noexcept
    {
        status = {};
        reason = 0;
        wd = 0;
        watch_failure = 0;
        target.clear();
    }
};

/// The world as a file_engine sees it: the kernel, or a simulated one.
/** Paths are absolute. Symbolic links are followed, except at the end of a path. */
class file_port
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    file_port() = default;
    file_port(file_port const&) = delete;
    file_port& operator=(file_port const&) = delete;
    virtual ~file_port() = default;

    /// Read queued events, as many whole ones as fit; 0 if there are none.
    virtual std::size_t read_events(std::byte* data, std::size_t size,
                                    boost::system::error_code& ec) noexcept = 0;

    /// Watch the object that a path names, then read its status. Both are of the same inode.
    /**
     * @param directory_mask  The mask if it is a directory; 0 for no watch.
     * @param file_mask       The mask if it is a file, merged with that of its watch; 0 for no
     *                        watch.
     */
    virtual void look_up(char const* path, std::uint32_t directory_mask, std::uint32_t file_mask,
                         lookup_result& result) = 0;

    /// The same with half the system calls, for a path that names a file without a watch.
    /**
     * The watch and the status can be of different inodes if the file is replaced in between.
     * @returns False if the path names something else: then nothing has changed, and the result is
     *          not set.
     */
    virtual bool look_up_unwatched_file(char const* path, std::uint32_t file_mask,
                                        lookup_result& result) = 0;

    /// The status of the object that a path names. Adds no watch.
    [[nodiscard]] virtual file_status status(char const* path,
                                             boost::system::error_code& ec) noexcept = 0;

    virtual void drop_watch(int wd) noexcept = 0;

    /// True if something was mounted or unmounted since the last call.
    [[nodiscard]] virtual bool take_mounts_changed() noexcept = 0;

    [[nodiscard]] virtual std::string working_directory(boost::system::error_code& ec) = 0;

    [[nodiscard]] virtual time_point now() noexcept = 0;

    /// The time stamp of a file that is changed now, in nanoseconds since 1970.
    [[nodiscard]] virtual std::int64_t wall_time() noexcept = 0;

    /// True if the deadline has come, which is forgotten then.
    [[nodiscard]] virtual bool take_expired(time_point now) noexcept = 0;

    /// Run the next step at a deadline, if not before; the largest time for no deadline.
    virtual void arm(time_point deadline) noexcept = 0;

    /// Run the next step at once.
    virtual void wake() noexcept = 0;
};

} // namespace asio_inotify::detail

#endif

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

/// What was found under a path.
struct look_result
{
    /// What there is, `none` if there is nothing that can be used.
    file_status status;
    /// Why there is nothing: an errno.
    int reason = 0;
    /// The watch that is on it now; 0 for none.
    int wd = 0;
    /// Why there is no watch that was wanted: an errno, 0 if none was wanted.
    int watch_failure = 0;
    /// Where a symbolic link leads.
    std::string target;

    /// Make ready for the next one; the memory of the target is kept.
    void clear() noexcept
    {
        status = {};
        reason = 0;
        wd = 0;
        watch_failure = 0;
        target.clear();
    }
};

// What the engine of a file watcher needs of the world. Paths are absolute, and symbolic links in
// all but the last name are followed.
class file_port
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    file_port() = default;
    file_port(file_port const&) = delete;
    file_port& operator=(file_port const&) = delete;
    virtual ~file_port() = default;

    /// Queued events, as many whole ones as fit; 0 if there are none.
    virtual std::size_t read_events(std::byte* data, std::size_t size,
                                    boost::system::error_code& ec) noexcept = 0;

    /// Watch what a path names, then look at it: watch and look are at the same inode.
    /**
     * @param directory_mask  How to watch it if it is a directory; 0 for not.
     * @param file_mask       How to watch it if it is a file, beside how it is watched already; 0
     *                        for not.
     */
    virtual void look(char const* path, std::uint32_t directory_mask, std::uint32_t file_mask,
                      look_result& result) = 0;

    /// The same with half the system calls, if the path names a file that is not watched yet.
    /**
     * The watch and the look can be at different inodes if another takes the place of the first in
     * between.
     * @returns False if it is something else: then nothing is changed, and nothing is known.
     */
    virtual bool look_quickly(char const* path, std::uint32_t file_mask, look_result& result) = 0;

    /// What a path names, without a watch.
    [[nodiscard]] virtual file_status status(char const* path,
                                             boost::system::error_code& ec) noexcept = 0;

    virtual void drop_watch(int wd) noexcept = 0;

    /// True if something was mounted or unmounted since the last call.
    [[nodiscard]] virtual bool take_mounts_changed() noexcept = 0;

    [[nodiscard]] virtual std::string working_directory(boost::system::error_code& ec) = 0;

    [[nodiscard]] virtual time_point now() noexcept = 0;

    /// In nanoseconds since 1970, as files have it.
    [[nodiscard]] virtual std::int64_t wall_time() noexcept = 0;

    /// True if the time has come that was set; none is set then.
    [[nodiscard]] virtual bool take_expired(time_point now) noexcept = 0;

    /// Be called again at a time, if not before; the largest for no time.
    virtual void arm(time_point deadline) noexcept = 0;

    /// Be called again at once.
    virtual void wake() noexcept = 0;
};

} // namespace asio_inotify::detail

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_PATHS_PATH_PORT_HPP
#define ASIO_INOTIFY_SRC_PATHS_PATH_PORT_HPP

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
    /// The changes of the object that its watch does not report; none if no watch was requested.
    blind_spot unreported = blind_spot::none;
    /// The target of a symbolic link.
    std::string target;

    /// Prepare for the next lookup. Keeps the memory of the target.
    void clear() noexcept
    {
        status = {};
        reason = 0;
        wd = 0;
        watch_failure = 0;
        unreported = blind_spot::none;
        target.clear();
    }
};

/// The paths of the world as a path_resolver sees them: those of the kernel, or simulated ones.
/** Paths are absolute. Symbolic links are followed, except at the end of a path. The links of the
 * kernel in /proc that lead where their text does not say, such as /proc/self/cwd, are not links
 * here: they are the objects to which they lead. */
class path_port
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    path_port() = default;
    path_port(path_port const&) = delete;
    path_port& operator=(path_port const&) = delete;
    virtual ~path_port() = default;

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

    [[nodiscard]] virtual time_point now() noexcept = 0;
};

} // namespace asio_inotify::detail

#endif

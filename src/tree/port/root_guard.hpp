//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_PORT_ROOT_GUARD_HPP
#define ASIO_INOTIFY_SRC_TREE_PORT_ROOT_GUARD_HPP

#include <boost/system/error_code.hpp>

#include <string>
#include <vector>

namespace asio_inotify::detail {

// Tells when a path may name something else, or something again: watches the directories above it,
// as far as there are any, in an inotify instance of its own, so that the trees' instance has the
// trees' watches and events only.
class root_guard
{
public:
    root_guard() noexcept = default;
    root_guard(root_guard const&) = delete;
    root_guard& operator=(root_guard const&) = delete;
    ~root_guard();

    void open(boost::system::error_code& ec) noexcept;

    /// The inotify instance; negative if there is none.
    [[nodiscard]] int native_handle() const noexcept { return fd_; }

    /** @param path  An absolute one. */
    void guard(std::string const& path);
    void unguard(std::string const& path) noexcept;

    /// The paths to which something may have happened since the last call.
    [[nodiscard]] std::vector<std::string> take_suspects();

private:
    // A directory above a guarded path.
    struct step
    {
        int wd;
        // The entry of it that the path goes on with.
        std::string name;
    };

    struct guarded
    {
        std::string path;
        std::vector<step> steps;
        bool suspect;
    };

    void watch_steps(guarded& one);
    void end_unused(std::vector<step> const& gone) noexcept;

    int fd_ = -1;
    std::vector<guarded> guarded_;
};

} // namespace asio_inotify::detail

#endif

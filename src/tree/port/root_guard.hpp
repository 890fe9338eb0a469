//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_PORT_ROOT_GUARD_HPP
#define ASIO_INOTIFY_SRC_TREE_PORT_ROOT_GUARD_HPP

#include "system/unique_fd.hpp"

#include <boost/system/error_code.hpp>

#include <string>
#include <vector>

namespace asio_inotify::detail {

/// Reports that a path may name a different object than before, or one again.
/**
 * It watches the directories above the path, as far down as they exist, in an inotify instance of
 * its own: so the instance of the trees has only their watches and events.
 */
class root_guard
{
public:
    root_guard() noexcept = default;
    root_guard(root_guard const&) = delete;
    root_guard& operator=(root_guard const&) = delete;
    ~root_guard() = default;

    void open(boost::system::error_code& ec) noexcept;

    /// The inotify instance; negative if closed.
    [[nodiscard]] int native_handle() const noexcept { return instance_.get(); }

    /// Start to watch the directories above a path. No effect if closed.
    /** @pre The path is absolute. */
    void guard(std::string const& path);
    void unguard(std::string const& path) noexcept;

    /// The paths that may name a different object since the last call. May be spurious.
    [[nodiscard]] std::vector<std::string> take_suspects();

private:
    // A directory above a guarded path.
    struct ancestor
    {
        int wd;
        // The next component of the path.
        std::string name;
    };

    struct guarded
    {
        std::string path;
        std::vector<ancestor> ancestors;
        bool suspect;
    };

    void watch_ancestors(guarded& one);
    void remove_unused_watches(std::vector<ancestor> const& candidates) noexcept;

    unique_fd instance_;
    std::vector<guarded> guarded_;
};

} // namespace asio_inotify::detail

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_PORT_PATH_GUARD_HPP
#define ASIO_INOTIFY_SRC_TREE_PORT_PATH_GUARD_HPP

#include "paths/kernel_path_port.hpp"
#include "paths/path_resolver.hpp"
#include "paths/retry_timer.hpp"
#include "system/wait_set.hpp"
#include "tree/port/tree_port.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace asio_inotify::detail {

/// Notices when the path of a root, or of a followed link, may name a different object.
/**
 * It watches every directory in which a name of the path is looked up, through all symbolic links,
 * as a file watcher does. Its inotify instance is its own: so the instance of the trees has only
 * their watches and events. What cannot be watched, or does not report every change, is looked up
 * again every second, and the paths that need it are suspect every second until then.
 */
class path_guard
{
public:
    using time_point = path_port::time_point;

    /// @param waits  Where the inotify instance is added, at once or later.
    explicit path_guard(wait_set& waits)
        : waits_(waits)
        , resolver_(port_)
    {}
    path_guard(path_guard const&) = delete;
    path_guard& operator=(path_guard const&) = delete;
    ~path_guard() = default;

    /// Create the inotify instance. If that fails, it is retried.
    void open() noexcept;

    /// Start to watch a path, which is suspect at first. Strong exception safety.
    /** @pre The path is absolute. */
    void guard(std::string const& path);
    void unguard(std::string_view path) noexcept;

    /// The same for a link that is to be looked up after this: it is not suspect at first.
    /** An id that is used already gets another path. */
    void guard_link(link_id id, std::string const& path);
    void unguard_link(link_id id) noexcept;

    /// The list of mounts has changed: all paths are suspect.
    void suspect_all() noexcept { resolver_.mark_all(); }

    /// The paths that may name a different object since the last call. May be spurious.
    [[nodiscard]] std::vector<std::string> take_suspects();

    /// The links that may lead elsewhere. @pre @ref take_suspects was called first.
    [[nodiscard]] std::vector<link_id> take_suspect_links() noexcept
    {
        return std::exchange(suspect_links_, {});
    }

    /// Why a path is not watched wholly; success if it is. @pre It is guarded.
    [[nodiscard]] boost::system::error_code failure(std::string_view path) const noexcept;
    [[nodiscard]] boost::system::error_code link_failure(link_id id) const noexcept;

    /// When paths are suspect even if nothing happens; nothing if every path is watched wholly.
    [[nodiscard]] std::optional<time_point> deadline() const noexcept
    {
        return is_resolved_ ? retry_.next() : (time_point::min)();
    }

private:
    struct guarded : path_entry
    {
        std::string path;
        // 0 for the path of a root.
        link_id link = 0;
    };

    [[nodiscard]] std::unique_ptr<guarded> make(std::string const& path);
    void release(guarded& one) noexcept;
    [[nodiscard]] boost::system::error_code failure_of(guarded const& one) const noexcept;
    void retry() noexcept;
    [[nodiscard]] bool read_events(time_point until) noexcept;

    wait_set& waits_;
    kernel_path_port port_;
    path_resolver resolver_;
    // Two roots can have one path: one was given relative, the other absolute.
    std::multimap<std::string, std::unique_ptr<guarded>, std::less<>> guarded_;
    std::unordered_map<link_id, std::unique_ptr<guarded>> links_;
    std::vector<link_id> suspect_links_;
    // Why there is no instance, or why it is not in the wait set.
    boost::system::error_code open_failure_;
    // Every name is resolved and every suspect taken: the time was enough.
    bool is_resolved_ = true;
    retry_timer retry_;
};

} // namespace asio_inotify::detail

#endif

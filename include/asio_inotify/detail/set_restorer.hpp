//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_SET_RESTORER_HPP
#define ASIO_INOTIFY_DETAIL_SET_RESTORER_HPP

#include <asio_inotify/detail/config.hpp>
#include <asio_inotify/detail/instance_access.hpp>
#include <asio_inotify/restore_options.hpp>
#include <asio_inotify/snapshot.hpp>
#include <asio_inotify/watch_report.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace asio_inotify::detail {

class watch_registry;

// Adds the watches of a snapshot to an instance that has none.
class ASIO_INOTIFY_DECL set_restorer
{
public:
    set_restorer(snapshot const& saved, restore_options options);

    /// Add the watches.
    /** @returns False if it has to be called again, at most once, with a new instance and a new
     * registry: a watch that was on a different inode before has the inode of another watch.
     * @pre The registry is new. */
    [[nodiscard]] bool run(instance_access const& instance, watch_registry& registry,
                           boost::system::error_code& ec);

    [[nodiscard]] watch_report& report() noexcept { return report_; }

private:
    struct attempt
    {
        watch_outcome outcome = watch_outcome::same;
        boost::system::error_code reason;
        std::string new_path;
    };

    void add_by_path(instance_access const& instance, watch_registry& registry, std::size_t at);
    void add_by_file_handle(instance_access const& instance, watch_registry& registry);
    void compare_identities(int fd, boost::system::error_code& ec);
    [[nodiscard]] bool postpone_others(instance_access const& instance, watch_registry& registry);
    [[nodiscard]] bool is_displaced(instance_access const& instance, watch_registry& registry,
                                    std::size_t at);
    void write_report(boost::system::error_code& ec);

    std::vector<saved_watch> const& watches_;
    watch_descriptor next_;
    restore_options options_;
    std::vector<attempt> attempts_;
    bool is_second_pass_ = false;
    // Watches to be added after the others, which need the inodes that their paths name.
    std::vector<bool> is_postponed_;
    // Watches whose path did not lead to their inode, or to one that another watch has.
    std::vector<std::size_t> lost_;
    // Watches that are on a different inode than before, with its identity.
    std::vector<std::pair<inode_identity, std::size_t>> replaced_;
    watch_report report_;
};

} // namespace asio_inotify::detail

#endif

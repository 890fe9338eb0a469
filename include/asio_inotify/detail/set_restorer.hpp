//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_SET_RESTORER_HPP
#define ASIO_INOTIFY_DETAIL_SET_RESTORER_HPP

#include <asio_inotify/detail/config.hpp>
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

// Makes the watches of a snapshot again, in an instance that has none.
class ASIO_INOTIFY_DECL set_restorer
{
public:
    set_restorer(snapshot const& saved, restore_options options);

    /// Make the watches.
    /** @returns False if it has to be called again, with a new instance and a new registry: an
     * object was taken by a watch that was on another one before. */
    [[nodiscard]] bool run(int fd, watch_registry& registry, boost::system::error_code& ec);

    [[nodiscard]] watch_report& report() noexcept { return report_; }

private:
    struct attempt
    {
        watch_outcome outcome = watch_outcome::same;
        boost::system::error_code reason;
        std::string new_path;
    };

    void add_by_path(int fd, watch_registry& registry, std::size_t at);
    void add_by_handle(int fd, watch_registry& registry);
    void compare(int fd, boost::system::error_code& ec);
    [[nodiscard]] bool must_begin_again();
    void write_report(boost::system::error_code& ec);

    std::vector<saved_watch> const& watches_;
    watch_descriptor next_;
    restore_options options_;
    std::vector<attempt> attempts_;
    // Watches that have to wait until others have their objects.
    std::vector<bool> late_;
    std::vector<std::size_t> lost_;
    // Watches that are on another object than before, and what it is.
    std::vector<std::pair<inode_identity, std::size_t>> replaced_;
    watch_report report_;
};

} // namespace asio_inotify::detail

#endif

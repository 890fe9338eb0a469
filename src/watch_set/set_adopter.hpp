//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_WATCH_SET_SET_ADOPTER_HPP
#define ASIO_INOTIFY_SRC_WATCH_SET_SET_ADOPTER_HPP

#include <asio_inotify/detail/instance_access.hpp>
#include <asio_inotify/snapshot.hpp>
#include <asio_inotify/watch_report.hpp>

#include <boost/system/error_code.hpp>

#include <map>
#include <vector>

namespace asio_inotify::detail {

class watch_registry;
struct kernel_watch;

/// Enters the watches of an instance that was made elsewhere into a new registry.
/**
 * Their numbers and masks come from fdinfo. Their paths come from a snapshot if number and identity
 * are the same there, else from the file handle, for which CAP_DAC_READ_SEARCH is needed.
 */
class set_adopter
{
public:
    set_adopter(watch_registry& registry, instance_access const& instance,
                snapshot const& known) noexcept
        : registry_(registry)
        , instance_(instance)
        , known_(known)
    {}

    [[nodiscard]] watch_report run(boost::system::error_code& ec);

private:
    [[nodiscard]] int report_gone(std::vector<kernel_watch> const& live);
    [[nodiscard]] saved_watch describe(kernel_watch in_kernel);
    void find_paths(std::vector<saved_watch>& watches);
    void enter(std::vector<saved_watch> const& watches);
    void drain(boost::system::error_code& ec);

    watch_registry& registry_;
    instance_access const& instance_;
    snapshot const& known_;
    watch_report report_;
    // Why the path of a watch could not be looked up, by watch descriptor.
    std::map<int, boost::system::error_code> failures_;
};

} // namespace asio_inotify::detail

#endif

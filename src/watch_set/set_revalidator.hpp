//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_WATCH_SET_SET_REVALIDATOR_HPP
#define ASIO_INOTIFY_SRC_WATCH_SET_SET_REVALIDATOR_HPP

#include <asio_inotify/detail/instance_access.hpp>
#include <asio_inotify/watch_report.hpp>

#include <boost/system/error_code.hpp>

#include <vector>

namespace asio_inotify::detail {

class watch_registry;
struct kernel_watch;
struct watch_record;

/// Compares the watches of a set with the kernel's and with their objects, and repairs masks.
class set_revalidator
{
public:
    set_revalidator(watch_registry& registry, instance_access const& instance) noexcept
        : registry_(registry)
        , instance_(instance)
    {}

    [[nodiscard]] watch_report run(boost::system::error_code& ec);

private:
    [[nodiscard]] std::vector<watch_record const*> records_by_number() const;
    [[nodiscard]] watch_outcome check_path(watch_record const& record,
                                           boost::system::error_code& reason);
    [[nodiscard]] watch_outcome check_object(watch_record const& record,
                                             boost::system::error_code& reason);
    [[nodiscard]] watch_outcome check(watch_record const& record, kernel_watch const* in_kernel,
                                      boost::system::error_code& reason);

    watch_registry& registry_;
    instance_access const& instance_;
    watch_report report_;
};

} // namespace asio_inotify::detail

#endif

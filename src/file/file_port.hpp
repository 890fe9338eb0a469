//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_FILE_FILE_PORT_HPP
#define ASIO_INOTIFY_SRC_FILE_FILE_PORT_HPP

#include "paths/path_port.hpp"

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace asio_inotify::detail {

/// The world as a file_engine sees it: the kernel, or a simulated one.
class file_port : public path_port
{
public:
    /// Read queued events, as many whole ones as fit; 0 if there are none.
    virtual std::size_t read_events(std::byte* data, std::size_t size,
                                    boost::system::error_code& ec) noexcept = 0;

    /// True if something was mounted or unmounted since the last call.
    [[nodiscard]] virtual bool take_mounts_changed() noexcept = 0;

    [[nodiscard]] virtual std::string working_directory(boost::system::error_code& ec) = 0;

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

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_PATHS_KERNEL_PATH_PORT_HPP
#define ASIO_INOTIFY_SRC_PATHS_KERNEL_PATH_PORT_HPP

#include "paths/path_port.hpp"
#include "system/unique_fd.hpp"

namespace asio_inotify::detail {

/// The paths of the kernel, watched by an inotify instance of their own.
class kernel_path_port final : public path_port
{
public:
    kernel_path_port() noexcept = default;

    void open(boost::system::error_code& ec) noexcept;

    [[nodiscard]] bool is_open() const noexcept { return instance_.is_open(); }

    /// The inotify instance; negative if closed.
    [[nodiscard]] int native_handle() const noexcept { return instance_.get(); }

    /// Read queued events, as many whole ones as fit; 0 if there are none.
    std::size_t read_events(std::byte* data, std::size_t size,
                            boost::system::error_code& ec) noexcept;

    void look_up(char const* path, std::uint32_t directory_mask, std::uint32_t file_mask,
                 lookup_result& result) override;
    bool look_up_unwatched_file(char const* path, std::uint32_t file_mask,
                                lookup_result& result) override;
    file_status status(char const* path, boost::system::error_code& ec) noexcept override;
    void drop_watch(int wd) noexcept override;
    time_point now() noexcept override;

private:
    void watch(pinned_path const& pinned, std::uint32_t directory_mask, std::uint32_t file_mask,
               lookup_result& result) noexcept;

    unique_fd instance_;
};

} // namespace asio_inotify::detail

#endif

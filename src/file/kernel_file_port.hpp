//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_FILE_KERNEL_FILE_PORT_HPP
#define ASIO_INOTIFY_SRC_FILE_KERNEL_FILE_PORT_HPP

#include "file/file_port.hpp"
#include "paths/kernel_path_port.hpp"
#include "system/mounts.hpp"
#include "system/wait_set.hpp"

namespace asio_inotify::detail {

/// The kernel as a file_engine sees it, through an inotify instance of its own.
class kernel_file_port final : public file_port
{
public:
    kernel_file_port() noexcept = default;

    /// Create the descriptors. To be called first.
    void open(boost::system::error_code& ec) noexcept;

    /// Ready when the engine has work.
    [[nodiscard]] wait_set& waits() noexcept { return waits_; }

    std::size_t read_events(std::byte* data, std::size_t size,
                            boost::system::error_code& ec) noexcept override;
    void look_up(char const* path, std::uint32_t directory_mask, std::uint32_t file_mask,
                 lookup_result& result) override;
    bool look_up_unwatched_file(char const* path, std::uint32_t file_mask,
                                lookup_result& result) override;
    file_status status(char const* path, boost::system::error_code& ec) noexcept override;
    void drop_watch(int wd) noexcept override;
    bool take_mounts_changed() noexcept override;
    std::string working_directory(boost::system::error_code& ec) override;
    time_point now() noexcept override;
    std::int64_t wall_time() noexcept override;
    bool take_expired(time_point now) noexcept override;
    void arm(time_point deadline) noexcept override;
    void wake() noexcept override;

private:
    kernel_path_port paths_;
    mount_monitor mounts_;
    wait_set waits_;
};

} // namespace asio_inotify::detail

#endif

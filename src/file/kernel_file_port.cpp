//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "file/kernel_file_port.hpp"

#include "system/directory_ops.hpp"

namespace asio_inotify::detail {

void kernel_file_port::open(boost::system::error_code& ec) noexcept
{
    paths_.open(ec);
    if (!ec) {
        waits_.open(ec);
    }
    if (!ec) {
        waits_.add(paths_.native_handle(), wait_set::readiness::readable, ec);
    }
    if (!ec) {
        // Without /proc no file could be watched either.
        mounts_.open(ec);
    }
    if (!ec) {
        waits_.add(mounts_.native_handle(), wait_set::readiness::urgent, ec);
    }
}

std::size_t kernel_file_port::read_events(std::byte* data, std::size_t size,
                                          boost::system::error_code& ec) noexcept
{
    return paths_.read_events(data, size, ec);
}

void kernel_file_port::look_up(char const* path, std::uint32_t directory_mask,
                               std::uint32_t file_mask, lookup_result& result)
{
    paths_.look_up(path, directory_mask, file_mask, result);
}

bool kernel_file_port::look_up_unwatched_file(char const* path, std::uint32_t file_mask,
                                              lookup_result& result)
{
    return paths_.look_up_unwatched_file(path, file_mask, result);
}

file_status kernel_file_port::status(char const* path, boost::system::error_code& ec) noexcept
{
    return paths_.status(path, ec);
}

void kernel_file_port::drop_watch(int wd) noexcept
{
    paths_.drop_watch(wd);
}

bool kernel_file_port::take_mounts_changed() noexcept
{
    return mounts_.take_changed();
}

std::string kernel_file_port::working_directory(boost::system::error_code& ec)
{
    return detail::working_directory(ec);
}

auto kernel_file_port::now() noexcept -> time_point
{
    return paths_.now();
}

std::int64_t kernel_file_port::wall_time() noexcept
{
    return file_clock_now();
}

bool kernel_file_port::take_expired(time_point now) noexcept
{
    return waits_.take_expired(now);
}

void kernel_file_port::arm(time_point deadline) noexcept
{
    waits_.arm(deadline);
}

void kernel_file_port::wake() noexcept
{
    waits_.wake();
}

} // namespace asio_inotify::detail

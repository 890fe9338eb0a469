//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "paths/kernel_path_port.hpp"

#include "system/descriptor_path.hpp"
#include "system/inotify_ops.hpp"
#include "values/fail.hpp"
#include "values/native.hpp"

#include <asio_inotify/detail/instance_ops.hpp>
#include <asio_inotify/detail/scope_guard.hpp>
#include <asio_inotify/error.hpp>

#include <cerrno>
#include <climits>
#include <optional>
#include <string_view>

namespace asio_inotify::detail {
namespace {

// A path that the kernel takes. Relative symbolic links can lead to a longer one than PATH_MAX:
// then it is the last component below a directory that is held open.
class short_path
{
public:
    short_path(char const* path, boost::system::error_code& ec) noexcept
        : path_(path)
    {
        ec.clear();
        std::string_view const text(path);
        if (text.size() < PATH_MAX) {
            return;
        }
        auto const slash = text.rfind('/');
        auto const name = text.substr(slash + 1);
        directory_ = open_for_lookup(text.substr(0, slash), ec);
        if (ec) {
            return;
        }
        path_ = below_directory_.emplace(directory_.get(), name).c_str();
    }
    short_path(short_path const&) = delete;
    short_path& operator=(short_path const&) = delete;

    [[nodiscard]] char const* c_str() const noexcept { return path_; }

private:
    char const* path_;
    unique_fd directory_;
    std::optional<entry_path> below_directory_;
};

// The resolver has errnos only.
int errno_of(boost::system::error_code const& ec) noexcept
{
    if (ec == make_error_code(error::watch_limit_reached)) {
        return ENOSPC;
    }
    return ec == make_error_code(error::proc_not_mounted) ? ENOENT : ec.value();
}

} // namespace

void kernel_path_port::open(boost::system::error_code& ec) noexcept
{
    instance_.reset(open_instance(ec));
}

std::size_t kernel_path_port::read_events(std::byte* data, std::size_t size,
                                          boost::system::error_code& ec) noexcept
{
    return read_now(instance_.get(), data, size, ec);
}

void kernel_path_port::look_up(char const* path, std::uint32_t directory_mask,
                               std::uint32_t file_mask, lookup_result& result)
{
    boost::system::error_code ec;
    short_path const at(path, ec);
    if (ec) {
        result.reason = ec.value();
        return;
    }
    pinned_path const pinned(at.c_str(), true, ec);
    if (!ec) {
        result.status = status_of(pinned.fd(), ec);
    }
    bool const is_link = !ec && result.status.kind == file_kind::symbolic_link;
    if (is_link) {
        read_link(pinned.fd(), result.target, ec);
    }
    if (is_link && !ec && is_link_of_kernel(pinned.fd(), result.target)) {
        result.target.clear();
        pinned_path const object(at.c_str(), false, ec);
        if (!ec) {
            result.status = status_of(object.fd(), ec);
        }
        if (!ec) {
            watch(object, directory_mask, file_mask, result);
        }
    } else if (!ec) {
        watch(pinned, directory_mask, file_mask, result);
    }
    if (ec) {
        result.status = {};
        result.reason = ec.value();
    }
}

void kernel_path_port::watch(pinned_path const& pinned, std::uint32_t directory_mask,
                             std::uint32_t file_mask, lookup_result& result) noexcept
{
    auto const mask = result.status.kind == file_kind::directory ? directory_mask
                      : result.status.kind == file_kind::file
                          ? file_mask | native(add_options::merge_mask)
                          : 0;
    if ((mask & native(event_mask::all)) == 0) {
        return;
    }
    boost::system::error_code ec;
    result.wd = add_watch(instance_.get(), pinned.path(), mask, ec);
    if (ec) {
        result.wd = 0;
        result.watch_failure = errno_of(ec);
        return;
    }
    result.unreported = traits_of(pinned.fd()).unreported;
    if (result.status.kind == file_kind::file) {
        // Read it again, as the file can have been written before it was watched.
        auto const status = status_of(pinned.fd(), ec);
        if (!ec) {
            result.status = status;
        }
    }
}

bool kernel_path_port::look_up_unwatched_file(char const* path, std::uint32_t file_mask,
                                              lookup_result& result)
{
    boost::system::error_code ec;
    short_path const at(path, ec);
    if (ec) {
        return false;
    }
    constexpr auto options = native(add_options::create_only | add_options::dont_follow);
    auto const wd = add_watch(instance_.get(), at.c_str(), file_mask | options, ec);
    if (is_errno(ec, ENOENT)) {
        result.reason = ENOENT;
        return true;
    }
    if (ec) {
        return false;
    }
    scope_guard remove_again([&] { detail::drop_watch(instance_.get(), wd); });
    result.status = status_of(at.c_str(), ec);
    if (ec || result.status.kind != file_kind::file) {
        return false;
    }
    remove_again.dismiss();
    result.wd = wd;
    return true;
}

file_status kernel_path_port::status(char const* path, boost::system::error_code& ec) noexcept
{
    short_path const at(path, ec);
    return ec ? file_status{} : status_of(at.c_str(), ec);
}

void kernel_path_port::drop_watch(int wd) noexcept
{
    detail::drop_watch(instance_.get(), wd);
}

auto kernel_path_port::now() noexcept -> time_point
{
    return std::chrono::steady_clock::now();
}

} // namespace asio_inotify::detail

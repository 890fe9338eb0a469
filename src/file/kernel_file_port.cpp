//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "file/kernel_file_port.hpp"

#include "inotify/add_arguments.hpp"
#include "system/inotify_ops.hpp"
#include "values/fail.hpp"

#include <asio_inotify/detail/instance_ops.hpp>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <string_view>

namespace asio_inotify::detail {
namespace {

// A path that the kernel takes. With links that are relative to where they are, a longer one can be
// needed: then it is that of the last name, from a directory that is held open.
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
        directory_.emplace(open_passage(text.substr(0, slash), ec));
        if (ec) {
            return;
        }
        path_ = text_;
        auto const size =
            std::snprintf(text_, sizeof text_, "%s%s", directory_->path(), path + slash);
        if (size >= static_cast<int>(sizeof text_)) {
            errno = ENAMETOOLONG;
            ASIO_INOTIFY_FAIL_ERRNO(ec);
        }
    }

    [[nodiscard]] char const* c_str() const noexcept { return path_; }

private:
    char const* path_;
    std::optional<held_file> directory_;
    char text_[NAME_MAX + 40]; // NOLINT(cppcoreguidelines-avoid-c-arrays)
};

} // namespace

kernel_file_port::~kernel_file_port()
{
    if (instance_ >= 0) {
        close_instance(instance_);
    }
}

void kernel_file_port::open(boost::system::error_code& ec) noexcept
{
    instance_ = open_instance(ec);
    if (!ec) {
        waiting_.open(ec);
    }
    if (!ec) {
        waiting_.add(instance_, wait_set::readiness::readable, ec);
    }
    if (!ec) {
        mounts_.emplace();
        if (mounts_->is_open()) {
            told_mounts_.emplace();
        }
        // No file would be found without /proc, nor would mounts.
        if (!told_mounts_ || !told_mounts_->is_open()) {
            ASIO_INOTIFY_FAIL_ERRNO(ec);
            return;
        }
        waiting_.add(mounts_->fd(), wait_set::readiness::urgent, ec);
    }
}

std::size_t kernel_file_port::read_events(std::byte* data, std::size_t size,
                                          boost::system::error_code& ec) noexcept
{
    return read_now(instance_, data, size, ec);
}

void kernel_file_port::look(char const* path, std::uint32_t directory_mask, std::uint32_t file_mask,
                            look_result& result)
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
    if (!ec && result.status.kind == file_kind::symbolic_link) {
        read_link(pinned.fd(), result.target, ec);
    }
    if (ec) {
        result.status = {};
        result.reason = ec.value();
        return;
    }
    auto const mask = result.status.kind == file_kind::directory ? directory_mask
                      : result.status.kind == file_kind::file
                          ? file_mask | native(add_options::merge_mask)
                          : 0;
    if ((mask & native(event_mask::all, add_options::none)) == 0) {
        return;
    }
    result.wd = add_watch(instance_, pinned.path(), mask, ec);
    if (ec) {
        result.wd = 0;
        result.watch_failure = ec.value();
        return;
    }
    if (result.status.kind == file_kind::file) {
        // Once more, as it can have been written before it was watched.
        auto const status = status_of(pinned.fd(), ec);
        if (!ec) {
            result.status = status;
        }
    }
}

bool kernel_file_port::look_quickly(char const* path, std::uint32_t file_mask, look_result& result)
{
    boost::system::error_code ec;
    short_path const at(path, ec);
    if (ec) {
        return false;
    }
    constexpr auto options = native(add_options::create_only | add_options::dont_follow);
    auto const wd = add_watch(instance_, at.c_str(), file_mask | options, ec);
    if (is_errno(ec, ENOENT)) {
        result.reason = ENOENT;
        return true;
    }
    if (ec) {
        return false;
    }
    watch_guard unwanted(instance_, wd);
    result.status = status_of(at.c_str(), ec);
    if (ec || result.status.kind != file_kind::file) {
        return false;
    }
    unwanted.keep();
    result.wd = wd;
    return true;
}

file_status kernel_file_port::status(char const* path, boost::system::error_code& ec) noexcept
{
    short_path const at(path, ec);
    return ec ? file_status{} : status_of(at.c_str(), ec);
}

void kernel_file_port::drop_watch(int wd) noexcept
{
    detail::drop_watch(instance_, wd);
}

bool kernel_file_port::take_mounts_changed() noexcept
{
    return told_mounts_->take_changed();
}

std::string kernel_file_port::working_directory(boost::system::error_code& ec)
{
    return detail::working_directory(ec);
}

auto kernel_file_port::now() noexcept -> time_point
{
    return std::chrono::steady_clock::now();
}

std::int64_t kernel_file_port::wall_time() noexcept
{
    return file_clock_now();
}

bool kernel_file_port::take_expired(time_point now) noexcept
{
    return waiting_.take_expired(now);
}

void kernel_file_port::arm(time_point deadline) noexcept
{
    waiting_.arm(deadline);
}

void kernel_file_port::wake() noexcept
{
    waiting_.wake();
}

} // namespace asio_inotify::detail

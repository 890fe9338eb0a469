//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "directory_ops.hpp"

#include "fail.hpp"

#include <array>
#include <climits>
#include <cstddef>

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

namespace asio_inotify::detail {
namespace {

constexpr std::int64_t nanoseconds(timespec const& time) noexcept
{
    return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

constexpr file_kind kind_of(mode_t mode) noexcept
{
    return S_ISDIR(mode)   ? file_kind::directory
           : S_ISLNK(mode) ? file_kind::symbolic_link
                           : file_kind::file;
}

file_status from_stat(struct stat const& s) noexcept
{
    return {kind_of(s.st_mode),
            s.st_dev,
            s.st_ino,
            {nanoseconds(s.st_ctim), nanoseconds(s.st_mtim), s.st_size}};
}

} // namespace

file_status status_of(int fd, boost::system::error_code& ec) noexcept
{
    ec.clear();
    struct stat s = {};
    if (::fstat(fd, &s) < 0) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
        return {};
    }
    return from_stat(s);
}

file_status status_of(char const* path, boost::system::error_code& ec) noexcept
{
    ec.clear();
    struct stat s = {};
    if (::lstat(path, &s) < 0) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
        return {};
    }
    return from_stat(s);
}

std::int64_t file_clock_now() noexcept
{
    timespec now = {};
    ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
    return nanoseconds(now);
}

void read_link(int fd, std::string& target, boost::system::error_code& ec)
{
    ec.clear();
    std::array<char, PATH_MAX> text; // NOLINT(cppcoreguidelines-pro-type-member-init)
    auto const size = ::readlinkat(fd, "", text.data(), text.size());
    if (size < 0) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
        return;
    }
    target.assign(text.data(), static_cast<std::size_t>(size));
}

std::string working_directory(boost::system::error_code& ec)
{
    ec.clear();
    std::array<char, PATH_MAX> text; // NOLINT(cppcoreguidelines-pro-type-member-init)
    if (::getcwd(text.data(), text.size()) == nullptr) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
        return {};
    }
    // "(unreachable)" if it is outside of the root directory.
    if (text.front() != '/') {
        errno = ENOENT;
        ASIO_INOTIFY_FAIL_ERRNO(ec);
        return {};
    }
    return text.data();
}

pinned_path::pinned_path(char const* path, bool dont_follow, boost::system::error_code& ec) noexcept
    : held_file(::open(path, O_PATH | O_CLOEXEC | (dont_follow ? O_NOFOLLOW : 0)))
{
    ec.clear();
    if (!is_open()) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
    }
}

} // namespace asio_inotify::detail

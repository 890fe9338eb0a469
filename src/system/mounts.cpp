//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "system/mounts.hpp"

#include "values/fail.hpp"

#include "system/proc_file.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace asio_inotify::detail {
namespace {

std::string_view next_field(std::string_view& line) noexcept
{
    auto const end = line.find(' ');
    auto const field = line.substr(0, end);
    line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
    return field;
}

// "8:1"
bool read_device(std::string_view field, std::uint32_t& device) noexcept
{
    std::uint32_t major = 0;
    std::uint32_t minor = 0;
    auto const* const end = field.data() + field.size();
    auto const [colon, failure] = std::from_chars(field.data(), end, major);
    if (failure != std::errc{} || colon == end || *colon != ':') {
        return false;
    }
    auto const [last, second_failure] = std::from_chars(colon + 1, end, minor);
    device = major << 20U | minor;
    return second_failure == std::errc{} && last == end;
}

// Spaces, newlines and the like are written as \ooo.
std::string unescaped(std::string_view field)
{
    std::string text;
    text.reserve(field.size());
    for (std::size_t at = 0; at != field.size(); ++at) {
        unsigned char byte = 0;
        auto const* const digits = field.data() + at + 1;
        if (field[at] == '\\' && field.size() - at > 3 &&
            std::from_chars(digits, digits + 3, byte, 8).ptr == digits + 3) {
            text.push_back(static_cast<char>(byte));
            at += 3;
        } else {
            text.push_back(field[at]);
        }
    }
    return text;
}

} // namespace

std::vector<mount_point> parse_mount_points(std::string_view text)
{
    std::vector<mount_point> found;
    while (!text.empty()) {
        auto const end = text.find('\n');
        auto line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);

        next_field(line); // the mount's id
        next_field(line); // its parent's
        std::uint32_t device = 0;
        if (!read_device(next_field(line), device)) {
            continue;
        }
        auto const root = next_field(line);
        auto const path = next_field(line);
        if (path.empty()) {
            continue;
        }
        auto const known = std::find_if(found.begin(), found.end(),
                                        [&](auto const& m) { return m.device == device; });
        if (known == found.end()) {
            found.push_back({device, unescaped(path)});
        } else if (root == "/") {
            // A later mount can lie over an earlier one.
            known->path = unescaped(path);
        }
    }
    return found;
}

std::vector<mount_point> mount_points(boost::system::error_code& ec)
{
    return parse_mount_points(read_proc_file("/proc/self/mountinfo", ec));
}

std::vector<mount> parse_mounts(std::string_view text)
{
    std::vector<mount> found;
    while (!text.empty()) {
        auto const end = text.find('\n');
        auto line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);

        auto const id = next_field(line);
        next_field(line); // its parent's
        next_field(line); // its device
        next_field(line); // what of the filesystem is mounted
        auto const path = next_field(line);
        mount one;
        auto const [last, failure] = std::from_chars(id.data(), id.data() + id.size(), one.id);
        if (failure == std::errc{} && last == id.data() + id.size() && !path.empty()) {
            one.path = unescaped(path);
            found.push_back(std::move(one));
        }
    }
    return found;
}

std::vector<mount> mounts(boost::system::error_code& ec)
{
    return parse_mounts(read_proc_file("/proc/self/mountinfo", ec));
}

int open_mounts(boost::system::error_code& ec) noexcept
{
    ec.clear();
    int const fd = ::open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
    }
    return fd;
}

void close_mounts(int fd) noexcept
{
    if (fd >= 0) {
        ::close(fd);
    }
}

bool have_mounts_changed(int fd) noexcept
{
    pollfd changed{fd, POLLPRI, 0};
    return ::poll(&changed, 1, 0) > 0;
}

mount_watch::mount_watch() noexcept
    : held_file(::open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC))
{}

bool mount_watch::take_changed() const noexcept
{
    // Each open file of it tells each change once.
    pollfd told{fd(), POLLPRI, 0};
    return ::poll(&told, 1, 0) > 0 && (told.revents & POLLPRI) != 0;
}

} // namespace asio_inotify::detail

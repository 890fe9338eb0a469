//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "system/mounts.hpp"

#include "system/proc_file.hpp"
#include "values/fail.hpp"

#include <boost/assert.hpp>

#include <charconv>
#include <cstddef>
#include <unordered_map>
#include <utility>

#include <fcntl.h>
#include <poll.h>

namespace asio_inotify::detail {
namespace {

constexpr char const* list_of_mounts = "/proc/self/mountinfo";

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

// The kernel writes spaces, newlines and backslashes as \ooo.
std::string unescaped(std::string_view field)
{
    std::string text;
    text.reserve(field.size());
    for (std::size_t at = 0; at != field.size(); ++at) {
        unsigned char byte = 0;
        auto const* const digits = field.data() + at + 1;
        auto const is_escape = [&] {
            auto const [end, failure] = std::from_chars(digits, digits + 3, byte, 8);
            return failure == std::errc() && end == digits + 3;
        };
        if (field[at] == '\\' && field.size() - at > 3 && is_escape()) {
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
    std::unordered_map<std::uint32_t, std::size_t> known_devices;
    while (!text.empty()) {
        auto const end = text.find('\n');
        auto line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);

        next_field(line); // mount id
        next_field(line); // parent's id
        std::uint32_t device = 0;
        if (!read_device(next_field(line), device)) {
            continue;
        }
        auto const root = next_field(line);
        auto const path = next_field(line);
        if (path.empty()) {
            continue;
        }
        auto const [known, is_new] = known_devices.emplace(device, found.size());
        if (is_new) {
            found.push_back({device, unescaped(path)});
        } else if (root == "/") {
            // A later mount can hide an earlier one.
            found[known->second].path = unescaped(path);
        }
    }
    return found;
}

std::vector<mount_point> mount_points(boost::system::error_code& ec)
{
    return parse_mount_points(read_proc_file(list_of_mounts, ec));
}

std::vector<mount> parse_mounts(std::string_view text)
{
    std::vector<mount> found;
    while (!text.empty()) {
        auto const end = text.find('\n');
        auto line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);

        auto const id = next_field(line);
        next_field(line); // parent's id
        next_field(line); // device
        next_field(line); // root within the filesystem
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

void mount_monitor::open(boost::system::error_code& ec) noexcept
{
    ec.clear();
    unique_fd waited_for(::open(list_of_mounts, O_RDONLY | O_CLOEXEC));
    unique_fd asked(waited_for ? ::open(list_of_mounts, O_RDONLY | O_CLOEXEC) : -1);
    if (!asked) {
        fail_on_proc(ec);
        return;
    }
    waited_for_ = std::move(waited_for);
    asked_ = std::move(asked);
}

int mount_monitor::native_handle() const noexcept
{
    BOOST_ASSERT(is_open());
    return waited_for_.get();
}

bool mount_monitor::take_changed() noexcept
{
    pollfd changed{asked_.get(), POLLPRI, 0};
    return is_open() && ::poll(&changed, 1, 0) > 0 && (changed.revents & POLLPRI) != 0;
}

std::vector<mount> mount_monitor::mounts(boost::system::error_code& ec) const
{
    // Through the open file, which takes no further descriptor and needs no /proc any more.
    return parse_mounts(is_open() ? read_proc_file(asked_.get(), ec)
                                  : read_proc_file(list_of_mounts, ec));
}

} // namespace asio_inotify::detail

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "check.hpp"

#include "system/mounts.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

// The mounts in any text are those of its well-formed lines, and survive being written as the
// kernel writes them.
namespace {

using asio_inotify::detail::mount;
using asio_inotify::detail::mount_point;
using asio_inotify::detail::parse_mount_points;
using asio_inotify::detail::parse_mounts;
using test::check;

std::vector<std::string> split(std::string_view text, char separator)
{
    std::vector<std::string> parts{std::string()};
    for (char const c : text) {
        if (c == separator) {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    return parts;
}

template <class Number>
bool is_number(std::string_view text)
{
    Number value = 0;
    auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failure == std::errc{} && end == text.data() + text.size();
}

bool is_device(std::string_view text)
{
    auto const parts = split(text, ':');
    return parts.size() == 2 && is_number<std::uint32_t>(parts[0]) &&
           is_number<std::uint32_t>(parts[1]);
}

std::string escaped(std::string_view path)
{
    std::string text;
    for (char const c : path) {
        char code[8];
        std::snprintf(code, sizeof code, "\\%03o", unsigned{static_cast<unsigned char>(c)});
        bool const is_escaped = c == ' ' || c == '\t' || c == '\n' || c == '\\';
        text += is_escaped ? std::string(code) : std::string(1, c);
    }
    return text;
}

void check_mounts(std::string_view text)
{
    auto const mounts = parse_mounts(text);
    std::size_t lines = 0;
    for (auto const& line : split(text, '\n')) {
        auto const fields = split(line, ' ');
        bool const is_mount =
            fields.size() >= 5 && is_number<std::uint64_t>(fields[0]) && !fields[4].empty();
        if (is_mount) {
            check(lines < mounts.size(), "a mount for each line of one");
            check(std::to_string(mounts[lines].id) ==
                      fields[0].substr(
                          (std::min)(fields[0].find_first_not_of('0'), fields[0].size() - 1)),
                  "the number of the mount");
            bool const is_plain = fields[4].find('\\') == std::string::npos;
            check(!is_plain || mounts[lines].path == fields[4], "the path of the mount");
            check(mounts[lines].path.size() <= fields[4].size(), "escapes become shorter");
        }
        lines += is_mount ? 1 : 0;
    }
    check(lines == mounts.size(), "no other mounts");

    std::string again;
    for (auto const& one : mounts) {
        again += std::to_string(one.id) + " 1 0:1 / " + escaped(one.path) + " rw - t s rw\n";
    }
    check(parse_mounts(again) == mounts, "written again it is the same");
}

void check_mount_points(std::string_view text)
{
    auto const points = parse_mount_points(text);
    std::set<std::string> devices;
    for (auto const& line : split(text, '\n')) {
        auto const fields = split(line, ' ');
        if (fields.size() >= 5 && is_device(fields[2]) && !fields[4].empty()) {
            devices.insert(fields[2]);
        }
    }
    // Numbers with zeros before them, and those that a device does not have, are one device.
    check(points.size() <= devices.size(), "not more devices than in the text");
    check(points.empty() == devices.empty(), "a mount point for a device");

    std::set<std::uint32_t> numbers;
    std::string again;
    for (auto const& one : points) {
        check(numbers.insert(one.device).second, "each device once");
        again += "1 1 " + std::to_string(one.device >> 20U) + ':' +
                 std::to_string(one.device & 0xfffffU) + " / " + escaped(one.path) + " rw\n";
    }
    auto const parsed_again = parse_mount_points(again);
    check(parsed_again.size() == points.size(), "written again there are as many");
    for (std::size_t at = 0; at != points.size(); ++at) {
        check(parsed_again[at].device == points[at].device &&
                  parsed_again[at].path == points[at].path,
              "written again it is the same");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string const text(data, data + size);
    check_mounts(text);
    check_mount_points(text);
    return 0;
}

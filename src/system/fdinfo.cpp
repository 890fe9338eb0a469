//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "system/fdinfo.hpp"

#include "system/proc_file.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace asio_inotify::detail {
namespace {

// All numbers are hexadecimal without prefix (kernel note 6.1).
template <class Number>
bool read_hex(std::string_view digits, Number& value) noexcept
{
    auto const* const end = digits.data() + digits.size();
    auto const [last, failure] = std::from_chars(digits.data(), end, value, 16);
    return failure == std::errc{} && last == end;
}

// The value after " key:", up to the next space; empty if there is none.
std::string_view value_of(std::string_view line, std::string_view key) noexcept
{
    auto const at = line.find(key);
    if (at == std::string_view::npos) {
        return {};
    }
    line.remove_prefix(at + key.size());
    return line.substr(0, line.find(' '));
}

bool read_number(std::string_view line, int& wd) noexcept
{
    return read_hex(value_of(line, " wd:"), wd) && wd > 0;
}

void read_handle(std::string_view line, inode_identity& identity)
{
    auto const digits = value_of(line, " f_handle:");
    if (digits.empty() || digits.size() % 2 != 0 ||
        !read_hex(value_of(line, " fhandle-type:"), identity.handle_type)) {
        identity.handle_type = 0;
        return;
    }
    identity.handle.reserve(digits.size() / 2);
    for (std::size_t at = 0; at != digits.size(); at += 2) {
        unsigned char byte = 0;
        if (!read_hex(digits.substr(at, 2), byte)) {
            identity.handle_type = 0;
            identity.handle.clear();
            return;
        }
        identity.handle.push_back(static_cast<char>(byte));
    }
}

// Call `f(line)` for each line of a watch.
template <class Function>
void for_each_watch(std::string_view text, Function f)
{
    while (!text.empty()) {
        auto const end = text.find('\n');
        auto const line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.starts_with("inotify ")) {
            f(line);
        }
    }
}

} // namespace

std::vector<int> parse_live_numbers(std::string_view text)
{
    std::vector<int> numbers;
    for_each_watch(text, [&](std::string_view line) {
        int number = 0;
        if (read_number(line, number)) {
            numbers.push_back(number);
        }
    });
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

std::vector<kernel_watch> parse_live_watches(std::string_view text)
{
    std::vector<kernel_watch> watches;
    for_each_watch(text, [&](std::string_view line) {
        kernel_watch watch;
        if (read_number(line, watch.wd) &&
            read_hex(value_of(line, " ino:"), watch.identity.inode) &&
            read_hex(value_of(line, " sdev:"), watch.identity.device) &&
            read_hex(value_of(line, " mask:"), watch.native_mask)) {
            read_handle(line, watch.identity);
            watches.push_back(std::move(watch));
        }
    });
    // The kernel lists the newest watch first.
    std::reverse(watches.begin(), watches.end());
    auto const by_number = [](auto const& a, auto const& b) { return a.wd < b.wd; };
    if (!std::is_sorted(watches.begin(), watches.end(), by_number)) {
        std::sort(watches.begin(), watches.end(), by_number);
    }
    return watches;
}

std::vector<int> live_numbers(int fd, boost::system::error_code& ec)
{
    return parse_live_numbers(read_proc_file("/proc/self/fdinfo/" + std::to_string(fd), ec));
}

std::vector<kernel_watch> live_watches(int fd, boost::system::error_code& ec)
{
    return parse_live_watches(read_proc_file("/proc/self/fdinfo/" + std::to_string(fd), ec));
}

kernel_watch const* find_watch(std::vector<kernel_watch> const& watches, int wd) noexcept
{
    auto const found = std::lower_bound(watches.begin(), watches.end(), wd,
                                        [](kernel_watch const& a, int b) { return a.wd < b; });
    return found != watches.end() && found->wd == wd ? &*found : nullptr;
}

} // namespace asio_inotify::detail

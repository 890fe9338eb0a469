//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "check.hpp"

#include "system/fdinfo.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

// The watches in any text are sorted, and survive being written as the kernel writes them.
namespace {

using asio_inotify::detail::find_watch;
using asio_inotify::detail::kernel_watch;
using asio_inotify::detail::parse_live_numbers;
using asio_inotify::detail::parse_live_watches;
using test::check;

std::string hex(std::uint64_t value)
{
    char digits[20];
    std::snprintf(digits, sizeof digits, "%llx", static_cast<unsigned long long>(value));
    return digits;
}

std::string line_of(kernel_watch const& watch)
{
    auto const& identity = watch.identity;
    std::string line = "inotify wd:" + hex(static_cast<std::uint64_t>(watch.wd)) +
                       " ino:" + hex(identity.inode) + " sdev:" + hex(identity.device) +
                       " mask:" + hex(watch.native_mask) + " ignored_mask:0 ";
    if (!identity.handle.empty()) {
        bool const is_negative = identity.handle_type < 0;
        auto const type = std::int64_t{identity.handle_type};
        line += "fhandle-bytes:" + hex(identity.handle.size()) +
                " fhandle-type:" + (is_negative ? "-" : "") +
                hex(static_cast<std::uint64_t>(is_negative ? -type : type)) + " f_handle:";
        for (char const c : identity.handle) {
            char digits[4];
            std::snprintf(digits, sizeof digits, "%02x", unsigned{static_cast<unsigned char>(c)});
            line += digits;
        }
    }
    return line + '\n';
}

bool is_equal(kernel_watch const& a, kernel_watch const& b)
{
    return a.wd == b.wd && a.native_mask == b.native_mask && a.identity == b.identity;
}

void check_watches(std::string_view text, std::vector<kernel_watch> const& watches)
{
    auto const numbers = parse_live_numbers(text);
    check(std::ranges::is_sorted(numbers), "numbers ascend");
    check(std::ranges::is_sorted(watches, {}, &kernel_watch::wd), "watches ascend");
    check(numbers.empty() || numbers.front() > 0, "numbers are positive");
    std::vector<int> of_watches;
    std::ranges::transform(watches, std::back_inserter(of_watches), &kernel_watch::wd);
    check(std::ranges::includes(numbers, of_watches), "each watch has a number");
    for (int const number : numbers) {
        auto const* const found = find_watch(watches, number);
        bool const is_whole = std::ranges::binary_search(of_watches, number);
        check((found != nullptr) == is_whole, "a watch is found if it is there");
        check(found == nullptr || found->wd == number, "the watch that is found");
    }
    for (auto const& watch : watches) {
        check(!watch.identity.handle.empty() || watch.identity.handle_type == 0,
              "a type only of a handle");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string const text(data, data + size);
    auto const watches = parse_live_watches(text);
    check_watches(text, watches);
    // The newest first, between lines of other kinds.
    std::string again = "pos:\t0\nflags:\t02004000\n";
    for (auto at = watches.rbegin(); at != watches.rend(); ++at) {
        again += line_of(*at);
    }
    auto const parsed_again = parse_live_watches(again);
    check(std::ranges::equal(parsed_again, watches, is_equal), "written again it is the same");
    check(parse_live_numbers(again).size() == watches.size(), "a number for each");
    return 0;
}

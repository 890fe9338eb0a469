//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "fdinfo.hpp"

#include "fail.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace asio_inotify::detail {

std::vector<int> parse_live_numbers(std::string_view text)
{
    std::vector<int> numbers;
    while (!text.empty()) {
        auto const end = text.find('\n');
        auto const line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);

        constexpr std::string_view key = " wd:";
        auto const at = line.find(key);
        if (!line.starts_with("inotify ") || at == std::string_view::npos) {
            continue;
        }
        auto const* const first = line.data() + at + key.size();
        int number = 0;
        // Hexadecimal without prefix (kernel note 6.1).
        auto const [last, failure] = std::from_chars(first, line.data() + line.size(), number, 16);
        bool const whole = last == line.data() + line.size() || *last == ' ';
        if (failure == std::errc{} && whole && number > 0) {
            numbers.push_back(number);
        }
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

std::vector<int> live_numbers(int fd, boost::system::error_code& ec)
{
    ec.clear();
    auto const path = "/proc/self/fdinfo/" + std::to_string(fd);
    int const file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
        return {};
    }
    struct closer
    {
        int fd;
        ~closer() { ::close(fd); }
    } const close_at_end{file};

    std::string text;
    constexpr std::size_t step = 65536;
    for (std::size_t size = 0;;) {
        text.resize(size + step);
        auto const got = ::read(file, text.data() + size, step);
        if (got < 0) {
            ASIO_INOTIFY_FAIL_ERRNO(ec);
            return {};
        }
        size += static_cast<std::size_t>(got);
        if (got == 0) {
            text.resize(size);
            return parse_live_numbers(text);
        }
    }
}

} // namespace asio_inotify::detail

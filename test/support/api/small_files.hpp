//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_API_SMALL_FILES_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_API_SMALL_FILES_HPP

#include "support/api/choices.hpp"

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

namespace test::api {

/// Files and directories of few names, so that they meet.
class small_files
{
public:
    /// @param names  How many names there are, at most four. @param depth  How many a path has.
    small_files(std::filesystem::path root, std::size_t names, std::size_t depth, choices& random)
        : root_(std::move(root))
        , names_(names)
        , depth_(depth)
        , random_(random)
    {}

    /// A path below the root.
    [[nodiscard]] std::string any_path()
    {
        static constexpr std::array<char const*, 4> names{"a", "b", "c", "d"};
        auto path = root_;
        for (auto left = 1 + random_.below(depth_); left != 0; --left) {
            path /= names[random_.below(names_)];
        }
        return path.native();
    }

    /// One system call that changes something, or fails.
    void change(bool with_links)
    {
        auto const one = any_path();
        auto const other = any_path();
        std::error_code ignored;
        switch (random_.below(with_links ? 11 : 9)) {
        case 0:
        case 1:
        case 2:
            append(one);
            break;
        case 3:
        case 4:
            ::mkdir(one.c_str(), 0700);
            break;
        case 5:
            ::unlink(one.c_str());
            break;
        case 6:
            ::rename(one.c_str(), other.c_str());
            break;
        case 7:
            ::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE);
            break;
        case 8:
            if (random_.one_in(3)) {
                std::filesystem::remove_all(one, ignored);
            }
            break;
        case 9:
            static_cast<void>(::symlink(other.c_str(), one.c_str()));
            break;
        default:
            static_cast<void>(::link(one.c_str(), other.c_str()));
            break;
        }
    }

    // Each write makes the file longer.
    static void append(std::string const& path)
    {
        int const fd =
            ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
        if (fd >= 0) {
            static_cast<void>(::write(fd, "x", 1));
            ::close(fd);
        }
    }

private:
    std::filesystem::path root_;
    std::size_t names_;
    std::size_t depth_;
    choices& random_;
};

} // namespace test::api

#endif

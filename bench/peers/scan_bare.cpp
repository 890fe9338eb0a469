//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "scan_bare.hpp"

#include "../support/system.hpp"

#include <charconv>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace bench {
namespace {

// The mask that a tree watcher needs to report everything.
constexpr std::uint32_t watch_mask = IN_CREATE | IN_DELETE | IN_MOVE | IN_MOVE_SELF | IN_ATTRIB |
                                     IN_MODIFY | IN_CLOSE_WRITE | IN_ONLYDIR | IN_EXCL_UNLINK;

constexpr int open_flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW;

class scan
{
public:
    explicit scan(int instance)
        : instance_(instance)
    {}

    scanned operator()(std::string const& root)
    {
        unique_fd const directory{check(::open(root.c_str(), open_flags), "open")};
        visit(directory.get());
        ++total_.entries;
        return total_;
    }

private:
    void visit(int directory)
    {
        watch(directory);
        auto const names = list(directory);
        for (std::size_t at = 0; at != names.size();) {
            std::string_view const name(names.data() + at);
            unique_fd const below{check(::openat(directory, name.data(), open_flags), "openat")};
            visit(below.get());
            at += name.size() + 1;
        }
    }

    void watch(int directory)
    {
        static constexpr std::string_view start = "/proc/self/fd/";
        char path[32];
        std::memcpy(path, start.data(), start.size());
        *std::to_chars(path + start.size(), path + sizeof path - 1, directory).ptr = 0;
        check(::inotify_add_watch(instance_, path, watch_mask), "inotify_add_watch");
        ++total_.directories;
    }

    // The names of its subdirectories, each with a null byte.
    std::string list(int directory)
    {
        std::string names;
        while (auto const size =
                   check(::getdents64(directory, buffer_.data(), buffer_.size()), "getdents64")) {
            for (std::ptrdiff_t at = 0; at < size;) {
                auto const* const entry = reinterpret_cast<dirent64 const*>(buffer_.data() + at);
                at += entry->d_reclen;
                std::string_view const name(entry->d_name);
                if (name == "." || name == "..") {
                    continue;
                }
                ++total_.entries;
                if (entry->d_type == DT_DIR) {
                    names.append(name.data(), name.size() + 1);
                }
            }
        }
        return names;
    }

    int instance_;
    scanned total_;
    std::vector<char> buffer_ = std::vector<char>(32768);
};

} // namespace

scanned scan_bare(int instance, std::string const& root)
{
    return scan(instance)(root);
}

} // namespace bench

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_OPEN_DIRECTORIES_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_OPEN_DIRECTORIES_HPP

#include "tree/model/entry_arena.hpp"
#include "tree/port/tree_port.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

namespace asio_inotify::detail {

// Directories that stay open for a moment, as their entries are opened next. None is open while
// there is nothing to look at: an open directory would hold up its filesystem's unmounting and
// the event of its end.
class open_directories
{
public:
    explicit open_directories(tree_port& port) noexcept
        : port_(port)
    {}
    open_directories(open_directories const&) = delete;
    open_directories& operator=(open_directories const&) = delete;
    ~open_directories() { clear(); }

    /// The descriptor of an open directory, which stays open until the next call of @ref put;
    /// negative if it is not open.
    [[nodiscard]] int use(dir_id id) noexcept
    {
        for (std::ptrdiff_t i = 0; i != used_; ++i) {
            if (open_.begin()[i].id == id) {
                std::rotate(open_.begin(), open_.begin() + i, open_.begin() + i + 1);
                return open_[0].directory_fd;
            }
        }
        return -1;
    }

    /// Keep a directory open, instead of the one that was not asked for the longest.
    void put(dir_id id, int directory_fd) noexcept
    {
        if (used_ == std::ssize(open_)) {
            port_.close(open_.begin()[--used_].directory_fd);
        }
        std::copy_backward(open_.begin(), open_.begin() + used_, open_.begin() + used_ + 1);
        open_[0] = {id, directory_fd};
        ++used_;
    }

    /// Take an open directory out of here; negative if it is not open.
    [[nodiscard]] int take(dir_id id) noexcept
    {
        auto const directory_fd = use(id);
        if (directory_fd >= 0) {
            std::copy(open_.begin() + 1, open_.begin() + used_, open_.begin());
            --used_;
        }
        return directory_fd;
    }

    /// Close those for which a condition holds.
    template <class Condition>
    void close_if(Condition condition) noexcept
    {
        close_where([&](opened const& o) { return condition(o.id); });
    }

    /// Close all but one descriptor. @returns True if any was closed.
    bool close_others(int directory_fd) noexcept
    {
        auto const before = used_;
        close_where([&](opened const& o) { return o.directory_fd != directory_fd; });
        return used_ != before;
    }

    void clear() noexcept
    {
        close_where([](opened const&) { return true; });
    }

private:
    struct opened
    {
        dir_id id;
        int directory_fd;
    };

    template <class Condition>
    void close_where(Condition condition) noexcept
    {
        auto const end = std::remove_if(open_.begin(), open_.begin() + used_, [&](auto const& o) {
            bool const unwanted = condition(o);
            if (unwanted) {
                port_.close(o.directory_fd);
            }
            return unwanted;
        });
        used_ = end - open_.begin();
    }

    tree_port& port_;
    std::array<opened, 16> open_;
    std::ptrdiff_t used_ = 0;
};

} // namespace asio_inotify::detail

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_WATCH_SET_OBJECT_SEARCH_HPP
#define ASIO_INOTIFY_SRC_WATCH_SET_OBJECT_SEARCH_HPP

#include "system/file_handles.hpp"
#include "system/mounts.hpp"

#include <asio_inotify/saved_watch.hpp>

#include <cstddef>
#include <utility>
#include <vector>

namespace asio_inotify::detail {

/// Finds the inodes of watches by their file handles.
class object_search
{
public:
    /// Call `found(index, object, 0)` for each watch whose inode was found, and with an errno for
    /// each that could not be looked up.
    /** Without CAP_DAC_READ_SEARCH none is found. */
    template <class Function>
    void find(std::vector<std::size_t> const& indices, std::vector<saved_watch> const& watches,
              Function found)
    {
        // Each request takes a descriptor for a while.
        constexpr std::size_t at_once = 64;
        std::vector<handle_request> requests;
        std::vector<std::size_t> requested;
        for (std::size_t i = 0; i != indices.size(); ++i) {
            add_request(indices[i], watches[indices[i]], requests, requested);
            if (requests.size() == at_once || i + 1 == indices.size()) {
                open_by_handle(requests);
                for (std::size_t r = 0; r != requests.size(); ++r) {
                    auto const object = std::move(requests[r].object);
                    if (object.is_open() || requests[r].failure != 0) {
                        found(requested[r], object, requests[r].failure);
                    }
                }
                requests.clear();
                requested.clear();
            }
        }
    }

private:
    void add_request(std::size_t index, saved_watch const& watch,
                     std::vector<handle_request>& requests, std::vector<std::size_t>& requested);

    std::vector<mount_point> mounts_;
    bool mounts_are_read_ = false;
};

} // namespace asio_inotify::detail

#endif

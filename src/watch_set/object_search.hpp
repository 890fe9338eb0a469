//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_WATCH_SET_OBJECT_SEARCH_HPP
#define ASIO_INOTIFY_SRC_WATCH_SET_OBJECT_SEARCH_HPP

#include "system/file_handles.hpp"

#include <asio_inotify/saved_watch.hpp>

#include <boost/system/error_code.hpp>
#include <boost/system/system_category.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace asio_inotify::detail {

/// Finds the inodes of watches by their file handles.
class object_search
{
public:
    /// Call `found(index, object, error_code())` for each watch whose inode was found, and with a
    /// failure for each that could not be looked up.
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
            auto const& watch = watches[indices[i]];
            boost::system::error_code ec;
            if (auto const* const directory = directory_for(watch, ec)) {
                requests.push_back({&*watch.identity, directory});
                requested.push_back(indices[i]);
            } else if (ec) {
                found(indices[i], unique_fd(), ec);
            }
            if (requests.size() == at_once || i + 1 == indices.size()) {
                open_by_handle(requests);
                for (std::size_t r = 0; r != requests.size(); ++r) {
                    auto const object = std::move(requests[r].object);
                    ec.assign(requests[r].failure, boost::system::system_category());
                    if (object.is_open() || ec) {
                        found(requested[r], object, ec);
                    }
                }
                requests.clear();
                requested.clear();
            }
        }
    }

private:
    [[nodiscard]] char const* directory_for(saved_watch const& watch,
                                            boost::system::error_code& ec);
    [[nodiscard]] char const* find_directory(std::uint32_t device) const noexcept;
    [[nodiscard]] std::string const& directory_above(std::string path,
                                                     boost::system::error_code& failure);
    [[nodiscard]] bool try_directory(std::string const& directory, std::uint32_t device,
                                     boost::system::error_code& ec);

    // One directory for each filesystem, by device. Its nodes stay where they are, as requests
    // refer to the paths.
    std::map<std::uint32_t, std::string> directories_;
    bool mounts_are_read_ = false;
    // The nearest directory that is there, at or above a path: a key of this map. Null if the
    // lookup was interrupted by an exception.
    std::map<std::string, std::string const*> above_;
    // The devices that a directory is not on.
    std::set<std::pair<std::string, std::uint32_t>> tried_;
};

} // namespace asio_inotify::detail

#endif

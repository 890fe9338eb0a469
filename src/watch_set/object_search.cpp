//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "watch_set/object_search.hpp"

#include <algorithm>

namespace asio_inotify::detail {

void object_search::add_request(std::size_t index, saved_watch const& watch,
                                std::vector<handle_request>& requests,
                                std::vector<std::size_t>& requested)
{
    if (!watch.identity || watch.identity->handle.empty()) {
        return;
    }
    if (!mounts_are_read_) {
        // Without /proc there is no mount point, and nothing is found.
        boost::system::error_code ignored;
        mounts_ = mount_points(ignored);
        mounts_are_read_ = true;
    }
    auto const mount = std::find_if(mounts_.begin(), mounts_.end(), [&](auto const& m) {
        return m.device == watch.identity->device;
    });
    if (mount != mounts_.end()) {
        requests.push_back({&*watch.identity, mount->path.c_str()});
        requested.push_back(index);
    }
}

} // namespace asio_inotify::detail

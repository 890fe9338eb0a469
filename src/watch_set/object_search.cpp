//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "watch_set/object_search.hpp"

#include "system/directory_ops.hpp"
#include "system/filesystem_device.hpp"
#include "system/mounts.hpp"
#include "values/fail.hpp"

#include <cerrno>

namespace asio_inotify::detail {
// Any directory of the filesystem will do. The list of mounts has none if the root of this process
// is no mount point, as after a chroot(2): then it is the root directory or one above the object.
char const* object_search::directory_for(saved_watch const& watch, boost::system::error_code& ec)
{
    ec.clear();
    if (!watch.identity || watch.identity->handle.empty()) {
        return nullptr;
    }
    if (!mounts_are_read_) {
        auto mounts = mount_points(ec);
        if (ec) {
            return nullptr;
        }
        for (auto& mount : mounts) {
            directories_.emplace(mount.device, std::move(mount.path));
        }
        mounts_are_read_ = true;
    }
    auto const device = watch.identity->device;
    auto const* const directory = find_directory(device);
    if (directory != nullptr || try_directory("/", device, ec) || ec || watch.path.empty()) {
        return find_directory(device);
    }
    auto const& above = directory_above(watch.path, ec);
    return !ec && try_directory(above, device, ec) ? find_directory(device) : nullptr;
}

char const* object_search::find_directory(std::uint32_t device) const noexcept
{
    auto const found = directories_.find(device);
    return found != directories_.end() ? found->second.c_str() : nullptr;
}

bool object_search::try_directory(std::string const& directory, std::uint32_t device,
                                  boost::system::error_code& ec)
{
    if (tried_.contains({directory, device})) {
        return false;
    }
    bool const is_there = is_on_device(directory.c_str(), device, ec);
    if (is_there) {
        directories_.emplace(device, directory);
    } else if (!ec) {
        tried_.emplace(directory, device);
    }
    return is_there;
}

// The path of the nearest directory above an object that can be looked up; "/" at the latest. What
// was looked up once is not looked up again: many objects can be missing below one directory.
std::string const& object_search::directory_above(std::string path,
                                                  boost::system::error_code& failure)
{
    if (!path.starts_with('/')) {
        path = working_directory(failure) + '/' + path;
        if (is_errno(failure, ENOENT)) {
            // It was removed, or is outside of the root directory.
            failure.clear();
        }
    }
    auto const go_up = [&] {
        path.erase(path.size() > 1 ? path.rfind('/') : 1);
        if (path.empty()) {
            // Not operator=: g++ 12 warns of that without a reason.
            path.assign(1, '/');
        }
    };
    std::vector<std::map<std::string, std::string const*>::iterator> passed;
    std::string const* nearest = nullptr;
    while (nearest == nullptr) {
        go_up();
        auto const at = above_.try_emplace(path).first;
        nearest = at->second;
        if (nearest == nullptr) {
            boost::system::error_code ec;
            static_cast<void>(status_of(path.c_str(), ec));
            nearest = ec && path != "/" ? nullptr : &at->first;
            passed.push_back(at);
        }
    }
    for (auto const at : passed) {
        at->second = nearest;
    }
    return *nearest;
}

} // namespace asio_inotify::detail

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "system/filesystem_device.hpp"

#include "system/fdinfo.hpp"
#include "system/inotify_ops.hpp"
#include "system/unique_fd.hpp"
#include "values/fail.hpp"
#include "values/native.hpp"

#include <asio_inotify/add_options.hpp>
#include <asio_inotify/detail/instance_ops.hpp>

#include <cerrno>

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

namespace asio_inotify::detail {
namespace {

// The kernel's form of a device number (kernel note 6.5).
std::uint32_t kernel_device(dev_t device) noexcept
{
    return ::major(device) << 20U | ::minor(device);
}

// A directory that is not there, or that we may not look up, is on no device that we can use.
void fail_unless_absent(boost::system::error_code& ec) noexcept
{
    if (errno != ENOENT && errno != ENOTDIR && errno != EACCES) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
    }
}

} // namespace

std::uint32_t watched_device(char const* directory, boost::system::error_code& ec)
{
    unique_fd const instance(open_instance(ec));
    if (ec) {
        return 0;
    }
    auto const wd =
        add_watch(instance.get(), directory, silent_mask | native(add_options::only_directory), ec);
    if (ec) {
        return 0;
    }
    auto const watches = live_watches(instance.get(), ec);
    auto const* const watch = find_watch(watches, wd);
    return watch != nullptr ? watch->identity.device : 0;
}

bool is_on_device(char const* directory, std::uint32_t device, boost::system::error_code& ec)
{
    ec.clear();
    struct ::stat status;
    struct ::statfs filesystem;
    if (::stat(directory, &status) != 0) {
        fail_unless_absent(ec);
        return false;
    }
    if (!S_ISDIR(status.st_mode)) {
        return false;
    }
    if (kernel_device(status.st_dev) == device) {
        return true;
    }
    if (::statfs(directory, &filesystem) != 0) {
        fail_unless_absent(ec);
        return false;
    }
    return filesystem.f_type == BTRFS_SUPER_MAGIC && watched_device(directory, ec) == device;
}

} // namespace asio_inotify::detail

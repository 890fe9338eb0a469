//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_FILE_CHANGE_STORAGE_HPP
#define ASIO_INOTIFY_DETAIL_FILE_CHANGE_STORAGE_HPP

#include <asio_inotify/detail/storage_owner.hpp>
#include <asio_inotify/file_change.hpp>

#include <atomic>
#include <string>
#include <vector>

namespace asio_inotify::detail {

// The changes of one batch, with the paths that they refer to.
struct file_change_storage
{
    std::vector<file_change> changes{};
    std::string paths{};
    std::atomic<int> owners{0};
};

using file_change_owner = storage_owner<file_change_storage>;

} // namespace asio_inotify::detail

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree_of_directories.hpp"

#include <sys/stat.h>

namespace bench {

tree_of_directories::tree_of_directories(std::filesystem::path const& above,
                                         tree_shape const& shape)
    : directory_(above)
    , entries_(shape.directories * (shape.files + 1))
{
    paths_.reserve(shape.directories);
    for (std::size_t i = 0; i != shape.directories; ++i) {
        paths_.push_back(i == 0 ? (directory_.path() / "tree").string()
                                : paths_[(i - 1) / shape.fan_out] + "/dir" +
                                      std::to_string((i - 1) % shape.fan_out));
        check(::mkdir(paths_.back().c_str(), 0700), "mkdir");
        for (std::size_t f = 0; f != shape.files; ++f) {
            check(::mknod(file(i, f).c_str(), S_IFREG | 0600, 0), "mknod");
        }
    }
}

} // namespace bench

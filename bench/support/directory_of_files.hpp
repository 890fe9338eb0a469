//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_BENCH_SUPPORT_DIRECTORY_OF_FILES_HPP
#define ASIO_INOTIFY_BENCH_SUPPORT_DIRECTORY_OF_FILES_HPP

#include "system.hpp"

#include <string>
#include <vector>

namespace bench {

/// A number of files to watch, in a directory that is removed at the end.
class directory_of_files
{
public:
    explicit directory_of_files(int count)
    {
        for (int i = 0; i != count; ++i) {
            make_file(paths_.emplace_back((directory_.path() / std::to_string(i)).string()));
        }
    }

    [[nodiscard]] std::vector<std::string> const& paths() const noexcept { return paths_; }

private:
    temporary_directory directory_;
    std::vector<std::string> paths_;
};

} // namespace bench

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "system/restore_detector.hpp"

#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace asio_inotify::detail {

void restore_detector::open() noexcept
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0) {
        return;
    }
    pipe_.reset(ends[0]);
    unique_fd const writing(ends[1]);
    // Of the user's limit (/proc/sys/fs/pipe-user-pages-soft) it takes one page instead of 16.
    constexpr int smallest = 4096;
    static_cast<void>(::fcntl(pipe_.get(), F_SETPIPE_SZ, smallest));
    known_ = read_identity();
}

void restore_detector::wake_by(wait_set& waits) const noexcept
{
    if (pipe_) {
        boost::system::error_code ignored;
        waits.add(pipe_.get(), wait_set::readiness::restored, ignored);
    }
}

bool restore_detector::take_restored() noexcept
{
    if (!pipe_) {
        return false;
    }
    auto const now = read_identity();
    if (now == known_) {
        return false;
    }
    if (now == identity()) {
        // Somebody has closed it, as closefrom(3) does. The number can be another file's by now.
        static_cast<void>(pipe_.release());
        open();
    } else {
        known_ = now;
    }
    return true;
}

auto restore_detector::read_identity() const noexcept -> identity
{
    struct stat s = {};
    if (::fstat(pipe_.get(), &s) < 0 || !S_ISFIFO(s.st_mode)) {
        return {};
    }
    constexpr std::int64_t second = 1'000'000'000;
    return {s.st_ino, s.st_ctim.tv_sec * second + s.st_ctim.tv_nsec};
}

} // namespace asio_inotify::detail

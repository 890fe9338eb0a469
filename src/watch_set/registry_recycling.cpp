//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The part of watch_registry that makes numbers free again.

#include <asio_inotify/detail/watch_registry.hpp>

#include <asio_inotify/detail/instance_ops.hpp>
#include <asio_inotify/error.hpp>

#include "system/inotify_ops.hpp"
#include "watch_set/watch_table.hpp"

#include <thread>

namespace asio_inotify::detail {
namespace {

constexpr int most_settled_at_once = 65536;

} // namespace

std::uint64_t watch_registry::begin_recycle(int fd)
{
    auto& numbers = table_->numbers();
    // That the kernel has reported an end does not say that the number is free there: only that no
    // watch can be removed under it does (kernel note 3.1). Never more than some microseconds.
    constexpr int most_tries = 10000;
    // Each of them is a call of the kernel, and a state that came from another process can name all
    // numbers that there are. The others' turn comes with the next recycling.
    int numbers_left = most_settled_at_once;
    auto const closing = numbers.closing().ranges();
    for (auto const& [first, last] : closing) {
        for (auto number = static_cast<long long>(first); number <= last && numbers_left != 0;
             ++number, --numbers_left) {
            watch_descriptor const wd{static_cast<int>(number)};
            boost::system::error_code ec;
            for (int tries = 0; tries != most_tries && !ec; ++tries) {
                remove_watch(fd, wd, ec);
                if (!ec) {
                    std::this_thread::yield();
                }
            }
            if (ec == make_error_code(error::no_such_watch)) {
                numbers.settle(wd.value());
            }
        }
    }
    return numbers.begin_barrier();
}

void watch_registry::abandon_recycle(std::uint64_t ticket) noexcept
{
    table_->numbers().barrier_failed(ticket);
}

std::size_t watch_registry::end_recycle(int fd, read_backlog const& left, bool no_read_outstanding,
                                        std::uint64_t ticket, boost::system::error_code& ec)
{
    auto& numbers = table_->numbers();
    auto const position = ec ? 0 : end_of_queue(fd, left, no_read_outstanding, ec);
    if (ec) {
        numbers.barrier_failed(ticket);
        return 0;
    }
    auto const recycled = numbers.barrier_passed(ticket, position);
    if (no_read_outstanding) {
        numbers.read_up_to(position_);
    }
    return recycled;
}

} // namespace asio_inotify::detail

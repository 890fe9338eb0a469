//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/detail/number_recycler.hpp>

#include <asio_inotify/detail/instance_ops.hpp>
#include <asio_inotify/detail/watch_registry.hpp>
#include <asio_inotify/error.hpp>

#include "system/inotify_ops.hpp"
#include "watch_set/event_stream.hpp"
#include "watch_set/watch_table.hpp"

#include <thread>

namespace asio_inotify::detail {
namespace {

// An IN_IGNORED that was read does not prove that the number is free in the kernel. It is free when
// inotify_rm_watch(2) finds no watch (kernel note 3.1), some microseconds later at most.
bool is_free_in_kernel(int fd, watch_descriptor wd)
{
    constexpr int most_tries = 10000;
    boost::system::error_code ec;
    for (int tries = 0; tries != most_tries && !ec; ++tries) {
        remove_watch(fd, wd, ec);
        if (!ec) {
            std::this_thread::yield();
        }
    }
    return ec == make_error_code(error::no_such_watch);
}

} // namespace

auto number_recycler::begin(instance_access const& instance) -> ticket
{
    auto& numbers = registry_.table().numbers();
    // Each number takes a system call, and a state that came from another process can name all
    // numbers that there are. Those that are left wait for the next recycling.
    int numbers_left = 65536;
    auto const closing = numbers.closing().ranges();
    for (auto const& [first, last] : closing) {
        for (auto number = static_cast<long long>(first); number <= last && numbers_left != 0;
             ++number, --numbers_left) {
            watch_descriptor const wd{static_cast<int>(number)};
            if (is_free_in_kernel(instance.fd, wd)) {
                numbers.freed(wd.value());
            }
        }
    }
    return numbers.begin_barrier();
}

void number_recycler::abandon(ticket numbers) noexcept
{
    registry_.table().numbers().barrier_failed(numbers);
}

std::size_t number_recycler::end(instance_access const& instance, ticket numbers,
                                 boost::system::error_code& ec)
{
    auto& ledger = registry_.table().numbers();
    auto& events = registry_.events();
    auto const position = ec ? 0 : events.end_of_queue(instance, ec);
    if (ec) {
        ledger.barrier_failed(numbers);
        return 0;
    }
    auto const recycled = ledger.barrier_passed(numbers, position);
    if (instance.may_read) {
        ledger.read_up_to(events.position());
    }
    return recycled;
}

} // namespace asio_inotify::detail

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "echo.hpp"

#include "../support/system.hpp"
#include "../support/tally.hpp"

#include <asio_inotify/event_batch.hpp>
#include <asio_inotify/event_buffer.hpp>

#include <cerrno>

#include <sys/epoll.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace bench {

void echo_bare(std::string const& path, answerer& to)
{
    auto const instance = make_instance();
    unique_fd const epoll{check(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")};
    epoll_event event{};
    event.events = EPOLLIN;
    check(::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, instance.get(), &event), "epoll_ctl");
    check(::inotify_add_watch(instance.get(), path.c_str(), IN_MODIFY), "inotify_add_watch");
    asio_inotify::event_buffer<> buffer;
    tally total;
    to.ready();
    for (;;) {
        // As many as Asio's reactor requests at once.
        epoll_event ready[128];
        if (::epoll_wait(epoll.get(), ready, 128, -1) < 0) {
            if (errno == EINTR) {
                continue;
            }
            throw_errno("epoll_wait");
        }
        auto const size = check(::read(instance.get(), buffer.data(), buffer.size()), "read");
        for (auto const e :
             asio_inotify::event_batch(buffer.data(), static_cast<std::size_t>(size))) {
            total.add(e.wd().value(), static_cast<std::uint32_t>(e.mask()), e.cookie(), e.name());
            if (!to.answer()) {
                return;
            }
        }
    }
}

} // namespace bench

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/detail/file_registry.hpp>

#include "file_engine.hpp"
#include "kernel_file_port.hpp"

#include "../fail.hpp"

#include <boost/config.hpp>

#include <cerrno>
#include <new>

namespace asio_inotify::detail {

struct file_registry::state
{
    kernel_file_port port;
    file_engine engine{port};
};

file_registry::file_registry()
    : state_(std::make_unique<state>())
{}

file_registry::~file_registry() = default;

void file_registry::open(boost::system::error_code& ec)
{
    state_->port.open(ec);
}

void file_registry::add(path_ref path, file_watch_options const& options,
                        boost::system::error_code& ec)
{
    state_->engine.add(path, options, ec);
}

void file_registry::remove(path_ref path, boost::system::error_code& ec)
{
    state_->engine.remove(path.view(), ec);
}

bool file_registry::contains(path_ref path) const noexcept
{
    return state_->engine.find(path.view()) != nullptr;
}

file_identity file_registry::identity(path_ref path) const noexcept
{
    auto const* const entry = state_->engine.find(path.view());
    return entry != nullptr ? entry->reported.identity : file_identity{};
}

std::size_t file_registry::size() const noexcept
{
    return state_->engine.size();
}

std::size_t file_registry::watches() const noexcept
{
    return state_->engine.watches();
}

file_watcher_counters file_registry::counters() const noexcept
{
    return state_->engine.counters();
}

int file_registry::native_handle() const noexcept
{
    return state_->port.waiting().native_handle();
}

int file_registry::give_handle() noexcept
{
    return state_->port.waiting().give_handle();
}

step_result file_registry::step(boost::system::error_code& ec) noexcept
{
#if defined(BOOST_NO_EXCEPTIONS)
    return state_->engine.step(ec);
#else
    try {
        return state_->engine.step(ec);
    } catch (std::bad_alloc const&) {
        errno = ENOMEM;
        ASIO_INOTIFY_FAIL_ERRNO(ec);
    }
    state_->engine.doubt();
    wake();
    return step_result::wait;
#endif
}

file_change_batch file_registry::take_batch() noexcept
{
    return state_->engine.take_batch();
}

void file_registry::wake() noexcept
{
    state_->port.wake();
}

} // namespace asio_inotify::detail

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/detail/kernel_files.hpp>

#include "file/file_engine.hpp"
#include "file/kernel_file_port.hpp"

#include "values/fail.hpp"

#include <boost/config.hpp>

#include <cerrno>
#include <new>

namespace asio_inotify::detail {

struct kernel_files::state
{
    kernel_file_port port;
    file_engine engine{port};
};

kernel_files::kernel_files()
    : state_(std::make_unique<state>())
{}

kernel_files::~kernel_files() = default;

void kernel_files::open(boost::system::error_code& ec)
{
    state_->port.open(ec);
}

void kernel_files::add(path_ref path, file_watch_options const& options,
                       boost::system::error_code& ec)
{
    state_->engine.add(path, options, ec);
}

void kernel_files::remove(path_ref path, boost::system::error_code& ec)
{
    state_->engine.remove(path.view(), ec);
}

bool kernel_files::contains(path_ref path) const noexcept
{
    return state_->engine.find(path.view()) != nullptr;
}

file_identity kernel_files::identity(path_ref path) const noexcept
{
    auto const* const entry = state_->engine.find(path.view());
    return entry != nullptr ? entry->reported.identity : file_identity{};
}

std::size_t kernel_files::size() const noexcept
{
    return state_->engine.size();
}

std::size_t kernel_files::watches() const noexcept
{
    return state_->engine.watches();
}

file_watcher_counters kernel_files::counters() const noexcept
{
    return state_->engine.counters();
}

int kernel_files::native_handle() const noexcept
{
    return state_->port.waiting().native_handle();
}

int kernel_files::release_handle() noexcept
{
    return state_->port.waiting().release();
}

step_result kernel_files::step(boost::system::error_code& ec) noexcept
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

file_change_batch kernel_files::take_batch() noexcept
{
    return state_->engine.take_batch();
}

void kernel_files::wake() noexcept
{
    state_->port.wake();
}

} // namespace asio_inotify::detail

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/detail/kernel_files.hpp>

#include "file/file_engine.hpp"
#include "file/kernel_file_port.hpp"
#include "system/restore_detector.hpp"
#include "values/recover_from_exceptions.hpp"

#include <cstdint>
#include <utility>

namespace asio_inotify::detail {

struct kernel_files::implementation
{
    // Not needed to watch: notices_restores() says if there is no descriptor left for it.
    void notice_restores() noexcept
    {
        if (!detector.is_open()) {
            detector.open();
            detector.wake_by(port.waits());
        }
    }

    kernel_file_port port;
    file_engine engine{port};
    restore_detector detector;
    std::uint64_t restores = 0;
};

kernel_files::kernel_files(std::unique_ptr<implementation> opened) noexcept
    : implementation_(std::move(opened))
{}

kernel_files::~kernel_files() = default;

std::unique_ptr<kernel_files> kernel_files::make(boost::system::error_code& ec)
{
    auto opened = std::make_unique<implementation>();
    opened->port.open(ec);
    if (ec) {
        return nullptr;
    }
    opened->notice_restores();
    return std::unique_ptr<kernel_files>(new kernel_files(std::move(opened)));
}

void kernel_files::add(path_ref const& path, file_watch_options const& options,
                       boost::system::error_code& ec)
{
    implementation_->engine.add(path, options, ec);
}

void kernel_files::remove(path_ref const& path, boost::system::error_code& ec)
{
    implementation_->engine.remove(path.view(), ec);
}

bool kernel_files::contains(path_ref const& path) const noexcept
{
    return implementation_->engine.find(path.view()) != nullptr;
}

file_identity kernel_files::identity(path_ref const& path) const noexcept
{
    auto const* const entry = implementation_->engine.find(path.view());
    return entry != nullptr ? entry->reported.identity : file_identity{};
}

std::vector<std::string> kernel_files::paths() const
{
    return implementation_->engine.paths();
}

std::size_t kernel_files::size() const noexcept
{
    return implementation_->engine.size();
}

std::size_t kernel_files::watches() const noexcept
{
    return implementation_->engine.watches();
}

file_watcher_counters kernel_files::counters() const noexcept
{
    auto counters = implementation_->engine.counters();
    counters.restores = implementation_->restores;
    return counters;
}

void kernel_files::rescan() noexcept
{
    implementation_->notice_restores();
    implementation_->engine.start_over();
    wake();
}

bool kernel_files::notices_restores() const noexcept
{
    return implementation_->detector.is_open();
}

int kernel_files::native_handle() const noexcept
{
    return implementation_->port.waits().native_handle();
}

int kernel_files::release_handle() noexcept
{
    return implementation_->port.waits().release();
}

step_result kernel_files::step(boost::system::error_code& ec) noexcept
{
    auto& engine = implementation_->engine;
    if (implementation_->detector.take_restored()) {
        ++implementation_->restores;
        engine.start_over();
    }
    auto const result = recover_from_exceptions(
        ec, [&] { return engine.step(ec); },
        [&] {
            engine.start_over();
            wake();
        });
    if (result == step_result::wait) {
        implementation_->port.waits().nothing_found();
    }
    return result;
}

file_change_batch kernel_files::take_batch() noexcept
{
    return implementation_->engine.take_batch();
}

void kernel_files::wake() noexcept
{
    implementation_->port.wake();
}

} // namespace asio_inotify::detail

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/port/kernel_tree_port.hpp"

#include "system/descriptor_path.hpp"
#include "system/file_handles.hpp"
#include "system/inotify_ops.hpp"
#include "values/native.hpp"

#include <asio_inotify/add_options.hpp>
#include <asio_inotify/detail/instance_ops.hpp>

#include <cerrno>

namespace asio_inotify::detail {

void kernel_tree_port::open(boost::system::error_code& ec)
{
    waits_.open(ec);
    if (ec) {
        return;
    }
    instance_.reset(open_instance(ec));
    if (ec) {
        return;
    }
    waits_.add(instance_.get(), wait_set::readiness::readable, ec);
    if (ec) {
        return;
    }
    // Without /proc no directory could be watched either.
    mounts_.open(ec);
    if (ec) {
        return;
    }
    waits_.add(mounts_.native_handle(), wait_set::readiness::urgent, ec);
    guard_.open();
}

std::size_t kernel_tree_port::read(std::byte* data, std::size_t size, boost::system::error_code& ec)
{
    return read_now(instance_.get(), data, size, ec);
}

auto kernel_tree_port::open_path(std::string_view path, bool follow, boost::system::error_code& ec)
    -> directory_fd
{
    return open_directory(path, follow, ec);
}

auto kernel_tree_port::open_below(std::string_view top, std::string_view rest,
                                  boost::system::error_code& ec) -> directory_fd
{
    auto const directory = open_directory_below(top, rest, can_confine_, ec);
    if (directory >= 0 || !is_confining_refused(ec.value())) {
        return directory;
    }
    return open_directory_below(top, rest, false, ec);
}

auto kernel_tree_port::open_child(directory_fd parent, char const* name, bool follow,
                                  boost::system::error_code& ec) -> directory_fd
{
    return open_directory_at(parent, name, follow, ec);
}

auto kernel_tree_port::open_within(directory_fd parent, char const* name) -> directory_fd
{
    if (!can_confine_) {
        return -1;
    }
    auto const directory = open_directory_within(parent, name);
    if (directory < 0) {
        static_cast<void>(is_confining_refused(errno));
    }
    return directory;
}

// ENOSYS from a kernel before 5.6, EPERM from a sandbox that does not know the call. But a security
// module can refuse one directory, too.
bool kernel_tree_port::is_confining_refused(int error) noexcept
{
    if (can_confine_ && (error == ENOSYS || error == EPERM)) {
        can_confine_ = can_confine();
        return !can_confine_;
    }
    return false;
}

void kernel_tree_port::close(directory_fd directory) noexcept
{
    close_directory(directory);
}

file_status kernel_tree_port::identify(directory_fd directory, boost::system::error_code& ec)
{
    return status_of(directory, ec);
}

file_status kernel_tree_port::look(directory_fd parent, char const* name, bool follow,
                                   boost::system::error_code& ec)
{
    return status_at(parent, name, follow, ec);
}

std::size_t kernel_tree_port::list(directory_fd directory, std::byte* data, std::size_t size,
                                   boost::system::error_code& ec)
{
    return list_directory(directory, data, size, ec);
}

void kernel_tree_port::rewind(directory_fd directory) noexcept
{
    rewind_directory(directory);
}

int kernel_tree_port::add(directory_fd directory, std::uint32_t native_mask,
                          boost::system::error_code& ec)
{
    return add_watch(instance_.get(), descriptor_path(directory).c_str(),
                     native_mask | native(add_options::merge_mask), ec);
}

int kernel_tree_port::add_child(directory_fd parent, char const* name, std::uint32_t native_mask,
                                boost::system::error_code& ec)
{
    constexpr auto options = native(add_options::merge_mask | add_options::dont_follow);
    return add_watch(instance_.get(), entry_path(parent, name).c_str(), native_mask | options, ec);
}

int kernel_tree_port::add_at(int wd, directory_fd directory, std::uint32_t native_mask,
                             boost::system::error_code& ec)
{
    set_next(instance_.get(), wd, ec);
    return ec ? -1 : add(directory, native_mask, ec);
}

void kernel_tree_port::number_from(int wd) noexcept
{
    boost::system::error_code ignored;
    set_next(instance_.get(), wd, ignored);
}

void kernel_tree_port::remove(int wd) noexcept
{
    drop_watch(instance_.get(), wd);
}

std::string kernel_tree_port::canonical_path(directory_fd directory)
{
    return path_of_descriptor(directory);
}

filesystem_traits kernel_tree_port::traits(directory_fd directory) noexcept
{
    return traits_of(directory);
}

void kernel_tree_port::guard(std::string const& absolute)
{
    guard_.guard(absolute);
}

void kernel_tree_port::unguard(std::string const& absolute) noexcept
{
    guard_.unguard(absolute);
}

void kernel_tree_port::guard_link(link_id id, std::string const& absolute)
{
    guard_.guard_link(id, absolute);
}

void kernel_tree_port::unguard_link(link_id id) noexcept
{
    guard_.unguard_link(id);
}

void kernel_tree_port::suspect_all() noexcept
{
    guard_.suspect_all();
}

std::vector<std::string> kernel_tree_port::take_suspects()
{
    return guard_.take_suspects();
}

std::vector<link_id> kernel_tree_port::take_suspect_links()
{
    return guard_.take_suspect_links();
}

boost::system::error_code kernel_tree_port::guard_failure(std::string const& absolute) noexcept
{
    return guard_.failure(absolute);
}

boost::system::error_code kernel_tree_port::link_guard_failure(link_id id) noexcept
{
    return guard_.link_failure(id);
}

auto kernel_tree_port::guard_deadline() noexcept -> std::optional<clock::time_point>
{
    return guard_.deadline();
}

bool kernel_tree_port::mounts_changed()
{
    if (!mounts_.take_changed()) {
        return false;
    }
    // A mount changes what a path names without an event (kernel note 4.35).
    guard_.suspect_all();
    return true;
}

auto kernel_tree_port::mounts(boost::system::error_code& ec) -> std::vector<mount>
{
    return mounts_.mounts(ec);
}

auto kernel_tree_port::now() noexcept -> clock::time_point
{
    return clock::now();
}

std::int64_t kernel_tree_port::file_time() noexcept
{
    return file_clock_now();
}

} // namespace asio_inotify::detail

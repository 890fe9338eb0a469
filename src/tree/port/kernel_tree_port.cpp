//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/port/kernel_tree_port.hpp"

#include "system/file_handles.hpp"
#include "system/inotify_ops.hpp"
#include "system/mounts.hpp"

#include <asio_inotify/add_options.hpp>
#include <asio_inotify/detail/instance_ops.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>

namespace asio_inotify::detail {
namespace {

// "/proc/self/fd/N", the path of what a descriptor is open on.
class descriptor_path
{
public:
    explicit descriptor_path(int fd) noexcept { *put(fd) = 0; }

    /** @param name  Of an entry, 255 bytes at most. */
    descriptor_path(int fd, std::string_view name) noexcept
    {
        auto* to = put(fd);
        *to++ = '/';
        *std::copy_n(name.begin(), (std::min)(name.size(), longest_name), to) = 0;
    }

    [[nodiscard]] char const* c_str() const noexcept { return text_; }

private:
    static constexpr std::string_view start = "/proc/self/fd/";
    static constexpr std::size_t most_digits = 10;
    static constexpr std::size_t longest_name = 255;

    char* put(int fd) noexcept
    {
        auto* const digits = std::copy(start.begin(), start.end(), text_);
        return std::to_chars(digits, digits + most_digits, fd).ptr;
    }

    char text_[start.size() + most_digits + longest_name + 2]; // NOLINT(*-avoid-c-arrays)
};

} // namespace

kernel_tree_port::~kernel_tree_port()
{
    close_mounts(mounts_to_wait_);
    close_mounts(mounts_to_ask_);
    if (instance_ >= 0) {
        close_instance(instance_);
    }
}

void kernel_tree_port::open(boost::system::error_code& ec)
{
    waits_.open(ec);
    if (ec) {
        return;
    }
    instance_ = open_instance(ec);
    if (ec) {
        return;
    }
    waits_.add(instance_, wait_set::readiness::readable, ec);
    if (ec) {
        return;
    }
    // Without these, less is seen.
    boost::system::error_code ignored;
    guard_.open(ignored);
    if (!ignored) {
        waits_.add(guard_.native_handle(), wait_set::readiness::readable, ignored);
    }
    mounts_to_wait_ = open_mounts(ignored);
    mounts_to_ask_ = open_mounts(ignored);
    if (mounts_to_wait_ >= 0) {
        waits_.add(mounts_to_wait_, wait_set::readiness::urgent, ignored);
    }
}

std::size_t kernel_tree_port::read(std::byte* data, std::size_t size, boost::system::error_code& ec)
{
    return read_now(instance_, data, size, ec);
}

auto kernel_tree_port::open_path(std::string_view path, bool follow, boost::system::error_code& ec)
    -> handle
{
    return open_directory(path, follow, ec);
}

auto kernel_tree_port::open_child(handle parent, char const* name, bool follow,
                                  boost::system::error_code& ec) -> handle
{
    return open_directory_at(parent, name, follow, ec);
}

auto kernel_tree_port::open_within(handle parent, char const* name) -> handle
{
    if (!can_open_within_) {
        return -1;
    }
    auto const directory = open_directory_within(parent, name);
    // The kernel is too old, or a sandbox does not know the call.
    can_open_within_ = directory >= 0 || (errno != ENOSYS && errno != EPERM);
    return directory;
}

void kernel_tree_port::close(handle directory) noexcept
{
    close_directory(directory);
}

file_status kernel_tree_port::identify(handle directory, boost::system::error_code& ec)
{
    return status_of(directory, ec);
}

file_status kernel_tree_port::look(handle parent, char const* name, bool follow,
                                   boost::system::error_code& ec)
{
    return status_at(parent, name, follow, ec);
}

std::size_t kernel_tree_port::list(handle directory, std::byte* data, std::size_t size,
                                   boost::system::error_code& ec)
{
    return list_directory(directory, data, size, ec);
}

void kernel_tree_port::rewind(handle directory) noexcept
{
    rewind_directory(directory);
}

int kernel_tree_port::add(handle directory, std::uint32_t native_mask,
                          boost::system::error_code& ec)
{
    constexpr auto merge = static_cast<std::uint32_t>(add_options::merge_mask);
    return add_watch(instance_, descriptor_path(directory).c_str(), native_mask | merge, ec);
}

int kernel_tree_port::add_child(handle parent, char const* name, std::uint32_t native_mask,
                                boost::system::error_code& ec)
{
    constexpr auto how =
        static_cast<std::uint32_t>(add_options::merge_mask | add_options::dont_follow);
    return add_watch(instance_, descriptor_path(parent, name).c_str(), native_mask | how, ec);
}

int kernel_tree_port::add_at(int wd, handle directory, std::uint32_t native_mask,
                             boost::system::error_code& ec)
{
    set_next(instance_, wd, ec);
    return ec ? -1 : add(directory, native_mask, ec);
}

void kernel_tree_port::number_from(int wd) noexcept
{
    boost::system::error_code ignored;
    set_next(instance_, wd, ignored);
}

void kernel_tree_port::remove(int wd) noexcept
{
    drop_watch(instance_, wd);
}

std::string kernel_tree_port::path_of(handle directory)
{
    return detail::path_of(directory);
}

filesystem_traits kernel_tree_port::traits(handle directory) noexcept
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

std::vector<std::string> kernel_tree_port::take_suspects()
{
    return guard_.take_suspects();
}

bool kernel_tree_port::mounts_changed()
{
    return mounts_to_ask_ >= 0 && have_mounts_changed(mounts_to_ask_);
}

auto kernel_tree_port::mounts() -> std::vector<mount>
{
    boost::system::error_code ignored;
    return detail::mounts(ignored);
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

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_PORT_TREE_PORT_HPP
#define ASIO_INOTIFY_SRC_TREE_PORT_TREE_PORT_HPP

#include "system/directory_ops.hpp"
#include "system/mounts.hpp"

#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asio_inotify::detail {

// What a tree_engine needs of the world: the kernel, or a simulated one. Each function is one step
// that the world can change before and after, none of them waits, and failures are errnos in the
// system category.
class tree_port
{
public:
    using clock = std::chrono::steady_clock;

    /// An open directory: a descriptor.
    using handle = int;

    tree_port() = default;
    tree_port(tree_port const&) = delete;
    tree_port& operator=(tree_port const&) = delete;
    virtual ~tree_port() = default;

    /// As many whole records as there are and fit; 0 if nothing is queued, or on failure.
    virtual std::size_t read(std::byte* data, std::size_t size, boost::system::error_code& ec) = 0;

    /// Open a directory by its path, of any length. Negative on failure.
    /** @param follow  Go where a symbolic link at the end points to; else it is ENOTDIR. */
    virtual handle open_path(std::string_view path, bool follow, boost::system::error_code& ec) = 0;

    /// Open a directory that is an entry of an open one. Negative on failure.
    virtual handle open_child(handle parent, char const* name, bool follow,
                              boost::system::error_code& ec) = 0;

    /// The same, if it is of the same filesystem and not a symbolic link. Negative on any failure:
    /// the other function tells why, and opens what this one cannot.
    virtual handle open_within(handle parent, char const* name) = 0;

    virtual void close(handle directory) noexcept = 0;

    /// What an open directory is.
    virtual file_status identify(handle directory, boost::system::error_code& ec) = 0;

    /// What an entry of an open directory is.
    /** @param follow  Of a symbolic link, what it points to. */
    virtual file_status look(handle parent, char const* name, bool follow,
                             boost::system::error_code& ec) = 0;

    /// The next entries of an open directory, in the form of getdents64(2); 0 at the end.
    virtual std::size_t list(handle directory, std::byte* data, std::size_t size,
                             boost::system::error_code& ec) = 0;

    /// Begin to list from the start again.
    virtual void rewind(handle directory) noexcept = 0;

    /// Watch an open directory: the number of the watch that it has from now on, which may be one
    /// that it had before; its mask has these bits then, and those that it had.
    virtual int add(handle directory, std::uint32_t native_mask, boost::system::error_code& ec) = 0;

    /// The same for a directory that is an entry of an open one. A symbolic link is ENOTDIR.
    virtual int add_child(handle parent, char const* name, std::uint32_t native_mask,
                          boost::system::error_code& ec) = 0;

    /// Watch an open directory under a number that no watch has. The number that came of it.
    virtual int add_at(int wd, handle directory, std::uint32_t native_mask,
                       boost::system::error_code& ec) = 0;

    /// Let the numbers that the kernel chooses begin with this one. Not more than an offer.
    virtual void number_from(int /*wd*/) noexcept {}

    /// End a watch. It may have ended already.
    virtual void remove(int wd) noexcept = 0;

    /// The path of an open directory without symbolic links, as mounts are named. Empty if that
    /// cannot be told.
    virtual std::string path_of(handle directory) = 0;

    /// What is known of the filesystem of an open directory.
    virtual filesystem_traits traits(handle directory) noexcept = 0;

    /// Tell when something happens to a path or to the directories above it. Not more than an
    /// offer.
    virtual void guard(std::string const& /*absolute*/) {}
    virtual void unguard(std::string const& /*absolute*/) noexcept {}

    /// The guarded paths to which something may have happened since the last call.
    [[nodiscard]] virtual std::vector<std::string> take_suspects() { return {}; }

    /// True once after mounts have changed.
    virtual bool mounts_changed() = 0;

    /// All mounts.
    using mount = detail::mount;
    virtual std::vector<mount> mounts() = 0;

    /// For deadlines.
    [[nodiscard]] virtual clock::time_point now() noexcept = 0;

    /// The time with which files are marked now, in nanoseconds; not later than a mark that is made
    /// from now on.
    [[nodiscard]] virtual std::int64_t file_time() noexcept = 0;
};

/// An open directory that is closed in the end, unless somebody else takes it.
class held_directory
{
public:
    held_directory(tree_port& port, tree_port::handle directory) noexcept
        : port_(port)
        , handle_(directory)
    {}
    held_directory(held_directory const&) = delete;
    held_directory& operator=(held_directory const&) = delete;

    ~held_directory()
    {
        if (handle_ >= 0) {
            port_.close(handle_);
        }
    }

    [[nodiscard]] tree_port::handle get() const noexcept { return handle_; }
    [[nodiscard]] tree_port::handle release() noexcept { return std::exchange(handle_, -1); }

private:
    tree_port& port_;
    tree_port::handle handle_;
};

} // namespace asio_inotify::detail

#endif

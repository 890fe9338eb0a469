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
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asio_inotify::detail {

/// Identifies a guarded symbolic link; 0 for none.
using link_id = std::uint32_t;

// The world as a tree_engine sees it: the kernel, or a simulated one. The world can change before
// and after each call. No call blocks, and failures are errnos in the system category.
class tree_port
{
public:
    using clock = std::chrono::steady_clock;

    /// An open directory: a descriptor.
    using directory_fd = int;

    tree_port() = default;
    tree_port(tree_port const&) = delete;
    tree_port& operator=(tree_port const&) = delete;
    virtual ~tree_port() = default;

    /// Read queued events, as many whole ones as fit; 0 if nothing is queued, or on failure.
    virtual std::size_t read(std::byte* data, std::size_t size, boost::system::error_code& ec) = 0;

    /// Open a directory by its path, of any length. Negative on failure.
    /** @param follow  Follow a symbolic link at the end of the path; else it is ENOTDIR. */
    virtual directory_fd open_path(std::string_view path, bool follow,
                                   boost::system::error_code& ec) = 0;

    /// Open a directory by its path below another one, or that one. Negative on failure.
    /** A symbolic link on the way is ENOTDIR, if the kernel can say so.
     * @param top  Its path, with links. @param rest  Has no "..". */
    virtual directory_fd open_below(std::string_view top, std::string_view rest,
                                    boost::system::error_code& ec) = 0;

    /// Open a directory that is an entry of an open one. Negative on failure.
    virtual directory_fd open_child(directory_fd parent, char const* name, bool follow,
                                    boost::system::error_code& ec) = 0;

    /// The same, unless it is a mount point or a symbolic link.
    /** Negative on any failure: then @ref open_child opens it, or says why not. */
    virtual directory_fd open_within(directory_fd parent, char const* name) = 0;

    virtual void close(directory_fd directory) noexcept = 0;

    /// The status of an open directory.
    virtual file_status identify(directory_fd directory, boost::system::error_code& ec) = 0;

    /// The status of an entry of an open directory.
    /** @param follow  Of the target of a symbolic link, not of the link. */
    virtual file_status look(directory_fd parent, char const* name, bool follow,
                             boost::system::error_code& ec) = 0;

    /// The next entries of an open directory, in the form of getdents64(2); 0 at the end.
    virtual std::size_t list(directory_fd directory, std::byte* data, std::size_t size,
                             boost::system::error_code& ec) = 0;

    /// List from the start again.
    virtual void rewind(directory_fd directory) noexcept = 0;

    /// Watch an open directory. Returns its watch descriptor.
    /** If it is watched already, it keeps that, and the mask is merged with the one it has. */
    virtual int add(directory_fd directory, std::uint32_t native_mask,
                    boost::system::error_code& ec) = 0;

    /// Watch a directory that is an entry of an open one. A symbolic link is ENOTDIR.
    virtual int add_child(directory_fd parent, char const* name, std::uint32_t native_mask,
                          boost::system::error_code& ec) = 0;

    /// Watch an open directory by an unused watch descriptor. Returns the one that it has got.
    virtual int add_at(int wd, directory_fd directory, std::uint32_t native_mask,
                       boost::system::error_code& ec) = 0;

    /// Let the kernel choose watch descriptors from this one on. A hint; a port may ignore it.
    virtual void number_from(int /*wd*/) noexcept {}

    /// Remove a watch. It may be gone already.
    virtual void remove(int wd) noexcept = 0;

    /// The path of an open directory without symbolic links, as in the list of mounts; empty if it
    /// is not known.
    virtual std::string canonical_path(directory_fd directory) = 0;

    /// The traits of the filesystem of an open directory.
    virtual filesystem_traits traits(directory_fd directory) noexcept = 0;

    /// Notice when a path may name a different object. A hint; a port may ignore it.
    /** @pre The path is absolute. */
    virtual void guard(std::string const& /*absolute*/) {}
    virtual void unguard(std::string const& /*absolute*/) noexcept {}

    /// The same for the path of a symbolic link, which is followed.
    /** An id that is used already gets another path. */
    virtual void guard_link(link_id /*id*/, std::string const& /*absolute*/) {}
    virtual void unguard_link(link_id /*id*/) noexcept {}

    /// Every guarded path may name a different object.
    virtual void suspect_all() noexcept {}

    /// The guarded paths that may name a different object since the last call. May be spurious.
    [[nodiscard]] virtual std::vector<std::string> take_suspects() { return {}; }

    /// The links of which the same is true. @pre @ref take_suspects was called first.
    [[nodiscard]] virtual std::vector<link_id> take_suspect_links() { return {}; }

    /// Why a guarded path is not watched wholly; success if it is.
    [[nodiscard]] virtual boost::system::error_code
    guard_failure(std::string const& /*absolute*/) noexcept
    {
        return {};
    }

    [[nodiscard]] virtual boost::system::error_code link_guard_failure(link_id /*id*/) noexcept
    {
        return {};
    }

    /// When to take suspects even if nothing happens.
    [[nodiscard]] virtual std::optional<clock::time_point> guard_deadline() noexcept
    {
        return std::nullopt;
    }

    /// True once after mounts have changed.
    virtual bool mounts_changed() = 0;

    /// All mounts. The result is meaningless on failure.
    using mount = detail::mount;
    virtual std::vector<mount> mounts(boost::system::error_code& ec) = 0;

    /// For deadlines.
    [[nodiscard]] virtual clock::time_point now() noexcept = 0;

    /// The time stamp of a file that is changed now, in nanoseconds; not later than any stamp from
    /// now on.
    [[nodiscard]] virtual std::int64_t file_time() noexcept = 0;
};

/// Owns an open directory of a port.
class held_directory
{
public:
    held_directory(tree_port& port, tree_port::directory_fd directory) noexcept
        : port_(port)
        , fd_(directory)
    {}
    held_directory(held_directory const&) = delete;
    held_directory& operator=(held_directory const&) = delete;

    ~held_directory()
    {
        if (fd_ >= 0) {
            port_.close(fd_);
        }
    }

    [[nodiscard]] tree_port::directory_fd get() const noexcept { return fd_; }
    [[nodiscard]] tree_port::directory_fd release() noexcept { return std::exchange(fd_, -1); }

private:
    tree_port& port_;
    tree_port::directory_fd fd_;
};

} // namespace asio_inotify::detail

#endif

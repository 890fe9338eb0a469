//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SYSTEM_DIRECTORY_OPS_HPP
#define ASIO_INOTIFY_SRC_SYSTEM_DIRECTORY_OPS_HPP

#include "system/held_file.hpp"

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// Opening, listing and identifying directories and their entries.
namespace asio_inotify::detail {

/// What a name stands for.
enum class file_kind : std::uint8_t
{
    none,
    directory,
    symbolic_link,
    /// Everything else.
    file
};

/// What of an inode tells that its content was changed: the times in nanoseconds since 1970.
struct file_stamp
{
    std::int64_t status_changed = 0;
    std::int64_t modified = 0;
    std::int64_t size = 0;

    friend bool operator==(file_stamp const&, file_stamp const&) = default;
};

/// What stat(2) tells, as far as anybody wants to know.
struct file_status
{
    file_kind kind = file_kind::none;
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    file_stamp stamp{};
    std::uint64_t links = 0;

    [[nodiscard]] bool is_directory() const noexcept { return kind == file_kind::directory; }
};

/// How a kind of filesystem behaves.
struct filesystem_traits
{
    /// Others change it unseen: it is of the network, or of a server in user space.
    bool is_remote = false;
    /// The inode that a listing gives for "." is that of stat(2), and all directories that have no
    /// mount between them are of one device.
    bool is_plain = false;
    /// Where a listing goes on behind the last entry, if nothing else can stand there; else 0.
    std::int64_t end_of_listing = 0;
};

/// Of what a descriptor is open on.
[[nodiscard]] file_status status_of(int fd, boost::system::error_code& ec) noexcept;

/// Of what a path names; of a symbolic link itself.
[[nodiscard]] file_status status_of(char const* path, boost::system::error_code& ec) noexcept;

/// The time that a file gets that is changed now, in nanoseconds since 1970.
[[nodiscard]] std::int64_t file_clock_now() noexcept;

/// Where the symbolic link leads that a descriptor of open(2) with O_PATH is open on.
void read_link(int fd, std::string& target, boost::system::error_code& ec);

/// The absolute path of the working directory.
[[nodiscard]] std::string working_directory(boost::system::error_code& ec);

/// What a path names, held: another path that goes on naming the same object.
/** Opening it is not reported to any watch (kernel note 4.32). */
class pinned_path : public held_file
{
public:
    /** @param dont_follow  Take a symbolic link itself, not what it points to. */
    pinned_path(char const* path, bool dont_follow, boost::system::error_code& ec) noexcept;
};

/// Open a directory for listing, by a path of any length. -1 on failure.
/** @param follow  Go where a symbolic link at the end points to; else it is ENOTDIR. */
[[nodiscard]] int open_directory(std::string_view path, bool follow,
                                 boost::system::error_code& ec) noexcept;

/// Open a directory to look names up in it only, for which it need not be readable.
/** The path can be longer than the kernel takes at once. */
[[nodiscard]] int open_passage(std::string_view path, boost::system::error_code& ec) noexcept;

/// Open an entry of an open directory for listing. -1 on failure.
[[nodiscard]] int open_directory_at(int parent, char const* name, bool follow,
                                    boost::system::error_code& ec) noexcept;

/// The same, if it is of the same filesystem and not a symbolic link. -1 on any failure: the other
/// function tells why, and opens what this one cannot.
[[nodiscard]] int open_directory_within(int parent, char const* name) noexcept;

void close_directory(int fd) noexcept;

/// Of what an entry of an open directory names.
/** @param follow  Of a symbolic link, of what it points to. */
[[nodiscard]] file_status status_at(int parent, char const* name, bool follow,
                                    boost::system::error_code& ec) noexcept;

/// getdents64(2): the next entries of an open directory; 0 at the end.
[[nodiscard]] std::size_t list_directory(int fd, std::byte* data, std::size_t size,
                                         boost::system::error_code& ec) noexcept;

/// Begin to list from the start again.
void rewind_directory(int fd) noexcept;

/// What is known of the filesystem of an open file.
[[nodiscard]] filesystem_traits traits_of(int fd) noexcept;

/// One entry of a listing.
struct listed_entry
{
    std::uint64_t inode;
    /// Where the listing goes on behind it.
    std::int64_t next;
    char const* name;
    std::size_t name_size;
    enum class kind : std::uint8_t
    {
        file,
        directory,
        symbolic_link,
        unknown
    } type;
};

/// Take the first entry from the bytes that list_directory gave. "." and ".." are among them.
/** @returns The size of its record. @pre There is one. */
[[nodiscard]] std::size_t first_entry(std::byte const* data, listed_entry& entry) noexcept;

} // namespace asio_inotify::detail

#endif

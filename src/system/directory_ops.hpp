//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SYSTEM_DIRECTORY_OPS_HPP
#define ASIO_INOTIFY_SRC_SYSTEM_DIRECTORY_OPS_HPP

#include "system/descriptor_path.hpp"
#include "system/unique_fd.hpp"

#include <asio_inotify/detail/object_identity.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// Opening, listing and identifying directories and their entries.
namespace asio_inotify::detail {

/// The type of an inode.
enum class file_kind : std::uint8_t
{
    /// There is none.
    none,
    directory,
    symbolic_link,
    /// Everything else: devices, sockets and FIFOs too.
    file
};

/// The fields of an inode that show that its content changed: times in nanoseconds since 1970.
struct file_stamp
{
    std::int64_t status_changed = 0;
    std::int64_t modified = 0;
    std::int64_t size = 0;

    friend bool operator==(file_stamp const&, file_stamp const&) = default;
};

/// The fields of stat(2) that the library uses.
struct file_status
{
    file_kind kind = file_kind::none;
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    file_stamp stamp{};
    std::uint64_t links = 0;
    /// A character device 0:0, which renameat2(2) leaves with RENAME_WHITEOUT.
    bool is_whiteout = false;

    [[nodiscard]] bool is_directory() const noexcept { return kind == file_kind::directory; }
};

/// Whose changes on a filesystem inotify does not report.
enum class blind_spot : std::uint8_t
{
    none,
    /// Those of other machines on a network filesystem, or of a FUSE server.
    remote,
    /// Those of the kernel, which makes the files.
    kernel
};

/// How a kind of filesystem behaves.
struct filesystem_traits
{
    blind_spot unreported = blind_spot::none;
    /// The inode of "." in a listing equals that of stat(2), and all directories without a mount
    /// between them are on one device.
    bool is_plain = false;
    /// The offset after the last entry of a listing, if no other entry can have it; else 0.
    std::int64_t end_of_listing = 0;
};

/// The status of the object that a descriptor is open on.
[[nodiscard]] file_status status_of(int fd, boost::system::error_code& ec) noexcept;

/// The status of the object that a path names; of a symbolic link itself.
[[nodiscard]] file_status status_of(char const* path, boost::system::error_code& ec) noexcept;

/// The identity of the object that a path names; that of no object on failure.
/** @param dont_follow  Of a symbolic link itself, not of its target. */
[[nodiscard]] object_identity identity_of(char const* path, bool dont_follow) noexcept;

/// The time stamp of a file that is changed now, in nanoseconds since 1970.
[[nodiscard]] std::int64_t file_clock_now() noexcept;

/// The target of a symbolic link, by a descriptor that is open on the link itself (O_PATH).
void read_link(int fd, std::string& target, boost::system::error_code& ec);

/// True if a symbolic link does not lead where its text says, but to an object that the kernel
/// knows, such as the working directory of a process. Such links are in /proc.
/** @param fd  Open on the link itself (O_PATH). */
[[nodiscard]] bool is_link_of_kernel(int fd, std::string_view target) noexcept;

/// The absolute path of the working directory.
[[nodiscard]] std::string working_directory(boost::system::error_code& ec);

/// Holds the object that a path names now, and gives it a path that keeps naming it.
/** Opening it is not reported to any watch (kernel note 4.32). */
class pinned_path
{
public:
    /** @param dont_follow  Hold a symbolic link itself, not its target. */
    pinned_path(char const* path, bool dont_follow, boost::system::error_code& ec) noexcept;

    [[nodiscard]] int fd() const noexcept { return fd_.get(); }

    /// Valid as long as the object lives and /proc is mounted.
    [[nodiscard]] char const* path() const noexcept { return path_.c_str(); }

private:
    unique_fd fd_;
    descriptor_path path_;
};

/// Open a directory for listing, by a path of any length. -1 on failure.
/** @param follow  Follow a symbolic link at the end of the path; else it is ENOTDIR. */
[[nodiscard]] int open_directory(std::string_view path, bool follow,
                                 boost::system::error_code& ec) noexcept;

/// Open a directory for listing, by a path of any length below another directory, which may be
/// empty.
/** No symbolic link below that directory is followed, if the kernel has openat2(2): one is ENOTDIR.
 * The path has no "..". -1 on failure.
 * @param confines  False if the kernel has no openat2(2). Then links are followed, but not at the
 * end of the path. */
[[nodiscard]] int open_directory_below(std::string_view top, std::string_view rest, bool confines,
                                       boost::system::error_code& ec) noexcept;

/// True if the kernel has openat2(2), and no sandbox refuses it.
[[nodiscard]] bool can_confine() noexcept;

/// Open a directory, by a path of any length, only to look up names in it.
/** It need not be readable. Closed on failure. */
[[nodiscard]] unique_fd open_for_lookup(std::string_view path,
                                        boost::system::error_code& ec) noexcept;

/// Open an entry of an open directory for listing. -1 on failure.
[[nodiscard]] int open_directory_at(int parent, char const* name, bool follow,
                                    boost::system::error_code& ec) noexcept;

/// The same, unless it is a mount point or a symbolic link.
/** -1 on any failure: then @ref open_directory_at opens it, or says why not. */
[[nodiscard]] int open_directory_within(int parent, char const* name) noexcept;

void close_directory(int fd) noexcept;

/// The status of an entry of an open directory.
/** @param follow  Of the target of a symbolic link, not of the link. */
[[nodiscard]] file_status status_at(int parent, char const* name, bool follow,
                                    boost::system::error_code& ec) noexcept;

/// getdents64(2): the next entries of an open directory; 0 at the end.
[[nodiscard]] std::size_t list_directory(int fd, std::byte* data, std::size_t size,
                                         boost::system::error_code& ec) noexcept;

/// List from the start again.
void rewind_directory(int fd) noexcept;

/// The traits of the filesystem of an open file; the most careful ones if it is not known.
[[nodiscard]] filesystem_traits traits_of(int fd) noexcept;

/// One entry of a listing.
struct listed_entry
{
    std::uint64_t inode;
    /// The offset of the next entry.
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

/// Decode the first entry of the bytes that list_directory gave. They include "." and "..".
/** @returns The size of its record. @pre `data` begins with a whole record. */
[[nodiscard]] std::size_t first_entry(std::byte const* data, listed_entry& entry) noexcept;

} // namespace asio_inotify::detail

#endif

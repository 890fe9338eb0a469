//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "system/directory_ops.hpp"

#include "values/fail.hpp"

#include <linux/magic.h>
#if __has_include(<linux/openat2.h>)
#include <linux/openat2.h>
#endif

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <cstddef>
#include <cstring>
#include <ctime>
#include <limits>
#include <string>
#include <utility>

namespace asio_inotify::detail {
namespace {

// Without O_NONBLOCK, opening a FIFO that took the directory's place would block.
constexpr int for_listing = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK;
constexpr int for_lookup = O_PATH | O_DIRECTORY | O_CLOEXEC;

constexpr std::int64_t nanoseconds(timespec const& time) noexcept
{
    return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

constexpr file_kind kind_of(mode_t mode) noexcept
{
    return S_ISDIR(mode)   ? file_kind::directory
           : S_ISLNK(mode) ? file_kind::symbolic_link
                           : file_kind::file;
}

file_status from_stat(struct stat const& s) noexcept
{
    return {kind_of(s.st_mode), s.st_dev,
            s.st_ino,           {nanoseconds(s.st_ctim), nanoseconds(s.st_mtim), s.st_size},
            s.st_nlink,         S_ISCHR(s.st_mode) && s.st_rdev == 0};
}

// The kernel makes files on others as well, and reports them: devpts, binder, rpc_pipefs, mqueue
// (kernel note A.12).
blind_spot blind_spot_of(std::uint32_t type) noexcept
{
    // linux/magic.h lacks these: they are in the sources of their filesystems.
    constexpr std::uint32_t fuse = 0x65735546;
    constexpr std::uint32_t cifs = 0xff534d42;
    constexpr std::uint32_t smb2 = 0xfe534d42;
    constexpr std::uint32_t ceph = 0x00c36400;
    constexpr std::uint32_t nine_p = 0x01021997;
    constexpr std::uint32_t resource_control = 0x07655821;
    constexpr std::uint32_t configfs = 0x62656570;
    constexpr std::uint32_t fuse_control = 0x65735543;
    constexpr std::uint32_t nfs_server = 0x6e667364;
    switch (type) {
    case NFS_SUPER_MAGIC:
    case SMB_SUPER_MAGIC:
    case CODA_SUPER_MAGIC:
    case AFS_SUPER_MAGIC:
    case fuse:
    case cifs:
    case smb2:
    case ceph:
    case nine_p:
        return blind_spot::remote;
    case PROC_SUPER_MAGIC:
    case SYSFS_MAGIC:
    case CGROUP_SUPER_MAGIC:
    case CGROUP2_SUPER_MAGIC:
    case DEBUGFS_MAGIC:
    case TRACEFS_MAGIC:
    case SECURITYFS_MAGIC:
    case SELINUX_MAGIC:
    case SMACK_MAGIC:
    case BPF_FS_MAGIC:
    case PSTOREFS_MAGIC:
    case EFIVARFS_MAGIC:
    case BINFMTFS_MAGIC:
    case OPENPROM_SUPER_MAGIC:
    case XENFS_SUPER_MAGIC:
    case NSFS_MAGIC:
    case USBDEVICE_SUPER_MAGIC:
    case resource_control:
    case configfs:
    case fuse_control:
    case nfs_server:
        return blind_spot::kernel;
    default:
        return blind_spot::none;
    }
}

#if defined(SYS_openat2) && defined(RESOLVE_BENEATH)
constexpr int confined = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
constexpr int within_mount = RESOLVE_NO_XDEV;
constexpr int without_links = RESOLVE_NO_SYMLINKS;

int open_resolved(int from, char const* path, int flags, int resolve) noexcept
{
    open_how how = {};
    how.flags = static_cast<unsigned>(flags);
    how.resolve = static_cast<unsigned>(resolve);
    return static_cast<int>(::syscall(SYS_openat2, from, path, &how, sizeof how));
}
#else
constexpr int confined = 0;
constexpr int within_mount = 0;
constexpr int without_links = 0;

int open_resolved(int, char const*, int, int) noexcept
{
    errno = ENOSYS;
    return -1;
}
#endif

int open_step(int from, char const* path, int flags, bool confines) noexcept
{
    if (!confines) {
        return ::openat(from, path, flags);
    }
    int const fd = open_resolved(from, path, flags, confined);
    if (fd < 0 && errno == ELOOP) {
        // As O_DIRECTORY and O_NOFOLLOW say it.
        errno = ENOTDIR;
    }
    return fd;
}

// The kernel takes less than PATH_MAX bytes at a time: open a longer path in several steps.
unique_fd open_long(int from, std::string_view path, int flags, bool confines,
                    boost::system::error_code& ec) noexcept
{
    char step[PATH_MAX];
    unique_fd at;
    for (;;) {
        bool const last = path.size() < sizeof step;
        auto const cut = last ? path.size() : path.rfind('/', sizeof step - 1);
        unique_fd next;
        if (cut == std::string_view::npos || cut == 0) {
            errno = ENAMETOOLONG;
        } else {
            std::memcpy(step, path.data(), cut);
            step[cut] = 0;
            next.reset(open_step(at ? at.get() : from, step, last ? flags : for_lookup, confines));
        }
        if (!next) {
            ASIO_INOTIFY_FAIL_ERRNO(ec);
        }
        if (!next || last) {
            return next;
        }
        at = std::move(next);
        path.remove_prefix(path.find_first_not_of('/', cut));
    }
}

} // namespace

file_status status_of(int fd, boost::system::error_code& ec) noexcept
{
    ec.clear();
    struct stat s = {};
    if (::fstat(fd, &s) < 0) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
        return {};
    }
    return from_stat(s);
}

file_status status_of(char const* path, boost::system::error_code& ec) noexcept
{
    ec.clear();
    struct stat s = {};
    if (::lstat(path, &s) < 0) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
        return {};
    }
    return from_stat(s);
}

object_identity identity_of(char const* path, bool dont_follow) noexcept
{
    struct statx s = {};
    int const flags = AT_STATX_DONT_SYNC | (dont_follow ? AT_SYMLINK_NOFOLLOW : 0);
    if (::statx(AT_FDCWD, path, flags, STATX_INO | STATX_BTIME, &s) < 0) {
        return {};
    }
    object_identity found{s.stx_ino, s.stx_dev_major << 20U | s.stx_dev_minor, 0};
    if ((s.stx_mask & STATX_BTIME) != 0) {
        auto const seconds = static_cast<std::uint64_t>(s.stx_btime.tv_sec);
        found.created = static_cast<std::uint32_t>(
            (seconds * 1'000'000'000 + s.stx_btime.tv_nsec) * 0x9e37'79b9'7f4a'7c15 >> 32U);
    }
    return found;
}

std::int64_t file_clock_now() noexcept
{
    timespec now = {};
    ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
    return nanoseconds(now);
}

void read_link(int fd, std::string& target, boost::system::error_code& ec)
{
    ec.clear();
    std::array<char, PATH_MAX> text;
    auto const size = ::readlinkat(fd, "", text.data(), text.size());
    if (size < 0) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
        return;
    }
    target.assign(text.data(), static_cast<std::size_t>(size));
}

std::string working_directory(boost::system::error_code& ec)
{
    ec.clear();
    std::array<char, PATH_MAX> text;
    if (::getcwd(text.data(), text.size()) == nullptr) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
        return {};
    }
    // It starts with "(unreachable)" outside of the root directory.
    if (text.front() != '/') {
        errno = ENOENT;
        ASIO_INOTIFY_FAIL_ERRNO(ec);
        return {};
    }
    return text.data();
}

pinned_path::pinned_path(char const* path, bool dont_follow, boost::system::error_code& ec) noexcept
    : fd_(::open(path, O_PATH | O_CLOEXEC | (dont_follow ? O_NOFOLLOW : 0)))
    , path_(fd_.get())
{
    ec.clear();
    if (!fd_) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
    }
}

// The text is an absolute path, or no path, such as "pipe:[1]". That of the other links in /proc is
// relative, apart from some that lead to /sys: for these it makes no difference.
bool is_link_of_kernel(int fd, std::string_view target) noexcept
{
    struct ::statfs s;
    return (target.starts_with('/') || target.find(':') != std::string_view::npos) &&
           ::fstatfs(fd, &s) == 0 && s.f_type == PROC_SUPER_MAGIC;
}

int open_directory(std::string_view path, bool follow, boost::system::error_code& ec) noexcept
{
    ec.clear();
    return open_long(AT_FDCWD, path, for_listing | (follow ? 0 : O_NOFOLLOW), false, ec).release();
}

int open_directory_below(std::string_view top, std::string_view rest, bool confines,
                         boost::system::error_code& ec) noexcept
{
    ec.clear();
    if (rest.empty()) {
        return open_directory(top, true, ec);
    }
    auto const from = open_long(AT_FDCWD, top, for_lookup, false, ec);
    return ec ? -1 : open_long(from.get(), rest, for_listing | O_NOFOLLOW, confines, ec).release();
}

bool can_confine() noexcept
{
    return unique_fd(open_resolved(AT_FDCWD, "/", for_lookup, without_links)).get() >= 0;
}

unique_fd open_for_lookup(std::string_view path, boost::system::error_code& ec) noexcept
{
    ec.clear();
    return open_long(AT_FDCWD, path, for_lookup, false, ec);
}

int open_directory_at(int parent, char const* name, bool follow,
                      boost::system::error_code& ec) noexcept
{
    ec.clear();
    int const fd = ::openat(parent, name, for_listing | (follow ? 0 : O_NOFOLLOW));
    if (fd < 0) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
    }
    return fd;
}

int open_directory_within(int parent, char const* name) noexcept
{
    return open_resolved(parent, name, for_listing | O_NOFOLLOW, within_mount);
}

void close_directory(int fd) noexcept
{
    ::close(fd);
}

file_status status_at(int parent, char const* name, bool follow,
                      boost::system::error_code& ec) noexcept
{
    ec.clear();
    struct ::stat s;
    if (::fstatat(parent, name, &s, AT_NO_AUTOMOUNT | (follow ? 0 : AT_SYMLINK_NOFOLLOW)) != 0) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
        return {};
    }
    return from_stat(s);
}

std::size_t list_directory(int fd, std::byte* data, std::size_t size,
                           boost::system::error_code& ec) noexcept
{
    ec.clear();
    auto const got = ::syscall(SYS_getdents64, fd, data, size);
    if (got < 0) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
        return 0;
    }
    return static_cast<std::size_t>(got);
}

void rewind_directory(int fd) noexcept
{
    ::lseek(fd, 0, SEEK_SET);
}

filesystem_traits traits_of(int fd) noexcept
{
    struct ::statfs s;
    if (::fstatfs(fd, &s) != 0) {
        return {};
    }
    // Kernel note A.10.
    constexpr std::int64_t end_of_ext4 = (std::numeric_limits<std::int64_t>::max)();
    constexpr std::int64_t end_of_tmpfs = (std::numeric_limits<std::int32_t>::max)();
    constexpr std::uint32_t xfs = 0x58465342;
    auto const type = static_cast<std::uint32_t>(s.f_type);
    switch (type) {
    case EXT4_SUPER_MAGIC:
        return {blind_spot::none, true, end_of_ext4};
    case TMPFS_MAGIC:
        return {blind_spot::none, true, end_of_tmpfs};
    case xfs:
        return {blind_spot::none, true, 0};
    default:
        return {blind_spot_of(type), false, 0};
    }
}

std::size_t first_entry(std::byte const* data, listed_entry& entry) noexcept
{
    // struct linux_dirent64: inode 8, offset 8, record length 2, type 1, name.
    constexpr std::size_t next_at = 8;
    constexpr std::size_t length_at = 16;
    constexpr std::size_t type_at = 18;
    constexpr std::size_t name_at = 19;
    std::uint16_t length;
    std::memcpy(&length, data + length_at, sizeof length);
    std::memcpy(&entry.inode, data, sizeof entry.inode);
    std::memcpy(&entry.next, data + next_at, sizeof entry.next);
    entry.name = reinterpret_cast<char const*>(data + name_at);
    entry.name_size = std::strlen(entry.name);
    switch (std::to_integer<unsigned>(data[type_at])) {
    case DT_DIR:
        entry.type = listed_entry::kind::directory;
        break;
    case DT_LNK:
        entry.type = listed_entry::kind::symbolic_link;
        break;
    case DT_UNKNOWN:
        entry.type = listed_entry::kind::unknown;
        break;
    default:
        entry.type = listed_entry::kind::file;
        break;
    }
    return length;
}

} // namespace asio_inotify::detail

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "system/inotify_ops.hpp"

#include <asio_inotify/add_options.hpp>
#include <asio_inotify/detail/instance_ops.hpp>
#include <asio_inotify/event_mask.hpp>
#include <asio_inotify/event_view.hpp>

#include "system/proc_file.hpp"
#include "values/fail.hpp"

#include <cerrno>
#include <cstddef>
#include <string_view>

#include <fcntl.h>
#include <linux/types.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

// Only <linux/inotify.h> defines it, which cannot be included together with <sys/inotify.h>.
#if !defined(INOTIFY_IOC_SETNEXTWD)
#define INOTIFY_IOC_SETNEXTWD _IOW('I', 0, __s32)
#endif

#if !defined(IN_MASK_CREATE)
#define IN_MASK_CREATE 0x10000000
#endif

namespace asio_inotify::detail {
namespace {

template <class Enum>
constexpr bool equals(Enum value, unsigned long native) noexcept
{
    return static_cast<unsigned long>(value) == native;
}

static_assert(equals(event_mask::access, IN_ACCESS));
static_assert(equals(event_mask::modify, IN_MODIFY));
static_assert(equals(event_mask::attrib, IN_ATTRIB));
static_assert(equals(event_mask::close_write, IN_CLOSE_WRITE));
static_assert(equals(event_mask::close_nowrite, IN_CLOSE_NOWRITE));
static_assert(equals(event_mask::open, IN_OPEN));
static_assert(equals(event_mask::moved_from, IN_MOVED_FROM));
static_assert(equals(event_mask::moved_to, IN_MOVED_TO));
static_assert(equals(event_mask::create, IN_CREATE));
static_assert(equals(event_mask::delete_, IN_DELETE));
static_assert(equals(event_mask::delete_self, IN_DELETE_SELF));
static_assert(equals(event_mask::move_self, IN_MOVE_SELF));
static_assert(equals(event_mask::close, IN_CLOSE));
static_assert(equals(event_mask::move, IN_MOVE));
static_assert(equals(event_mask::all, IN_ALL_EVENTS));
static_assert(equals(add_options::only_directory, IN_ONLYDIR));
static_assert(equals(add_options::dont_follow, IN_DONT_FOLLOW));
static_assert(equals(add_options::exclude_unlinked, IN_EXCL_UNLINK));
static_assert(equals(add_options::create_only, IN_MASK_CREATE));
static_assert(equals(add_options::merge_mask, IN_MASK_ADD));
static_assert(equals(add_options::one_shot, IN_ONESHOT));
static_assert(unmount_bit == IN_UNMOUNT);
static_assert(overflow_bit == IN_Q_OVERFLOW);
static_assert(ignored_bit == IN_IGNORED);
static_assert(directory_bit == IN_ISDIR);
static_assert(silent_mask == IN_IGNORED);
static_assert(sizeof(event_header) == sizeof(inotify_event));
static_assert(offsetof(event_header, wd) == offsetof(inotify_event, wd));
static_assert(offsetof(event_header, mask) == offsetof(inotify_event, mask));
static_assert(offsetof(event_header, cookie) == offsetof(inotify_event, cookie));
static_assert(offsetof(event_header, length) == offsetof(inotify_event, len));

// The argument is the number itself, not a pointer to it (kernel note 1.3).
int ioctl_set_next(int fd, int wd) noexcept
{
    return ::ioctl(fd, INOTIFY_IOC_SETNEXTWD, static_cast<unsigned long>(wd));
}

// A kernel without the request says ENOTTY; sandboxes that refuse it say one of the others.
bool says_unsupported(int error) noexcept
{
    return error == ENOTTY || error == EPERM || error == EACCES || error == ENOSYS ||
           error == EOPNOTSUPP;
}

bool has_free_descriptor() noexcept
{
    return unique_fd(::open("/", O_PATH | O_CLOEXEC)).is_open();
}

bool is_descriptor_path(char const* path) noexcept
{
    return std::string_view(path).starts_with("/proc/self/fd/");
}

} // namespace

int open_instance(boost::system::error_code& ec) noexcept
{
    ec.clear();
    int const fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd >= 0) {
        return fd;
    }
    // EMFILE has two meanings (kernel note 8.1).
    int const reason = errno;
    if (reason == EMFILE && has_free_descriptor()) {
        ASIO_INOTIFY_FAIL(ec, error::instance_limit_reached);
    } else {
        errno = reason;
        ASIO_INOTIFY_FAIL_ERRNO(ec);
    }
    return fd;
}

void close_descriptor(int fd) noexcept
{
    ::close(fd);
}

void check_instance(int fd, boost::system::error_code& ec) noexcept
{
    ec.clear();
    // The kernel checks the descriptor before it looks up the path, and an empty path names
    // nothing: ENOENT means that it is an inotify instance, EINVAL that it is not. No watch is
    // added.
    if (::inotify_add_watch(fd, "", IN_MODIFY) >= 0 || errno == ENOENT) {
        return;
    }
    // The kernel takes a descriptor that was opened with O_PATH for a closed one.
    int const reason = errno;
    if (reason == EINVAL || (reason == EBADF && ::fcntl(fd, F_GETFD) >= 0)) {
        ASIO_INOTIFY_FAIL(ec, error::not_an_inotify_descriptor);
    } else {
        errno = reason;
        ASIO_INOTIFY_FAIL_ERRNO(ec);
    }
}

int add_watch(int fd, char const* path, std::uint32_t native_mask,
              boost::system::error_code& ec) noexcept
{
    ec.clear();
    int const wd = ::inotify_add_watch(fd, path, native_mask);
    if (wd >= 0) {
        return wd;
    }
    if (errno == ENOSPC) {
        ASIO_INOTIFY_FAIL(ec, error::watch_limit_reached);
    } else if (is_descriptor_path(path)) {
        fail_on_proc(ec);
    } else {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
    }
    return wd;
}

void drop_watch(int fd, int wd) noexcept
{
    ::inotify_rm_watch(fd, wd);
}

void remove_watch(int fd, watch_descriptor wd, boost::system::error_code& ec) noexcept
{
    ec.clear();
    if (::inotify_rm_watch(fd, wd.value()) < 0) {
        // EINVAL is about the watch descriptor, as `fd` is known to be an inotify instance.
        if (errno == EINVAL) {
            ASIO_INOTIFY_FAIL(ec, error::no_such_watch);
        } else {
            ASIO_INOTIFY_FAIL_ERRNO(ec);
        }
    }
}

void set_next(int fd, int wd, boost::system::error_code& ec) noexcept
{
    ec.clear();
    if (ioctl_set_next(fd, wd) < 0) {
        // A kernel that has it says EINVAL of 0 and below only.
        if (says_unsupported(errno) || (errno == EINVAL && wd > 0)) {
            ASIO_INOTIFY_FAIL(ec, error::set_next_unsupported);
        } else {
            ASIO_INOTIFY_FAIL_ERRNO(ec);
        }
    }
}

bool is_set_next_missing(boost::system::error_code const& ec) noexcept
{
    return ec == make_error_code(error::set_next_unsupported);
}

bool supports_set_next(int fd, boost::system::error_code& ec) noexcept
{
    ec.clear();
    // 0 is no watch descriptor: a kernel with the ioctl refuses it with EINVAL and changes nothing.
    if (ioctl_set_next(fd, 0) == 0 || errno == EINVAL) {
        return true;
    }
    if (!says_unsupported(errno)) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
    }
    return false;
}

std::size_t queued_bytes(int fd, boost::system::error_code& ec) noexcept
{
    ec.clear();
    int size = 0;
    if (::ioctl(fd, FIONREAD, &size) < 0) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
        return 0;
    }
    return static_cast<std::size_t>(size);
}

bool is_queue_empty(int fd) noexcept
{
    pollfd ready{fd, POLLIN, 0};
    return ::poll(&ready, 1, 0) == 0;
}

std::size_t read_queued(int fd, std::byte* data, std::size_t size,
                        boost::system::error_code& ec) noexcept
{
    ec.clear();
    // An instance that was adopted can be in blocking mode.
    pollfd ready{fd, POLLIN, 0};
    if (::poll(&ready, 1, 0) <= 0) {
        return 0;
    }
    return read_now(fd, data, size, ec);
}

std::size_t read_now(int fd, std::byte* data, std::size_t size,
                     boost::system::error_code& ec) noexcept
{
    ec.clear();
    auto const got = ::read(fd, data, size);
    if (got < 0) {
        if (errno != EAGAIN) {
            ASIO_INOTIFY_FAIL_ERRNO(ec);
        }
        return 0;
    }
    return static_cast<std::size_t>(got);
}

void explain_read_error(boost::system::error_code& ec) noexcept
{
    // read(2) on an inotify instance fails with EINVAL for one reason: the first event does not
    // fit.
    if (is_errno(ec, EINVAL)) {
        set_buffer_too_small(ec);
    }
}

void set_buffer_too_small(boost::system::error_code& ec) noexcept
{
    ASIO_INOTIFY_FAIL(ec, error::buffer_too_small);
}

void set_close_on_exec(int fd) noexcept
{
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
}

scratch_inode::scratch_inode(boost::system::error_code& ec) noexcept
    : fd_(::memfd_create("asio_inotify", MFD_CLOEXEC))
    , path_(fd_.get())
{
    ec.clear();
    if (!fd_) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
    }
}

} // namespace asio_inotify::detail

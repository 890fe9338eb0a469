//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/process/injected_errors.hpp"

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <ctime>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace test {
namespace {

thread_local injected_errors* current = nullptr;

std::atomic<std::int64_t> clock_offset = 0;

// True if a call is to fail; then errno says why.
bool fails(system_call which) noexcept
{
    int const error = current != nullptr ? current->next(which) : 0;
    if (error != 0) {
        errno = error;
    }
    return error != 0;
}

// The function of the C library.
template <class Function>
Function* real(char const* name) noexcept
{
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

} // namespace

// Not ENOENT, which says that there is nothing, apart from listings. Not EACCES: that is tried
// again when an event reports changed attributes.
std::vector<failing_kind> const& failing_kinds()
{
    static std::vector<failing_kind> const kinds{
        {system_call::open, "open", {EMFILE, ENFILE, ENOMEM, EIO, EINTR, ESTALE}},
        {system_call::openat2, "openat2", {ENOSYS, EPERM, EAGAIN, EINVAL, EMFILE, EIO}},
        {system_call::status, "status", {ENOMEM, EIO, ESTALE, ETIMEDOUT}},
        {system_call::list, "list", {ENOENT, ESTALE, EIO, ENOMEM, EINTR, ENOTDIR}},
        {system_call::add_watch, "add_watch", {ENOSPC, ENOMEM, EINTR, EIO}},
        {system_call::remove_watch, "remove_watch", {EINVAL}},
        {system_call::make_instance, "make_instance", {EMFILE, ENFILE, ENOMEM}},
        {system_call::control, "control", {EPERM, ENOTTY, ENOSYS, EINVAL}},
        {system_call::read, "read", {EINTR, ENOMEM, EIO}},
        {system_call::statfs, "statfs", {EINTR, EIO, ENOMEM}},
        {system_call::read_link, "read_link", {ENOMEM, EIO}},
        {system_call::send, "send", {EINTR, EAGAIN, ENOBUFS, ENOMEM, EPIPE}},
        {system_call::receive, "receive", {EINTR, EAGAIN, ENOMEM}},
        {system_call::memory, "memory", {ENOMEM, EMFILE}},
    };
    return kinds;
}

injected_errors::injected_errors(system_call which, int error, std::size_t after,
                                 std::size_t count) noexcept
    : which_(which)
    , error_(error)
    , after_(after)
    , count_(count)
{
    current = this;
}

injected_errors::~injected_errors()
{
    current = nullptr;
}

void injected_errors::pause() noexcept
{
    current = nullptr;
}

void injected_errors::resume() noexcept
{
    current = this;
}

int injected_errors::next(system_call which) noexcept
{
    ++calls_;
    if (which != which_) {
        return 0;
    }
    if (after_ != 0) {
        --after_;
        return 0;
    }
    if (failed_ == count_) {
        return 0;
    }
    ++failed_;
    return error_;
}

void advance_clock(std::chrono::nanoseconds by) noexcept
{
    clock_offset += by.count();
}

} // namespace test

using test::system_call;

// The declarations of glibc say nonnull and the like, which makes no difference here.
extern "C" {

int open(char const* path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    auto const mode = va_arg(rest, mode_t);
    va_end(rest);
    static auto* const next = test::real<int(char const*, int, ...)>("open");
    return test::fails(system_call::open) ? -1 : next(path, flags, mode);
}

int openat(int directory, char const* path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    auto const mode = va_arg(rest, mode_t);
    va_end(rest);
    static auto* const next = test::real<int(int, char const*, int, ...)>("openat");
    return test::fails(system_call::open) ? -1 : next(directory, path, flags, mode);
}

int fstat(int fd, struct stat* status) noexcept
{
    static auto* const next = test::real<int(int, struct stat*)>("fstat");
    return test::fails(system_call::status) ? -1 : next(fd, status);
}

int lstat(char const* path, struct stat* status) noexcept
{
    static auto* const next = test::real<int(char const*, struct stat*)>("lstat");
    return test::fails(system_call::status) ? -1 : next(path, status);
}

int fstatat(int directory, char const* path, struct stat* status, int flags) noexcept
{
    static auto* const next = test::real<int(int, char const*, struct stat*, int)>("fstatat");
    return test::fails(system_call::status) ? -1 : next(directory, path, status, flags);
}

int statx(int directory, char const* path, int flags, unsigned mask, struct statx* status) noexcept
{
    static auto* const next =
        test::real<int(int, char const*, int, unsigned, struct statx*)>("statx");
    return test::fails(system_call::status) ? -1 : next(directory, path, flags, mask, status);
}

int fstatfs(int fd, struct statfs* status) noexcept
{
    static auto* const next = test::real<int(int, struct statfs*)>("fstatfs");
    return test::fails(system_call::statfs) ? -1 : next(fd, status);
}

ssize_t readlinkat(int directory, char const* path, char* text, std::size_t size) noexcept
{
    static auto* const next =
        test::real<ssize_t(int, char const*, char*, std::size_t)>("readlinkat");
    return test::fails(system_call::read_link) ? -1 : next(directory, path, text, size);
}

ssize_t readlink(char const* path, char* text, std::size_t size) noexcept
{
    static auto* const next = test::real<ssize_t(char const*, char*, std::size_t)>("readlink");
    return test::fails(system_call::read_link) ? -1 : next(path, text, size);
}

int inotify_init1(int flags) noexcept
{
    static auto* const next = test::real<int(int)>("inotify_init1");
    return test::fails(system_call::make_instance) ? -1 : next(flags);
}

int inotify_add_watch(int fd, char const* path, std::uint32_t mask) noexcept
{
    static auto* const next = test::real<int(int, char const*, std::uint32_t)>("inotify_add_watch");
    return test::fails(system_call::add_watch) ? -1 : next(fd, path, mask);
}

int inotify_rm_watch(int fd, int wd) noexcept
{
    static auto* const next = test::real<int(int, int)>("inotify_rm_watch");
    return test::fails(system_call::remove_watch) ? -1 : next(fd, wd);
}

// FIONREAD cannot fail: only what sets the next watch descriptor.
int ioctl(int fd, unsigned long request, ...) noexcept
{
    va_list rest;
    va_start(rest, request);
    auto const argument = va_arg(rest, unsigned long);
    va_end(rest);
    static auto* const next = test::real<int(int, unsigned long, ...)>("ioctl");
    constexpr unsigned long set_next = _IOW('I', 0, std::int32_t);
    return request == set_next && test::fails(system_call::control) ? -1
                                                                    : next(fd, request, argument);
}

ssize_t read(int fd, void* data, std::size_t size)
{
    static auto* const next = test::real<ssize_t(int, void*, std::size_t)>("read");
    return test::fails(system_call::read) ? -1 : next(fd, data, size);
}

ssize_t sendmsg(int fd, msghdr const* message, int flags)
{
    static auto* const next = test::real<ssize_t(int, msghdr const*, int)>("sendmsg");
    return test::fails(system_call::send) ? -1 : next(fd, message, flags);
}

ssize_t recvmsg(int fd, msghdr* message, int flags)
{
    static auto* const next = test::real<ssize_t(int, msghdr*, int)>("recvmsg");
    return test::fails(system_call::receive) ? -1 : next(fd, message, flags);
}

int memfd_create(char const* name, unsigned flags) noexcept
{
    static auto* const next = test::real<int(char const*, unsigned)>("memfd_create");
    return test::fails(system_call::memory) ? -1 : next(name, flags);
}

// A sixth argument would be on the stack, where there is none of most callers. No call that is made
// here has one.
long syscall(long number, ...) noexcept
{
    va_list rest;
    va_start(rest, number);
    auto const a = va_arg(rest, long);
    auto const b = va_arg(rest, long);
    auto const c = va_arg(rest, long);
    auto const d = va_arg(rest, long);
    auto const e = va_arg(rest, long);
    va_end(rest);
    static auto* const next = test::real<long(long, ...)>("syscall");
    if ((number == SYS_getdents64 && test::fails(system_call::list)) ||
        (number == SYS_openat2 && test::fails(system_call::openat2))) {
        return -1;
    }
    return next(number, a, b, c, d, e);
}

int clock_gettime(clockid_t clock, timespec* time) noexcept
{
    static auto* const next = test::real<int(clockid_t, timespec*)>("clock_gettime");
    int const result = next(clock, time);
    if (result == 0 && clock == CLOCK_MONOTONIC) {
        constexpr std::int64_t second = 1'000'000'000;
        auto const now = time->tv_sec * second + time->tv_nsec + test::clock_offset;
        time->tv_sec = now / second;
        time->tv_nsec = now % second;
    }
    return result;
}

} // extern "C"

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_PROCESS_RESTRICTED_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_PROCESS_RESTRICTED_HPP

#include "support/process/run_in_child.hpp"

#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/types.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// What takes something away from the calling process for good: to be called in a child only.
namespace test {

/// The message of an errno.
inline std::string message_of(int code)
{
    return std::generic_category().message(code);
}

template <std::size_t Size>
void install_filter(sock_filter (&filter)[Size])
{
    sock_fprog const program{Size, filter};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) != 0 ||
        ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        throw skipped("no seccomp filter: " + message_of(errno));
    }
}

/// From now on the kernel seems to have no INOTIFY_IOC_SETNEXTWD (kernel note 9.6).
/** @param error  What it says; sandboxes say other things. */
inline void forbid_set_next(int error = ENOTTY)
{
    constexpr std::uint32_t set_next = _IOW('I', 0, __s32);
    constexpr std::uint32_t low_half = std::endian::native == std::endian::little ? 0 : 4;
    constexpr auto load = static_cast<std::uint16_t>(BPF_LD | BPF_W | BPF_ABS);
    constexpr auto equal = static_cast<std::uint16_t>(BPF_JMP | BPF_JEQ | BPF_K);
    constexpr auto result = static_cast<std::uint16_t>(BPF_RET | BPF_K);
    constexpr std::uint32_t request = offsetof(seccomp_data, args) + 8 + low_half;
    sock_filter filter[] = {
        {load, 0, 0, offsetof(seccomp_data, nr)},
        {equal, 0, 3, __NR_ioctl},
        {load, 0, 0, request},
        {equal, 0, 1, set_next},
        {result, 0, 0, SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(error)},
        {result, 0, 0, SECCOMP_RET_ALLOW},
    };
    install_filter(filter);
}

/// From now on a system call has the result that seccomp(2) has for such a value.
inline void answer_system_call(std::uint32_t number, std::uint32_t answer)
{
    constexpr auto load = static_cast<std::uint16_t>(BPF_LD | BPF_W | BPF_ABS);
    constexpr auto equal = static_cast<std::uint16_t>(BPF_JMP | BPF_JEQ | BPF_K);
    constexpr auto result = static_cast<std::uint16_t>(BPF_RET | BPF_K);
    sock_filter filter[] = {
        {load, 0, 0, offsetof(seccomp_data, nr)},
        {equal, 0, 1, number},
        {result, 0, 0, answer},
        {result, 0, 0, SECCOMP_RET_ALLOW},
    };
    install_filter(filter);
}

/// From now on a system call fails.
inline void fail_system_call(std::uint32_t number, int error)
{
    answer_system_call(number, SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(error));
}

/// From now on a system call kills the process, also one that was made to fail before.
inline void die_of_system_call(std::uint32_t number)
{
    answer_system_call(number, SECCOMP_RET_KILL_PROCESS);
}

constexpr uid_t nobody = 65534;

/// Let a file belong to the user that @ref become_unprivileged makes of the process.
inline void give_away(char const* path)
{
    if (::geteuid() == 0 && ::chown(path, nobody, nobody) != 0) {
        throw skipped("cannot change an owner: " + message_of(errno));
    }
}

/// From now on the process is a user that may not read what others keep to themselves.
inline void become_unprivileged()
{
    if (::geteuid() != 0) {
        return;
    }
    if (::setresgid(nobody, nobody, nobody) != 0 || ::setresuid(nobody, nobody, nobody) != 0) {
        throw skipped("cannot change the user: " + message_of(errno));
    }
    // The change has closed /proc/self/fd and its like to the process itself.
    ::prctl(PR_SET_DUMPABLE, 1UL, 0UL, 0UL, 0UL);
}

/// From now on instances that are made count against limits of the process's own.
inline void enter_user_namespace()
{
    if (::unshare(CLONE_NEWUSER) != 0) {
        throw skipped("no user namespace: " + message_of(errno));
    }
}

/// From now on mounts are the process's own.
inline void enter_mount_namespace()
{
    auto const user = std::to_string(::geteuid());
    auto const group = std::to_string(::getegid());
    if (::unshare(CLONE_NEWNS) != 0) {
        if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) {
            throw skipped("no mount namespace: " + message_of(errno));
        }
        // Without these, nobody owns what is made in a filesystem that is mounted here.
        std::ofstream("/proc/self/setgroups") << "deny";
        std::ofstream("/proc/self/uid_map") << "0 " + user + " 1";
        std::ofstream("/proc/self/gid_map") << "0 " + group + " 1";
    }
    if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
        throw skipped("cannot keep mounts to itself: " + message_of(errno));
    }
}

/// From now on a directory is the root directory, and it is no mount point. It has a /proc.
inline void enter_chroot(std::filesystem::path const& root)
{
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
        throw skipped("no mount namespace: " + message_of(errno));
    }
    std::filesystem::create_directory(root / "proc");
    if (::mount("/proc", (root / "proc").c_str(), nullptr, MS_BIND | MS_REC, nullptr) != 0 ||
        ::chroot(root.c_str()) != 0 || ::chdir("/") != 0) {
        throw skipped("no chroot: " + message_of(errno));
    }
}

/// Set max_inotify_watches or max_inotify_instances of the own user namespace.
/** Never anything below /proc/sys/fs/inotify, which is the whole machine's (kernel note 9.2). */
inline void limit(std::string const& name, int value)
{
    auto const path = "/proc/sys/user/" + name;
    int const fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    auto const text = std::to_string(value);
    if (fd < 0 || ::write(fd, text.data(), text.size()) < 0) {
        throw skipped(path + ": " + message_of(errno));
    }
    ::close(fd);
}

} // namespace test

#endif

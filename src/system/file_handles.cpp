//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "system/file_handles.hpp"

#include "system/held_file.hpp"

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <new>

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

namespace asio_inotify::detail {
namespace {

constexpr std::size_t largest_handle = 128;

// Lack of memory is also what the kernel says while a file is being made that gets the inode number
// of the one that is looked for (kernel note A.8). That is soon over, and then it says what is
// true.
int open_handle(file_handle* handle, int& tries_left) noexcept
{
    for (;;) {
        int const fd = ::open_by_handle_at(AT_FDCWD, handle, O_PATH | O_CLOEXEC);
        if (fd >= 0 || errno != ENOMEM || tries_left == 0) {
            return fd;
        }
        --tries_left;
        constexpr timespec a_moment{0, 1000000};
        ::nanosleep(&a_moment, nullptr);
    }
}

int open_one(inode_identity const& identity, int& tries_left) noexcept
{
    alignas(file_handle) std::byte memory[sizeof(file_handle) + largest_handle]; // NOLINT
    if (identity.handle.empty() || identity.handle.size() > largest_handle) {
        return -1;
    }
    auto* const handle = new (memory) file_handle;
    handle->handle_bytes = static_cast<unsigned>(identity.handle.size());
    handle->handle_type = identity.handle_type;
    std::memcpy(memory + offsetof(file_handle, f_handle), identity.handle.data(),
                identity.handle.size());
    int const fd = open_handle(handle, tries_left);
    struct stat status
    {
    };
    if (fd >= 0 && (::fstat(fd, &status) < 0 || status.st_nlink == 0)) {
        ::close(fd);
        return -1;
    }
    return fd;
}

// What is left of an errno if it says that the object is not there, or may not be looked for here:
// nothing. Whatever else it is says nothing of the object.
int failure_to_look(int error) noexcept
{
    switch (error) {
    case ESTALE:
    case ENOENT:
    case ENOTDIR: // where the filesystem was mounted
    case EPERM:
    case EACCES:
    case EINVAL: // a handle of another filesystem than the one that is mounted there now
    case EOPNOTSUPP:
        return 0;
    default:
        return error;
    }
}

void* run(void* data) noexcept
{
    // The thread gets a working directory of its own.
    if (::unshare(CLONE_FS) < 0) {
        return nullptr;
    }
    char const* at = nullptr;
    int tries_left = 100;
    for (auto& request : *static_cast<std::span<handle_request>*>(data)) {
        if (request.mount_point != at) {
            held_file const directory(
                ::open(request.mount_point, O_PATH | O_DIRECTORY | O_CLOEXEC));
            if (!directory.is_open() || ::fchdir(directory.fd()) < 0) {
                request.failure = failure_to_look(errno);
                continue;
            }
            at = request.mount_point;
        }
        errno = 0;
        request.fd = open_one(*request.identity, tries_left);
        request.failure = request.fd < 0 ? failure_to_look(errno) : 0;
    }
    return nullptr;
}

} // namespace

// The filesystem is named by a descriptor that is not O_PATH, and opening such a one is an event
// for who watches the directory or its parent, as we may ourselves. The working directory will do
// as well, and changing it is no event; but it belongs to the process, if not to a thread that has
// been told to have its own (kernel note A.5).
void open_by_handle(std::span<handle_request> requests) noexcept
{
    if (requests.empty()) {
        return;
    }
    // Signals are the program's own threads' business.
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread{};
    int const failure = ::pthread_create(&thread, nullptr, run, &requests);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (failure == 0) {
        ::pthread_join(thread, nullptr);
        return;
    }
    for (auto& request : requests) {
        request.failure = failure;
    }
}

void close_all(std::span<handle_request const> requests) noexcept
{
    for (auto const& request : requests) {
        if (request.fd >= 0) {
            ::close(request.fd);
        }
    }
}

std::string path_of(int fd)
{
    char link[32]; // NOLINT(cppcoreguidelines-avoid-c-arrays)
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    // The file's name can be as long as a path can.
    constexpr std::size_t step = 4096;
    std::string path(step, '\0');
    auto const size = ::readlink(link, path.data(), path.size());
    if (size <= 0 || static_cast<std::size_t>(size) == path.size()) {
        return {};
    }
    path.resize(static_cast<std::size_t>(size));
    // What the kernel says is a guess once it has forgotten the name (kernel note 6.9).
    struct stat object
    {
    };
    struct stat named
    {
    };
    if (path.front() != '/' || ::fstat(fd, &object) < 0 || ::lstat(path.c_str(), &named) < 0 ||
        object.st_dev != named.st_dev || object.st_ino != named.st_ino) {
        return {};
    }
    return path;
}

bool is_symbolic_link(held_file const& file) noexcept
{
    struct stat status
    {
    };
    return ::fstat(file.fd(), &status) == 0 && S_ISLNK(status.st_mode);
}

} // namespace asio_inotify::detail

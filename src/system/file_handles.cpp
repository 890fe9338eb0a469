//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "system/file_handles.hpp"

#include "system/descriptor_path.hpp"

#include <cerrno>
#include <csignal>
#include <cstddef>
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

// The kernel also fails with ENOMEM while it creates a file that gets the inode number of the one
// that we search (kernel note A.8). That is soon over: try again.
unique_fd open_handle(file_handle* handle, int& tries_left) noexcept
{
    for (;;) {
        unique_fd object(::open_by_handle_at(AT_FDCWD, handle, O_PATH | O_CLOEXEC));
        if (object || errno != ENOMEM || tries_left == 0) {
            return object;
        }
        --tries_left;
        constexpr timespec one_millisecond{0, 1'000'000};
        ::nanosleep(&one_millisecond, nullptr);
    }
}

unique_fd open_one(inode_identity const& identity, int& tries_left) noexcept
{
    alignas(file_handle) std::byte memory[sizeof(file_handle) + largest_handle];
    if (identity.handle.empty() || identity.handle.size() > largest_handle) {
        return {};
    }
    auto* const handle = new (memory) file_handle;
    handle->handle_bytes = static_cast<unsigned>(identity.handle.size());
    handle->handle_type = identity.handle_type;
    std::memcpy(memory + offsetof(file_handle, f_handle), identity.handle.data(),
                identity.handle.size());
    auto object = open_handle(handle, tries_left);
    struct stat status
    {
    };
    if (object && (::fstat(object.get(), &status) < 0 || status.st_nlink == 0)) {
        object.reset();
    }
    return object;
}

// 0 for an errno that answers the search: there is no such object, or we may not search here. Any
// other one is a failure of the search itself.
int search_failure(int error) noexcept
{
    switch (error) {
    case ESTALE:
    case ENOENT:
    case ENOTDIR: // the directory is gone
    case EPERM:
    case EACCES:
    case EINVAL: // a different filesystem is mounted there now
    case EOPNOTSUPP:
        return 0;
    default:
        return error;
    }
}

void* run(void* data) noexcept
{
    // Give the thread a working directory of its own.
    if (::unshare(CLONE_FS) < 0) {
        return nullptr;
    }
    char const* at = nullptr;
    int tries_left = 100;
    for (auto& request : *static_cast<std::span<handle_request>*>(data)) {
        if (request.directory != at) {
            unique_fd const directory(::open(request.directory, O_PATH | O_DIRECTORY | O_CLOEXEC));
            if (!directory || ::fchdir(directory.get()) < 0) {
                request.failure = search_failure(errno);
                continue;
            }
            at = request.directory;
        }
        errno = 0;
        request.object = open_one(*request.identity, tries_left);
        request.failure = !request.object ? search_failure(errno) : 0;
    }
    return nullptr;
}

} // namespace

// open_by_handle_at(2) takes the filesystem from a descriptor, which must not be O_PATH. To open
// such a one is an event for each watch on the directory or its parent, which can be our own. The
// working directory will do as well, and changing it is no event; but it belongs to the process,
// except in a thread that has unshared it (kernel note A.5).
void open_by_handle(std::span<handle_request> requests) noexcept
{
    if (requests.empty()) {
        return;
    }
    // The program's own threads handle its signals.
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

std::string path_of_descriptor(int fd)
{
    constexpr std::size_t step = 4096;
    std::string path(step, '\0');
    auto const size = ::readlink(descriptor_path(fd).c_str(), path.data(), path.size());
    if (size <= 0 || static_cast<std::size_t>(size) == path.size()) {
        return {};
    }
    path.resize(static_cast<std::size_t>(size));
    // The kernel guesses once it has forgotten the name (kernel note 6.9).
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

bool is_symbolic_link(int fd) noexcept
{
    struct stat status
    {
    };
    return ::fstat(fd, &status) == 0 && S_ISLNK(status.st_mode);
}

} // namespace asio_inotify::detail

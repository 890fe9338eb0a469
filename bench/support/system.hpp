//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_BENCH_SUPPORT_SYSTEM_HPP
#define ASIO_INOTIFY_BENCH_SUPPORT_SYSTEM_HPP

#include <cstddef>
#include <filesystem>

namespace bench {

/// Throw a std::system_error of errno.
[[noreturn]] void throw_errno(char const* what);

/// Return the result of a system call; throw if it is negative.
template <class Result>
Result check(Result result, char const* what)
{
    if (result < 0) {
        throw_errno(what);
    }
    return result;
}

/// A descriptor that is closed by the destructor.
class unique_fd
{
public:
    unique_fd() noexcept = default;
    explicit unique_fd(int fd) noexcept
        : fd_(fd)
    {}
    unique_fd(unique_fd&& other) noexcept
        : fd_(other.fd_)
    {
        other.fd_ = -1;
    }
    unique_fd& operator=(unique_fd&&) = delete;
    ~unique_fd();

    [[nodiscard]] int get() const noexcept { return fd_; }

private:
    int fd_ = -1;
};

/// A new directory below another one, removed with its contents at the end.
class temporary_directory
{
public:
    /// Below the system's temporary directory.
    temporary_directory();
    explicit temporary_directory(std::filesystem::path const& above);
    temporary_directory(temporary_directory const&) = delete;
    temporary_directory& operator=(temporary_directory const&) = delete;
    ~temporary_directory();

    [[nodiscard]] std::filesystem::path const& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

/// An inotify instance with the flags that the library uses.
[[nodiscard]] unique_fd make_instance();

/// Create an empty file; it must not exist.
void make_file(std::filesystem::path const& path);

/// The limit max_queued_events of a new instance. Only read, never written.
[[nodiscard]] std::size_t queue_limit();

/// Pin this thread and its children to one core; the last allowed one if `core` is negative.
/** @returns The core. */
int pin_to_core(int core);

/// Real-time priority for this thread until the end of the scope.
/**
 * Use it only for the few milliseconds that are measured, as no other process can run on the core.
 * Without the privilege it does nothing: then more repetitions are needed for the same precision.
 */
class undisturbed
{
public:
    undisturbed() noexcept;
    undisturbed(undisturbed const&) = delete;
    undisturbed& operator=(undisturbed const&) = delete;
    ~undisturbed();

    /// True if the thread has real-time priority.
    [[nodiscard]] bool granted() const noexcept { return granted_; }

private:
    bool granted_;
};

} // namespace bench

#endif

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

/// Hand a system call's result through; throw if it is negative.
template <class Result>
Result check(Result result, char const* what)
{
    if (result < 0) {
        throw_errno(what);
    }
    return result;
}

/// A descriptor that is closed at the end.
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
    /// Below the system's temporary one.
    temporary_directory();
    explicit temporary_directory(std::filesystem::path const& above);
    temporary_directory(temporary_directory const&) = delete;
    temporary_directory& operator=(temporary_directory const&) = delete;
    ~temporary_directory();

    [[nodiscard]] std::filesystem::path const& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

/// An inotify instance as the library makes one.
[[nodiscard]] unique_fd make_instance();

/// An empty file that did not exist.
void make_file(std::filesystem::path const& path);

/// How many events a new instance's queue takes. Only read, never changed.
[[nodiscard]] std::size_t queue_limit();

/// Run this thread and what it starts on one core only; the last allowed one if `core` is negative.
/** @returns The core. */
int pin_to_core(int core);

/// Let nobody else run on the core while this thread wants to, from here to the end of the scope.
/**
 * For the few milliseconds that are measured, and for the others' sake not longer. Without the
 * privilege it does nothing: then more repetitions are needed for the same certainty.
 */
class undisturbed
{
public:
    undisturbed() noexcept;
    undisturbed(undisturbed const&) = delete;
    undisturbed& operator=(undisturbed const&) = delete;
    ~undisturbed();

    /// True if it is so.
    [[nodiscard]] bool granted() const noexcept { return granted_; }

private:
    bool granted_;
};

} // namespace bench

#endif

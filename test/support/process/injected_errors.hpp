//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_PROCESS_INJECTED_ERRORS_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_PROCESS_INJECTED_ERRORS_HPP

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

// System calls of the library that fail although they need not: the functions of the C library are
// replaced in the program, and fail while an injected_errors lives in the calling thread. So the
// real kernel does everything else.
namespace test {

/// The calls that can fail, by kind.
enum class system_call
{
    open,
    openat2,
    status,
    list,
    add_watch,
    remove_watch,
    make_instance,
    control,
    read,
    statfs,
    read_link,
    send,
    receive,
    memory
};

/// Every kind, with the errnos that it can give although what it is about exists.
struct failing_kind
{
    system_call call;
    char const* name;
    std::vector<int> errors;
};
[[nodiscard]] std::vector<failing_kind> const& failing_kinds();

/// While it lives, some calls of this thread fail.
class injected_errors
{
public:
    /** @param after  How many calls of the kind succeed before.
     * @param count  How many fail then. */
    injected_errors(system_call which, int error, std::size_t after, std::size_t count) noexcept;
    injected_errors(injected_errors const&) = delete;
    injected_errors& operator=(injected_errors const&) = delete;
    ~injected_errors();

    /// Let calls succeed for a while, for what the test itself does.
    void pause() noexcept;
    void resume() noexcept;

    /// True if a call has failed.
    [[nodiscard]] bool has_failed() const noexcept { return failed_ != 0; }

    /// The calls of all kinds until now.
    [[nodiscard]] std::size_t calls() const noexcept { return calls_; }

    /// For the replaced functions: the errno that a call gives; 0 if it is made.
    [[nodiscard]] int next(system_call which) noexcept;

private:
    system_call which_;
    int error_;
    std::size_t after_;
    std::size_t count_;
    std::size_t failed_ = 0;
    std::size_t calls_ = 0;
};

/// Move the monotonic clock of this program forward: what waits until then is due.
void advance_clock(std::chrono::nanoseconds by) noexcept;

} // namespace test

#endif

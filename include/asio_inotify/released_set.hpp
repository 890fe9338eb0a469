//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_RELEASED_SET_HPP
#define ASIO_INOTIFY_RELEASED_SET_HPP

#include <asio_inotify/detail/config.hpp>

#include <string>
#include <utility>

namespace asio_inotify {

/// A set that has left its object: what @ref release returns and @ref assign takes.
/**
 * For the next program of the same process, after execve(2), or for another object. Owns the
 * inotify file descriptor, and closes it if nobody takes it.
 *
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
class released_set
{
public:
    /// Nothing.
    released_set() noexcept = default;

    /// Take ownership of a file descriptor that another program has released, with its state.
    /** @param handle  An inotify file descriptor, or -1 for none. */
    released_set(int handle, std::string state) noexcept
        : handle_(handle)
        , state_(std::move(state))
    {}

    /// Move-construct: take over the file descriptor and the state.
    released_set(released_set&& other) noexcept
        : handle_(other.release_handle())
        , state_(std::move(other.state_))
    {}

    /// Move-assign: exchange the file descriptors and the states.
    released_set& operator=(released_set&& other) noexcept
    {
        std::swap(handle_, other.handle_);
        std::swap(state_, other.state_);
        return *this;
    }

    released_set(released_set const&) = delete;
    released_set& operator=(released_set const&) = delete;

    /// Close the file descriptor.
    ASIO_INOTIFY_DECL ~released_set();

    /// The inotify file descriptor, which the object owns; -1 for none.
    [[nodiscard]] int native_handle() const noexcept { return handle_; }

    /// Give up the ownership of the file descriptor; -1 if there is none.
    int release_handle() noexcept { return std::exchange(handle_, -1); }

    /// The watches, the watch descriptors that must not be reused, and the events that were read
    /// but not delivered.
    /** Any bytes. Do not store it: it is useless without the file descriptor. */
    [[nodiscard]] std::string const& state() const noexcept { return state_; }

private:
    int handle_ = -1;
    std::string state_;
};

} // namespace asio_inotify

#endif

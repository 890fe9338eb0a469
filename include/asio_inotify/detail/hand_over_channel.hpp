//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_HAND_OVER_CHANNEL_HPP
#define ASIO_INOTIFY_DETAIL_HAND_OVER_CHANNEL_HPP

#include <asio_inotify/detail/config.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

struct msghdr;

// Both ends of a hand-over over a connected local stream socket, without waiting. The sender writes
// a header with the descriptor, and the state; the receiver says that it is ready; the sender lets
// go, and says so. Up to then the sender has the set, afterwards the receiver: never both.
namespace asio_inotify::detail {

/// What has to happen before the next step.
enum class hand_over_need
{
    /// Nothing: it is over, or has failed.
    nothing,
    /// The socket has to be readable.
    readable,
    /// The socket has to be writable.
    writable,
    /// The receiver has to prepare what it got.
    decision
};

class ASIO_INOTIFY_DECL hand_over_sender
{
public:
    /** @param fd  Sent along; not owned. */
    hand_over_sender(int fd, std::string const& state);

    /** If it fails, the receiver has not been told that the set is its own. */
    [[nodiscard]] hand_over_need step(int socket, boost::system::error_code& ec);

private:
    void send(int socket, boost::system::error_code& ec);

    int fd_;
    std::string bytes_;
    std::size_t sent_ = 0;
    bool is_ready_ = false;
};

class ASIO_INOTIFY_DECL hand_over_receiver
{
public:
    /** @param largest  The largest state that is accepted, in bytes. */
    explicit hand_over_receiver(std::size_t largest) noexcept
        : largest_(largest)
    {}
    hand_over_receiver(hand_over_receiver&& other) noexcept;
    hand_over_receiver& operator=(hand_over_receiver&&) = delete;
    ~hand_over_receiver();

    [[nodiscard]] hand_over_need step(int socket, boost::system::error_code& ec);

    /// What came, when there is a decision to make.
    [[nodiscard]] int fd() const noexcept { return fd_; }
    [[nodiscard]] std::string const& state() const noexcept { return bytes_; }

    /// The descriptor has another owner.
    void forget_fd() noexcept { fd_ = -1; }

    /// What came is good: the next step says it to the sender.
    void accept() noexcept;

    /// What came is not good, or there is no memory for it. Tells the sender, also one that is
    /// still writing and does not listen yet; the socket is good for nothing else afterwards.
    static void refuse(int socket) noexcept;

    /// From now on the sender can let go at any time.
    [[nodiscard]] bool has_answered() const noexcept { return phase_ == phase::last_word; }

    /// Wait no longer for the sender's last word.
    /** @returns True if it is there, so that the set is ours. If not, the sender cannot say it any
     * more, and keeps the set. */
    [[nodiscard]] static bool settle(int socket) noexcept;

private:
    enum class phase
    {
        header,
        body,
        deciding,
        answer,
        last_word
    };

    [[nodiscard]] bool make_room(std::uint64_t size);
    [[nodiscard]] bool receive(int socket, std::uint64_t size, boost::system::error_code& ec);
    void keep_descriptor(::msghdr& message) noexcept;
    void read_header(boost::system::error_code& ec);

    std::size_t largest_;
    int fd_ = -1;
    phase phase_ = phase::header;
    std::uint64_t body_size_ = 0;
    std::string bytes_;
};

} // namespace asio_inotify::detail

#endif

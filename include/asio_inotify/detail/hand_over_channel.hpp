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

// Both ends of a hand-over over a connected local stream socket, as state machines that never wait.
// The sender writes a header, with the descriptor attached, and the state. The receiver answers
// that it is ready. The sender releases the set with its last word. Until that word the sender owns
// the set, afterwards the receiver: never both.
namespace asio_inotify::detail {

/// The condition for the next step.
enum class hand_over_need
{
    /// None: the hand-over has succeeded or failed.
    nothing,
    /// The socket has to be readable.
    readable,
    /// The socket has to be writable.
    writable,
    /// The owner of the receiver has to accept or refuse the state.
    decision
};

class ASIO_INOTIFY_DECL hand_over_sender
{
public:
    /** @param fd  Attached to the header; not owned. */
    hand_over_sender(int fd, std::string const& state);

    /** On failure the last word was not sent, and the receiver does not own the set. */
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

    /// The descriptor and the state that were received, when a decision is needed.
    [[nodiscard]] int fd() const noexcept { return fd_; }
    [[nodiscard]] std::string const& state() const noexcept { return bytes_; }

    /// The descriptor has a different owner.
    void forget_fd() noexcept { fd_ = -1; }

    /// The state is good: the next step answers the sender. @pre A decision is needed.
    void accept() noexcept;

    /// The state is malformed, or there is no memory for it: answer the sender so.
    /** The answer also reaches a sender that is still writing. The socket is of no other use
     * afterwards. */
    static void refuse(int socket) noexcept;

    /// True if the answer was sent: the sender can release the set at any time.
    [[nodiscard]] bool has_answered() const noexcept { return phase_ == phase::last_word; }

    /// Stop waiting for the sender's last word.
    /** @returns True if it has arrived, and the set is ours. If not, the sender can no longer send
     * it, and keeps the set. */
    [[nodiscard]] static bool take_last_word(int socket) noexcept;

private:
    enum class phase
    {
        header,
        body,
        deciding,
        answer,
        last_word
    };

    [[nodiscard]] bool reserve(std::uint64_t size);
    [[nodiscard]] bool make_room(std::uint64_t size);
    [[nodiscard]] bool receive(int socket, std::uint64_t size, boost::system::error_code& ec);
    void read_header(boost::system::error_code& ec);

    std::size_t largest_;
    int fd_ = -1;
    // Why the kernel did not give us a descriptor that was sent.
    boost::system::error_code missing_fd_;
    // Why the descriptor is not an instance.
    boost::system::error_code instance_failure_;
    phase phase_ = phase::header;
    std::uint64_t body_size_ = 0;
    std::string bytes_;
};

} // namespace asio_inotify::detail

#endif

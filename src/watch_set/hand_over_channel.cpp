//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/detail/hand_over_channel.hpp>

#include <asio_inotify/detail/instance_ops.hpp>

#include "system/external_descriptors.hpp"
#include "values/fail.hpp"

#include <boost/asio/error.hpp>
#include <boost/assert.hpp>
#include <boost/core/no_exceptions_support.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

#include <sys/socket.h>

namespace asio_inotify::detail {
namespace {

// The two ends run on one machine, but may have different versions of the library.
struct frame_header
{
    char name[8];
    std::uint32_t version;
    std::uint32_t reserved;
    std::uint64_t size;
};
static_assert(sizeof(frame_header) == 24);

constexpr std::string_view frame_name = "inotify>";
constexpr std::uint32_t frame_version = 1;

// After as many bytes, other handlers of the executor have their turn.
constexpr std::uint64_t bytes_at_once = std::uint64_t{256} << 10U;

constexpr char word_ready = 'R';
constexpr char word_refused = 'N';
constexpr char word_yours = 'G';

bool would_block() noexcept
{
    return errno == EAGAIN || errno == EINTR;
}

// Sends one byte. Returns false if it could not be sent now, or failed.
bool send_word(int socket, char word, boost::system::error_code& ec) noexcept
{
    auto const sent = ::send(socket, &word, 1, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && !would_block()) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
    }
    return sent == 1;
}

// Not recv(2): it drops what descriptors come along, which can wait as closing them can.
bool receive_word(int socket, char& word, boost::system::error_code& ec) noexcept
{
    external_descriptors unwanted;
    boost::system::error_code ignored;
    auto const got = receive_with_descriptors(socket, &word, 1, unwanted, ignored);
    int const reason = errno;
    close_external(std::move(unwanted));
    errno = reason;
    if (got == 0) {
        ASIO_INOTIFY_FAIL(ec, asio::error::eof);
    } else if (got < 0 && !would_block()) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
    }
    return got == 1;
}

} // namespace

hand_over_sender::hand_over_sender(int fd, std::string const& state)
    : fd_(fd)
    , bytes_(sizeof(frame_header), '\0')
{
    frame_header header{};
    std::copy(frame_name.begin(), frame_name.end(), header.name);
    header.version = frame_version;
    header.size = state.size();
    std::memcpy(bytes_.data(), &header, sizeof header);
    bytes_ += state;
}

hand_over_need hand_over_sender::step(int socket, boost::system::error_code& ec)
{
    ec.clear();
    for (auto const begin = sent_; sent_ != bytes_.size();) {
        auto const before = sent_;
        if (before - begin >= bytes_at_once) {
            return hand_over_need::writable;
        }
        send(socket, ec);
        if (ec) {
            // A receiver that refuses has sent its answer, and reads no more.
            char word = 0;
            boost::system::error_code ignored;
            if (receive_word(socket, word, ignored) && word == word_refused) {
                ASIO_INOTIFY_FAIL(ec, error::hand_over_refused);
            }
            return hand_over_need::nothing;
        }
        if (sent_ == before) {
            return hand_over_need::writable;
        }
    }
    if (!is_ready_) {
        char word = 0;
        if (!receive_word(socket, word, ec)) {
            return ec ? hand_over_need::nothing : hand_over_need::readable;
        }
        if (word != word_ready) {
            ASIO_INOTIFY_FAIL(ec, error::hand_over_refused);
            return hand_over_need::nothing;
        }
        is_ready_ = true;
    }
    bool const done = send_word(socket, word_yours, ec);
    return done || ec ? hand_over_need::nothing : hand_over_need::writable;
}

void hand_over_sender::send(int socket, boost::system::error_code& ec)
{
    iovec part{bytes_.data() + sent_,
               (std::min)(bytes_.size() - sent_, std::size_t{bytes_at_once})};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    if (sent_ == 0) {
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        auto* const header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        std::memcpy(CMSG_DATA(header), &fd_, sizeof fd_);
    }
    auto const sent = ::sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0) {
        sent_ += static_cast<std::size_t>(sent);
    } else if (!would_block()) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
    }
}

hand_over_receiver::hand_over_receiver(hand_over_receiver&& other) noexcept
    : largest_(other.largest_)
    , fd_(std::exchange(other.fd_, -1))
    , missing_fd_(other.missing_fd_)
    , instance_failure_(other.instance_failure_)
    , phase_(other.phase_)
    , body_size_(other.body_size_)
    , bytes_(std::move(other.bytes_))
{}

hand_over_receiver::~hand_over_receiver()
{
    external_descriptors unused;
    if (fd_ >= 0) {
        unused.add(unique_fd(fd_));
    }
    close_external(std::move(unused));
}

hand_over_need hand_over_receiver::step(int socket, boost::system::error_code& ec)
{
    ec.clear();
    if (phase_ == phase::header) {
        if (!receive(socket, sizeof(frame_header), ec)) {
            return ec ? hand_over_need::nothing : hand_over_need::readable;
        }
        read_header(ec);
        // Not larger than largest_. It is used as bytes arrive, and does not move.
        if (!ec && !reserve(body_size_)) {
            ASIO_INOTIFY_FAIL(ec, asio::error::no_memory);
        }
        if (ec) {
            refuse(socket);
            return hand_over_need::nothing;
        }
        phase_ = phase::body;
    }
    if (phase_ == phase::body) {
        if (!receive(socket, body_size_, ec)) {
            return ec ? hand_over_need::nothing : hand_over_need::readable;
        }
        phase_ = phase::deciding;
        return hand_over_need::decision;
    }
    if (phase_ == phase::answer) {
        if (!send_word(socket, word_ready, ec)) {
            return ec ? hand_over_need::nothing : hand_over_need::writable;
        }
        phase_ = phase::last_word;
    }
    char word = 0;
    if (!receive_word(socket, word, ec)) {
        return ec ? hand_over_need::nothing : hand_over_need::readable;
    }
    if (word != word_yours) {
        ASIO_INOTIFY_FAIL(ec, error::malformed_set_state);
    }
    return hand_over_need::nothing;
}

void hand_over_receiver::accept() noexcept
{
    BOOST_ASSERT(phase_ == phase::deciding);
    phase_ = phase::answer;
}

void hand_over_receiver::refuse(int socket) noexcept
{
    // If it does not arrive, the sender finds the socket shut down.
    boost::system::error_code ignored;
    send_word(socket, word_refused, ignored);
    // A sender that waits for room gets some, and then an error. After the shutdown nothing more
    // can arrive.
    ::shutdown(socket, SHUT_RD);
    std::array<char, 4096> unwanted;
    long got = 0;
    do {
        // Each message can have as many descriptors as there is room for.
        external_descriptors dropped;
        got = receive_with_descriptors(socket, unwanted.data(), unwanted.size(), dropped, ignored);
        close_external(std::move(dropped));
    } while (got > 0);
}

bool hand_over_receiver::take_last_word(int socket) noexcept
{
    // A word that was sent before stays readable; one that is sent afterwards fails.
    ::shutdown(socket, SHUT_RD);
    // The set would be lost with the word.
    constexpr int attempts = 1000;
    char word = 0;
    boost::system::error_code ec;
    for (int n = 0; n != attempts; ++n) {
        ec.clear();
        if (receive_word(socket, word, ec)) {
            return word == word_yours;
        }
        if (!is_errno(ec, ENOMEM) && !is_errno(ec, ENOBUFS) && !is_errno(ec, EINTR)) {
            return false;
        }
    }
    return false;
}

bool hand_over_receiver::make_room(std::uint64_t size)
{
    BOOST_TRY
    {
        bytes_.resize(size);
    }
    BOOST_CATCH(std::bad_alloc const&)
    {
        return false;
    }
    BOOST_CATCH_END
    return true;
}

bool hand_over_receiver::reserve(std::uint64_t size)
{
    BOOST_TRY
    {
        bytes_.reserve(size);
    }
    BOOST_CATCH(std::bad_alloc const&)
    {
        return false;
    }
    BOOST_CATCH_END
    return true;
}

// Receives until there are so many bytes, some at a time, so that memory is used as they arrive. A
// sender that is as fast as this end does not keep it from other work.
bool hand_over_receiver::receive(int socket, std::uint64_t size, boost::system::error_code& ec)
{
    constexpr std::uint64_t step = 65536;
    for (auto left = bytes_at_once; bytes_.size() != size; left -= (std::min)(step, left)) {
        if (left == 0) {
            return false;
        }
        auto const have = bytes_.size();
        if (!make_room(have + std::min(step, size - have))) { // not larger than largest_
            ASIO_INOTIFY_FAIL(ec, asio::error::no_memory);
            refuse(socket);
            return false;
        }
        external_descriptors received;
        auto const got = receive_with_descriptors(socket, bytes_.data() + have,
                                                  bytes_.size() - have, received, missing_fd_);
        int const reason = errno;
        bytes_.resize(have + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        errno = reason;
        if (got < 0) {
            if (!would_block()) {
                ASIO_INOTIFY_FAIL_ERRNO(ec);
            }
            return false;
        }
        if (got == 0) {
            ASIO_INOTIFY_FAIL(ec, asio::error::eof);
            return false;
        }
        if (received.count != 0 && fd_ < 0) {
            fd_ = received.take_first().release();
            check_instance(fd_, instance_failure_);
        }
        if (received.count != 0) {
            // No version of the library sends more than one.
            close_external(std::move(received));
            ASIO_INOTIFY_FAIL(ec, error::malformed_set_state);
            refuse(socket);
            return false;
        }
    }
    return true;
}

void hand_over_receiver::read_header(boost::system::error_code& ec)
{
    frame_header header{};
    std::memcpy(&header, bytes_.data(), sizeof header);
    bytes_.clear();
    if (std::string_view(header.name, sizeof header.name) != frame_name) {
        ASIO_INOTIFY_FAIL(ec, error::malformed_set_state);
    } else if (fd_ < 0 && missing_fd_) {
        ec = missing_fd_;
    } else if (fd_ < 0) {
        ASIO_INOTIFY_FAIL(ec, error::malformed_set_state);
    } else if (instance_failure_) {
        ec = instance_failure_;
    } else if (header.version != frame_version) {
        ASIO_INOTIFY_FAIL(ec, error::unsupported_snapshot_version);
    } else if (header.size > largest_ || header.size > bytes_.max_size()) {
        ASIO_INOTIFY_FAIL(ec, asio::error::message_size);
    }
    body_size_ = header.size;
}

} // namespace asio_inotify::detail

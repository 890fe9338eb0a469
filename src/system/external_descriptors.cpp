//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "system/external_descriptors.hpp"

#include "values/fail.hpp"

#include <boost/asio/error.hpp>

#include <array>
#include <csignal>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

// Not in the system's headers yet. The value is the same on all architectures.
#if !defined(SCM_PIDFD)
#define SCM_PIDFD 4
#endif

namespace asio_inotify::detail {
namespace {

namespace asio = boost::asio;

// Credentials, the label of a security module (up to a page), a pidfd, times and counters.
constexpr std::size_t control_room =
    CMSG_SPACE(most_descriptors * sizeof(int)) + CMSG_SPACE(4096) + 1024;

// Call `f(fd, from_peer)` for each open descriptor that the kernel has put into a control message.
template <class Function>
void for_each_descriptor(msghdr& message, Function f)
{
    for (auto* header = CMSG_FIRSTHDR(&message); header != nullptr;
         header = CMSG_NXTHDR(&message, header)) {
        bool const from_peer = header->cmsg_type == SCM_RIGHTS;
        if (header->cmsg_level != SOL_SOCKET || (!from_peer && header->cmsg_type != SCM_PIDFD)) {
            continue;
        }
        auto const size = header->cmsg_len - CMSG_LEN(0);
        for (std::size_t at = 0; at + sizeof(int) <= size; at += sizeof(int)) {
            int fd = -1; // stays negative if the kernel could not make a pidfd
            std::memcpy(&fd, CMSG_DATA(header) + at, sizeof fd);
            f(unique_fd(fd), from_peer);
        }
    }
}

// Why the kernel has dropped descriptors that the peer has sent. It says only MSG_CTRUNC.
void explain_truncation(msghdr const& message, boost::system::error_code& ec) noexcept
{
    unique_fd const another(::eventfd(0, EFD_CLOEXEC));
    if (!another) {
        ASIO_INOTIFY_FAIL_ERRNO(ec);
    } else if (control_room - message.msg_controllen < CMSG_SPACE(sizeof(int))) {
        ASIO_INOTIFY_FAIL(ec, asio::error::no_buffer_space);
    } else {
        // A security module does not allow this process to have them.
        ASIO_INOTIFY_FAIL(ec, asio::error::access_denied);
    }
}

void* close_all(void* data) noexcept
{
    delete static_cast<external_descriptors*>(data);
    return nullptr;
}

// False if there is no thread for it.
bool close_in_thread(external_descriptors* descriptors) noexcept
{
    pthread_attr_t attributes;
    if (::pthread_attr_init(&attributes) != 0) {
        return false;
    }
    ::pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    // The program's own threads handle its signals.
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread{};
    int const failure = ::pthread_create(&thread, &attributes, close_all, descriptors);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ::pthread_attr_destroy(&attributes);
    return failure == 0;
}

} // namespace

long receive_with_descriptors(int socket, void* data, std::size_t size,
                              external_descriptors& received,
                              boost::system::error_code& missing) noexcept
{
    iovec part{data, size};
    alignas(cmsghdr) std::array<char, control_room> control;
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    auto const got = ::recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (got < 0) {
        return got;
    }
    // First, while the others that have arrived are open.
    if ((message.msg_flags & MSG_CTRUNC) != 0) {
        explain_truncation(message, missing);
    }
    for_each_descriptor(message, [&](unique_fd fd, bool from_peer) {
        if (from_peer) {
            received.add(std::move(fd));
        }
    });
    return got;
}

void close_external(external_descriptors descriptors) noexcept
{
    if (descriptors.count == 0) {
        return;
    }
    // If there is no thread, a socket at least does not linger.
    for (std::size_t at = 0; at != descriptors.count; ++at) {
        linger const off{};
        ::setsockopt(descriptors.all[at].get(), SOL_SOCKET, SO_LINGER, &off, sizeof off);
    }
    std::unique_ptr<external_descriptors> owned(new (std::nothrow)
                                                    external_descriptors(std::move(descriptors)));
    if (owned && close_in_thread(owned.get())) {
        static_cast<void>(owned.release());
    }
}

} // namespace asio_inotify::detail

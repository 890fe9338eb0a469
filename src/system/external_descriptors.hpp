//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SYSTEM_EXTERNAL_DESCRIPTORS_HPP
#define ASIO_INOTIFY_SRC_SYSTEM_EXTERNAL_DESCRIPTORS_HPP

#include "system/unique_fd.hpp"

#include <boost/system/error_code.hpp>

#include <array>
#include <cstddef>
#include <utility>

// Descriptors that an untrusted peer has sent over a local socket.
namespace asio_inotify::detail {

/// The most descriptors that come with one message (SCM_MAX_FD of the kernel).
constexpr std::size_t most_descriptors = 253;

/// The descriptors that a peer has sent with a message.
struct external_descriptors
{
    std::array<unique_fd, most_descriptors> all;
    std::size_t count = 0;

    void add(unique_fd fd) noexcept
    {
        if (count != all.size()) {
            all[count++] = std::move(fd);
        }
    }

    /// Remove and return the first one. @pre There is one.
    [[nodiscard]] unique_fd take_first() noexcept
    {
        std::swap(all[0], all[--count]);
        return std::move(all[count]);
    }
};

/// Receive bytes, and all descriptors that come with them.
/**
 * The kernel adds control messages as the options of the socket ask for it (SO_PASSCRED,
 * SO_PASSSEC, SO_PASSPIDFD, ...): there is room for all of them, and the descriptors among them are
 * closed.
 * @param missing  Set to the cause if the kernel did not give this process a descriptor that the
 *                 peer has sent, else unchanged.
 * @returns As recvmsg(2), with errno. Never waits.
 */
[[nodiscard]] long receive_with_descriptors(int socket, void* data, std::size_t size,
                                            external_descriptors& received,
                                            boost::system::error_code& missing) noexcept;

/// Close descriptors without waiting for it.
/**
 * close(2) can wait as long as the sender likes: for a TCP socket that lingers, or for the server
 * of a filesystem. A thread that nobody waits for closes them.
 */
void close_external(external_descriptors descriptors) noexcept;

} // namespace asio_inotify::detail

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_BENCH_PEERS_DRAIN_HPP
#define ASIO_INOTIFY_BENCH_PEERS_DRAIN_HPP

#include "../support/tally.hpp"

#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace bench {

/// One way to read a full queue, with its own inotify instance.
class drain_peer
{
public:
    drain_peer() = default;
    drain_peer(drain_peer const&) = delete;
    drain_peer& operator=(drain_peer const&) = delete;
    virtual ~drain_peer() = default;

    /// The inotify file descriptor, to add watches.
    [[nodiscard]] virtual int instance() noexcept = 0;

    /// Read and decode this number of events, which are in the queue.
    [[nodiscard]] virtual tally drain(std::size_t events) = 0;
};

/// The caller's buffer: all peers share one, so that memory pages make no difference.
using make_drain_peer = std::unique_ptr<drain_peer> (*)(boost::asio::mutable_buffer);

/// read(2) in a loop, decoded with event_batch: the baseline.
/** It decodes as the library does, so the difference is the cost of the I/O object alone. */
std::unique_ptr<drain_peer> make_bare(boost::asio::mutable_buffer buffer);

/// read(2) in a loop, decoded by hand as usual: a cast, and strlen for the name.
std::unique_ptr<drain_peer> make_bare_strlen(boost::asio::mutable_buffer buffer);

/// A hand-written posix::stream_descriptor around the instance.
std::unique_ptr<drain_peer> make_descriptor(boost::asio::mutable_buffer buffer);

/// async_read_events with a callback; executor type of io_context, and any_io_executor.
std::unique_ptr<drain_peer> make_callback(boost::asio::mutable_buffer buffer);
std::unique_ptr<drain_peer> make_callback_any(boost::asio::mutable_buffer buffer);

/// async_read_events in a coroutine; executor type of io_context, and any_io_executor.
std::unique_ptr<drain_peer> make_coroutine(boost::asio::mutable_buffer buffer);
std::unique_ptr<drain_peer> make_coroutine_any(boost::asio::mutable_buffer buffer);

struct named_drain_peer
{
    std::string_view name;
    make_drain_peer make;
    /// True for a variant of the library, to which the bound applies.
    bool library;
};

/// All peers; the baseline is the first.
[[nodiscard]] std::vector<named_drain_peer> const& drain_peers();

} // namespace bench

#endif

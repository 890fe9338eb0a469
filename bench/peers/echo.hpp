//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_BENCH_PEERS_ECHO_HPP
#define ASIO_INOTIFY_BENCH_PEERS_ECHO_HPP

#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// How a watcher answers an event, and whether it continues.
class answerer
{
public:
    answerer() = default;
    answerer(answerer const&) = delete;
    answerer& operator=(answerer const&) = delete;
    virtual ~answerer() = default;

    /// The watch was added; called once, before the first event.
    virtual void ready() = 0;

    /// An event was handled. @returns False to stop.
    virtual bool answer() = 0;
};

/// Watch a file for writes with one event loop, and answer each event until handled() returns
/// false.
using echo_peer = void (*)(std::string const& path, answerer& to);

/// epoll_wait(2) and read(2) only: the baseline.
void echo_bare(std::string const& path, answerer& to);

/// A posix::stream_descriptor around the instance.
void echo_descriptor(std::string const& path, answerer& to);

/// async_read_events with a callback; executor type of io_context, and any_io_executor.
void echo_callback(std::string const& path, answerer& to);
void echo_callback_any(std::string const& path, answerer& to);

/// async_read_events in a coroutine with any_io_executor.
void echo_coroutine_any(std::string const& path, answerer& to);

struct named_echo_peer
{
    std::string_view name;
    echo_peer run;
    /// True for a variant of the library, to which the bound applies.
    bool library;
};

/// All peers; the baseline is the first.
[[nodiscard]] std::vector<named_echo_peer> const& echo_peers();

} // namespace bench

#endif

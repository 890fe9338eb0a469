//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "recursive_mode.hpp"

#include "event_printer.hpp"
#include "quiet_timer.hpp"
#include "scan_progress.hpp"
#include "tree_printer.hpp"

#include <asio_inotify/tree_watcher.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/errc.hpp>

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asio = boost::asio;

namespace asio_watch {
namespace {

using asio_inotify::tree_change_mask;

// What --settle holds back, at most; the bytes are those of lines.
constexpr std::size_t most_held = std::size_t{16} * 1024 * 1024;

// At the end: how long changes are waited for that had begun before, at a time and in all. The
// watcher waits for the second half of a rename, and less than that.
constexpr std::chrono::milliseconds last_wait{40};
constexpr std::chrono::seconds last_waits{1};

failure cannot_start(boost::system::error_code const& ec)
{
    auto why = ec.message();
    if (ec == boost::system::errc::too_many_files_open) {
        why += "; see ulimit -n and /proc/sys/fs/inotify/max_user_instances";
    }
    return {"cannot start", "inotify", why};
}

failure cannot_watch(std::string_view path, boost::system::error_code const& ec)
{
    return {"cannot watch", path,
            ec == boost::system::errc::no_space_on_device
                ? "the user's limit of watches is reached; see "
                  "/proc/sys/fs/inotify/max_user_watches"
                : ec.message()};
}

/// Each path once, as the watcher calls it: without separators at the end.
std::vector<std::string> roots_of(std::vector<std::string> const& paths)
{
    std::vector<std::string> roots;
    for (auto path : paths) {
        while (path.size() > 1 && path.ends_with('/')) {
            path.pop_back();
        }
        if (std::ranges::find(roots, path) == roots.end()) {
            roots.push_back(std::move(path));
        }
    }
    return roots;
}

class recursive_run
{
public:
    recursive_run(asio::any_io_executor const& ex, options const& wanted, output& out,
                  stop_request& stop, statistics& counters)
        : wanted_(wanted)
        , out_(out)
        , stop_(stop)
        , counters_(counters)
        , colour_(output::wants_colour())
        , watcher_(ex)
        , progress_(ex, [this] { return watcher_.counters(); })
        , quiet_(ex, wanted.timeout, [this] { stop_.interrupt(); })
        , settled_(ex, wanted.settle, [this] { stop_.interrupt(); })
        , last_(ex, last_wait, [this] { stop_.interrupt(); })
    {}

    recursive_run(recursive_run const&) = delete;
    recursive_run& operator=(recursive_run const&) = delete;

    ~recursive_run()
    {
        // It knows the last wait.
        stop_.slot().clear();
        auto const done = watcher_.counters();
        counters_.others = {{"directories", done.directories},
                            {"entries", done.entries},
                            {"watches", done.watches},
                            {"events", done.events},
                            {"stale", done.stale},
                            {"overflows", done.overflows},
                            {"changes", done.changes},
                            {"listings", done.listings}};
    }

    asio::awaitable<exit_code> run()
    {
        // A variable, as g++ 12 miscompiles a co_await in the condition.
        auto const ready = co_await start();
        if (!ready) {
            co_return stop_.is_made() ? exit_code::done : exit_code::timed_out;
        }
        auto const printer = wanted_.json ? make_json_printer() : make_plain_printer(colour_);
        printer->ready(out_.text(), watcher_.counters().watches);
        co_await out_.flush();
        while (!stop_.is_made()) {
            auto const why = co_await receive();
            if (!wanted_.settle || why != wait_end::changes || held_size() >= most_held) {
                co_await print();
            }
            if (why == wait_end::timed_out) {
                co_return exit_code::timed_out;
            }
            if (is_complete()) {
                co_return exit_code::done;
            }
        }
        co_await receive_rest();
        co_return exit_code::done;
    }

private:
    /// The token of what is waited for.
    [[nodiscard]] auto stoppable()
    {
        return asio::bind_cancellation_slot(stop_.slot(), asio::as_tuple(asio::use_awaitable));
    }

    /// Why a wait for changes has ended.
    enum class wait_end
    {
        changes,
        quiet,
        timed_out,
        stopped
    };

    /// Watch the trees. False if that took too long or shall not be any more.
    asio::awaitable<bool> start()
    {
        if (stop_.is_made()) {
            co_return false;
        }
        boost::system::error_code ec;
        watcher_.open({.report = wanted_.changes,
                       .report_existing = wanted_.existing,
                       .exclude = wanted_.excluded},
                      ec);
        if (ec) {
            throw cannot_start(ec);
        }
        auto const roots = roots_of(wanted_.paths);
        for (auto const& root : roots) {
            if (root != roots.back()) {
                watcher_.add_root(root, ec);
                if (ec) {
                    throw cannot_watch(root, ec);
                }
            }
        }
        // Completes when all of them are watched.
        progress_.begin();
        quiet_.wait_begins();
        auto const [failed] = co_await watcher_.async_add_root(roots.back(), stoppable());
        quiet_.wait_ends();
        progress_.end();
        if (failed && failed != asio::error::operation_aborted) {
            throw cannot_watch(roots.back(), failed);
        }
        co_return !failed;
    }

    /// Wait for changes and take them.
    asio::awaitable<wait_end> receive()
    {
        auto const holds = held_ != 0;
        quiet_.wait_begins();
        if (holds) {
            settled_.wait_begins();
        }
        auto const [ec, batch] = co_await watcher_.async_receive(stoppable());
        quiet_.wait_ends();
        settled_.wait_ends();
        take(ec, batch);
        // Changes that came at the last moment count.
        if (!ec) {
            co_return wait_end::changes;
        }
        if (quiet_.has_expired()) {
            co_return wait_end::timed_out;
        }
        co_return holds&& settled_.has_expired() ? wait_end::quiet : wait_end::stopped;
    }

    /// What had happened before the request to stop is still reported.
    asio::awaitable<void> receive_rest()
    {
        std::chrono::steady_clock::duration waited{0};
        auto more = true;
        while (more && printed_ + held_ != wanted_.count && waited < last_waits) {
            auto const begin = std::chrono::steady_clock::now();
            last_.wait_begins();
            auto const [ec, batch] = co_await watcher_.async_receive(stoppable());
            last_.wait_ends();
            waited += std::chrono::steady_clock::now() - begin;
            take(ec, batch);
            more = !ec || is_readable();
            if (!wanted_.settle || held_size() >= most_held) {
                co_await print();
            }
        }
        co_await print();
    }

    void take(boost::system::error_code const& ec, asio_inotify::tree_change_batch const& batch)
    {
        if (ec && ec != asio::error::operation_aborted) {
            throw failure("cannot read changes", "", ec.message());
        }
        for (auto const change : batch) {
            if (printed_ + held_ == wanted_.count) {
                break;
            }
            ++held_;
            if (wanted_.json) {
                append_json(out_.text(), change);
            } else {
                append_plain(out_.text(), change, colour_);
            }
        }
    }

    asio::awaitable<void> print()
    {
        co_await out_.flush();
        printed_ += std::exchange(held_, 0);
    }

    /// How many bytes the lines take that are to be printed.
    [[nodiscard]] std::size_t held_size() const { return out_.text().size(); }

    [[nodiscard]] bool is_complete() const { return wanted_.count == printed_; }

    /// True if the watcher has more to tell, or to do first.
    [[nodiscard]] bool is_readable() const
    {
        pollfd wanted{.fd = watcher_.native_handle(), .events = POLLIN, .revents = 0};
        return ::poll(&wanted, 1, 0) > 0;
    }

    options const& wanted_;
    output& out_;
    stop_request& stop_;
    statistics& counters_;
    bool colour_;
    asio_inotify::tree_watcher watcher_;
    // Changes that were printed, and those that are in the output's text.
    std::uint64_t printed_ = 0;
    std::uint64_t held_ = 0;
    scan_progress progress_;
    quiet_timer quiet_;
    quiet_timer settled_;
    quiet_timer last_;
};

} // namespace

asio::awaitable<exit_code> recursive_mode(options const& wanted, output& out, stop_request& stop,
                                          statistics& counters)
{
    recursive_run run{co_await asio::this_coro::executor, wanted, out, stop, counters};
    auto code = exit_code::done;
    try {
        code = co_await run.run();
    } catch (output_closed const&) {
        // An orderly end like others.
    }
    co_return code;
}

} // namespace asio_watch

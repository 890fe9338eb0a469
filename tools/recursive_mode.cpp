//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "recursive_mode.hpp"

#include "event_printer.hpp"
#include "scan_progress.hpp"
#include "snapshot_file.hpp"
#include "tree_printer.hpp"
#include "tree_setup.hpp"
#include "unprinted_changes.hpp"
#include "wait_timer.hpp"

#include <asio_inotify/error.hpp>
#include <asio_inotify/tree_watcher.hpp>
#include <asio_inotify/tree_watcher_saving.hpp>

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
#include <tuple>
#include <utility>
#include <vector>

namespace asio = boost::asio;

namespace asio_watch {
namespace {

using asio_inotify::tree_change_mask;

// The maximum size of the lines that --settle holds back, in bytes.
constexpr std::size_t held_limit = std::size_t{16} * 1024 * 1024;

// After a stop request: how long to wait for each further change, and in total. Longer than the
// watcher's grace time for the MOVED_TO of a rename.
constexpr std::chrono::milliseconds rest_wait{40};
constexpr std::chrono::seconds rest_limit{1};

failure cannot_start(boost::system::error_code const& ec)
{
    return {"cannot start", "inotify", explain(ec)};
}

failure cannot_watch(std::string_view path, boost::system::error_code const& ec)
{
    return {"cannot watch", path, explain(ec)};
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
        , roots_to_add_(roots_of(wanted.paths))
        , progress_(ex, [this] { return watcher_.counters(); })
        , timeout_(ex, wanted.timeout, [this] { stop_.interrupt(); })
        , settle_timer_(ex, wanted.settle, [this] { stop_.interrupt(); })
        , rest_timer_(ex, rest_wait, [this] { stop_.interrupt(); })
    {}

    recursive_run(recursive_run const&) = delete;
    recursive_run& operator=(recursive_run const&) = delete;

    ~recursive_run()
    {
        // The slot still refers to the last wait.
        stop_.slot().clear();
        auto const done = watcher_.counters();
        counters_.mode_counters = {{"directories", done.directories},
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
        open();
        auto why = wait_end::changes;
        if (wanted_.restore) {
            restore(*wanted_.restore);
            why = co_await rescan_restored();
        }
        if (why == wait_end::changes && !has_enough()) {
            why = co_await add_roots();
        }
        if (!is_watching_) {
            co_return why == wait_end::timed_out ? exit_code::timed_out : exit_code::done;
        }
        co_await print_ready();
        if (is_complete()) {
            co_return exit_code::done;
        }
        if (!has_trees_) {
            co_return no_watch_left();
        }
        if (why == wait_end::timed_out) {
            co_return exit_code::timed_out;
        }
        while (!stop_.is_made()) {
            // A variable, as g++ 12 miscompiles a co_await in the condition.
            why = co_await receive();
            if (!wanted_.settle || why != wait_end::changes || held_size() >= held_limit) {
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

    /// Write the snapshot.
    asio::awaitable<void> save()
    {
        // Before the trees are watched there is nothing to save.
        if (!wanted_.save || !is_watching_) {
            co_return;
        }
        auto const saved = co_await printed_trees();
        write_snapshot(*wanted_.save, saved.to_text());
    }

private:
    /// A completion token for waits that a stop request or a timer ends.
    [[nodiscard]] auto stoppable()
    {
        return asio::bind_cancellation_slot(stop_.slot(), asio::as_tuple(asio::use_awaitable));
    }

    /// How a wait for changes has ended.
    enum class wait_end
    {
        changes,
        settled,
        timed_out,
        stopped
    };

    void open()
    {
        auto wanted = watcher_options(wanted_);
        check_excluded(wanted, wanted_.paths);
        boost::system::error_code ec;
        watcher_.open(std::move(wanted), ec);
        if (ec) {
            throw cannot_start(ec);
        }
    }

    void restore(std::string const& file)
    {
        auto const saved = read_tree_snapshot(file);
        boost::system::error_code ec;
        asio_inotify::restore(watcher_, saved, ec);
        if (ec) {
            throw failure("cannot restore", file,
                          ec == asio_inotify::error::malformed_snapshot
                              ? "snapshot has an entry twice"
                              : explain(ec));
        }
        is_watching_ = true;
        has_trees_ = !saved.roots().empty();
        roots_to_add_ = new_roots(saved, wanted_.paths);
    }

    /// Receive what has changed since the trees were saved, until the rescan or the room for lines
    /// ends.
    asio::awaitable<wait_end> rescan_restored()
    {
        auto timed_out = false;
        progress_.begin();
        while (has_trees_ && !rescan_has_ended_ && !timed_out && !stop_.is_made() &&
               !has_enough() && held_size() < held_limit) {
            timed_out = co_await receive() == wait_end::timed_out;
        }
        progress_.end();
        if (timed_out) {
            co_return wait_end::timed_out;
        }
        co_return stop_.is_made() ? wait_end::stopped : wait_end::changes;
    }

    /// Watch the trees of the paths.
    asio::awaitable<wait_end> add_roots()
    {
        if (stop_.is_made()) {
            co_return wait_end::stopped;
        }
        if (roots_to_add_.empty()) {
            co_return wait_end::changes;
        }
        boost::system::error_code failed;
        auto next = roots_to_add_.begin();
        progress_.begin();
        timeout_.begin_wait();
        for (; next != roots_to_add_.end() && !stop_.is_made() && !timeout_.has_expired(); ++next) {
            std::tie(failed) = co_await watcher_.async_add(*next, stoppable());
            if (failed) {
                break;
            }
        }
        timeout_.end_wait();
        progress_.end();
        if (failed && failed != asio::error::operation_aborted) {
            throw cannot_watch(*next, failed);
        }
        if (next != roots_to_add_.end()) {
            co_return timeout_.has_expired() ? wait_end::timed_out : wait_end::stopped;
        }
        is_watching_ = true;
        has_trees_ = true;
        co_return wait_end::changes;
    }

    asio::awaitable<void> print_ready()
    {
        // The ready line comes before the changes that were received so far.
        auto const received = std::exchange(out_.text(), {});
        auto const printer = wanted_.json ? make_json_printer() : make_plain_printer(colour_);
        printer->ready(out_.text(), watcher_.counters().watches);
        co_await out_.flush();
        out_.text() = received;
        co_await print();
    }

    /// Wait for changes and append their lines.
    asio::awaitable<wait_end> receive()
    {
        auto const holds = held_ != 0;
        timeout_.begin_wait();
        if (holds) {
            settle_timer_.begin_wait();
        }
        auto const [ec, batch] = co_await watcher_.async_receive(stoppable());
        timeout_.end_wait();
        settle_timer_.end_wait();
        take(ec, batch);
        // Changes that arrive together with an interruption count.
        if (!ec) {
            co_return wait_end::changes;
        }
        if (timeout_.has_expired()) {
            co_return wait_end::timed_out;
        }
        co_return holds&& settle_timer_.has_expired() ? wait_end::settled : wait_end::stopped;
    }

    /// Report the changes that happened before the stop request.
    asio::awaitable<void> receive_rest()
    {
        std::chrono::steady_clock::duration waited{0};
        auto more = true;
        while (more && !has_enough() && waited < rest_limit) {
            auto const begin = std::chrono::steady_clock::now();
            rest_timer_.begin_wait();
            auto const [ec, batch] = co_await watcher_.async_receive(stoppable());
            rest_timer_.end_wait();
            waited += std::chrono::steady_clock::now() - begin;
            take(ec, batch);
            more = !ec || is_readable();
            if (!wanted_.settle || held_size() >= held_limit) {
                co_await print();
            }
        }
        co_await print();
    }

    /// The trees after the last printed line.
    asio::awaitable<asio_inotify::tree_snapshot> printed_trees()
    {
        boost::system::error_code ec;
        auto saved = asio_inotify::save(watcher_, ec);
        // A snapshot during a rescan has the time before the rescan. A restore would compare with
        // that time and report the printed changes again; with -n that would never end.
        while (ec == asio_inotify::error::changes_not_received ||
               (!ec && is_rescanning_ && is_complete())) {
            rest_timer_.begin_wait();
            auto const [failed, batch] = co_await watcher_.async_receive(stoppable());
            rest_timer_.end_wait();
            check_received(failed);
            for (auto const& change : batch) {
                note_rescan(change);
                unprinted_.add(change, true);
            }
            saved = asio_inotify::save(watcher_, ec);
        }
        if (ec) {
            throw failure("cannot save", *wanted_.save, explain(ec));
        }
        co_return unprinted_.revert(std::move(saved));
    }

    void check_received(boost::system::error_code const& ec) const
    {
        if (ec && ec != asio::error::operation_aborted) {
            throw failure("cannot read changes", "", explain(ec));
        }
    }

    void note_rescan(asio_inotify::tree_change const& change)
    {
        rescan_has_ended_ = rescan_has_ended_ || change.is(tree_change_mask::rescan_end);
        is_rescanning_ = (is_rescanning_ || change.is(tree_change_mask::rescan_begin)) &&
                         !change.is(tree_change_mask::rescan_end);
    }

    void take(boost::system::error_code const& ec, asio_inotify::tree_change_batch const& batch)
    {
        check_received(ec);
        for (auto const& change : batch) {
            note_rescan(change);
            auto const has_line = change.is(wanted_.changes);
            if (wanted_.save) {
                unprinted_.add(change, has_line);
            }
            if (has_enough() || !has_line) {
                continue;
            }
            ++held_;
            if (wanted_.json) {
                append_json(out_.text(), change);
            } else {
                append_plain(out_.text(), change, colour_);
            }
        }
        if (held_ == 0) {
            unprinted_.mark_printed(0);
        }
    }

    asio::awaitable<void> print()
    {
        try {
            co_await out_.flush();
        } catch (output_closed const&) {
            // Each change has one line.
            auto const left = std::ranges::count(out_.text(), '\n');
            unprinted_.mark_printed(held_ - static_cast<std::uint64_t>(left));
            throw;
        }
        unprinted_.mark_printed(held_);
        printed_ += std::exchange(held_, 0);
    }

    [[nodiscard]] exit_code no_watch_left() const
    {
        if (wanted_.count) {
            throw failure("no watch is left", "",
                          "0 of " + std::to_string(*wanted_.count) + " events came");
        }
        if (!wanted_.json) {
            complain("no watch is left");
        }
        return exit_code::done;
    }

    /// True if the lines reach the number of --count, printed or not.
    [[nodiscard]] bool has_enough() const { return printed_ + held_ == wanted_.count; }

    /// The size of the unprinted lines in bytes.
    [[nodiscard]] std::size_t held_size() const { return out_.text().size(); }

    /// True if the printed lines reach the number of --count.
    [[nodiscard]] bool is_complete() const { return wanted_.count == printed_; }

    /// True if the watcher has more changes, or work to do for them.
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
    std::vector<std::string> roots_to_add_;
    // True once the restored trees or the roots are watched.
    bool is_watching_ = false;
    // True if there is at least one tree.
    bool has_trees_ = false;
    // True after the first rescan_end: all changes since the trees were saved have been received.
    bool rescan_has_ended_ = false;
    // True from rescan_begin to rescan_end.
    bool is_rescanning_ = false;
    unprinted_changes unprinted_;
    // Changes that were printed, and changes whose lines are in out_.text().
    std::uint64_t printed_ = 0;
    std::uint64_t held_ = 0;
    scan_progress progress_;
    wait_timer timeout_;
    wait_timer settle_timer_;
    wait_timer rest_timer_;
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
        // A closed output is an ordinary end.
    }
    co_await run.save();
    co_return code;
}

} // namespace asio_watch

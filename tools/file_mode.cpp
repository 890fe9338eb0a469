//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "file_mode.hpp"

#include "change_printer.hpp"
#include "event_printer.hpp"
#include "wait_timer.hpp"

#include <asio_inotify/file_watcher.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/errc.hpp>

#include <cstdint>
#include <string>

namespace asio = boost::asio;

namespace asio_watch {
namespace {

class file_run
{
public:
    file_run(asio::any_io_executor const& ex, options const& wanted, output& out,
             stop_request& stop, statistics& counters)
        : wanted_(wanted)
        , out_(out)
        , stop_(stop)
        , counters_(counters)
        , colour_(output::wants_colour())
        , watcher_(ex)
        , timeout_(ex, wanted.timeout, [this] { stop_.interrupt(); })
    {}

    file_run(file_run const&) = delete;
    file_run& operator=(file_run const&) = delete;

    // The slot still refers to the last wait.
    ~file_run()
    {
        stop_.slot().clear();
        auto const done = watcher_.counters();
        counters_.mode_counters = {{"changes", changes_},         {"batches", batches_},
                                   {"events", done.events},       {"unknown", done.stale},
                                   {"overflows", done.overflows}, {"looks", done.looks}};
    }

    asio::awaitable<exit_code> run()
    {
        start();
        auto const printer = wanted_.json ? make_json_printer() : make_plain_printer(colour_);
        printer->ready(out_.text(), watcher_.watches());
        co_await out_.flush();
        while (!stop_.is_made()) {
            // A variable, as g++ 12 miscompiles a co_await in the condition.
            auto const in_time = co_await wait();
            if (!in_time) {
                co_return exit_code::timed_out;
            }
            co_await out_.flush();
            if (is_complete()) {
                co_return exit_code::done;
            }
        }
        // Report the changes that happened before the stop request.
        for (bool more = true; more && !is_complete();) {
            more = append(watcher_.try_receive());
            co_await out_.flush();
        }
        co_return exit_code::done;
    }

private:
    void start()
    {
        boost::system::error_code ec;
        watcher_.open(ec);
        if (ec) {
            throw failure("cannot start", "inotify", explain(ec));
        }
        for (auto const& path : wanted_.paths) {
            if (watcher_.contains(path)) {
                continue;
            }
            watcher_.add(path, {.settle = wanted_.settle.value_or(std::chrono::milliseconds{0})},
                         ec);
            if (ec) {
                throw failure("cannot watch", path, explain(ec));
            }
        }
    }

    /// Wait and append the lines; false after the timeout.
    asio::awaitable<bool> wait()
    {
        timeout_.begin_wait();
        auto const [ec, batch] = co_await watcher_.async_receive(
            asio::bind_cancellation_slot(stop_.slot(), asio::as_tuple(asio::use_awaitable)));
        timeout_.end_wait();
        if (ec && ec != asio::error::operation_aborted) {
            throw failure("cannot wait", "", explain(ec));
        }
        append(batch);
        // Changes that arrive together with an interruption count.
        co_return !ec || !timeout_.has_expired();
    }

    /// Append the lines of a batch; false if it is empty.
    bool append(asio_inotify::file_change_batch const& batch)
    {
        for (auto const& change : batch) {
            if (is_complete()) {
                break;
            }
            ++changes_;
            if (wanted_.json) {
                append_json(out_.text(), change);
            } else {
                append_plain(out_.text(), change, colour_);
            }
        }
        batches_ += batch.empty() ? 0U : 1U;
        return !batch.empty();
    }

    [[nodiscard]] bool is_complete() const { return wanted_.count == changes_; }

    options const& wanted_;
    output& out_;
    stop_request& stop_;
    statistics& counters_;
    bool colour_;
    asio_inotify::file_watcher watcher_;
    std::uint64_t changes_ = 0;
    std::uint64_t batches_ = 0;
    wait_timer timeout_;
};

} // namespace

asio::awaitable<exit_code> file_mode(options const& wanted, output& out, stop_request& stop,
                                     statistics& counters)
{
    file_run run{co_await asio::this_coro::executor, wanted, out, stop, counters};
    auto code = exit_code::done;
    try {
        code = co_await run.run();
    } catch (output_closed const&) {
        // A closed output is an ordinary end.
    }
    co_return code;
}

} // namespace asio_watch

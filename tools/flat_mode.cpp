//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "flat_mode.hpp"

#include "event_printer.hpp"
#include "kernel_watches.hpp"
#include "quiet_timer.hpp"
#include "watch_table.hpp"

#include <asio_inotify/error.hpp>
#include <asio_inotify/event_batch.hpp>
#include <asio_inotify/event_buffer.hpp>
#include <asio_inotify/inotify.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/errc.hpp>

#include <algorithm>
#include <memory>
#include <string>

namespace asio = boost::asio;

namespace asio_watch {
namespace {

using asio_inotify::watch_descriptor;

failure cannot_start(boost::system::error_code const& ec)
{
    auto why = ec.message();
    if (ec == boost::system::errc::too_many_files_open) {
        why += "; see ulimit -n and /proc/sys/fs/inotify/max_user_instances";
    }
    return {"cannot start", "inotify", why};
}

failure cannot_watch(std::string const& path, boost::system::error_code const& ec)
{
    auto why = ec.message();
    if (ec == boost::system::errc::no_space_on_device) {
        why = "the user's limit of watches is reached; see /proc/sys/fs/inotify/max_user_watches";
    } else if (ec == boost::system::errc::file_exists) {
        why = "is the same file as another PATH, and --wd wants a watch for each";
    } else if (ec == asio_inotify::error::set_next_unsupported) {
        why += "; --wd needs Linux 4.17, built with checkpoint/restore";
    }
    return {"cannot watch", path, why};
}

class flat_run
{
public:
    flat_run(asio::any_io_executor const& ex, options const& wanted, output& out,
             stop_request& stop, statistics& counters)
        : wanted_(wanted)
        , out_(out)
        , stop_(stop)
        , counters_(counters)
        , printer_(wanted.json ? make_json_printer() : make_plain_printer(output::wants_colour()))
        , in_(ex)
        , quiet_(ex, wanted.timeout, [this] { stop_.interrupt(); })
    {}

    flat_run(flat_run const&) = delete;
    flat_run& operator=(flat_run const&) = delete;

    // The slot knows the last read.
    ~flat_run() { stop_.slot().clear(); }

    asio::awaitable<exit_code> run()
    {
        add_watches();
        printer_->ready(out_.text(), table_.size());
        co_await out_.flush();
        while (!stop_.is_made()) {
            // Behind the report of a watch's end there can be more of it in the queue.
            if (table_.none_is_alive() && in_.available() == 0) {
                co_return nothing_left();
            }
            // A variable, as g++ 12 miscompiles a co_await in the condition.
            auto const in_time = co_await read();
            if (!in_time) {
                co_return exit_code::timed_out;
            }
            co_await out_.flush();
            if (is_complete()) {
                co_return exit_code::done;
            }
        }
        co_await read_rest();
        co_return exit_code::done;
    }

private:
    void add_watches()
    {
        boost::system::error_code ec;
        in_.open(ec);
        if (ec) {
            throw cannot_start(ec);
        }
        auto next = wanted_.first_number.value_or(watch_descriptor{}).value();
        for (auto const& path : wanted_.paths) {
            auto wd = watch_descriptor{next};
            if (wanted_.first_number) {
                in_.add_at(wd, path, wanted_.events, ec);
                // Not beyond INT_MAX except after the last, where it is not used any more.
                next = static_cast<int>(static_cast<unsigned>(next) + 1U);
            } else {
                wd = in_.add(path, wanted_.events, ec);
            }
            if (ec) {
                throw cannot_watch(path, ec);
            }
            table_.add(wd, printer_->label(path));
        }
    }

    /// False if it took too long.
    asio::awaitable<bool> read()
    {
        quiet_.wait_begins();
        auto const [ec, batch] = co_await in_.async_read_events(
            buffer_,
            asio::bind_cancellation_slot(stop_.slot(), asio::as_tuple(asio::use_awaitable)));
        quiet_.wait_ends();
        finish_read(ec, batch);
        // Events that came at the last moment count.
        co_return ec != asio::error::operation_aborted || !quiet_.has_expired();
    }

    /// What had happened before the request to stop is still reported.
    asio::awaitable<void> read_rest()
    {
        in_.non_blocking(true);
        for (auto left = in_.available(); left != 0 && !is_complete();) {
            boost::system::error_code ec;
            auto const batch = in_.read_events(buffer_, ec);
            finish_read(ec, batch);
            left = ec ? 0 : left - std::min(left, batch.size_bytes());
            co_await out_.flush();
        }
    }

    void finish_read(boost::system::error_code const& ec, asio_inotify::event_batch batch)
    {
        ++counters_.reads;
        if (ec && ec != asio::error::operation_aborted && ec != asio::error::would_block) {
            throw failure("cannot read events", "", ec.message());
        }
        if (!batch.empty()) {
            ++counters_.batches;
            counters_.bytes += batch.size_bytes();
        }
        for (auto const event : batch) {
            if (is_complete()) {
                break;
            }
            print(event);
        }
    }

    void print(asio_inotify::event_view event)
    {
        std::string const* label = nullptr;
        if (event.is_overflow()) {
            // The report of a watch's end may be among what was lost.
            if (auto const alive = kernel_watches(in_.native_handle())) {
                table_.kept(*alive);
            }
        } else {
            label = table_.find(event.wd());
            if (label == nullptr) {
                ++counters_.unknown;
                return;
            }
        }
        counters_.count(event);
        printer_->event(out_.text(), event, label != nullptr ? *label : std::string_view{});
        if (event.is_ignored()) {
            table_.ended(event.wd());
        }
    }

    [[nodiscard]] bool is_complete() const { return wanted_.count == counters_.events; }

    [[nodiscard]] exit_code nothing_left() const
    {
        if (wanted_.count) {
            throw failure("no watch is left", "",
                          std::to_string(counters_.events) + " of " +
                              std::to_string(*wanted_.count) + " events came");
        }
        if (!wanted_.json) {
            complain("no watch is left");
        }
        return exit_code::done;
    }

    options const& wanted_;
    output& out_;
    stop_request& stop_;
    statistics& counters_;
    std::unique_ptr<event_printer> printer_;
    asio_inotify::inotify in_;
    asio_inotify::event_buffer<> buffer_;
    watch_table table_;
    quiet_timer quiet_;
};

} // namespace

asio::awaitable<exit_code> flat_mode(options const& wanted, output& out, stop_request& stop,
                                     statistics& counters)
{
    flat_run run{co_await asio::this_coro::executor, wanted, out, stop, counters};
    co_return co_await run.run();
}

} // namespace asio_watch

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "flat_mode.hpp"

#include "event_printer.hpp"
#include "snapshot_file.hpp"
#include "wait_timer.hpp"

#include <asio_inotify/error.hpp>
#include <asio_inotify/event_buffer.hpp>
#include <asio_inotify/watch_set.hpp>
#include <asio_inotify/watch_set_saving.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/errc.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace asio = boost::asio;

namespace asio_watch {
namespace {

using asio_inotify::watch_descriptor;

failure cannot_start(boost::system::error_code const& ec)
{
    return {"cannot start", "inotify", explain(ec)};
}

failure cannot_watch(std::string const& path, boost::system::error_code const& ec,
                     bool some_restored)
{
    auto why = explain(ec);
    if (ec == boost::system::errc::file_exists) {
        why = some_restored ? "is the same file as another PATH or one that was restored"
                            : "is the same file as another PATH";
        why += ", and --wd wants a watch for each";
    } else if (ec == asio_inotify::error::set_next_unsupported) {
        why += "; --wd needs Linux 4.17, built with checkpoint/restore";
    }
    return {"cannot watch", path, why};
}

/// The message for a failed comparison with the kernel. Names the file, so that the error is not
/// attributed to the snapshot.
std::string fdinfo_error(boost::system::error_code const& ec)
{
    return "/proc/self/fdinfo: " + explain(ec);
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
        , set_(ex)
        , timeout_(ex, wanted.timeout, [this] { stop_.interrupt(); })
    {}

    flat_run(flat_run const&) = delete;
    flat_run& operator=(flat_run const&) = delete;

    // The slot still refers to the last read.
    ~flat_run() { stop_.slot().clear(); }

    asio::awaitable<exit_code> run()
    {
        if (wanted_.restore) {
            restore(*wanted_.restore);
        } else {
            open();
        }
        add_watches();
        printer_->ready(out_.text(), set_.size());
        co_await out_.flush();
        while (!stop_.is_made()) {
            if (set_.empty()) {
                // No watch can report any more, but the queue may contain an overflow.
                co_await read_rest();
                co_return is_complete() ? exit_code::done : no_watch_left();
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

    void save() const
    {
        if (!wanted_.save) {
            return;
        }
        boost::system::error_code ec;
        auto const saved = asio_inotify::save(set_, ec);
        if (ec) {
            throw failure("cannot save", *wanted_.save, fdinfo_error(ec));
        }
        write_snapshot(*wanted_.save, saved.to_text());
    }

private:
    void open()
    {
        boost::system::error_code ec;
        set_.open(ec);
        if (ec) {
            throw cannot_start(ec);
        }
    }

    void restore(std::string const& file)
    {
        auto const saved = read_snapshot(file);
        boost::system::error_code ec;
        auto const report = asio_inotify::restore(set_, saved, {.all_or_nothing = false}, ec);
        if (ec == boost::system::errc::too_many_files_open) {
            throw cannot_start(ec);
        }
        if (ec) {
            throw failure("cannot restore", file, fdinfo_error(ec));
        }
        for (auto const& finding : report.findings) {
            // For a moved watch finding.path is the new path; the line has the saved one.
            printer_->restored(out_.text(), finding.wd, finding.outcome,
                               saved.find(finding.wd)->path);
        }
    }

    void add_watches()
    {
        auto next = wanted_.first_number.value_or(watch_descriptor{}).value();
        for (auto const& path : wanted_.paths) {
            boost::system::error_code ec;
            if (wanted_.first_number) {
                set_.add_at(watch_descriptor{next}, path, wanted_.events, ec);
                // Unsigned, as it wraps past INT_MAX after the last path, where it is not used.
                next = static_cast<int>(static_cast<unsigned>(next) + 1U);
            } else {
                set_.add(path, wanted_.events, ec);
                if (ec == boost::system::errc::file_exists) {
                    // Two paths of one file share a watch.
                    continue;
                }
            }
            if (ec) {
                throw cannot_watch(path, ec, wanted_.restore.has_value());
            }
        }
    }

    /// Read and append the lines; false after the timeout.
    asio::awaitable<bool> read()
    {
        timeout_.begin_wait();
        auto const [ec, batch] = co_await set_.async_read_events(
            buffer_,
            asio::bind_cancellation_slot(stop_.slot(), asio::as_tuple(asio::use_awaitable)));
        timeout_.end_wait();
        finish_read(ec, batch);
        // Events that arrive together with an interruption count.
        co_return ec != asio::error::operation_aborted || !timeout_.has_expired();
    }

    /// Report the events that happened before the stop request.
    asio::awaitable<void> read_rest()
    {
        set_.non_blocking(true);
        for (auto left = set_.available(); left != 0 && !is_complete();) {
            boost::system::error_code ec;
            auto const batch = set_.read_events(buffer_, ec);
            auto const taken = finish_read(ec, batch);
            // The size of the events that the set dropped is unknown; would_block ends the loop
            // then.
            left = ec == asio::error::would_block ? 0 : left - std::min(left, taken);
            co_await out_.flush();
        }
    }

    /// Count the events of a read and append their lines.
    /** @returns The size of the events in the kernel's queue, in bytes. */
    std::size_t finish_read(boost::system::error_code const& ec,
                            asio_inotify::watch_event_batch batch)
    {
        ++counters_.reads;
        auto const totals = set_.counters();
        if (ec && ec != asio::error::operation_aborted && ec != asio::error::would_block &&
            std::exchange(overflows_at_failure_, totals.overflows) == totals.overflows) {
            throw failure("cannot read events", "", explain(ec));
        }
        counters_.unknown = totals.stale;
        lost_ends_ += totals.reconciled - std::exchange(reconciled_, totals.reconciled);
        std::size_t bytes = 0;
        for (auto const event : batch) {
            // The set synthesises these events at the start of the batch. They are not kernel
            // events, so they are not printed.
            if (lost_ends_ != 0) {
                --lost_ends_;
                continue;
            }
            bytes += event.size_bytes();
            if (!is_complete()) {
                counters_.count(event);
                printer_->event(out_.text(), event);
            }
        }
        if (bytes != 0) {
            ++counters_.batches;
            counters_.bytes += bytes;
        }
        return bytes;
    }

    [[nodiscard]] bool is_complete() const { return wanted_.count == counters_.events; }

    [[nodiscard]] exit_code no_watch_left() const
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
    asio_inotify::watch_set set_;
    // Two thirds of it, 64 KiB, are used for events.
    asio_inotify::event_buffer<std::size_t{96} * 1024> buffer_;
    // Ends of watches that were lost in an overflow: how many the set has found so far, and how
    // many of their events have not been read yet.
    std::uint64_t reconciled_ = 0;
    std::uint64_t lost_ends_ = 0;
    // After an overflow a read fails once if /proc cannot be read, which is not fatal. For any
    // other cause the next read fails as well.
    std::uint64_t overflows_at_failure_ = 0;
    wait_timer timeout_;
};

} // namespace

asio::awaitable<exit_code> flat_mode(options const& wanted, output& out, stop_request& stop,
                                     statistics& counters)
{
    flat_run run{co_await asio::this_coro::executor, wanted, out, stop, counters};
    auto code = exit_code::done;
    try {
        code = co_await run.run();
    } catch (output_closed const&) {
        // A closed output is an ordinary end.
    }
    run.save();
    co_return code;
}

} // namespace asio_watch

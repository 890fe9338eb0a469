//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Does a read allocate memory, once a program has been running for a while?

#include "support/allocation_count.hpp"
#include "support/event_source.hpp"
#include "support/program.hpp"
#include "support/report.hpp"

#include <asio_inotify.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>

namespace asio = boost::asio;

namespace {

struct options
{
    std::size_t reads = 1000;
    std::size_t warm_up = 100;
    std::uint64_t seed = 1;
    bool check = false;
};

// Counts reads, and what they allocate after the warm-up.
class meter
{
public:
    explicit meter(options const& o)
        : options_(o)
    {}

    // Called after a read. Returns false when there were enough reads.
    bool done(asio_inotify::event_batch batch)
    {
        if (batch.empty()) {
            throw std::runtime_error("a read without an event");
        }
        ++reads_;
        if (reads_ == options_.warm_up) {
            before_ = bench::allocations();
        } else if (reads_ == options_.warm_up + options_.reads) {
            difference_ = bench::allocations() - before_;
            return false;
        }
        return true;
    }

    [[nodiscard]] std::size_t reads() const noexcept { return reads_; }
    [[nodiscard]] bench::allocation_count difference() const noexcept { return difference_; }

private:
    options const& options_;
    std::size_t reads_ = 0;
    bench::allocation_count before_;
    bench::allocation_count difference_;
};

// The state of the reads. Every other event happens only after the read has started to wait, so
// that both ways through the reactor are counted.
template <class Executor>
struct setting
{
    setting(options const& o, bench::event_source const& from)
        : counted(o)
        , source(from)
    {
        in.open();
        source.watch(in.native_handle());
    }

    bool fires_early() const noexcept { return counted.reads() % 2 == 0; }
    void fire() const { source.fire(counted.reads()); }

    meter counted;
    bench::event_source const& source;
    asio::io_context context{1};
    asio_inotify::basic_inotify<Executor> in{context};
    asio_inotify::event_buffer<> buffer;
};

template <class Executor>
class callback_reader
{
public:
    explicit callback_reader(setting<Executor>& s)
        : setting_(s)
    {}

    void read()
    {
        auto const early = setting_.fires_early();
        if (early) {
            setting_.fire();
        }
        setting_.in.async_read_events(
            setting_.buffer, [this](boost::system::error_code ec, asio_inotify::event_batch batch) {
                if (ec) {
                    throw boost::system::system_error(ec, "async_read_events");
                }
                if (setting_.counted.done(batch)) {
                    read();
                }
            });
        if (!early) {
            setting_.fire();
        }
    }

private:
    setting<Executor>& setting_;
};

template <class Executor>
asio::awaitable<void, asio::io_context::executor_type> read_all(setting<Executor>& s)
{
    constexpr asio::use_awaitable_t<asio::io_context::executor_type> token;
    for (;;) {
        if (s.fires_early()) {
            s.fire();
        } else {
            // The read below is reached before this runs.
            asio::post(s.context, [&s] { s.fire(); });
        }
        if (!s.counted.done(co_await s.in.async_read_events(s.buffer, token))) {
            co_return;
        }
    }
}

asio::awaitable<void> read_all_any(setting<asio::any_io_executor>& s)
{
    for (;;) {
        if (s.fires_early()) {
            s.fire();
        } else {
            asio::post(s.context, [&s] { s.fire(); });
        }
        if (!s.counted.done(co_await s.in.async_read_events(s.buffer, asio::use_awaitable))) {
            co_return;
        }
    }
}

void rethrow(std::exception_ptr failure)
{
    if (failure) {
        std::rethrow_exception(failure);
    }
}

template <class Executor>
bench::allocation_count with_callback(options const& o, bench::event_source const& source)
{
    setting<Executor> s(o, source);
    callback_reader<Executor> reader(s);
    asio::post(s.context, [&] { reader.read(); });
    s.context.run();
    return s.counted.difference();
}

bench::allocation_count with_coroutine(options const& o, bench::event_source const& source)
{
    setting<asio::io_context::executor_type> s(o, source);
    asio::co_spawn(s.context.get_executor(), read_all(s), rethrow);
    s.context.run();
    return s.counted.difference();
}

bench::allocation_count with_coroutine_any(options const& o, bench::event_source const& source)
{
    setting<asio::any_io_executor> s(o, source);
    asio::co_spawn(s.context, read_all_any(s), rethrow);
    s.context.run();
    return s.counted.difference();
}

int run(options const& o)
{
    bench::report report("allocations");
    report.parameter("reads", o.reads);
    report.parameter("warm_up", o.warm_up);
    report.parameter("seed", o.seed);
    bench::event_source const source(32, o.seed);
    auto const none = [&](std::string const& name, bench::allocation_count count) {
        report.at_most(name + ", operator new", "calls",
                       bench::spread_of({static_cast<double>(count.operator_new)}), 0);
        report.at_most(name + ", malloc", "calls",
                       bench::spread_of({static_cast<double>(count.malloc)}), 0);
    };
    none("callback", with_callback<asio::io_context::executor_type>(o, source));
    none("callback_any", with_callback<asio::any_io_executor>(o, source));
    none("coroutine", with_coroutine(o, source));
    none("coroutine_any", with_coroutine_any(o, source));
    // Not zero, otherwise the counting does not work.
    report.at_least("the whole program, operator new", "calls",
                    bench::spread_of({static_cast<double>(bench::allocations().operator_new)}), 1);
    report.at_least("the whole program, malloc", "calls",
                    bench::spread_of({static_cast<double>(bench::allocations().malloc)}), 1);
    return report.finish(true);
}

} // namespace

int main(int argc, char** argv)
{
    options o;
    CLI::App app("Counts allocations during reads in steady state. Exits with 1 if there are any.");
    app.add_option("--reads", o.reads, "how many to count")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 40))
        ->capture_default_str();
    app.add_option("--warm-up", o.warm_up, "how many to do before")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 40))
        ->capture_default_str();
    app.add_option("--seed", o.seed, "for the order of the events")->capture_default_str();
    app.add_flag("--check", o.check, "accepted, as by the other programs; it always checks");
    return bench::parse_and_run(app, argc, argv, "bench_allocations", [&] { return run(o); });
}

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// What does joining an event with its watch cost on top of decoding it?

#include "support/directory_of_files.hpp"
#include "support/paired.hpp"
#include "support/program.hpp"
#include "support/report.hpp"
#include "support/stopwatch.hpp"
#include "support/system.hpp"
#include "support/tally.hpp"

#include "watch_set/watch_table.hpp"

#include <asio_inotify.hpp>

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace asio = boost::asio;

namespace {

struct options
{
    std::vector<int> watches{1000, 10000, 100000};
    std::size_t events = 0;
    std::size_t margin = 64;
    int pairs = 51;
    int repeats = 3;
    int core = -1;
    int writer_core = 0;
    std::uint64_t seed = 1;
    double bound = 15;
    int bound_at = 100000;
    bool check = false;
};

// A set reads records into two thirds of its buffer: with this both sides need equally many system
// calls.
asio_inotify::event_buffer<std::size_t{64} * 1024> plain_buffer;
asio_inotify::event_buffer<std::size_t{96} * 1024> set_buffer;

// Both sides read from the same instance, in turn: two instances with 100000 watches each would
// exceed max_user_watches on many machines.
class sides
{
public:
    sides(options const& o, bench::directory_of_files const& files, int watches)
        : events_(o.events)
        , writer_core_(o.writer_core)
        , files_(files)
        , random_(o.seed)
        , next_(0, static_cast<std::size_t>(watches) - 1)
        , order_(events_)
    {
        set_.open();
        for (int i = 0; i != watches; ++i) {
            set_.add(files_.paths()[static_cast<std::size_t>(i)], asio_inotify::event_mask::open);
        }
        plain_.assign(bench::check(::fcntl(set_.native_handle(), F_DUPFD_CLOEXEC, 0), "fcntl"));
    }

    [[nodiscard]] double decode()
    {
        fill();
        bench::tally total;
        bench::undisturbed const measuring;
        bench::stopwatch const watch;
        while (total.events < events_) {
            for (auto const e : plain_.read_events(plain_buffer)) {
                count(total, e);
            }
        }
        auto const seconds = watch.seconds();
        compare(total);
        return seconds * 1e9 / static_cast<double>(events_);
    }

    [[nodiscard]] double join()
    {
        fill();
        bench::tally total;
        std::size_t path_sizes = 0;
        bench::undisturbed const measuring;
        bench::stopwatch const watch;
        while (total.events < events_) {
            for (auto const e : set_.read_events(set_buffer)) {
                count(total, e);
                path_sizes += e.watch().path().size();
            }
        }
        auto const seconds = watch.seconds();
        compare(total);
        if (path_sizes != path_sizes_) {
            throw std::runtime_error("events were joined with other watches than their own");
        }
        return seconds * 1e9 / static_cast<double>(events_);
    }

private:
    static void count(bench::tally& total, asio_inotify::event_view e) noexcept
    {
        total.add(e.wd().value(), static_cast<std::uint32_t>(e.mask()), e.cookie(), e.name());
    }

    // Two consecutive fills have the same events, one for each side. Then the order changes, so
    // that the caches do not hold exactly the watches that are looked up.
    void fill()
    {
        if (fills_++ % 2 == 0) {
            choose();
        }
        // Another core causes the events, so that it fills its own caches and not ours.
        std::thread([this] {
            bench::pin_to_core(writer_core_);
            for (auto const i : order_) {
                ::close(::open(files_.paths()[i].c_str(), O_RDONLY | O_CLOEXEC));
            }
        }).join();
        if (set_.available() != events_ * 16) {
            throw std::runtime_error("the queue holds other events than it was filled with");
        }
    }

    void choose()
    {
        path_sizes_ = 0;
        expected_.clear();
        for (std::size_t n = 0; n != order_.size(); ++n) {
            // The kernel coalesces identical consecutive events.
            do {
                order_[n] = next_(random_);
            } while (n != 0 && order_[n] == order_[n - 1]);
            path_sizes_ += files_.paths()[order_[n]].size();
        }
    }

    void compare(bench::tally const& total)
    {
        if (expected_.empty()) {
            expected_.push_back(total);
        }
        if (total != expected_.front()) {
            throw std::runtime_error("the two sides saw different events");
        }
    }

    std::size_t events_;
    int writer_core_;
    bench::directory_of_files const& files_;
    std::mt19937_64 random_;
    std::uniform_int_distribution<std::size_t> next_;
    std::vector<std::size_t> order_;
    std::size_t fills_ = 0;
    std::size_t path_sizes_ = 0;
    // The events that the first side has read.
    std::vector<bench::tally> expected_;
    asio::io_context context_{1};
    asio_inotify::basic_watch_set<asio::io_context::executor_type> set_{context_};
    asio_inotify::basic_inotify<asio::io_context::executor_type> plain_{context_};
};

// The join alone: records in memory, in batches of the size of a read, of random watches. Nothing
// else uses the caches in the meantime.
class in_memory
{
public:
    in_memory(options const& o, int watches)
        : random_(o.seed)
        , next_(1, watches)
    {
        for (int number = 1; number <= watches; ++number) {
            table_.insert(number, "/a/path/of/usual/length/" + std::to_string(number), IN_OPEN);
            table_.confirm(number);
        }
    }

    [[nodiscard]] double decode()
    {
        return measure([&](std::size_t size) {
            std::size_t sum = 0;
            for (auto const e : asio_inotify::event_batch(buffer_.data(), size)) {
                sum += static_cast<std::size_t>(e.wd().value());
            }
            return sum;
        });
    }

    [[nodiscard]] double join()
    {
        return measure([&](std::size_t size) {
            auto* const watches = buffer_.data() + records * record_size;
            auto const joined = table_.join(buffer_.data(), size, watches);
            auto const* at = watches;
            std::size_t sum = 0;
            for (auto const e : asio_inotify::event_batch(buffer_.data(), joined.size)) {
                asio_inotify::detail::watch_record const* watch = nullptr;
                std::memcpy(&watch, at, sizeof watch);
                at += sizeof watch;
                sum += static_cast<std::size_t>(e.wd().value());
                // What a user accesses: the state (through the iterator) and the path.
                path_sizes_ +=
                    watch->state == asio_inotify::detail::watch_state::live ? watch->path_size : 0;
            }
            return sum;
        });
    }

private:
    static constexpr std::size_t records = 4096;
    static constexpr std::size_t record_size = sizeof(asio_inotify::detail::event_header);

    // Nanoseconds per event.
    template <class Consume>
    double measure(Consume consume)
    {
        constexpr int batches = 50;
        double seconds = 0;
        for (int b = 0; b != batches; ++b) {
            std::size_t expected = 0;
            for (std::size_t i = 0; i != records; ++i) {
                asio_inotify::detail::event_header const header{next_(random_), IN_OPEN, 0, 0};
                std::memcpy(buffer_.data() + i * record_size, &header, sizeof header);
                expected += static_cast<std::size_t>(header.wd);
            }
            bench::stopwatch const watch;
            auto const sum = consume(records * record_size);
            seconds += watch.seconds();
            if (sum != expected) {
                throw std::runtime_error("events were lost");
            }
        }
        return seconds * 1e9 / (batches * static_cast<double>(records));
    }

    asio_inotify::detail::watch_table table_;
    std::mt19937_64 random_;
    std::uniform_int_distribution<int> next_;
    std::vector<std::byte> buffer_ =
        std::vector<std::byte>(records * (record_size + sizeof(void*)));
    std::size_t path_sizes_ = 0;
};

// A row for each side, and one for the difference.
template <class Sides>
std::vector<double> compare(bench::report& report, options const& o, Sides& both,
                            std::string const& suffix)
{
    auto const times = bench::run_paired(
        o.pairs, o.repeats, [&] { return both.decode(); }, [&] { return both.join(); });
    std::vector<double> differences;
    for (std::size_t i = 0; i != times.baseline.size(); ++i) {
        differences.push_back(times.candidate[i] - times.baseline[i]);
    }
    report.figure("decode" + suffix, "ns/event", bench::spread_of(times.baseline));
    report.figure("decode and join" + suffix, "ns/event", bench::spread_of(times.candidate));
    return differences;
}

int run(options& o)
{
    auto const limit = bench::queue_limit();
    if (limit <= o.margin) {
        throw std::runtime_error("max_queued_events is too small");
    }
    auto const most = limit - o.margin;
    o.events = o.events == 0 ? most : (std::min)(o.events, most);
    bench::report report("join");
    report.parameter("watches", o.watches);
    report.parameter("events", o.events);
    report.parameter("pairs", o.pairs);
    report.parameter("repeats", o.repeats);
    report.parameter("undisturbed", bench::undisturbed().granted());
    report.parameter("core", bench::pin_to_core(o.core));
    report.parameter("writer_core", o.writer_core);
    report.parameter("seed", o.seed);
    bench::directory_of_files const files(*std::max_element(o.watches.begin(), o.watches.end()));
    for (int const n : o.watches) {
        auto const suffix = ", " + std::to_string(n) + " watches";
        {
            in_memory both(o, n);
            auto const differences = compare(report, o, both, " in memory" + suffix);
            if (n == o.bound_at) {
                report.at_most("join" + suffix, "ns/event", bench::spread_of(differences), o.bound);
            } else {
                report.figure("join" + suffix, "ns/event", bench::spread_of(differences));
            }
        }
        sides both(o, files, n);
        auto const differences = compare(report, o, both, " of a full queue" + suffix);
        report.figure("join of a full queue" + suffix, "ns/event", bench::spread_of(differences));
    }
    return report.finish(o.check);
}

} // namespace

int main(int argc, char** argv)
{
    options o;
    CLI::App app("Reading events joined with their watches, side by side with reading them alone, "
                 "from one instance.");
    app.add_option("--watches", o.watches, "how many watches; several numbers are measured in turn")
        ->check(CLI::Range(2, 1000000))
        ->capture_default_str();
    app.add_option("--events", o.events, "how many; 0 for as many as the queue takes")
        ->capture_default_str();
    app.add_option("--margin", o.margin, "room to leave in the queue")->capture_default_str();
    bench::add_pairing_options(app, o);
    bench::add_core_option(app, o);
    app.add_option(
           "--writer-core", o.writer_core,
           "the core on which the events are made; the reader's own shows what it costs when "
           "nothing of the set is in its caches")
        ->check(CLI::Range(0, 4095))
        ->capture_default_str();
    app.add_option("--seed", o.seed, "for the order of the events")->capture_default_str();
    app.add_option("--bound", o.bound, "most that joining may take, in ns per event")
        ->capture_default_str();
    app.add_option("--bound-at", o.bound_at, "the number of watches that the bound is for")
        ->capture_default_str();
    app.add_flag("--check", o.check, "exit with 1 if a bound is missed");
    return bench::parse_and_run(app, argc, argv, "bench_join", [&] { return run(o); });
}

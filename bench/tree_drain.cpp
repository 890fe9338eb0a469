//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// What does a change cost, from the queued event to the handler, compared with reading the same
// events with an inotify object?

#include "support/allocation_count.hpp"
#include "support/counted.hpp"
#include "support/paired.hpp"
#include "support/program.hpp"
#include "support/report.hpp"
#include "support/stopwatch.hpp"
#include "support/watched_tree.hpp"

#include <asio_inotify/event_buffer.hpp>
#include <asio_inotify/inotify.hpp>
#include <asio_inotify/tree_options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/stat.h>

namespace {

struct options
{
    std::size_t directories = 100;
    std::size_t files = 10;
    std::size_t run_length = 8;
    std::string place = "/dev/shm";
    std::size_t events = 16000;
    int pairs = 51;
    int repeats = 3;
    int core = -1;
    std::uint64_t seed = 1;
    bench::clock_kind clock = bench::clock_kind::cpu;
    double bound = 1.25;
    std::string count;
    bool check = false;
};

// A minimal use of each result, so that nothing is optimised away.
struct sum
{
    std::size_t events = 0;
    std::size_t value = 0;

    void add(std::size_t kind, std::string_view name) noexcept
    {
        value = value * 31 + kind + name.size() + static_cast<unsigned char>(name.back());
        ++events;
    }
};

// Reads the raw events; knows only the watch descriptors of the directories.
class leaf
{
public:
    explicit leaf(bench::tree_of_directories const& tree)
    {
        using asio_inotify::event_mask;
        inotify_.open();
        for (auto const& path : tree.directories()) {
            inotify_.add(path, event_mask::create | event_mask::delete_ | event_mask::move |
                                   event_mask::move_self | event_mask::attrib | event_mask::modify |
                                   event_mask::close_write);
        }
    }

    sum drain(std::size_t events)
    {
        sum total;
        context_.restart();
        read_more(events, total);
        context_.run();
        return total;
    }

private:
    void read_more(std::size_t events, sum& total)
    {
        inotify_.async_read_events(
            buffer_,
            [this, events, &total](boost::system::error_code ec, asio_inotify::event_batch batch) {
                if (ec) {
                    throw boost::system::system_error(ec);
                }
                for (auto const event : batch) {
                    total.add(static_cast<std::size_t>(event.wd().value()), event.name());
                }
                if (total.events < events) {
                    read_more(events, total);
                }
            });
    }

    boost::asio::io_context context_{1};
    asio_inotify::basic_inotify<boost::asio::io_context::executor_type> inotify_{context_};
    asio_inotify::event_buffer<> buffer_;
};

// Both watch the same directories, so each event is in both queues.
class contest
{
public:
    explicit contest(options const& o, asio_inotify::tree_options const& watched = {})
        : options_(o)
        , tree_(o.place, {o.directories, o.files, 10})
        , leaf_(tree_)
        , watched_(watched)
        , random_(o.seed)
    {
        watched_.add(tree_);
    }

    double leaf()
    {
        fill(leaf_is_full_);
        bench::undisturbed const measuring;
        bench::stopwatch const watch(options_.clock);
        drain_leaf();
        return watch.seconds();
    }

    double tree()
    {
        fill(tree_is_full_);
        bench::undisturbed const measuring;
        bench::stopwatch const watch(options_.clock);
        drain_tree();
        return watch.seconds();
    }

    void drain_leaf()
    {
        leaf_is_full_ = false;
        expect(leaf_.drain(options_.events).events);
    }

    /// Drain the inotify object.
    void drain_tree()
    {
        drain_tree([](std::size_t) {});
    }

    /// Drain the tree watcher and count the allocations from the first change to the last one.
    [[nodiscard]] std::size_t count_allocations()
    {
        bench::allocation_count first;
        std::size_t allocations = 0;
        drain_tree([&](std::size_t seen) {
            if (seen == 0) {
                first = bench::allocations();
            } else if (seen + 1 == options_.events) {
                auto const made = bench::allocations() - first;
                allocations = made.operator_new + made.malloc;
            }
        });
        return allocations;
    }

    /// Put the events into both queues, if one of them has been read.
    void fill(bool is_full)
    {
        if (is_full) {
            return;
        }
        // Never the same file twice in a row, as the kernel coalesces identical consecutive events.
        std::size_t directory = 0;
        for (std::size_t i = 0; i != options_.events; ++i) {
            if (i % options_.run_length == 0) {
                directory = random_() % options_.directories;
            }
            auto const path = tree_.file(directory, i % options_.files);
            bench::check(::chmod(path.c_str(), 0600), "chmod");
        }
        leaf_is_full_ = true;
        tree_is_full_ = true;
    }

private:
    template <class Function>
    void drain_tree(Function before_each)
    {
        tree_is_full_ = false;
        sum total;
        watched_.receive(options_.events, [&](asio_inotify::tree_change const& change) {
            before_each(total.events);
            total.add(static_cast<std::size_t>(to_mask(change.kind())), change.path());
        });
        expect(total.events);
    }

    void expect(std::size_t events) const
    {
        if (events != options_.events) {
            throw std::runtime_error("saw " + std::to_string(events) + " events of " +
                                     std::to_string(options_.events));
        }
    }

    options const& options_;
    bench::tree_of_directories tree_;
    ::leaf leaf_;
    bench::watched_tree watched_;
    std::mt19937_64 random_;
    bool leaf_is_full_ = false;
    bool tree_is_full_ = false;
};

// For callgrind: drain once.
int count(options const& o)
{
    // Callgrind makes the program slower, but not the clock. Slices that end by chance would give
    // batches of different sizes: a larger one than before makes a buffer grow while it counts.
    asio_inotify::tree_options endless;
    endless.slice_time = std::chrono::hours{1};
    contest both(o, endless);
    auto drain = [&] { o.count == "tree" ? both.drain_tree() : both.drain_leaf(); };
    // One drain before, as the first one allocates.
    both.fill(false);
    both.drain_leaf();
    both.drain_tree();
    both.fill(false);
    bench::counted(drain);
    std::printf("{\"variant\":\"%s\",\"events\":%zu}\n", o.count.c_str(), o.events);
    return 0;
}

int run(options& o)
{
    if (o.events + 64 > bench::queue_limit()) {
        throw std::runtime_error("max_queued_events is too small");
    }
    if (!o.count.empty()) {
        return count(o);
    }
    bench::report report("tree_drain");
    report.parameter("directories", o.directories);
    report.parameter("files", o.files);
    report.parameter("run_length", o.run_length);
    report.parameter("in", o.place);
    report.parameter("events", o.events);
    report.parameter("pairs", o.pairs);
    report.parameter("repeats", o.repeats);
    report.parameter("clock", o.clock == bench::clock_kind::wall ? "wall" : "cpu");
    report.parameter("core", bench::pin_to_core(o.core));
    contest both(o);
    auto const times = bench::run_paired(
        o.pairs, o.repeats, [&] { return both.leaf(); }, [&] { return both.tree(); });
    both.fill(false);
    both.drain_leaf();
    auto const allocations = static_cast<double>(both.count_allocations());
    auto const each = [&](std::vector<double> values) {
        for (auto& value : values) {
            value *= 1e9 / static_cast<double>(o.events);
        }
        return bench::spread_of(std::move(values));
    };
    report.at_most("tree watcher / inotify", "ratio", bench::spread_of(times.ratios), o.bound);
    report.figure("inotify", "ns/event", each(times.baseline));
    report.figure("tree watcher", "ns/event", each(times.candidate));
    report.at_most("allocations while draining", "", bench::spread_of({allocations}), 0);
    return report.finish(o.check);
}

} // namespace

int main(int argc, char** argv)
{
    options o;
    CLI::App app("Reading changes of a tree, side by side with reading the same events.");
    app.add_option("--directories", o.directories, "how many there are")->capture_default_str();
    app.add_option("--files", o.files, "in each directory")
        ->check(CLI::Range(2, 1000000))
        ->capture_default_str();
    app.add_option("--run-length", o.run_length,
                   "how many events come from one directory before the next one")
        ->check(CLI::Range(1, 1000000))
        ->capture_default_str();
    app.add_option("--events", o.events, "how many")->capture_default_str();
    app.add_option("--in", o.place, "where to make the tree")->capture_default_str();
    bench::add_pairing_options(app, o);
    std::map<std::string, bench::clock_kind> const clocks{{"wall", bench::clock_kind::wall},
                                                          {"cpu", bench::clock_kind::cpu}};
    app.add_option("--clock", o.clock, "the thread's cpu time, or wall on a quiet machine")
        ->transform(CLI::CheckedTransformer(clocks));
    bench::add_core_option(app, o);
    app.add_option("--seed", o.seed, "for the order")->capture_default_str();
    app.add_option("--bound", o.bound, "most that the tree watcher may take, as a ratio")
        ->capture_default_str();
    app.add_flag("--check", o.check, "exit with 1 if a bound is missed");
    app.add_option("--count", o.count, "drain once, by \"tree\" or \"leaf\", for callgrind")
        ->check(CLI::IsMember({"tree", "leaf"}));
    return bench::parse_and_run(app, argc, argv, "bench_tree_drain", [&] { return run(o); });
}

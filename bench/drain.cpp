//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// What does it cost to read a full queue through the library, compared with a loop of read(2)?

#include "peers/drain.hpp"
#include "support/counted.hpp"
#include "support/event_source.hpp"
#include "support/paired.hpp"
#include "support/program.hpp"
#include "support/report.hpp"
#include "support/stopwatch.hpp"

#include <asio_inotify/event_buffer.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace {

using bench::named_drain_peer;

struct options
{
    std::vector<std::size_t> record_sizes{32, 16};
    std::size_t events = 0;
    std::size_t margin = 64;
    int pairs = 51;
    int repeats = 5;
    int core = -1;
    std::uint64_t seed = 1;
    bench::clock_kind clock = bench::clock_kind::wall;
    double bound = 1.03;
    bool check = false;
    std::string count;
    std::vector<std::string> only;
};

// The buffer of all peers.
asio_inotify::event_buffer<> buffer;

// One drain of a new instance. The time does not include filling and closing.
class drain_run
{
public:
    drain_run(options const& o, bench::event_source const& source)
        : options_(o)
        , source_(source)
    {}

    double operator()(named_drain_peer const& which)
    {
        auto const peer = which.make(buffer);
        source_.watch(peer->instance());
        source_.fill(peer->instance(), options_.events);
        bench::undisturbed const measuring;
        bench::stopwatch const watch(options_.clock);
        auto const total = peer->drain(options_.events);
        auto const seconds = watch.seconds();
        // All peers get the same events in the same order, so their sums must equal the first one.
        if (!expected_) {
            expected_ = total;
        }
        if (total != *expected_) {
            throw std::runtime_error(std::string(which.name) + " saw other events than the rest");
        }
        return seconds;
    }

private:
    options const& options_;
    bench::event_source const& source_;
    std::optional<bench::tally> expected_;
};

named_drain_peer const& find_peer(std::string const& name)
{
    for (auto const& peer : bench::drain_peers()) {
        if (peer.name == name) {
            return peer;
        }
    }
    throw std::runtime_error("no variant is called " + name);
}

// For callgrind: drain exactly this number of events, once.
int count(options const& o)
{
    auto const peer = find_peer(o.count).make(buffer);
    bench::event_source const source(o.record_sizes.front(), o.seed);
    source.watch(peer->instance());
    source.fill(peer->instance(), o.events);
    bench::tally total;
    bench::counted([&] { total = peer->drain(o.events); });
    std::printf("{\"variant\":\"%s\",\"record_size\":%zu,\"events\":%zu,\"checksum\":%llu}\n",
                o.count.c_str(), source.record_size(), total.events,
                static_cast<unsigned long long>(total.checksum));
    return total.events == o.events ? 0 : 1;
}

void compare(options const& o, std::size_t record_size, bench::report& report)
{
    bench::event_source const source(record_size, o.seed);
    drain_run run(o, source);
    auto const& peers = bench::drain_peers();
    auto const& bare = peers.front();
    auto const prefix = std::to_string(record_size) + " bytes, ";
    std::vector<double> bare_seconds;
    for (auto const& peer : peers) {
        auto const wanted =
            o.only.empty() || std::find(o.only.begin(), o.only.end(), peer.name) != o.only.end();
        if (&peer == &bare || !wanted) {
            continue;
        }
        auto const times = bench::run_paired(
            o.pairs, o.repeats, [&] { return run(bare); }, [&] { return run(peer); });
        bare_seconds.insert(bare_seconds.end(), times.baseline.begin(), times.baseline.end());
        auto const name = prefix + std::string(peer.name) + " / " + std::string(bare.name);
        if (peer.library) {
            report.at_most(name, "ratio", bench::spread_of(times.ratios), o.bound);
        } else {
            report.figure(name, "ratio", bench::spread_of(times.ratios));
        }
    }
    for (auto& seconds : bare_seconds) {
        seconds *= 1e9 / static_cast<double>(o.events);
    }
    report.figure(prefix + std::string(bare.name), "ns/event", bench::spread_of(bare_seconds));
}

int run(options& o)
{
    auto const limit = bench::queue_limit();
    if (limit <= o.margin) {
        throw std::runtime_error("max_queued_events is too small");
    }
    auto const most = limit - o.margin;
    o.events = o.events == 0 ? most : (std::min)(o.events, most);
    if (!o.count.empty()) {
        return count(o);
    }
    for (auto const& name : o.only) {
        static_cast<void>(find_peer(name));
    }
    bench::report report("drain");
    report.parameter("events", o.events);
    report.parameter("record_sizes", o.record_sizes);
    report.parameter("buffer_size", buffer.size());
    report.parameter("pairs", o.pairs);
    report.parameter("repeats", o.repeats);
    report.parameter("undisturbed", bench::undisturbed().granted());
    report.parameter("clock", o.clock == bench::clock_kind::wall ? "wall" : "cpu");
    report.parameter("core", bench::pin_to_core(o.core));
    report.parameter("seed", o.seed);
    for (auto const record_size : o.record_sizes) {
        compare(o, record_size, report);
    }
    return report.finish(o.check);
}

} // namespace

int main(int argc, char** argv)
{
    options o;
    CLI::App app("Reading a full queue through the library, side by side with a loop of read(2).");
    app.add_option("--record-size", o.record_sizes, "bytes of a record: 16, or 32 to 272")
        ->capture_default_str();
    app.add_option("--events", o.events, "how many; 0 for as many as the queue takes")
        ->capture_default_str();
    app.add_option("--margin", o.margin, "room to leave in the queue")->capture_default_str();
    bench::add_pairing_options(app, o);
    std::map<std::string, bench::clock_kind> const clocks{{"wall", bench::clock_kind::wall},
                                                          {"cpu", bench::clock_kind::cpu}};
    app.add_option("--clock", o.clock, "wall, or the thread's cpu time on a busy machine")
        ->transform(CLI::CheckedTransformer(clocks));
    bench::add_core_option(app, o);
    app.add_option("--seed", o.seed, "for names and order")->capture_default_str();
    app.add_option("--bound", o.bound, "most that the library may take, as a ratio")
        ->capture_default_str();
    app.add_flag("--check", o.check, "exit with 1 if a bound is missed");
    app.add_option("--only", o.only, "compare these variants only");
    app.add_option("--count", o.count, "drain once, by this variant, for callgrind");
    return bench::parse_and_run(app, argc, argv, "bench_drain", [&] { return run(o); });
}

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// What does decoding alone cost: a batch in memory, without kernel and without Asio?

#include "support/tally.hpp"

#include <asio_inotify/decode_events.hpp>
#include <asio_inotify/event_batch.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include <sys/inotify.h>

namespace {

// Records as the kernel writes them, as many as a read into 64 KiB gives.
std::vector<std::byte> make_records(std::size_t name_length)
{
    auto const padded = name_length == 0 ? 0 : (name_length + 16) / 16 * 16;
    auto const record_size = sizeof(inotify_event) + padded;
    std::vector<std::byte> bytes(std::size_t{65536} / record_size * record_size);
    for (std::size_t at = 0; at != bytes.size(); at += record_size) {
        inotify_event header{};
        header.wd = static_cast<int>(at / record_size + 1);
        header.mask = IN_MODIFY;
        header.len = static_cast<std::uint32_t>(padded);
        std::memcpy(bytes.data() + at, &header, sizeof header);
        std::memset(bytes.data() + at + sizeof header, 'x', name_length);
    }
    return bytes;
}

std::size_t name_length(benchmark::State const& state)
{
    return static_cast<std::size_t>(state.range(0));
}

template <class Read>
void per_event(benchmark::State& state, Read read)
{
    auto const bytes = make_records(name_length(state));
    std::size_t events = 0;
    for (auto _ : state) {
        bench::tally total;
        read(bytes, total);
        benchmark::DoNotOptimize(total);
        events += total.events;
    }
    // Reported as a time: seconds per event.
    state.counters["per_event"] = benchmark::Counter(
        static_cast<double>(events), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// Decode all members of an event.
void all_parts(benchmark::State& state)
{
    per_event(state, [](auto const& bytes, bench::tally& total) {
        for (auto const event : asio_inotify::event_batch(bytes.data(), bytes.size())) {
            total.add(event.wd().value(), static_cast<std::uint32_t>(event.mask()), event.cookie(),
                      event.name());
        }
    });
}

// The same by hand: a cast, and strlen for the name.
void all_parts_by_hand(benchmark::State& state)
{
    per_event(state, [](auto const& bytes, bench::tally& total) {
        auto const* at = bytes.data();
        while (at != bytes.data() + bytes.size()) {
            auto const* const event = reinterpret_cast<inotify_event const*>(at);
            total.add(event->wd, event->mask, event->cookie,
                      event->len == 0 ? std::string_view() : std::string_view(event->name));
            at += sizeof(inotify_event) + event->len;
        }
    });
}

// The name alone, without reading its bytes.
void name(benchmark::State& state)
{
    per_event(state, [](auto const& bytes, bench::tally& total) {
        for (auto const event : asio_inotify::event_batch(bytes.data(), bytes.size())) {
            total.checksum += event.name().size();
            ++total.events;
        }
    });
}

// Validating untrusted bytes with decode_events.
void checked(benchmark::State& state)
{
    per_event(state, [](auto const& bytes, bench::tally& total) {
        boost::system::error_code ec;
        for (auto const event :
             asio_inotify::decode_events(boost::asio::buffer(bytes.data(), bytes.size()), ec)) {
            total.checksum += event.native_mask();
            ++total.events;
        }
    });
}

void lengths(benchmark::internal::Benchmark* b)
{
    b->ArgName("name");
    for (int const length : {0, 1, 7, 8, 15, 16, 31, 64, 128, 255}) {
        b->Arg(length);
    }
}

BENCHMARK(all_parts)->Apply(lengths);
BENCHMARK(all_parts_by_hand)->Apply(lengths);
BENCHMARK(name)->Apply([](benchmark::internal::Benchmark* b) {
    b->ArgName("name");
    b->MinTime(0.05); // there are many; all together take half a minute
    for (int length = 1; length <= 255; ++length) {
        b->Arg(length);
    }
});
BENCHMARK(checked)->Apply(lengths);

} // namespace

// BENCHMARK_MAIN, but accepts --check as the other programs do; there is no bound here.
int main(int argc, char** argv)
{
    argc = static_cast<int>(std::remove(argv + 1, argv + argc, std::string_view("--check")) - argv);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
        return 1;
    }
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}

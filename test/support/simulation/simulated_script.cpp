//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/simulation/simulated_script.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <functional>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace test {
namespace {

std::size_t number_in(std::string const& word)
{
    std::size_t number = 0;
    auto const* const end = word.data() + word.size();
    if (std::from_chars(word.data(), end, number).ptr != end || word.empty()) {
        throw std::invalid_argument("no number: " + word);
    }
    return number;
}

// FNV-1a of the path and the type.
bool is_pruned(std::string_view path, asio_inotify::tree_entry_type type, unsigned one_of)
{
    std::uint64_t hash = 0xcbf29ce484222325;
    for (char const c : path) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    }
    hash = (hash ^ static_cast<std::uint64_t>(type)) * 0x100000001b3;
    return (hash >> 20U) % one_of == 0;
}

constexpr std::array<std::string_view, 10> call_names{
    "read", "open", "close", "identify", "look", "list", "rewind", "add", "remove", "mounts"};

std::string describe(injected_failure const& f)
{
    return ", errno " + std::to_string(f.reason) + " from " + std::to_string(f.count) +
           " calls of " + std::string(call_names.at(static_cast<std::size_t>(f.call))) + " after " +
           std::to_string(f.after);
}

// Which call of which kind fails. The counts go on for as long as the simulation.
std::function<int(port_call)> make_failing(std::vector<injected_failure> const& failures)
{
    return
        [&failures, calls = std::array<std::size_t, call_names.size()>()](port_call call) mutable {
            auto const number = calls.at(static_cast<std::size_t>(call))++;
            for (auto const& each : failures) {
                if (each.call == call && number >= each.after && number - each.after < each.count) {
                    return each.reason;
                }
            }
            return 0;
        };
}

// A run ends when nothing but retries is left.
void run_until_complete(tree_simulation& simulation)
{
    simulation.kernel.fail = nullptr;
    simulation.calls_fail = false;
    constexpr int most_runs = 20;
    for (int i = 0; i != most_runs; ++i) {
        simulation.run();
    }
    simulation.check_retried();
}

void choose_behaviour(simulated_kernel& kernel, simulated_script const& s)
{
    kernel.entries_at_once = s.entries_at_once;
    kernel.lists_what_was = s.lists_what_was;
    kernel.hides_types = s.hides_types;
    kernel.is_plain = s.is_plain;
    kernel.world.inotify.queue_limit = s.queue_limit;
    kernel.world.listing_order = s.order;
    kernel.world.reuse_inodes = s.reuse_inodes;
}

asio_inotify::tree_options options_of(simulated_script const& s)
{
    asio_inotify::tree_options options;
    options.batch_size = s.batch_size;
    options.directories_only = s.directories_only;
    options.follow_symlinks = s.follow_symlinks;
    options.exclude = s.exclude;
    if (s.prune != 0) {
        options.prune = [one_of = s.prune](std::string_view path,
                                           asio_inotify::tree_entry_type type) {
            return is_pruned(path, type, one_of);
        };
    }
    return options;
}

operation parse_operation(std::string const& line)
{
    operation o{kind_of(line.substr(0, line.find_first_of(" ,"))), {}, {}};
    auto const comma = line.find(',');
    std::istringstream words(line.substr(0, comma));
    std::string word;
    words >> word;
    while (words >> word) {
        if (word.find_first_not_of("0123456789") == std::string::npos) {
            o.number = number_in(word);
        } else {
            (o.from.empty() ? o.from : o.to) = word;
        }
    }
    std::istringstream rest(comma == std::string::npos ? std::string() : line.substr(comma));
    for (std::string before; rest >> word; before = word) {
        if (word == "records") {
            o.split = number_in(before);
        } else if (word == "calls") {
            o.gap = number_in(before);
        }
    }
    return o;
}

} // namespace

std::string describe(simulated_script const& s)
{
    std::string text =
        "entries at once " + std::to_string(s.entries_at_once) + ", queue limit " +
        std::to_string(s.queue_limit) + ", batch size " + std::to_string(s.batch_size) +
        ", order " + std::to_string(static_cast<int>(s.order)) +
        (s.lists_what_was ? ", lists what was" : "") + (s.hides_types ? ", hides types" : "") +
        (s.reuse_inodes ? ", reuses inodes" : "") +
        (s.directories_only ? ", directories only" : "") +
        (s.is_plain ? ", plain filesystems" : "") + (s.follow_symlinks ? ", follows links" : "") +
        (s.has_both_roots ? ", both roots" : "") + ", calls per slice " +
        std::to_string(s.calls_per_slice);
    for (auto const& glob : s.exclude) {
        text += ", exclude " + glob;
    }
    for (auto const& failure : s.failures) {
        text += describe(failure);
    }
    text += (s.prune == 0 ? "" : ", prune 1 of " + std::to_string(s.prune)) + '\n';
    for (auto const& o : s.operations) {
        text += "  " + describe(o) + '\n';
    }
    return text;
}

std::vector<operation> parse_operations(std::string_view text)
{
    std::vector<operation> all;
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines >> std::ws, line);) {
        all.push_back(parse_operation(line));
    }
    return all;
}

script_outcome play(simulated_script const& s)
{
    tree_simulation simulation({});
    auto& kernel = simulation.kernel;
    choose_behaviour(kernel, s);
    auto next = s.operations.begin();
    std::size_t calls = 0;
    std::size_t slice_calls = 0;
    script_outcome result;
    auto const perform = [&] {
        result.performed += simulation.perform(*next) ? 1U : 0U;
        ++next;
        calls = 0;
    };
    bool started = false;
    kernel.before = [&](port_call) {
        // Before there is a root the adding of one may fail, which is no more than that.
        while (started && next != s.operations.end() && next->gap <= calls) {
            perform();
        }
        ++calls;
        if (s.calls_per_slice != 0 && ++slice_calls % s.calls_per_slice == 0) {
            kernel.time += std::chrono::milliseconds(1);
        }
    };
    // What is to happen later than the engine calls happens while it waits.
    simulation.waits = [&] {
        if (next == s.operations.end() || next->gap == operation::at_rest) {
            return false;
        }
        perform();
        return true;
    };
    try {
        simulation.start(options_of(s), s.has_both_roots);
        started = true;
        if (!s.failures.empty()) {
            kernel.fail = make_failing(s.failures);
            simulation.calls_fail = true;
        }
        for (;;) {
            simulation.run();
            if (next == s.operations.end()) {
                break;
            }
            perform();
        }
        if (!s.failures.empty()) {
            run_until_complete(simulation);
        }
        result.changes = simulation.counters().changes;
        result.overflows = simulation.counters().overflows;
    } catch (broken_promise const& broken) {
        result.broken = broken.what();
        result.picture = simulation.picture();
    }
    return result;
}

} // namespace test

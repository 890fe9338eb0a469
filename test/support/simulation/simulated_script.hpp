//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_SIMULATION_SIMULATED_SCRIPT_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_SIMULATION_SIMULATED_SCRIPT_HPP

#include "support/simulation/tree_simulation.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace test {

/// Calls of the kernel that fail for a while.
struct injected_failure
{
    port_call call;
    int reason;
    /// So many calls of this kind succeed before.
    std::size_t after = 0;
    std::size_t count = 1;
};

/// A world, how it behaves, and the operations in it.
struct simulated_script
{
    std::vector<operation> operations;
    std::size_t entries_at_once = static_cast<std::size_t>(-1);
    std::size_t queue_limit = 16384;
    std::size_t batch_size = 4096;
    simulated_world::order order = simulated_world::order::oldest_first;
    bool lists_what_was = false;
    bool hides_types = false;
    bool reuse_inodes = false;
    // Every so many calls the clock of the engine moves on, so that its slices end.
    std::size_t calls_per_slice = 0;
    bool directories_only = false;
    bool is_plain = false;
    bool follow_symlinks = false;
    // Globs for names and paths.
    std::vector<std::string> exclude{};
    // One of so many paths is pruned, as a hash of path and type says; 0 for none.
    unsigned prune = 0;
    // "/o" is a root as well.
    bool has_both_roots = false;
    // Before the end no call fails any more, and what failed is tried again until it is complete.
    std::vector<injected_failure> failures{};
};

std::string describe(simulated_script const& s);

/// What describe() writes, a line for each. @throws std::invalid_argument
std::vector<operation> parse_operations(std::string_view text);

struct script_outcome
{
    std::string broken;
    std::string picture;
    std::uint64_t changes = 0;
    std::uint64_t overflows = 0;
    std::size_t performed = 0;
};

/// What the engine makes of it.
script_outcome play(simulated_script const& s);

} // namespace test

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "simulated_bytes.hpp"

#include "check.hpp"

#include "support/simulation/simulated_script.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string_view>

// Bytes decide how a simulated kernel behaves, which of its calls fail, and what other processes
// do. Whenever the tree engine comes to rest, the changes that it has reported give the tree on
// disk, and every promise of the simulation holds. If calls fail, that is so when it is over.
namespace {

constexpr std::size_t most_operations = 200;

void choose_behaviour(test::simulated_bytes& bytes, test::simulated_script& s)
{
    using test::simulated_bytes;
    s.entries_at_once = (std::max)(bytes.count(), std::size_t{1});
    s.queue_limit = (std::max)(bytes.count(), std::size_t{3});
    s.batch_size = (std::min)((std::max)(bytes.count(), std::size_t{1}), std::size_t{4096});
    s.calls_per_slice = bytes.next() % 8;
    s.order = static_cast<test::simulated_world::order>(bytes.next() % 3);
    auto bits = bytes.next();
    s.lists_what_was = simulated_bytes::take_bit(bits);
    s.hides_types = simulated_bytes::take_bit(bits);
    s.reuse_inodes = simulated_bytes::take_bit(bits);
    s.directories_only = simulated_bytes::take_bit(bits);
    s.is_plain = simulated_bytes::take_bit(bits);
    s.follow_symlinks = simulated_bytes::take_bit(bits);
    s.has_both_roots = simulated_bytes::take_bit(bits);
    bits = bytes.next();
    for (auto const* const glob : {"a/b", "/b", "*/c", "b/a/*", "c"}) {
        if (simulated_bytes::take_bit(bits)) {
            s.exclude.emplace_back(glob);
        }
    }
    s.prune = bits == 0 ? 0U : 1U + static_cast<unsigned>(bits);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    test::simulated_bytes bytes({reinterpret_cast<char const*>(data), size});
    test::simulated_script s;
    choose_behaviour(bytes, s);
    for (auto count = bytes.next() % 4; count != 0; --count) {
        s.failures.push_back(bytes.one_failure());
    }
    while (!bytes.empty() && s.operations.size() != most_operations) {
        s.operations.push_back(bytes.one_operation());
    }
    auto const result = test::play(s);
    if (!result.broken.empty()) {
        std::fprintf(stderr, "%s%s", test::describe(s).c_str(), result.picture.c_str());
    }
    test::check(result.broken.empty(), result.broken.c_str());
    return 0;
}

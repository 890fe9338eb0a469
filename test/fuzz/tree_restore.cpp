//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "simulated_bytes.hpp"
#include "snapshot_checks.hpp"

#include "support/simulation/tree_simulation.hpp"

#include <asio_inotify/tree_snapshot.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The text of a tree snapshot, or bytes of which one is made; and bytes that decide what is on the
// simulated disk when it is restored. Any snapshot, however little of it is true, is refused or
// becomes the tree on disk; and so does the snapshot that the engine then saves, after further
// operations.
namespace {

constexpr std::size_t most_operations = 50;

using asio_inotify::tree_snapshot;

/// The text up to the end of its last line, and the bytes after it.
std::string_view take_text(std::string_view& bytes)
{
    auto const last = bytes.find("\nend ");
    auto const end = last == std::string_view::npos ? last : bytes.find('\n', last + 1);
    auto const text = bytes.substr(0, end);
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    return text;
}

/// An entry such as a simulated disk has, with small numbers that it can have there.
asio_inotify::detail::saved_entry make_entry(test::simulated_bytes& bytes, std::uint32_t deepest)
{
    using asio_inotify::detail::saved_state;
    auto shape = bytes.next();
    asio_inotify::detail::saved_entry entry;
    entry.depth = (std::min)(static_cast<std::uint32_t>(shape % 8), deepest);
    shape /= 8;
    entry.is_directory = !test::simulated_bytes::take_bit(shape) || entry.depth == 0;
    if (entry.depth == 0) {
        entry.name = shape % 2 == 0 ? test::tree_simulation::root : test::tree_simulation::outside;
        entry.absolute = entry.name;
    } else {
        entry.name = static_cast<char>('a' + shape % 3);
    }
    entry.inode = bytes.next() % 16;
    if (entry.is_directory) {
        auto const state = bytes.next();
        bool const is_uncovered = state % 8 == 1;
        bool const is_lost = state % 8 == 2 && entry.depth == 0;
        entry.state = is_lost        ? saved_state::lost
                      : is_uncovered ? saved_state::uncovered
                                     : saved_state::covered;
        entry.inode = is_lost ? 0 : entry.inode;
        entry.wd = is_lost || is_uncovered ? 0 : static_cast<std::int32_t>(state / 8);
        entry.device = bytes.next() % 4;
    }
    return entry;
}

std::string make_text(std::string_view& bytes)
{
    constexpr std::size_t most_bytes = 64;
    test::simulated_bytes chosen(bytes.substr(0, most_bytes));
    bytes.remove_prefix((std::min)(bytes.size(), most_bytes));
    auto const time = static_cast<std::int64_t>(chosen.next() % 4);
    std::vector<asio_inotify::detail::saved_entry> entries;
    // The first is a root, and none is deeper than it can be, or hardly any would be accepted.
    std::uint32_t deepest = 0;
    do {
        auto entry = make_entry(chosen, deepest);
        bool const can_have_entries =
            entry.is_directory && entry.state != asio_inotify::detail::saved_state::lost;
        deepest = can_have_entries ? entry.depth + 1 : entry.depth;
        entries.push_back(std::move(entry));
    } while (!chosen.empty());
    return tree_snapshot(std::move(entries), time).to_text();
}

/// The roots are the two directories that a simulation has.
bool is_restorable(tree_snapshot const& saved)
{
    return std::ranges::all_of(saved.entries(), [](auto const& entry) {
        bool const is_known = entry.name == test::tree_simulation::root ||
                              entry.name == test::tree_simulation::outside;
        return entry.depth != 0 || !entry.is_directory || is_known;
    });
}

asio_inotify::tree_options choose_options(test::simulated_bytes& bytes,
                                          test::simulated_kernel& kernel)
{
    using test::simulated_bytes;
    asio_inotify::tree_options options;
    auto bits = bytes.next();
    kernel.hides_types = simulated_bytes::take_bit(bits);
    kernel.is_plain = simulated_bytes::take_bit(bits);
    kernel.world.reuse_inodes = simulated_bytes::take_bit(bits);
    options.directories_only = simulated_bytes::take_bit(bits);
    options.follow_symlinks = simulated_bytes::take_bit(bits);
    if (simulated_bytes::take_bit(bits)) {
        options.exclude = {"a/b"};
    }
    kernel.entries_at_once = (std::max)(bytes.count(), std::size_t{1});
    return options;
}

void perform(test::simulated_bytes& bytes, test::tree_simulation& simulation)
{
    for (auto left = bytes.next() % most_operations; left != 0 && !bytes.empty(); --left) {
        simulation.perform(bytes.one_operation());
    }
    simulation.kernel.world.finish();
    ++simulation.kernel.world.time;
}

void restore(tree_snapshot const& saved, test::simulated_bytes& bytes,
             test::tree_simulation& simulation)
{
    auto const options = choose_options(bytes, simulation.kernel);
    perform(bytes, simulation);
    boost::system::error_code ec;
    simulation.restore(saved, options, ec);
    if (ec) {
        test::check(ec == asio_inotify::error::malformed_snapshot ||
                        ec == asio_inotify::error::too_many_filesystems,
                    "which error");
        return;
    }
    simulation.run();
    perform(bytes, simulation);
    simulation.run();

    auto const again = simulation.save();
    if (tree_snapshot::from_text(again.to_text(), ec) != again) {
        throw test::broken_promise("a saved tree does not survive its text:\n" + again.to_text());
    }
    simulation.stop();
    perform(bytes, simulation);
    simulation.restore(again, options, ec);
    test::check(!ec, "what was saved can be restored");
    simulation.run();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view rest(reinterpret_cast<char const*>(data), size);
    auto const text =
        rest.starts_with("asio-inotify ") ? std::string(take_text(rest)) : make_text(rest);
    boost::system::error_code ec;
    auto const saved = tree_snapshot::from_text(
        test::with_end(text,
                       [](std::string_view line) {
                           return !line.starts_with("time ") && !line.starts_with("asio-inotify ");
                       }),
        ec);
    if (ec || saved.empty() || !is_restorable(saved)) {
        return 0;
    }
    test::simulated_bytes bytes(rest);
    test::tree_simulation simulation({});
    try {
        restore(saved, bytes, simulation);
    } catch (test::broken_promise const& broken) {
        std::fprintf(stderr, "%s%s", saved.to_text().c_str(), simulation.picture().c_str());
        test::check(false, broken.what());
    }
    return 0;
}

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/simulation/tree_simulation.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace test {
namespace {

/// The entries of a snapshot by their paths. There is nothing at a root that is lost.
std::map<std::string, asio_inotify::detail::saved_entry>
by_path(asio_inotify::tree_snapshot const& saved)
{
    using asio_inotify::detail::saved_state;
    std::map<std::string, asio_inotify::detail::saved_entry> all;
    std::vector<std::string> above;
    for (auto const& entry : saved.entries()) {
        if (entry.depth == 0 && (!entry.is_directory || entry.state == saved_state::lost)) {
            continue;
        }
        above.resize(entry.depth);
        auto const path = above.empty() ? entry.name : join(above.back(), entry.name);
        all.emplace(path, entry);
        above.push_back(path);
    }
    return all;
}

bool is_uncovered(asio_inotify::detail::saved_entry const& entry)
{
    return entry.state == asio_inotify::detail::saved_state::uncovered;
}

} // namespace

asio_inotify::tree_snapshot tree_simulation::save()
{
    boost::system::error_code ec;
    auto saved = engine_->save(ec);
    if (ec) {
        throw broken_promise("the trees cannot be saved: " + ec.message());
    }
    auto const entries = by_path(saved);
    for (auto const& [path, entry] : entries) {
        auto const known = replay_.entries().find(path);
        if (known == replay_.entries().end() || known->second.is_directory != entry.is_directory ||
            known->second.uncovered != is_uncovered(entry)) {
            throw broken_promise("saved but not reported: " + path);
        }
    }
    if (entries.size() != replay_.entries().size()) {
        throw broken_promise("not everything that was reported is saved");
    }
    return saved;
}

void tree_simulation::stop()
{
    engine_.reset();
    kernel.restart();
}

void tree_simulation::add_to_replay(asio_inotify::tree_snapshot const& saved)
{
    for (auto const& [path, entry] : by_path(saved)) {
        replay_.add(path, {entry.is_directory, is_uncovered(entry), kernel.world.writes()});
    }
    for (auto const& entry : saved.entries()) {
        if (entry.depth == 0 && entry.is_directory &&
            entry.state == asio_inotify::detail::saved_state::lost) {
            replay_.add_lost_root(entry.name);
        }
    }
}

void tree_simulation::restore(asio_inotify::tree_snapshot const& saved,
                              asio_inotify::tree_options options, boost::system::error_code& ec)
{
    bool const is_first = roots_.empty();
    for (auto const& entry : saved.entries()) {
        if (is_first && entry.depth == 0 && entry.is_directory) {
            roots_.push_back(entry.name == root ? root : outside);
        }
    }
    if (is_first) {
        add_to_replay(saved);
    }
    options_ = options;
    engine_ = std::make_unique<asio_inotify::detail::tree_engine>(kernel, std::move(options));
    note_paths();
    engine_->restore(
        saved, [](std::string const& absolute, boost::system::error_code&) { return absolute; },
        ec);
}

} // namespace test

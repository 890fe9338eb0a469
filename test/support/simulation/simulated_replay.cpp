//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/simulation/simulated_replay.hpp"

#include <asio_inotify/error.hpp>

#include <iterator>
#include <utility>

namespace test {
namespace {

using kind = asio_inotify::tree_change_kind;

bool is_below(std::string const& path, std::string const& top)
{
    return path.size() > top.size() && path.starts_with(top) && path[top.size()] == '/';
}

} // namespace

past_change::past_change(asio_inotify::tree_change const& change)
    : what(change.kind())
    , type(change.type())
    , replaced(change.replaced())
    , synthetic(change.synthetic())
    , error(change.error())
    , path(change.path())
    , old_path(change.old_path())
{}

std::string describe(past_change const& change)
{
    std::string text(to_string(change.what));
    text.append(" ").append(to_string(change.type)).append(" ");
    if (!change.old_path.empty()) {
        text.append(change.old_path).append(" -> ");
    }
    text.append(change.path);
    text += change.replaced ? " replaced" : "";
    text += change.synthetic ? " synthetic" : "";
    text += change.error ? ' ' + change.error.message() : "";
    return text;
}

std::vector<std::string> simulated_replay::log() const
{
    std::vector<std::string> all;
    for (auto const& change : log_) {
        all.push_back(test::describe(change));
    }
    return all;
}

simulated_replay::entry& simulated_replay::present(std::string const& path)
{
    auto const found = entries_.find(path);
    if (found == entries_.end()) {
        throw broken_promise("X2: there is no " + path);
    }
    return found->second;
}

void simulated_replay::absent(std::string const& path) const
{
    if (entries_.contains(path)) {
        throw broken_promise("X2: there is " + path + " already");
    }
}

void simulated_replay::parent_present(std::string const& path)
{
    auto const& parent = present(path.substr(0, path.rfind('/')));
    if (!parent.is_directory || parent.uncovered) {
        throw broken_promise("X2: nothing can be in the parent of " + path);
    }
}

simulated_replay::tree simulated_replay::take(std::string const& path)
{
    tree taken;
    // The subtree of "/a" is between "/a/" and "/a0".
    taken.insert(entries_.extract(path));
    auto const end = entries_.lower_bound(path + '0');
    for (auto at = entries_.lower_bound(path + '/'); at != end;) {
        taken.insert(entries_.extract(at++));
    }
    return taken;
}

void simulated_replay::put(tree const& taken, std::string const& old_path, std::string const& path)
{
    for (auto const& [each, e] : taken) {
        entries_.insert_or_assign(path + each.substr(old_path.size()), e);
    }
}

void simulated_replay::apply(asio_inotify::tree_change const& change, std::uint64_t writes)
{
    std::string const path(change.path());
    std::string const old_path(change.old_path());
    log_.emplace_back(change);
    auto const right_type = [&](entry const& e) {
        if (e.is_directory != change.is_directory()) {
            throw broken_promise("X2: another type has " + path);
        }
    };
    switch (change.kind()) {
    case kind::existing:
    case kind::created:
        absent(path);
        parent_present(path);
        entries_[path] = {change.is_directory(), false, writes};
        break;
    case kind::modified:
    case kind::closed_write:
        right_type(present(path));
        present(path).reported_writes = writes;
        break;
    case kind::attributes:
        right_type(present(path));
        break;
    case kind::removed:
        right_type(present(path));
        take(path);
        break;
    case kind::renamed: {
        right_type(present(old_path));
        if (change.replaced()) {
            present(path);
            take(path);
        }
        absent(path);
        parent_present(path);
        if (path == old_path || is_below(path, old_path)) {
            throw broken_promise("X2: a directory is moved into itself");
        }
        put(take(old_path), old_path, path);
        break;
    }
    case kind::exchanged: {
        present(path);
        present(old_path);
        if (path == old_path || is_below(path, old_path) || is_below(old_path, path)) {
            throw broken_promise("X2: a directory is moved into itself");
        }
        auto const one = take(path);
        auto const other = take(old_path);
        put(one, path, old_path);
        put(other, old_path, path);
        break;
    }
    case kind::rescan_begin:
    case kind::rescan_end:
        if (rescanning_ == (change.kind() == kind::rescan_begin)) {
            throw broken_promise("begin and end of rescans do not alternate");
        }
        rescanning_ = !rescanning_;
        break;
    case kind::unmounted:
        right_type(present(path));
        break;
    case kind::root_lost:
        right_type(present(path));
        if (take(path).size() != 1) {
            throw broken_promise("X2: something is left below the lost root " + path);
        }
        lost_roots_[path] = false;
        break;
    case kind::root_found:
        if (lost_roots_.erase(path) == 0) {
            throw broken_promise("X2: found without a loss: " + path);
        }
        absent(path);
        entries_[path] = {true};
        break;
    case kind::uncovered: {
        if (auto const lost = lost_roots_.find(path); lost != lost_roots_.end()) {
            // Its path cannot be looked up; root_found ends that.
            lost->second = true;
            break;
        }
        right_type(present(path));
        if (change.error() == asio_inotify::error::remote_filesystem ||
            change.error() == asio_inotify::error::pseudo_filesystem) {
            // It is watched anyway.
            break;
        }
        auto taken = take(path);
        if (taken.size() != 1) {
            throw broken_promise("X2: something is left below the uncovered " + path);
        }
        taken.begin()->second.uncovered = true;
        put(taken, path, path);
        break;
    }
    case kind::covered:
        right_type(present(path));
        if (!std::exchange(present(path).uncovered, false)) {
            throw broken_promise("X2: covered already: " + path);
        }
        break;
    default:
        throw broken_promise("a change of no kind, or of several");
    }
}

void simulated_replay::describe(state_hash& state) const
{
    state.add(entries_.size());
    for (auto const& [path, e] : entries_) {
        state.add(path);
        state.add(e.reported_writes << 2U | (e.is_directory ? 2U : 0U) | (e.uncovered ? 1U : 0U));
    }
    state.add(rescanning_);
}

} // namespace test

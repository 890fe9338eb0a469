//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "untold_changes.hpp"

#include <asio_inotify/error.hpp>

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asio_watch {
namespace {

using asio_inotify::tree_change_mask;
using asio_inotify::tree_snapshot;
using asio_inotify::detail::saved_entry;
using asio_inotify::detail::saved_state;

// No file has it: so what has the entry's name is found to be something else.
constexpr auto no_inode = std::numeric_limits<std::uint64_t>::max();

} // namespace

/// The entries of a snapshot, to be changed.
class untold_changes::entries
{
public:
    explicit entries(tree_snapshot const& saved)
    {
        // The directories above the next one.
        std::vector<node*> above;
        for (auto const& entry : saved.entries()) {
            auto& made = nodes_.emplace_back(node{entry, {}});
            above.resize(entry.depth);
            if (above.empty()) {
                roots_.push_back(&made);
            } else {
                above.back()->below.emplace(entry.name, &made);
            }
            above.push_back(&made);
        }
    }

    /// Do the opposite of a change.
    void undo(record const& change)
    {
        auto const& path = change.path;
        switch (change.what) {
        case tree_change_mask::existing:
        case tree_change_mask::created:
            take(path);
            break;
        case tree_change_mask::removed:
            put(path, make_gone(change.is_directory));
            break;
        case tree_change_mask::renamed: {
            auto* const moved = take_or_make(path, change.is_directory);
            if (change.replaced) {
                // Of the same type, unless it was there for the watcher only, for a moment.
                put(path, make_gone(change.is_directory));
            }
            put(change.old_path, moved);
            break;
        }
        case tree_change_mask::modified:
        case tree_change_mask::closed_write:
        case tree_change_mask::attributes:
            // As another file it is told again, and none of those that were told is.
            if (!change.is_directory) {
                set_identity(path, no_inode);
            }
            break;
        case tree_change_mask::exchanged: {
            // One of them is not known here if it was moved into what is gone: its type is a guess.
            auto* const here = take_or_make(path, change.is_directory);
            put(path, take_or_make(change.old_path, change.is_directory));
            put(change.old_path, here);
            break;
        }
        case tree_change_mask::root_lost:
            set_state(path, saved_state::covered);
            set_identity(path, no_inode);
            break;
        case tree_change_mask::root_found:
            set_state(path, saved_state::lost);
            set_identity(path, 0);
            break;
        case tree_change_mask::covered:
            set_state(path, saved_state::uncovered);
            break;
        case tree_change_mask::uncovered:
            // This one is watched all the same.
            if (!change.is_remote) {
                set_state(path, saved_state::covered);
            }
            break;
        default:
            break;
        }
    }

    [[nodiscard]] std::vector<saved_entry> list() const
    {
        std::vector<saved_entry> all;
        // Those that come next, the last one first.
        std::vector<std::pair<node const*, std::uint32_t>> next;
        for (auto const* const root : roots_) {
            next.emplace_back(root, 0);
            while (!next.empty()) {
                auto const [at, depth] = next.back();
                next.pop_back();
                all.push_back(at->facts);
                all.back().depth = depth;
                for (auto const& [name, below] : at->below) {
                    next.emplace_back(below, depth + 1);
                }
            }
        }
        return all;
    }

private:
    struct node
    {
        saved_entry facts;
        std::map<std::string, node*, std::less<>> below;
    };

    /// Null if there is no such root: changes of what is not in the snapshot are none.
    [[nodiscard]] node* find_root(std::string_view path, std::string_view& rest) const
    {
        node* found = nullptr;
        for (auto* const root : roots_) {
            std::string_view const name(root->facts.name);
            bool const is_above =
                path.starts_with(name) &&
                (path.size() == name.size() || name.ends_with('/') || path[name.size()] == '/');
            if (root->facts.is_directory && is_above &&
                (found == nullptr || found->facts.name.size() < name.size())) {
                found = root;
                rest = path.substr(name.size());
            }
        }
        return found;
    }

    /// The directory of an entry; its name is what is left of the path.
    [[nodiscard]] node* find_parent(std::string_view& path) const
    {
        std::string_view rest;
        auto* at = find_root(path, rest);
        while (at != nullptr) {
            rest.remove_prefix(std::min(rest.find_first_not_of('/'), rest.size()));
            auto const end = rest.find('/');
            if (end == std::string_view::npos) {
                path = rest;
                break;
            }
            auto const below = at->below.find(rest.substr(0, end));
            at = below != at->below.end() ? below->second : nullptr;
            rest.remove_prefix(end);
        }
        return at;
    }

    node* take(std::string_view path)
    {
        auto* const parent = find_parent(path);
        if (parent == nullptr) {
            return nullptr;
        }
        auto const at = parent->below.find(path);
        if (at == parent->below.end()) {
            return nullptr;
        }
        auto* const taken = at->second;
        parent->below.erase(at);
        return taken;
    }

    /// What was moved into a directory that is gone is not known either.
    node* take_or_make(std::string_view path, bool is_directory)
    {
        auto* const taken = take(path);
        return taken != nullptr ? taken : make_gone(is_directory);
    }

    void put(std::string_view path, node* entry)
    {
        if (auto* const parent = find_parent(path)) {
            entry->facts.name = path;
            parent->below.insert_or_assign(std::string(path), entry);
        }
    }

    node* make_gone(bool is_directory)
    {
        auto& made = nodes_.emplace_back();
        made.facts.is_directory = is_directory;
        made.facts.inode = no_inode;
        return &made;
    }

    [[nodiscard]] node* find(std::string_view path) const
    {
        auto* const parent = find_parent(path);
        if (parent == nullptr || path.empty()) {
            return parent;
        }
        auto const at = parent->below.find(path);
        return at != parent->below.end() ? at->second : nullptr;
    }

    /// Of a directory; there is nothing in it when that changes.
    void set_state(std::string_view path, saved_state state)
    {
        if (auto* const at = find(path)) {
            at->facts.state = state;
            at->facts.wd = 0;
            at->below.clear();
        }
    }

    void set_identity(std::string_view path, std::uint64_t inode)
    {
        if (auto* const at = find(path)) {
            at->facts.device = 0;
            at->facts.inode = inode;
        }
    }

    // Those that are in no directory any more, too.
    std::deque<node> nodes_;
    std::vector<node*> roots_;
};

void untold_changes::add(asio_inotify::tree_change change, bool has_line)
{
    records_.push_back({change.what(), change.is_directory(), change.replaced(),
                        change.error() == asio_inotify::error::remote_filesystem, has_line,
                        std::string(change.path()), std::string(change.old_path())});
}

// What has no line is told with those before it.
void untold_changes::written(std::uint64_t lines)
{
    while (!records_.empty() && (lines != 0 || !records_.front().has_line)) {
        lines -= records_.front().has_line ? 1U : 0U;
        records_.pop_front();
    }
}

tree_snapshot untold_changes::take_back(tree_snapshot saved) const
{
    if (records_.empty()) {
        return saved;
    }
    entries before(saved);
    for (auto change = records_.rbegin(); change != records_.rend(); ++change) {
        before.undo(*change);
    }
    return {before.list(), saved.time()};
}

} // namespace asio_watch

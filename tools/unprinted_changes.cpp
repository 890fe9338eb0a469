//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "unprinted_changes.hpp"

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

using asio_inotify::tree_change_kind;
using asio_inotify::tree_snapshot;
// The tool is built from public headers, except for these: tree_snapshot has no public function yet
// that returns or changes its entries.
using asio_inotify::detail::saved_entry;
using asio_inotify::detail::saved_state;

// The filesystem is one where inotify does not report all changes.
bool is_watched_anyway(asio_inotify::tree_change const& change)
{
    return change.error() == asio_inotify::error::remote_filesystem ||
           change.error() == asio_inotify::error::pseudo_filesystem;
}

// No file has it, so a restore takes the file with the entry's name for a different file.
constexpr auto impossible_inode = std::numeric_limits<std::uint64_t>::max();

} // namespace

/// The entries of a snapshot as a tree, so that they can be changed.
class unprinted_changes::snapshot_editor
{
public:
    explicit snapshot_editor(tree_snapshot const& saved)
    {
        // The path from the root to the previous entry.
        std::vector<node*> above;
        for (auto const& entry : saved.entries()) {
            auto& made = nodes_.emplace_back(node{entry, {}});
            above.resize(entry.depth);
            if (above.empty()) {
                roots_.push_back(&made);
            } else {
                above.back()->children.emplace(entry.name, &made);
            }
            above.push_back(&made);
        }
    }

    /// Undo one change.
    void undo(record const& change)
    {
        auto const& path = change.path;
        switch (change.what) {
        case tree_change_kind::existing:
        case tree_change_kind::created:
            detach(path);
            break;
        case tree_change_kind::removed:
            attach(path, make_changed(change.is_directory));
            break;
        case tree_change_kind::renamed: {
            auto* const moved = detach_or_make(path, change.is_directory);
            if (change.replaced) {
                // The replaced entry had the same type, unless only the watcher saw it for a
                // moment.
                attach(path, make_changed(change.is_directory));
            }
            attach(change.old_path, moved);
            break;
        }
        case tree_change_kind::modified:
        case tree_change_kind::closed_write:
        case tree_change_kind::attributes:
            // A restore reports a different file again. Printed changes are not reported again.
            if (!change.is_directory) {
                set_identity(path, impossible_inode);
            }
            break;
        case tree_change_kind::exchanged: {
            // One of them is unknown if it was moved into a directory that was removed later: its
            // type is a guess.
            auto* const here = detach_or_make(path, change.is_directory);
            attach(path, detach_or_make(change.old_path, change.is_directory));
            attach(change.old_path, here);
            break;
        }
        case tree_change_kind::root_lost:
            set_state(path, saved_state::covered);
            set_identity(path, impossible_inode);
            break;
        case tree_change_kind::root_found:
            set_state(path, saved_state::lost);
            set_identity(path, 0);
            break;
        case tree_change_kind::covered:
            set_state(path, saved_state::uncovered);
            break;
        case tree_change_kind::uncovered:
            // A directory on a filesystem where inotify is blind is watched anyway.
            if (!change.is_watched) {
                set_state(path, saved_state::covered);
            }
            break;
        default:
            break;
        }
    }

    [[nodiscard]] std::vector<saved_entry> entries() const
    {
        std::vector<saved_entry> all;
        // A stack: the next entry is the last.
        std::vector<std::pair<node const*, std::uint32_t>> next;
        for (auto const* const root : roots_) {
            next.emplace_back(root, 0);
            while (!next.empty()) {
                auto const [at, depth] = next.back();
                next.pop_back();
                all.push_back(at->entry);
                all.back().depth = depth;
                for (auto const& [name, below] : at->children) {
                    next.emplace_back(below, depth + 1);
                }
            }
        }
        return all;
    }

private:
    struct node
    {
        saved_entry entry;
        std::map<std::string, node*, std::less<>> children;
    };

    /// The root with the longest path that contains `path`, and the rest of the path below it.
    /** Null if there is none: a change outside the snapshot has no effect. */
    [[nodiscard]] node* find_root(std::string_view path, std::string_view& rest) const
    {
        node* found = nullptr;
        for (auto* const root : roots_) {
            std::string_view const name(root->entry.name);
            bool const is_above =
                path.starts_with(name) &&
                (path.size() == name.size() || name.ends_with('/') || path[name.size()] == '/');
            if (root->entry.is_directory && is_above &&
                (found == nullptr || found->entry.name.size() < name.size())) {
                found = root;
                rest = path.substr(name.size());
            }
        }
        return found;
    }

    /// The parent directory of an entry; sets `path` to the name of the entry.
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
            auto const below = at->children.find(rest.substr(0, end));
            at = below != at->children.end() ? below->second : nullptr;
            rest.remove_prefix(end);
        }
        return at;
    }

    node* detach(std::string_view path)
    {
        auto* const parent = find_parent(path);
        if (parent == nullptr) {
            return nullptr;
        }
        auto const at = parent->children.find(path);
        if (at == parent->children.end()) {
            return nullptr;
        }
        auto* const detached = at->second;
        parent->children.erase(at);
        return detached;
    }

    /// Detach an entry; makes one if it is unknown, as it was moved into a directory that is gone.
    node* detach_or_make(std::string_view path, bool is_directory)
    {
        auto* const detached = detach(path);
        return detached != nullptr ? detached : make_changed(is_directory);
    }

    void attach(std::string_view path, node* child)
    {
        if (auto* const parent = find_parent(path)) {
            child->entry.name = path;
            parent->children.insert_or_assign(std::string(path), child);
        }
    }

    node* make_changed(bool is_directory)
    {
        auto& made = nodes_.emplace_back();
        made.entry.is_directory = is_directory;
        made.entry.inode = impossible_inode;
        return &made;
    }

    [[nodiscard]] node* find(std::string_view path) const
    {
        auto* const parent = find_parent(path);
        if (parent == nullptr || path.empty()) {
            return parent;
        }
        auto const at = parent->children.find(path);
        return at != parent->children.end() ? at->second : nullptr;
    }

    /// Set the state of a directory; it has no entries when its state changes.
    void set_state(std::string_view path, saved_state state)
    {
        if (auto* const at = find(path)) {
            at->entry.state = state;
            at->entry.wd = 0;
            at->children.clear();
        }
    }

    void set_identity(std::string_view path, std::uint64_t inode)
    {
        if (auto* const at = find(path)) {
            at->entry.device = 0;
            at->entry.inode = inode;
        }
    }

    // All nodes, including those that were detached.
    std::deque<node> nodes_;
    std::vector<node*> roots_;
};

void unprinted_changes::add(asio_inotify::tree_change const& change, bool has_line)
{
    records_.push_back({change.kind(), change.is_directory(), change.replaced(),
                        is_watched_anyway(change), has_line, std::string(change.path()),
                        std::string(change.old_path())});
}

// Changes without a line count as printed together with the ones before them.
void unprinted_changes::mark_printed(std::uint64_t lines)
{
    while (!records_.empty() && (lines != 0 || !records_.front().has_line)) {
        lines -= records_.front().has_line ? 1U : 0U;
        records_.pop_front();
    }
}

tree_snapshot unprinted_changes::revert(tree_snapshot saved) const
{
    if (records_.empty()) {
        return saved;
    }
    snapshot_editor editor(saved);
    for (auto change = records_.rbegin(); change != records_.rend(); ++change) {
        editor.undo(*change);
    }
    return {editor.entries(), saved.time()};
}

} // namespace asio_watch

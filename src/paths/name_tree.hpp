//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_PATHS_NAME_TREE_HPP
#define ASIO_INOTIFY_SRC_PATHS_NAME_TREE_HPP

#include "paths/linked_list.hpp"
#include "paths/path_entry.hpp"
#include "paths/set_by_key.hpp"
#include "paths/trailing_text.hpp"
#include "paths/watched_object.hpp"
#include "system/directory_ops.hpp"
#include "system/keyed_hash.hpp"

#include <boost/logic/tribool.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace asio_inotify::detail {

struct name_node;

/// A symbolic link that is followed.
struct symbolic_link
{
    std::string text{};
    file_status status{};
    /// The name of the link.
    name_node* node = nullptr;
    /// The name to which it leads, whether anything exists there or not.
    name_node* target = nullptr;
    list_links<symbolic_link> target_links{};
};

/// One component of a path, and the thing it refers to: an object, a link, or nothing.
/** Its text is the name. */
struct name_node : trailing_text
{
    // The errno that says why it refers to nothing, or why a link cannot be followed.
    std::int16_t reason = 0;
    // The errno of a lookup or a watch that failed in a way that may pass: to be retried. If
    // negative, a blind_spot: the watch does not report everything.
    std::int16_t failure = 0;
    // The fewest links through which the resolver came here.
    std::uint8_t link_depth = 0;
    // The name must be looked up again,
    bool stale : 1 = false;
    // and so must all names below,
    bool subtree_stale : 1 = false;
    // or only the stamp of its file must be read again.
    bool content_stale : 1 = false;
    // In the queue of work.
    bool queued : 1 = false;
    // It is being resolved: coming here again means a circle of links.
    bool resolving : 1 = false;
    // A link that is not followed, as it would close a circle. Every link of that is watched.
    bool closes_circle : 1 = false;
    name_node* parent = nullptr;
    watched_object* object = nullptr;
    list_links<name_node> user_links{};
    list_links<name_node> sibling_links{};
    list_links<name_node> work_links{};
    linked_list<name_node, &name_node::sibling_links> children{};
    short_list<path_entry, &path_entry::next_of_node> entries{};
    std::unique_ptr<symbolic_link> link{};
    linked_list<symbolic_link, &symbolic_link::target_links> aliases{};

    [[nodiscard]] bool needs_work() const noexcept
    {
        return stale || subtree_stale || content_stale;
    }

    /// True if neither an entry nor another name depends on it.
    [[nodiscard]] bool is_unused() const noexcept
    {
        return children.empty() && entries.empty() && aliases.empty() && !resolving &&
               parent != nullptr;
    }
};

/// Call `f(name)` for a name and for all links that lead to it, directly or through others.
template <class Function>
void for_each_alias(name_node& name, Function const& f)
{
    f(name);
    for (auto* link = name.aliases.first(); link != nullptr;
         link = decltype(name.aliases)::next(*link)) {
        for_each_alias(*link->node, f);
    }
}

/// The tree of names, from the root directory down, and the queue of names that need work.
class name_tree
{
public:
    explicit name_tree(object_table& objects);
    name_tree(name_tree const&) = delete;
    name_tree& operator=(name_tree const&) = delete;
    ~name_tree();

    [[nodiscard]] name_node& root() noexcept { return *root_; }

    /// Null if the name is not in the tree.
    [[nodiscard]] name_node* find(name_node const& parent, std::string_view name) const noexcept
    {
        return find_in(by_name_, child_key{&parent, name});
    }

    /// The name at the end of a path that starts at `from`. Missing names are created and marked.
    /** The caller makes use of it, or prunes it. Strong exception safety. */
    [[nodiscard]] name_node& walk(name_node& from, std::string_view path, unsigned link_depth);

    /// The same for the target of a symbolic link, which must be a directory if it ends with a
    /// slash.
    [[nodiscard]] name_node& walk_link(name_node& from, std::string_view target,
                                       unsigned link_depth);

    /// Have a name looked up again, and the subtree below it if `subtree`.
    void mark(name_node& name, bool subtree) noexcept;

    /// Have the stamp of a name's file read again.
    void mark_content(name_node& name) noexcept;

    /// Say whether a name must be retried later, and for which errno.
    void set_failure(name_node& name, int failure) noexcept;

    /// Say whether a name is a link that would close a circle.
    void set_closes_circle(name_node& name, bool closes_circle) noexcept;

    [[nodiscard]] bool has_circles() const noexcept { return circles_ != 0; }

    /// Have the links that would close a circle looked up again, with their subtrees.
    void mark_circles() noexcept;

    [[nodiscard]] bool has_incomplete() const noexcept { return incomplete_ != 0; }

    /// Why a change of a name that resolving this one needs may not be noticed: the failure of that
    /// name, or ELOOP if there are too many names. 0 if every change is.
    [[nodiscard]] static int failure_of(name_node const& name) noexcept;

    /// Have the incomplete names looked up again, with their subtrees.
    void mark_incomplete() noexcept;

    /// Remove and return the next name in the queue; null if it is empty.
    /** It may be unused, or need no work but a check of its watch. */
    [[nodiscard]] name_node* take_marked() noexcept;

    [[nodiscard]] bool has_marked() const noexcept { return !work_.empty(); }

    /// True if resolving a name needs another name. Indeterminate if there are too many names.
    [[nodiscard]] static boost::tribool depends_on(name_node const& name,
                                                   name_node const& other) noexcept;

    /// Let the name be a link that leads to `target`. @pre The target does not depend on it.
    void set_link(name_node& name, std::string const& text, file_status const& status,
                  name_node& target);

    /// Let the name be no link.
    /** Queues the former target, which is pruned later if it is unused. */
    void drop_link(name_node& name) noexcept;

    /// Remove a name if it is unused, and every name that becomes unused by that.
    /** Queues a parent that has no names below it any more. @pre No name is being resolved. */
    void prune(name_node& name) noexcept;

    /// The absolute path of a name; valid until the next call.
    [[nodiscard]] std::string const& absolute_path(name_node const& name);

    [[nodiscard]] std::size_t size() const noexcept { return by_name_.size(); }

private:
    struct child_key
    {
        name_node const* parent;
        std::string_view name;

        friend bool operator==(child_key const&, child_key const&) = default;
        friend std::size_t hash_value(child_key const& key) noexcept
        {
            return keyed_hash(key.name, reinterpret_cast<std::uintptr_t>(key.parent));
        }
    };

    struct key_of
    {
        [[nodiscard]] child_key operator()(child_key const& key) const noexcept { return key; }
        [[nodiscard]] child_key operator()(name_node const* name) const noexcept
        {
            return {name->parent, text_of(*name)};
        }
    };

    [[nodiscard]] name_node& get(name_node& parent, std::string_view name, unsigned link_depth);
    template <class Condition>
    void mark_if(Condition const& condition) noexcept;
    void enqueue(name_node& name) noexcept;
    void remove(name_node& name) noexcept;

    object_table* objects_;
    ptr_with_text<name_node> root_;
    set_by_key<name_node, key_of> by_name_;
    linked_queue<name_node, &name_node::work_links> work_;
    std::size_t incomplete_ = 0;
    std::size_t circles_ = 0;
    std::string path_;
};

} // namespace asio_inotify::detail

#endif

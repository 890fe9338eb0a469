//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_FILE_NAME_TREE_HPP
#define ASIO_INOTIFY_SRC_FILE_NAME_TREE_HPP

#include "file/file_entry.hpp"
#include "file/linked_list.hpp"
#include "file/pointer_table.hpp"
#include "file/text_behind.hpp"
#include "file/watched_object.hpp"

#include "system/directory_ops.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace asio_inotify::detail {

struct name_node;

/// That a name is a symbolic link.
struct symbolic_link
{
    std::string text{};
    file_status status{};
    /// The link.
    name_node* node = nullptr;
    /// What it leads to, if that exists or not.
    name_node* target = nullptr;
    list_links<symbolic_link> target_links{};
};

/// One name on the way of a path, and what it stands for: an object, a link, or nothing.
/** Its own text is the name. */
struct name_node : text_size
{
    // Why it stands for nothing, or for a link that cannot be followed: an errno.
    std::int16_t reason = 0;
    // Through how many links it came to be looked at, at least.
    std::uint8_t depth = 0;
    // What there is to do: look at it,
    bool look : 1 = false;
    // and at all that is beneath,
    bool deep : 1 = false;
    // or only at its content.
    bool content : 1 = false;
    bool queued : 1 = false;
    // It is being looked at: who comes here again went round in a circle.
    bool busy : 1 = false;
    // It could not be looked at or watched as it should, and has to be tried again.
    bool incomplete : 1 = false;
    name_node* parent = nullptr;
    watched_object* object = nullptr;
    list_links<name_node> user_links{};
    list_links<name_node> sibling_links{};
    list_links<name_node> work_links{};
    linked_list<name_node, &name_node::sibling_links> children{};
    short_list<file_entry, &file_entry::next_of_node> entries{};
    std::unique_ptr<symbolic_link> link{};
    linked_list<symbolic_link, &symbolic_link::target_links> aliases{};

    [[nodiscard]] bool is_dirty() const noexcept { return look || deep || content; }

    /// True if nobody would miss it.
    [[nodiscard]] bool is_unused() const noexcept
    {
        return children.empty() && entries.empty() && aliases.empty() && !busy && parent != nullptr;
    }
};

/// Call `f(name)` for a name and all links that lead to it, at once or through others.
template <class Function>
void for_each_name(name_node& name, Function const& f)
{
    f(name);
    for (auto* link = name.aliases.first(); link != nullptr;
         link = decltype(name.aliases)::behind(*link)) {
        for_each_name(*link->node, f);
    }
}

/// The names, from the root directory down, and those to which there is something to do.
class name_tree
{
public:
    explicit name_tree(object_table& objects);
    name_tree(name_tree const&) = delete;
    name_tree& operator=(name_tree const&) = delete;
    ~name_tree();

    [[nodiscard]] name_node& root() noexcept { return *root_; }

    /// Null if nobody knows the name.
    [[nodiscard]] name_node* find(name_node const& parent, std::string_view name) const noexcept
    {
        return by_name_.find(key{&parent, name});
    }

    /// The name at the end of a way. What is new on it is to be looked at.
    /**
     * Unused as long as nobody makes use of it: to be pruned if nobody does. Strong exception
     * safety.
     */
    [[nodiscard]] name_node& walk(name_node& from, std::string_view way, unsigned depth);

    /// Let it be looked at, also at what is beneath if `deep`.
    void mark(name_node& name, bool deep) noexcept;

    /// Let it be looked at its content.
    void mark_content(name_node& name) noexcept;

    /// Say if a name could be looked at and watched as it should.
    void set_incomplete(name_node& name, bool incomplete) noexcept;

    /// True if there are names that could not.
    [[nodiscard]] bool has_incomplete() const noexcept { return incomplete_ != 0; }

    /// Let those be looked at that could not, and what is beneath.
    void mark_incomplete() noexcept;

    /// The next one to which there may be something to do, taken out; null if there is none.
    [[nodiscard]] name_node* take_marked() noexcept;

    /// True if there may be something to do.
    [[nodiscard]] bool has_marked() const noexcept { return !work_.empty(); }

    /// True if another name has to be known to know what a name stands for.
    [[nodiscard]] static bool depends_on(name_node const& name, name_node const& other) noexcept;

    /// The name is a link that leads to `target`. @pre The target does not depend on it.
    void set_link(name_node& name, std::string const& text, file_status const& status,
                  name_node& target);

    /// The name is no link any more.
    /** What it led to is marked, to be pruned if nobody else uses it. */
    void drop_link(name_node& name) noexcept;

    /// Remove it if it is unused, and what is so then.
    /** Not while something is looked at. What is left without names beneath is marked. */
    void prune(name_node& name) noexcept;

    /// The path of a name; valid until the next call.
    [[nodiscard]] std::string const& path_of(name_node const& name);

    [[nodiscard]] std::size_t size() const noexcept { return by_name_.size(); }

private:
    struct key
    {
        name_node const* parent;
        std::string_view name;
    };

    struct traits
    {
        [[nodiscard]] static std::size_t hash(key const& k) noexcept
        {
            return std::hash<std::string_view>()(k.name) ^
                   mixed(reinterpret_cast<std::uintptr_t>(k.parent));
        }
        [[nodiscard]] static std::size_t hash(name_node const& n) noexcept
        {
            return hash(key{n.parent, text_of(n)});
        }
        [[nodiscard]] static bool matches(name_node const& n, key const& k) noexcept
        {
            return n.parent == k.parent && text_of(n) == k.name;
        }
    };

    [[nodiscard]] name_node& get(name_node& parent, std::string_view name, unsigned depth);
    void enqueue(name_node& name) noexcept;
    void remove(name_node& name) noexcept;

    object_table* objects_;
    with_text<name_node> root_;
    pointer_table<name_node, traits> by_name_;
    linked_queue<name_node, &name_node::work_links> work_;
    std::size_t incomplete_ = 0;
    std::string path_;
};

} // namespace asio_inotify::detail

#endif

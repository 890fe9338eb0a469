//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_MODEL_LINK_TABLE_HPP
#define ASIO_INOTIFY_SRC_TREE_MODEL_LINK_TABLE_HPP

#include "tree/model/entry_arena.hpp"
#include "tree/model/path_index.hpp"
#include "tree/port/tree_port.hpp"

#include <boost/system/error_code.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asio_inotify::detail {

/// A symbolic link in a directory of the trees, or a name that may be one.
struct followed_link
{
    dir_id parent = 0;
    std::string name{};
    // Of the link itself, when it was last checked; 0 before that.
    std::uint64_t inode = 0;
    // The path by which the port guards it; empty if it does not.
    std::string guarded_path{};
    // The path without symbolic links of the directory to which it led; empty if to none. The table
    // sets it.
    std::string canonical_target{};
    // Why its path is not watched wholly, as it was reported; success if it is.
    boost::system::error_code guard_failure{};
    bool is_to_check = false;
    // It was seen as a link, here or where it was before.
    bool is_certain = false;
    // It is in the list of those that may lead elsewhere.
    bool is_urgent = false;
    // The port says so.
    bool is_suspect = false;
    // Its directory could not be opened when it was last checked.
    bool is_unreachable = false;
};

// The symbolic links that are followed, by directory and name, whether they lead to a directory or
// not, and whether the options exclude them or not. A link has its guard for as long as it is here.
// Links stay when their directory moves, and go with it.
class link_table
{
public:
    explicit link_table(tree_port& port) noexcept
        : port_(port)
    {}

    [[nodiscard]] bool empty() const noexcept { return by_place_.empty(); }
    [[nodiscard]] std::size_t size() const noexcept { return by_place_.size(); }

    /// 0 if there is none.
    [[nodiscard]] link_id find(dir_id parent, std::string_view name) const noexcept;

    /// Null if it was removed.
    [[nodiscard]] followed_link* get(link_id id) noexcept;

    /// Check a link before the engine comes to rest. It is added if it is new.
    /** @throws std::bad_alloc, without effect then. */
    void check_later(dir_id parent, std::string_view name);

    /// The same for all links of a directory. @throws std::bad_alloc
    void check_all_later(dir_id parent);

    /// The same for a link that is here. Nothing happens if it was removed.
    /** @throws std::bad_alloc, without effect then. */
    void check_later(link_id id);

    /// A link has this place now. @throws std::bad_alloc
    void note_moved(dir_id parent, std::string_view name);

    /// The port says that a link may lead elsewhere. Nothing happens if it was removed.
    /** @throws std::bad_alloc */
    void note_suspect(link_id id);

    /// A directory has moved, with the links below it. @pre Room was reserved, or there are no
    /// links.
    void note_directory_moved(dir_id id) noexcept
    {
        if (!empty()) {
            next_to_visit_ = 1;
            moved_directories_.push_back(id);
        }
    }

    /// Make room for so many directories that move. @throws std::bad_alloc
    void reserve_moved(std::size_t count);

    /// The directories that have moved. Some may be removed by now.
    [[nodiscard]] std::vector<dir_id> take_moved_directories() noexcept
    {
        return std::exchange(moved_directories_, {});
    }

    /// True if links may lead elsewhere since they were checked: the next event may be about what
    /// they led to before.
    [[nodiscard]] bool has_urgent() const noexcept
    {
        return !urgent_.empty() || next_to_visit_ != 0 || !moved_directories_.empty();
    }

    /// Take a link that may lead elsewhere; 0 if that one was removed. @pre `has_urgent()`
    [[nodiscard]] link_id take_urgent() noexcept;

    /// True if a link must be checked.
    [[nodiscard]] bool has_work() const noexcept { return !to_check_.empty(); }

    /// Take a link that must be checked; 0 if the next one was removed. @pre `has_work()`
    [[nodiscard]] link_id take() noexcept;

    /// Guard a link by its path, if it is not. @throws std::bad_alloc, without effect then.
    void guard(link_id id, std::string path);

    /// The path to which a link leads. @throws std::bad_alloc: then it is not known.
    void set_target(link_id id, std::string canonical)
    {
        by_target_.change(get(id)->canonical_target, std::move(canonical), id);
    }

    /// The links by these paths.
    [[nodiscard]] path_index const& by_target() const noexcept { return by_target_; }

    void remove(link_id id) noexcept;
    void remove(dir_id parent, std::string_view name) noexcept { remove(find(parent, name)); }

    /// The entries of a directory are removed.
    void remove_all(dir_id parent) noexcept;

    /// Remove some links of a directory that is in the trees no longer.
    /** @param count  How many at most; decreased by those that were removed.
     * @returns How many that were. */
    std::size_t remove_some(dir_id parent, std::size_t& count) noexcept;

private:
    struct place
    {
        dir_id parent;
        std::string_view name;

        friend auto operator<=>(place const&, place const&) = default;
    };

    void add_urgent(link_id id);
    void add_unused();
    void erase(link_id id) noexcept;

    tree_port& port_;
    // That of an id is at id - 1; null if the id is unused. Keys view the names.
    std::vector<std::unique_ptr<followed_link>> links_;
    std::vector<link_id> unused_;
    std::map<place, link_id> by_place_;
    path_index by_target_;
    std::vector<link_id> to_check_;
    std::vector<link_id> urgent_;
    // All from this one on are urgent, as directories have moved; 0 for none.
    link_id next_to_visit_ = 0;
    std::vector<dir_id> moved_directories_;
};

} // namespace asio_inotify::detail

#endif

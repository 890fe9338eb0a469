//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_AGENDA_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_AGENDA_HPP

#include "tree/model/tree_model.hpp"

#include <optional>
#include <vector>

namespace asio_inotify::detail {

// The work that needs no event: which directories must be verified, listed and swept. The only
// writer of the flags `queued`, `verify`, `list`, `deep` and `attempts` of a directory:
//
//   call             | verify | list | deep | queued | when
//   -----------------+--------+------+------+--------+--------------------------------------------
//   verify           |  set   |      |      |  set   | its place or identity is in doubt
//   list             |        | set  |      |  set   | its entries are in doubt
//   scan             |  set   | set  |      |  set   | it is new, or its watch is missing
//   scan_subtree     |  set   | set  | set  |  set   | everything below is in doubt
//   postpone         |  set   |      |      |        | it cannot be reached until an event says
//   where postpone_scan    |  set   | set  |      |        | the same, and its watch has ended
//   resume           |        |      |      |  set*  | it was found (*: if it was postponed)
//   list_when_opened |        | set  |      |        | the caller opens it next
//   set_listing      |        | copy | copy |        | it takes the place of another directory
//   take (verify)    | clear  |      |      | clear  | the caller verifies it now
//   take (list)      |        |      |      | clear  | the caller lists it now
//   begin_listing    |        | clear| clear|        | its listing has begun
//   put_listing_back |        | set  | set* |        | that has failed (*: if it was deep)
//   skip_listing     |        | clear| clear|        | nothing in it is wanted, or can be watched
//
// A directory that is postponed is not lost: its parent is on the agenda, or an event is queued
// that names its new place (invariant 6 of tree_engine.hpp).
class agenda
{
public:
    explicit agenda(tree_model& model) noexcept
        : model_(model)
    {}

    void verify(dir_id id) noexcept { push(id, tree_directory::verify); }
    void list(dir_id id) noexcept { push(id, tree_directory::list); }
    void scan(dir_id id) noexcept { push(id, tree_directory::verify | tree_directory::list); }
    void scan_subtree(dir_id id) noexcept
    {
        push(id, tree_directory::verify | tree_directory::list | tree_directory::deep);
    }

    void postpone(dir_id id) noexcept { set(id, tree_directory::verify); }
    void postpone_scan(dir_id id) noexcept
    {
        set(id, tree_directory::verify | tree_directory::list);
    }
    void resume(dir_id id) noexcept
    {
        if (model_.directory(id).is(tree_directory::verify)) {
            push(id, 0);
        }
    }
    void list_when_opened(dir_id id) noexcept { set(id, tree_directory::list); }

    /// Whether a directory must be listed, as flags for the one that takes its place.
    [[nodiscard]] unsigned listing_of(dir_id id) const noexcept
    {
        return model_.index.directory(id).flags & listing_flags;
    }
    void set_listing(dir_id id, unsigned flags) noexcept { set(id, flags); }
    void begin_listing(dir_id id) noexcept { model_.directory(id).clear(listing_flags); }
    void skip_listing(dir_id id) noexcept { model_.directory(id).clear(listing_flags); }
    void put_listing_back(dir_id id, bool deep) noexcept
    {
        set(id, tree_directory::list | (deep ? tree_directory::deep : 0U));
    }

    /// A directory was listed in its parent and could not be opened by that name, or not be listed.
    /** @returns True if that has happened so often in a row that it is to be given up. */
    [[nodiscard]] bool count_miss(dir_id id) noexcept;
    void forget_misses(dir_id id) noexcept { model_.directory(id).clear(tree_directory::attempts); }

    enum class task
    {
        /// Nothing is left to do for the directory.
        none,
        /// Open it by its parent, watch it, and compare its identity.
        verify,
        /// Compare its entries with those on disk.
        list
    };
    struct item
    {
        dir_id directory;
        task what;
    };

    /// True if a directory is on the agenda.
    [[nodiscard]] bool has_work() const noexcept { return first_ != 0; }

    /// Take the directory that was added last: its parent is probably still open.
    /** @pre `has_work()` */
    [[nodiscard]] item take() noexcept;

    /// Verify a root before the next event is applied: its path may name a different directory.
    /** @throws std::bad_alloc */
    void suspect(dir_id root);

    [[nodiscard]] bool has_suspects() const noexcept { return !suspects_.empty(); }

    /// Take a suspect that still is a root; nothing if there is none.
    [[nodiscard]] std::optional<dir_id> take_suspect() noexcept;

    /// Remove the entries that were not listed when everything else has been compared: some are
    /// found elsewhere until then.
    void sweep_later(dir_id id) { to_sweep_.push_back(id); }
    [[nodiscard]] std::optional<dir_id> take_sweep() noexcept;
    [[nodiscard]] bool has_sweeps() const noexcept { return !to_sweep_.empty(); }

private:
    static constexpr unsigned listing_flags = tree_directory::list | tree_directory::deep;

    void set(dir_id id, unsigned flags) noexcept { model_.directory(id).set(flags); }
    void push(dir_id id, unsigned flags) noexcept;

    tree_model& model_;
    // Linked by their `link`.
    dir_id first_ = 0;
    std::vector<dir_id> to_sweep_;
    std::vector<dir_id> suspects_;
};

} // namespace asio_inotify::detail

#endif

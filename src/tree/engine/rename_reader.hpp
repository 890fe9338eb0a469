//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_RENAME_READER_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_RENAME_READER_HPP

#include "tree/engine/directory_access.hpp"
#include "tree/engine/event_queue.hpp"
#include "tree/engine/recent_directories.hpp"

#include <cstdint>
#include <optional>

namespace asio_inotify::detail {

/// What is known about the events behind a MOVED_FROM event.
enum class evidence
{
    /// Only the events that were read: more can be queued in the kernel.
    read,
    /// All that are queued: the pair can still be incomplete, as the kernel is not done with it.
    queue,
    /// The grace time has passed as well: nothing more belongs to this event.
    time
};

/// What a MOVED_FROM event means.
struct rename_verdict
{
    enum class kind
    {
        /// Events that are queued in the kernel can change the decision.
        needs_queue,
        /// An event that the kernel has not queued yet can change the decision.
        needs_time,
        /// The new place is in no tree.
        moved_out,
        /// An entry was renamed.
        moved,
        /// Two entries were exchanged.
        exchanged
    };

    // Of `moved`: which object has the old name in the model.
    enum class old_entry
    {
        /// The one that was renamed.
        renamed,
        /// A directory that came there after the rename: it stays, and must be verified.
        newer,
        /// A directory that is at neither place by now: it is removed.
        gone
    };

    // Of `exchanged`: which of the two entries in the model took part in it.
    enum class swapped
    {
        both,
        /// The one of the first name; the other one came there by the exchange.
        only_first,
        only_second,
        /// None: both were listed after it.
        none
    };

    kind what;
    dir_id source = 0;
    // 0 for `moved_out`.
    dir_id target = 0;
    // The MOVED_TO event of the pair, for `moved` and `exchanged`.
    std::optional<queued_event> to = std::nullopt;
    old_entry old = old_entry::renamed;
    swapped which = swapped::both;
    // The second pair of an exchange.
    std::optional<queued_event> back = std::nullopt;
    std::optional<queued_event> end = std::nullopt;
    // The target could not be checked, so it has to be listed.
    bool is_target_unknown = false;
};

// Decides what a MOVED_FROM event means, from the queue, the model and names on disk; changes
// neither of them. The kernel reports a rename by two records with one cookie, which can be apart
// (kernel note 4.27), and an exchange as two renames in opposite directions (kernel note 4.25). A
// rename over an entry and one back look nearly the same as an exchange.
class rename_reader
{
public:
    rename_reader(tree_options const& options, tree_model& model, recent_directories const& recent,
                  event_queue& queue, directory_access& access) noexcept
        : options_(options)
        , model_(model)
        , recent_(recent)
        , queue_(queue)
        , access_(access)
    {}

    /// @pre The event is the first one of the queue, and its watch is one of a directory in a tree.
    [[nodiscard]] rename_verdict read(queued_event const& from, evidence known);

private:
    // Both parents are at one place of the trees each.
    struct pair
    {
        queued_event from;
        queued_event to;
        dir_id source;
        dir_id target;
    };

    struct exchange_records
    {
        queued_event from;
        queued_event to;
        queued_event back;
        queued_event end;
    };

    // The kernel reports a directory's own move after the rename that moved it.
    struct moves
    {
        int wd;
        int other_wd;
        // The watch of the directory that moved with the first rename, and with the second.
        std::optional<int> first;
        std::optional<int> second;
    };

    enum class answer
    {
        no,
        yes,
        // An event that was not read yet can decide.
        needs_queue
    };

    [[nodiscard]] bool is_recent(dir_id id) const noexcept { return recent_.contains(id); }
    [[nodiscard]] rename_verdict read_move(pair const& records, evidence known);
    [[nodiscard]] std::optional<rename_verdict> read_exchange(pair const& records, evidence known);
    [[nodiscard]] std::optional<rename_verdict> read_half(pair const& records, dir_id a, dir_id b,
                                                          evidence known);
    [[nodiscard]] answer is_exchange(exchange_records const& records, moves const& moved,
                                     bool is_certain, evidence known);
    [[nodiscard]] answer was_name_free(exchange_records const& records, evidence known);
    [[nodiscard]] dir_id directory_of(entry_id id) const noexcept;
    [[nodiscard]] bool is_within(dir_id id, entry_id ancestor) const noexcept;
    [[nodiscard]] rename_verdict::swapped which(exchange_records const& records, dir_id a, dir_id b,
                                                moves const& moved) const noexcept;
    void observe_second_name(exchange_records const& records);

    tree_options const& options_;
    tree_model& model_;
    recent_directories const& recent_;
    event_queue& queue_;
    directory_access& access_;

    // Whether there was an entry of the name that both renames of an exchange have in common,
    // before the last read: what came there later is in the events that were read then.
    struct observation
    {
        // The last record of the exchange.
        std::uint64_t at = 0;
        std::optional<bool> is_taken;
    };
    observation observed_;
};

} // namespace asio_inotify::detail

#endif

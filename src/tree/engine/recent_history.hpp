//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_RECENT_HISTORY_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_RECENT_HISTORY_HPP

#include "tree/model/entry_arena.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace asio_inotify::detail {

// The last writes, renames and arrivals, as an event can use a name that its entry has no longer,
// or does not have yet. Each list holds a few: late events follow closely (kernel note 4.27).
// Values only; nothing here knows whether the entries still exist.
class recent_history
{
public:
    struct place
    {
        dir_id directory = 0;
        std::string name;
    };

    /// A file was written to. @param entry  0 if the index has no entry of the name.
    /** Called from a loop that has better use for its registers, so it is never inlined. */
    void note_write(dir_id directory, entry_id entry, std::string_view name);

    /// True if the file that is being renamed was written to under its new name before the rename
    /// was reported. @param replaced  The entry that had the name until now; 0 for none.
    [[nodiscard]] bool was_written(dir_id directory, std::string_view name,
                                   entry_id replaced) const noexcept;

    void note_rename(dir_id from, std::string_view name, dir_id to, std::string_view new_name);

    /// Where a file of an old name is now. The pointer is valid until the next rename is noted.
    [[nodiscard]] place const* find_renamed(dir_id from, std::string_view name) const noexcept;

    /// An entry came by a rename to a name that another entry had, or from a place that is not
    /// watched.
    /** @param from, old_name  Where it was before; 0 and empty if that is not known. */
    void note_arrival(dir_id directory, std::string_view name, dir_id from,
                      std::string_view old_name);

    /// Forget that an entry arrived. @returns Where it was before; nothing if it did not arrive.
    [[nodiscard]] std::optional<place> take_arrival(dir_id directory, std::string_view name);

    /// Forget arrivals from or in these directories; 0 for none.
    void forget_arrivals(dir_id directory, dir_id other) noexcept;

    /// A name was left by a rename, and there is an entry for whose arrival no event was read yet.
    /** It can have come by an exchange with a whiteout, which the kernel did not report. */
    void note_unexplained(dir_id directory, std::string_view name);

    /// True if it was noted, and no event has explained it since; it is forgotten by this.
    [[nodiscard]] bool take_unexplained(dir_id directory, std::string_view name) noexcept
    {
        return has_unexplained_ && erase_unexplained(directory, name);
    }

    /// An event has reported how the entry of the name came there.
    void note_explained(dir_id directory, std::string_view name) noexcept
    {
        static_cast<void>(take_unexplained(directory, name));
    }

private:
    [[nodiscard]] bool erase_unexplained(dir_id directory, std::string_view name) noexcept;

    struct write
    {
        dir_id directory = 0;
        entry_id entry = 0;
        std::string name;
    };

    struct move
    {
        place from;
        place to;
    };

    std::array<write, 8> writes_;
    std::size_t next_write_ = 0;
    std::array<move, 8> renames_;
    std::size_t next_rename_ = 0;
    // Here `to` is where the entry arrived.
    std::array<move, 16> arrivals_;
    std::size_t next_arrival_ = 0;
    std::array<place, 8> unexplained_;
    std::size_t next_unexplained_ = 0;
    bool has_unexplained_ = false;
};

} // namespace asio_inotify::detail

#endif

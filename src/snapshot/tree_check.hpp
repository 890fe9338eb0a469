//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SNAPSHOT_TREE_CHECK_HPP
#define ASIO_INOTIFY_SRC_SNAPSHOT_TREE_CHECK_HPP

#include <asio_inotify/tree_snapshot.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

namespace asio_inotify::detail {

/// Whether the well-formed lines of a text describe trees that there can be.
/** The author of the text chooses what is compared. All tables are ordered, so that no choice makes
 * the check slow. */
class tree_check
{
public:
    /// Check the next entry against those before it.
    /** @param name  The name as it is written. It must outlive the object. */
    [[nodiscard]] bool accepts(saved_entry const& entry, std::string_view name);

    /// A root that is a directory of another root's tree, whose entries would be there twice, or a
    /// part of no root.
    /** @param entries  All entries, which were accepted. */
    [[nodiscard]] static std::optional<std::size_t>
    find_misplaced_root(std::vector<saved_entry> const& entries);

private:
    // The names in the directory of each depth, as far as it was read.
    std::vector<std::set<std::string_view>> names_{1};
    // The largest depth that the next entry can have.
    std::uint32_t deepest_ = 0;
    // The identities of the directories with these watches.
    std::map<std::int32_t, std::pair<std::uint64_t, std::uint64_t>> watches_;
    bool has_parts_ = false;
};

} // namespace asio_inotify::detail

#endif

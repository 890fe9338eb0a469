//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TREE_SNAPSHOT_HPP
#define ASIO_INOTIFY_TREE_SNAPSHOT_HPP

#include <asio_inotify/detail/config.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace asio_inotify {

namespace detail {

/// What was told of a directory last, as something that is watched.
enum class saved_state : std::uint8_t
{
    covered,
    uncovered,
    /// Of a root.
    lost
};

/// One entry of a tree, in an order in which what is beneath a directory follows it.
struct saved_entry
{
    /// How many directories are above it; 0 for a root.
    std::uint32_t depth = 0;
    /// A root that is none lies in the tree of another one, which has its entries.
    bool is_directory = false;
    saved_state state = saved_state::covered;
    /// The number of its watch, 0 if it has none.
    std::int32_t wd = 0;
    /// Of directories.
    std::uint64_t device = 0;
    /// 0 if it is not known.
    std::uint64_t inode = 0;
    /// That of a root is its path.
    std::string name;
    /// Where a root is looked for.
    std::string absolute;

    friend bool operator==(saved_entry const&, saved_entry const&) = default;
};

} // namespace detail

/// The trees of a watcher as a value.
/**
 * Made by @ref basic_tree_watcher::save or read from its text; given to
 * @ref basic_tree_watcher::restore. Holds the entries of all trees, which files and directories
 * they were, and under which numbers the directories were watched.
 *
 * The text is printable ASCII in lines; `docs/snapshot-format.md` describes it.
 *
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
class ASIO_INOTIFY_DECL tree_snapshot
{
public:
    /// Construct a snapshot without trees.
    tree_snapshot() = default;

    /// @cond
    tree_snapshot(std::vector<detail::saved_entry> entries, std::int64_t time) noexcept;
    [[nodiscard]] std::vector<detail::saved_entry> const& entries() const noexcept
    {
        return entries_;
    }
    [[nodiscard]] std::int64_t time() const noexcept { return time_; }
    /// @endcond

    /// How many entries there are, the roots among them.
    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

    /// True if there is no tree.
    [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }

    /// The paths of the roots, as the user gave them.
    [[nodiscard]] std::vector<std::string> roots() const;

    /// The text form.
    [[nodiscard]] std::string to_text() const;

    /// Read the text form.
    /**
     * @param text  The whole text. It need not outlive the call.
     * @param ec    Why it is refused; cleared otherwise.
     * @param line  The number of the line that is refused, from 1; 0 on success.
     * @returns The snapshot; an empty one on failure.
     *
     * @par Errors
     * @ref error::unsupported_snapshot_version for the text of a later version;
     * @ref error::truncated_snapshot if the text ends too soon; @ref error::malformed_snapshot for
     * everything else that @ref to_text does not write.
     */
    [[nodiscard]] static tree_snapshot from_text(std::string_view text,
                                                 boost::system::error_code& ec, std::size_t& line);

    /// The same without the number of the line.
    [[nodiscard]] static tree_snapshot from_text(std::string_view text,
                                                 boost::system::error_code& ec);

    /// The same, throwing.
    /** @throws boost::system::system_error naming the line. */
    [[nodiscard]] static tree_snapshot from_text(std::string_view text);

    /// True for the same trees.
    friend bool operator==(tree_snapshot const&, tree_snapshot const&) = default;

private:
    std::vector<detail::saved_entry> entries_;
    // When the changes were complete, in nanoseconds, as files are marked.
    std::int64_t time_ = 0;
};

} // namespace asio_inotify

#endif

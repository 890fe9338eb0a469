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

/// Whether a directory was watched, as of the last reported change.
enum class saved_state : std::uint8_t
{
    covered,
    uncovered,
    /// Only a root: there was no directory at its path.
    lost
};

/// One entry of a tree. Entries are in preorder: the subtree of a directory follows it.
struct saved_entry
{
    /// The number of directories above it; 0 for a root.
    std::uint32_t depth = 0;
    /// False for a root that is inside the tree of another root, which then has the entries.
    bool is_directory = false;
    saved_state state = saved_state::covered;
    /// The watch descriptor; 0 if it has no watch.
    std::int32_t wd = 0;
    /// The device; only for directories.
    std::uint64_t device = 0;
    /// The inode number; 0 if it is not known.
    std::uint64_t inode = 0;
    /// The name; for a root, the path as it was passed to `add`.
    std::string name;
    /// For a root, its absolute path.
    std::string absolute;

    friend bool operator==(saved_entry const&, saved_entry const&) = default;
};

} // namespace detail

/// The trees of a @ref basic_tree_watcher as a value, to save and restore them.
/**
 * Comes from @ref save or from its text form; @ref restore
 * takes it. Contains the entries of all trees, their inodes, and the watch descriptors of the
 * directories.
 *
 * The text form is lines of printable ASCII; `docs/snapshot-format.md` describes the format.
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

    /// The number of entries, including the roots.
    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

    /// True if there are no trees.
    [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }

    /// The paths of the roots, as they were passed to `add`.
    [[nodiscard]] std::vector<std::string> roots() const;

    /// Format the text form.
    [[nodiscard]] std::string to_text() const;

    /// Parse the text form.
    /**
     * @param text  The whole text. It need not outlive the call.
     * @param ec    Set to the cause on failure, cleared otherwise.
     * @param line  The number of the erroneous line, from 1; 0 on success.
     * @returns The snapshot; an empty one on failure.
     *
     * @par Errors
     * @ref error::unsupported_snapshot_version if a later version of the library wrote the text;
     * @ref error::truncated_snapshot if the text is incomplete; @ref error::malformed_snapshot for
     * any other text that @ref to_text cannot have written.
     */
    [[nodiscard]] static tree_snapshot from_text(std::string_view text,
                                                 boost::system::error_code& ec, std::size_t& line);

    /// Parse the text form, without the line number.
    [[nodiscard]] static tree_snapshot from_text(std::string_view text,
                                                 boost::system::error_code& ec);

    /// Parse the text form; throws on failure.
    /** @throws boost::system::system_error; its text contains the line number. */
    [[nodiscard]] static tree_snapshot from_text(std::string_view text);

    /// True if the trees are equal.
    friend bool operator==(tree_snapshot const&, tree_snapshot const&) = default;

private:
    std::vector<detail::saved_entry> entries_;
    // The last time when the changes were complete, in nanoseconds, on the clock of file times.
    std::int64_t time_ = 0;
};

} // namespace asio_inotify

#endif

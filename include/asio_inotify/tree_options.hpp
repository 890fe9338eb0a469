//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TREE_OPTIONS_HPP
#define ASIO_INOTIFY_TREE_OPTIONS_HPP

#include <asio_inotify/detail/config.hpp>
#include <asio_inotify/tree_change.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace asio_inotify {

/// Options of a @ref basic_tree_watcher, for all its trees.
struct tree_options
{
    /// The kinds of changes to report. The watcher tracks all kinds anyway.
    /** If `modified` is reported and `created` is not, a new file that a scan finds is reported as
     * modified, as it may have been written before. */
    tree_change_mask report = tree_change_mask::all;

    /// Report the entries that the initial scan of a root finds, as `existing`.
    bool report_existing = false;

    /// Ignore entries that match one of these globs, as in fnmatch(3), with their subtrees.
    /** A glob without a '/' is matched against the name, one with a '/' against the path below the
     * root. If one root is below another one, that is the outer root. A pattern that can never
     * match is an error, see @ref find_invalid_exclude.
     *
     * When an entry gets another name or path, it is `removed` if a glob matches now, and `created`
     * if none does any more. Renaming a directory takes constant time, unless there is a glob with
     * a '/': then the watcher matches everything below the directory again, in slices, before it
     * reports the next change. It lists a directory again only if it ignored entries there because
     * of their path. */
    std::vector<std::string> exclude{};

    /// Ignore entries for which this function returns true, with their subtrees.
    /** Called with the path as it would be reported, before the entry is watched. It must always
     * return the same for a path and a type, and must not use the watcher.
     *
     * If it throws, the operation that is outstanding fails with @ref error::callback_failed, or
     * with `not_enough_memory` if it throws `std::bad_alloc`; the synchronous `restore` without an
     * error code rethrows the exception. The watcher stays usable: the next operation compares the
     * trees with the disk, and calls the function again.
     *
     * As it sees the whole path, the watcher calls it again for everything below a directory that
     * is renamed, moved or exchanged, and reports what is ignored now as `removed`, and what no
     * longer is as `created`. Such a rename therefore takes time for each entry below, as with a
     * glob with a '/' in @ref exclude. */
    std::function<bool(std::string_view path, tree_entry_type type)> prune{};

    /// Follow symbolic links to directories: treat such a link as the directory. The tree is what
    /// `find -L` prints.
    /** The watcher notices when a link is replaced or moved, and when its target appears, vanishes
     * or is a different one, wherever that is. For that it watches, in a second inotify instance,
     * every directory in which a name on the way to the target is looked up; the changes
     * `path_unguarded` and `path_guarded` report where it cannot. A link to a directory above
     * itself is uncovered, with @ref error::directory_in_itself; one to a directory at too many
     * places with
     * @ref error::too_many_places. */
    bool follow_symlinks = false;

    /// Do not watch directories on other filesystems than that of the root. They are reported as
    /// uncovered, with @ref error::different_filesystem.
    bool one_filesystem = false;

    /// Watch and report directories only. The watcher keeps no file names in memory, and does not
    /// open leaf directories where their number of links shows that they are leaves.
    bool directories_only = false;

    /// After each rename, look up the old name: a rename with RENAME_WHITEOUT leaves a character
    /// device there that the kernel does not report.
    /** Overlay filesystems make such renames in their upper directory. Without the lookup the
     * watcher does not report the device, and a rename costs less. */
    bool find_whiteouts = true;

    /// How long to wait for the `MOVED_TO` that matches a `MOVED_FROM`. After that the entry is
    /// reported as removed. Times above a hundred years are clamped to that.
    std::chrono::milliseconds grace_time{10};

    /// Upper limit for the time that scanning takes before it yields to other handlers of the
    /// executor. One system call may exceed it. Some work is done in each slice, also with zero.
    std::chrono::microseconds slice_time{1000};

    /// A batch is delivered when it has so many changes, or paths of 1 MiB. At least 1.
    /** One step of the work can add some more: the entries that one system call lists, or up to 256
     * that are removed. */
    std::size_t batch_size = 4096;

    /// The maximum size of the kernel events, in bytes, that are held back while a `MOVED_FROM`
    /// waits for its `MOVED_TO`. Values below 64 KiB are clamped to that.
    std::size_t event_bytes = std::size_t{1024} * 1024;
};

/// Find a pattern of @ref tree_options::exclude that can never match.
/**
 * These are not globs as in fnmatch(3), or not of a name or a path below a root:
 *
 * - an empty pattern, and one with a '/' at its end, such as `build/`;
 * - one with an empty component, `.` or `..`, such as `./build`;
 * - one that starts with a `!`. Write `\!name` for a name that does;
 * - one with alternatives in braces, such as `*.{o,a}`. Write two patterns;
 * - one that ends in a backslash, or contains a null byte;
 * - below any root but `/`, one that starts with a `/`.
 *
 * `open` and `add` of a @ref basic_tree_watcher fail with @ref error::invalid_exclude_pattern
 * then.
 *
 * @param options  The options.
 * @param root     The absolute path of a root; if it is empty, patterns that can match below
 *                 `/` only are valid.
 * @returns        The first such pattern, as long as the options are unmodified; null if each can
 *                 match.
 */
[[nodiscard]] ASIO_INOTIFY_DECL std::string const*
find_invalid_exclude(tree_options const& options, std::string_view root = {}) noexcept;

} // namespace asio_inotify

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_WATCH_REPORT_HPP
#define ASIO_INOTIFY_WATCH_REPORT_HPP

#include <asio_inotify/detail/config.hpp>
#include <asio_inotify/watch_descriptor.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace asio_inotify {

/// What became of a watch, or of what it is on.
enum class watch_outcome
{
    /// There is a watch, on the object that its path names.
    same,
    /// There is a watch on the object that was watched; the path that was known names it no more.
    moved,
    /// There is a watch on what the path names now, which is another object than the one before.
    replaced,
    /// There is no watch: what was watched is not there any more.
    gone,
    /// There is no watch, or nothing can be said of it.
    failed,
    /// There is a watch; where its object is, is not known.
    path_unknown
};

/// What was found out about one watch.
/**
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
struct watch_finding
{
    /// The number.
    watch_descriptor wd;
    /// What became of the watch.
    watch_outcome outcome = watch_outcome::same;
    /// The cause: success for `moved` by a restore; @ref error::watch_moved where a path names
    /// another object; what the kernel said otherwise.
    boost::system::error_code reason;
    /// The path that the reason is about; for a watch that a restore found at another place, the
    /// new one, empty if it is not known.
    std::string path;
};

/// What was found out about a set of watches.
/**
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
struct watch_report
{
    /// The watches that are not `same`, in ascending order of their numbers.
    std::vector<watch_finding> findings;
    /// The number of watches that are @ref watch_outcome::same.
    std::size_t same = 0;
    /// Of the watches that were looked at, those whose identity was known and compared.
    std::size_t compared = 0;
    /// Watches that had lost kinds of events or options in the kernel, and have them again.
    std::size_t repaired = 0;
    /// Watches of the instance that are not in the set.
    std::size_t foreign = 0;

    /// The number of watches with an outcome.
    [[nodiscard]] std::size_t count(watch_outcome outcome) const noexcept
    {
        std::size_t found = outcome == watch_outcome::same ? same : 0;
        for (auto const& finding : findings) {
            found += finding.outcome == outcome ? 1U : 0U;
        }
        return found;
    }

    /// The first watch that is not on the object that was watched; null if there is none.
    [[nodiscard]] watch_finding const* first_lost() const noexcept
    {
        for (auto const& finding : findings) {
            if (finding.outcome == watch_outcome::replaced ||
                finding.outcome == watch_outcome::gone ||
                finding.outcome == watch_outcome::failed) {
                return &finding;
            }
        }
        return nullptr;
    }
};

} // namespace asio_inotify

#endif

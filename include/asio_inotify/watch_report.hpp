//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_WATCH_REPORT_HPP
#define ASIO_INOTIFY_WATCH_REPORT_HPP

#include <asio_inotify/detail/config.hpp>
#include <asio_inotify/detail/stream_name.hpp>
#include <asio_inotify/watch_descriptor.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace asio_inotify {

/// The state of a watch after a restore, a revalidation or an adoption.
enum class watch_outcome
{
    /// The watch exists and is on the object that its path names.
    same,
    /// The watch exists and is on the same object as before, but the path no longer names it.
    moved,
    /// The watch exists and is on the object that the path names now; that is a different object.
    replaced,
    /// The watch does not exist: the watched object is not there any more.
    gone,
    /// The watch does not exist, or its state could not be found out.
    failed,
    /// The watch exists; no path of its object is known.
    path_unknown
};

/// The name of a state: that of the enumerator.
[[nodiscard]] constexpr std::string_view to_string(watch_outcome outcome) noexcept
{
    switch (outcome) {
    case watch_outcome::same:
        return "same";
    case watch_outcome::moved:
        return "moved";
    case watch_outcome::replaced:
        return "replaced";
    case watch_outcome::gone:
        return "gone";
    case watch_outcome::failed:
        return "failed";
    case watch_outcome::path_unknown:
        break;
    }
    return "path_unknown";
}

/// Write the name of a state.
template <class Traits>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& to,
                                             watch_outcome outcome)
{
    return detail::stream_name(to, to_string(outcome));
}

/// The result for one watch.
/**
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
struct watch_finding
{
    /// The watch descriptor.
    watch_descriptor wd;
    /// The state of the watch.
    watch_outcome outcome = watch_outcome::same;
    /// The cause: success for `moved` by a restore; @ref error::watch_moved if the path names a
    /// different object; otherwise the kernel's error.
    boost::system::error_code reason;
    /// The path that the reason refers to. For a watch that a restore found by its file handle, the
    /// new path, empty if it is not known.
    std::string path;
};

/// The result of a restore, a revalidation or an adoption, for all watches.
/**
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
struct watch_report
{
    /// The watches that are not `same`, in ascending order of their watch descriptors.
    std::vector<watch_finding> findings;
    /// The number of watches that are @ref watch_outcome::same.
    std::size_t same = 0;
    /// The number of watches whose identity was known and compared.
    std::size_t compared = 0;
    /// The number of watches that had lost event kinds or options in the kernel and got them back.
    std::size_t repaired = 0;
    /// The number of watches of the instance that are not in the set.
    std::size_t foreign = 0;

    /// The number of watches with the given outcome.
    [[nodiscard]] std::size_t count(watch_outcome outcome) const noexcept
    {
        std::size_t found = outcome == watch_outcome::same ? same : 0;
        for (auto const& finding : findings) {
            found += finding.outcome == outcome ? 1U : 0U;
        }
        return found;
    }

    /// The first watch that is `replaced`, `gone` or `failed`; null if there is none.
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

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_FILE_CHANGE_HPP
#define ASIO_INOTIFY_FILE_CHANGE_HPP

#include <asio_inotify/file_identity.hpp>

#include <boost/system/error_code.hpp>

#include <string_view>

namespace asio_inotify {

/// What became of the file behind a path.
enum class file_change_kind
{
    /// It has another content, or is another file.
    changed,
    /// It is there, and was not.
    appeared,
    /// It is not there, and was.
    disappeared
};

/// The name of a kind of change, such as "changed"; the only ones there are.
[[nodiscard]] constexpr std::string_view to_string(file_change_kind kind) noexcept
{
    switch (kind) {
    case file_change_kind::changed:
        return "changed";
    case file_change_kind::appeared:
        return "appeared";
    case file_change_kind::disappeared:
        break;
    }
    return "disappeared";
}

/// One change of state of a path that is watched by a @ref basic_file_watcher.
/**
 * @par Object Lifetimes
 * The path is valid as long as the batch that the change comes from, or a copy of that.
 *
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
struct file_change
{
    /// The path as it was added, followed by a null byte: `path.data()` is a path for a call.
    std::string_view path;
    /// What happened.
    file_change_kind what = file_change_kind::changed;
    /// The file that was there when the path was reported last, or added.
    file_identity before;
    /// The file that is there now. The same as before if it was written in place.
    file_identity after;
    /// Of `disappeared`: why there is no file, such as `no_such_file_or_directory`,
    /// `permission_denied` or `is_a_directory`.
    boost::system::error_code reason;
};

} // namespace asio_inotify

#endif

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

/// How the file behind a path has changed.
enum class file_change_kind
{
    /// The file was written, or replaced by a different file.
    changed,
    /// The file exists; it did not before.
    appeared,
    /// The file does not exist any more.
    disappeared
};

/// The name of a kind of change: "changed", "appeared" or "disappeared".
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

/// One change of state of a path that a @ref basic_file_watcher watches.
/**
 * @par Object Lifetimes
 * The path is valid while the batch of the change, or a copy of the batch, is.
 *
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
struct file_change
{
    /// The path as it was added; a null byte follows, so `path.data()` is a C string.
    std::string_view path;
    /// What happened.
    file_change_kind what = file_change_kind::changed;
    /// The file at the last report of the path, or when the path was added.
    file_identity before;
    /// The file now. Equal to `before` if the file was written in place.
    file_identity after;
    /// For `disappeared`: why there is no file, such as `no_such_file_or_directory`,
    /// `permission_denied` or `is_a_directory`.
    boost::system::error_code reason;
};

} // namespace asio_inotify

#endif

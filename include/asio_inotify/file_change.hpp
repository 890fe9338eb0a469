//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_FILE_CHANGE_HPP
#define ASIO_INOTIFY_FILE_CHANGE_HPP

#include <asio_inotify/detail/shared_change.hpp>
#include <asio_inotify/detail/stream_name.hpp>
#include <asio_inotify/file_identity.hpp>

#include <boost/system/error_code.hpp>

#include <string>
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

/// Write the name of a kind.
template <class Traits>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& to,
                                             file_change_kind kind)
{
    return detail::stream_name(to, to_string(kind));
}

namespace detail {

struct file_change_record
{
    // A null byte follows.
    std::string_view path;
    file_change_kind kind;
    file_identity before;
    file_identity after;
    boost::system::error_code error;
};

struct file_change_text : change_text
{
    std::string paths{};
};

} // namespace detail

/// One change of state of a path that a @ref basic_file_watcher watches.
/**
 * A copy shares the ownership of the path with its @ref file_change_batch. A change in a batch
 * lives as long as that.
 *
 * @par Thread Safety
 * Distinct objects: safe, also copies of one change. Shared objects: unsafe.
 */
class file_change
    : private detail::shared_change<detail::file_change_record, detail::file_change_text>
{
public:
    /// What happened.
    [[nodiscard]] file_change_kind kind() const noexcept { return record().kind; }

    /// The path as it was added.
    /** A null byte follows. Valid while the change is. */
    [[nodiscard]] std::string_view path() const noexcept { return record().path; }

    /// The file at the last report of the path, or when the path was added.
    [[nodiscard]] file_identity const& before() const noexcept { return record().before; }

    /// The file now. Equal to @ref before if the file was written in place.
    [[nodiscard]] file_identity const& after() const noexcept { return record().after; }

    /// For `disappeared`, why there is no file, such as `no_such_file_or_directory`,
    /// `permission_denied` or `is_a_directory`; else success.
    [[nodiscard]] boost::system::error_code error() const noexcept { return record().error; }

private:
    template <class Change>
    friend class detail::batched_change;

    using shared_change::shared_change;
};

} // namespace asio_inotify

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_ERROR_HPP
#define ASIO_INOTIFY_ERROR_HPP

#include <asio_inotify/detail/config.hpp>

#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/is_error_code_enum.hpp>

#include <type_traits>

namespace asio_inotify {

/// What the kernel cannot say, or says with a code that means several things.
/**
 * Everything else is reported as the kernel's own `errno` in `boost::system::system_category()`.
 * Each value compares equal to the portable condition given here.
 */
enum class error
{
    /// The number is not one that a watch can have, 1 to `INT_MAX`. (`invalid_argument`)
    watch_descriptor_out_of_range = 1,
    /// The wanted number belongs to another watch of the instance. (`device_or_resource_busy`)
    watch_descriptor_in_use,
    /// No watch of the instance has this number. (`invalid_argument`)
    no_such_watch,
    /// The kernel has no `INOTIFY_IOC_SETNEXTWD`, or, with a walk limit set, the number cannot
    /// be reached within it. (`operation_not_supported`)
    set_next_unsupported,
    /// The mask is empty or has bits that are no kind of event. (`invalid_argument`)
    invalid_event_mask,
    /// The options have unknown flags or contradict each other. (`invalid_argument`)
    invalid_add_options,
    /// The path has a null byte in it. (`invalid_argument`)
    path_contains_null,
    /// The buffer is too small for the next event, or smaller than @ref minimum_buffer_size.
    /// (`message_size`)
    buffer_too_small,
    /// The descriptor is open but is no inotify instance. (`invalid_argument`)
    not_an_inotify_descriptor,
    /// The bytes are not a sequence of whole inotify events. (`bad_message`)
    malformed_event,
    /// A name is not that of a kind of event. (`invalid_argument`)
    unknown_event_name,
    /// Walking to a number needs the queue, but an asynchronous operation is outstanding.
    /// (`device_or_resource_busy`)
    read_outstanding,
    /// The number had another watch before, of which events can still come.
    /// (`device_or_resource_busy`)
    watch_descriptor_quarantined,
    /// No number is left that no watch had before. (`device_or_resource_busy`)
    watch_descriptors_exhausted,
    /// The path names another object now than the one that is watched, or is not known.
    /// (`no_such_file_or_directory`)
    watch_moved,
    /// The text is not that of a snapshot, or was changed. (`bad_message`)
    malformed_snapshot,
    /// The text of a snapshot ends before its end. (`bad_message`)
    truncated_snapshot,
    /// The text is that of a later version than this one. (`operation_not_supported`)
    unsupported_snapshot_version,
    /// The bytes are not those of a released set. (`bad_message`)
    malformed_set_state,
    /// The other side could not take over the set. (`connection_refused`)
    hand_over_refused,
    /// An operation of this kind is outstanding already. (`device_or_resource_busy`)
    operation_outstanding,
    /// The filesystem can be changed by others than this machine's kernel, which does not tell of
    /// it. (`not_supported`)
    remote_filesystem,
    /// There are changes that the user was not told yet. (`device_or_resource_busy`)
    changes_not_received,
    /// The watcher watches something already. (`invalid_argument`)
    not_empty,
    /// The path is empty. (`invalid_argument`)
    empty_path,
    /// The path is not one of those that are watched. (`invalid_argument`)
    path_not_watched
};

/// The category of @ref error.
/** It has an id of its own, so that it compares equal across shared objects. */
[[nodiscard]] ASIO_INOTIFY_DECL boost::system::error_category const& error_category() noexcept;

/// Make an error code of the library's category.
[[nodiscard]] inline boost::system::error_code make_error_code(error e) noexcept
{
    return {static_cast<int>(e), error_category()};
}

} // namespace asio_inotify

/// @cond
// Lets an asio_inotify::error convert to and compare with an error_code.
template <>
struct boost::system::is_error_code_enum<asio_inotify::error> : std::true_type
{
};
/// @endcond

#endif

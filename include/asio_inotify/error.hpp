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

/// Errors for which the kernel has no code, or only an ambiguous one.
/**
 * All other errors are the kernel's `errno` values in `boost::system::system_category()`. Each
 * value compares equal to the portable condition in parentheses.
 */
enum class error
{
    /// The watch descriptor is not in the range 1 to `INT_MAX`. (`invalid_argument`)
    watch_descriptor_out_of_range = 1,
    /// Another watch of the instance has this watch descriptor. (`device_or_resource_busy`)
    watch_descriptor_in_use,
    /// No watch of the instance has this watch descriptor. (`invalid_argument`)
    no_such_watch,
    /// The kernel has no `INOTIFY_IOC_SETNEXTWD`, and the watch descriptor cannot be reached within
    /// the walk limit, if one is set. (`operation_not_supported`)
    set_next_unsupported,
    /// The mask is empty or has bits that are not event kinds. (`invalid_argument`)
    invalid_event_mask,
    /// The options have unknown flags or contradict each other. (`invalid_argument`)
    invalid_add_options,
    /// The path contains a null byte. (`invalid_argument`)
    path_contains_null,
    /// The buffer is too small for the next event, or smaller than @ref minimum_buffer_size.
    /// (`message_size`)
    buffer_too_small,
    /// The file descriptor is open but is not an inotify instance. (`invalid_argument`)
    not_an_inotify_descriptor,
    /// The bytes are not a sequence of whole inotify events. (`bad_message`)
    malformed_event,
    /// A name is not the name of an event kind. (`invalid_argument`)
    unknown_event_name,
    /// A former watch had this watch descriptor, and its events can still arrive.
    /// (`device_or_resource_busy`)
    watch_descriptor_quarantined,
    /// Every watch descriptor was used by a watch before. (`device_or_resource_busy`)
    watch_descriptors_exhausted,
    /// The path is not known, or no longer names the watched object.
    /// (`no_such_file_or_directory`)
    watch_moved,
    /// The text is not a snapshot, or was modified. (`bad_message`)
    malformed_snapshot,
    /// The text of the snapshot is incomplete. (`bad_message`)
    truncated_snapshot,
    /// A later version of the library wrote the snapshot. (`operation_not_supported`)
    unsupported_snapshot_version,
    /// The bytes are not the state of a released set. (`bad_message`)
    malformed_set_state,
    /// The peer could not take over the set. (`connection_refused`)
    hand_over_refused,
    /// Another operation of the object is outstanding. (`device_or_resource_busy`)
    operation_outstanding,
    /// The filesystem is remote or in user space (NFS, SMB, FUSE): inotify does not report changes
    /// that other machines or the server make. (`not_supported`)
    remote_filesystem,
    /// There are changes that were not received yet. (`device_or_resource_busy`)
    changes_not_received,
    /// The watcher already has roots. (`invalid_argument`)
    not_empty,
    /// The path is empty. (`invalid_argument`)
    empty_path,
    /// The path is not watched. (`invalid_argument`)
    path_not_watched,
    /// The kernel makes the files of this filesystem (proc, sysfs, cgroup, debugfs, ...): inotify
    /// does not report what the kernel changes there. (`not_supported`)
    pseudo_filesystem,
    /// The trees of a watcher are on more than 65535 filesystems. (`value_too_large`)
    too_many_filesystems,
    /// No further watch is allowed: the limit of the user, `fs.inotify.max_user_watches`, or that
    /// of a user namespace, `user.max_inotify_watches`, is reached. The kernel says ENOSPC.
    /// (`no_space_on_device`)
    watch_limit_reached,
    /// No further inotify instance is allowed: the limit of the user,
    /// `fs.inotify.max_user_instances`, or that of a user namespace, `user.max_inotify_instances`,
    /// is reached. The kernel says EMFILE, as it does at the process's limit of file descriptors
    /// (`RLIMIT_NOFILE`); that stays EMFILE. (`too_many_files_open`)
    instance_limit_reached,
    /// The function needs `/proc`, which is not mounted. (`no_such_file_or_directory`)
    proc_not_mounted,
    /// The directory is also one of those above it, by a bind mount or a symbolic link that is
    /// followed. (`too_many_symbolic_link_levels`)
    directory_in_itself,
    /// The directory is on a different filesystem than the root of its tree.
    /// (`cross_device_link`)
    different_filesystem,
    /// A pattern of @ref tree_options::exclude can never match. (`invalid_argument`)
    invalid_exclude_pattern,
    /// The directory is at 64 other places of the trees, by symbolic links that are followed or by
    /// bind mounts: at more it is not watched. (`too_many_symbolic_link_levels`)
    too_many_places,
    /// @ref tree_options::batch_size is zero. (`invalid_argument`)
    invalid_batch_size,
    /// @ref tree_options::slice_time is negative. (`invalid_argument`)
    invalid_slice_time,
    /// @ref tree_options::grace_time is negative. (`invalid_argument`)
    invalid_grace_time,
    /// @ref file_watch_options::settle is negative. (`invalid_argument`)
    invalid_settle_time,
    /// A function of the user, @ref tree_options::prune, threw an exception. (`invalid_argument`)
    callback_failed
};

/// The category of @ref error.
/** It has a fixed id, so that it compares equal across shared objects. */
[[nodiscard]] ASIO_INOTIFY_DECL boost::system::error_category const& error_category() noexcept;

/// Make an error code of the library's category.
[[nodiscard]] inline boost::system::error_code make_error_code(error e) noexcept
{
    return {static_cast<int>(e), error_category()};
}

} // namespace asio_inotify

/// @cond
// Makes asio_inotify::error convert to and compare with an error_code.
template <>
struct boost::system::is_error_code_enum<asio_inotify::error> : std::true_type
{
};
/// @endcond

#endif

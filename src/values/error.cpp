//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/error.hpp>

#include <boost/system/errc.hpp>
#include <boost/system/error_condition.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>

namespace asio_inotify {
namespace {

namespace errc = boost::system::errc;

struct description
{
    error code;
    // The portable condition that it compares equal to.
    errc::errc_t condition;
    char const* text;
};

// In the order of their values.
constexpr description descriptions[] = {
    {error::watch_descriptor_out_of_range, errc::invalid_argument,
     "watch descriptor is not between 1 and INT_MAX"},
    {error::watch_descriptor_in_use, errc::device_or_resource_busy,
     "watch descriptor is in use by another watch"},
    {error::no_such_watch, errc::invalid_argument, "no watch has this watch descriptor"},
    {error::set_next_unsupported, errc::operation_not_supported,
     "this kernel does not let watch descriptors be chosen"},
    {error::invalid_event_mask, errc::invalid_argument,
     "event mask is empty or has bits that are not kinds of events"},
    {error::invalid_add_options, errc::invalid_argument,
     "add options contradict each other or are unknown"},
    {error::path_contains_null, errc::invalid_argument, "path contains a null byte"},
    {error::buffer_too_small, errc::message_size, "buffer is too small for an event"},
    {error::not_an_inotify_descriptor, errc::invalid_argument,
     "file descriptor is not an inotify instance"},
    {error::malformed_event, errc::bad_message, "bytes are not a sequence of inotify events"},
    {error::unknown_event_name, errc::invalid_argument, "unknown event name"},
    {error::watch_descriptor_quarantined, errc::device_or_resource_busy,
     "watch descriptor was used before, and events of the old watch can still arrive"},
    {error::watch_descriptors_exhausted, errc::device_or_resource_busy,
     "no unused watch descriptor is left"},
    {error::watch_moved, errc::no_such_file_or_directory, "path does not name the watched object"},
    {error::malformed_snapshot, errc::bad_message, "text is not that of a snapshot"},
    {error::truncated_snapshot, errc::bad_message, "text of a snapshot ends too soon"},
    {error::unsupported_snapshot_version, errc::operation_not_supported,
     "snapshot is of a later version"},
    {error::malformed_set_state, errc::bad_message, "bytes are not the state of a watch set"},
    {error::hand_over_refused, errc::connection_refused, "peer could not take over the watch set"},
    {error::operation_outstanding, errc::device_or_resource_busy,
     "another operation of the object is outstanding"},
    {error::remote_filesystem, errc::not_supported,
     "inotify does not report remote changes on this filesystem"},
    {error::changes_not_received, errc::device_or_resource_busy,
     "there are changes that have not been received yet"},
    {error::not_empty, errc::invalid_argument, "watcher is not empty"},
    {error::empty_path, errc::invalid_argument, "path is empty"},
    {error::path_not_watched, errc::invalid_argument, "path is not watched"},
    {error::pseudo_filesystem, errc::not_supported,
     "inotify does not report what the kernel changes on this filesystem"},
    {error::too_many_filesystems, errc::value_too_large,
     "the trees are on more than 65535 filesystems"},
    {error::watch_limit_reached, errc::no_space_on_device,
     "the user's limit of watches is reached; see /proc/sys/fs/inotify/max_user_watches, in a user "
     "namespace also /proc/sys/user/max_inotify_watches, and inotify(7)"},
    {error::instance_limit_reached, errc::too_many_files_open,
     "the user's limit of inotify instances is reached; see "
     "/proc/sys/fs/inotify/max_user_instances, in a user namespace also "
     "/proc/sys/user/max_inotify_instances, and inotify(7)"},
    {error::proc_not_mounted, errc::no_such_file_or_directory, "/proc is not mounted"},
    {error::directory_in_itself, errc::too_many_symbolic_link_levels,
     "directory is also above itself, by a mount or a symbolic link"},
    {error::different_filesystem, errc::cross_device_link,
     "directory is on a different filesystem than the root of its tree"},
    {error::invalid_exclude_pattern, errc::invalid_argument,
     "exclude pattern can never match: it is no glob of a name, or of a path below the root"},
    {error::too_many_places, errc::too_many_symbolic_link_levels,
     "directory is at 64 other places of the trees, by symbolic links or mounts"},
    {error::invalid_batch_size, errc::invalid_argument, "tree_options::batch_size is zero"},
    {error::invalid_slice_time, errc::invalid_argument, "tree_options::slice_time is negative"},
    {error::invalid_grace_time, errc::invalid_argument, "tree_options::grace_time is negative"},
    {error::invalid_settle_time, errc::invalid_argument, "file_watch_options::settle is negative"},
    {error::callback_failed, errc::invalid_argument, "tree_options::prune threw an exception"},
};

constexpr bool is_in_order() noexcept
{
    int value = 0;
    return std::ranges::all_of(descriptions, [&](description const& each) {
        return static_cast<int>(each.code) == ++value;
    });
}
static_assert(is_in_order());

// Null for a value that is not in use.
constexpr description const* describe(int value) noexcept
{
    auto const at = static_cast<std::size_t>(value) - 1;
    return at < std::size(descriptions) ? &descriptions[at] : nullptr;
}

class category final : public boost::system::error_category
{
public:
    // A random id: equal in all shared objects that contain a copy of the library.
    constexpr category() noexcept
        : boost::system::error_category(0xd2a5'41f0'9c37'6be8ULL)
    {}

    [[nodiscard]] char const* name() const noexcept override { return "asio_inotify"; }

    [[nodiscard]] std::string message(int value) const override { return text(value); }

    char const* message(int value, char*, std::size_t) const noexcept override
    {
        return text(value);
    }

    [[nodiscard]] boost::system::error_condition
    default_error_condition(int value) const noexcept override
    {
        auto const* const known = describe(value);
        return known != nullptr ? errc::make_error_condition(known->condition)
                                : boost::system::error_condition(value, *this);
    }

private:
    static char const* text(int value) noexcept
    {
        auto const* const known = describe(value);
        return known != nullptr ? known->text : "unknown asio_inotify error";
    }
};

constinit category const the_category;

} // namespace

boost::system::error_category const& error_category() noexcept
{
    return the_category;
}

} // namespace asio_inotify

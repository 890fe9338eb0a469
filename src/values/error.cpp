//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/error.hpp>

#include <boost/system/errc.hpp>
#include <boost/system/error_condition.hpp>

#include <string>

namespace asio_inotify {
namespace {

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
        namespace errc = boost::system::errc;
        switch (static_cast<error>(value)) {
        case error::watch_descriptor_out_of_range:
        case error::no_such_watch:
        case error::invalid_event_mask:
        case error::invalid_add_options:
        case error::path_contains_null:
        case error::not_an_inotify_descriptor:
        case error::unknown_event_name:
        case error::empty_path:
        case error::path_not_watched:
            return errc::make_error_condition(errc::invalid_argument);
        case error::watch_descriptor_in_use:
        case error::read_outstanding:
        case error::watch_descriptor_quarantined:
        case error::watch_descriptors_exhausted:
        case error::operation_outstanding:
            return errc::make_error_condition(errc::device_or_resource_busy);
        case error::remote_filesystem:
            return errc::make_error_condition(errc::not_supported);
        case error::not_empty:
            return errc::make_error_condition(errc::invalid_argument);
        case error::changes_not_received:
            return errc::make_error_condition(errc::device_or_resource_busy);
        case error::hand_over_refused:
            return errc::make_error_condition(errc::connection_refused);
        case error::watch_moved:
            return errc::make_error_condition(errc::no_such_file_or_directory);
        case error::set_next_unsupported:
        case error::unsupported_snapshot_version:
            return errc::make_error_condition(errc::operation_not_supported);
        case error::buffer_too_small:
            return errc::make_error_condition(errc::message_size);
        case error::malformed_event:
        case error::malformed_snapshot:
        case error::truncated_snapshot:
        case error::malformed_set_state:
            return errc::make_error_condition(errc::bad_message);
        }
        return {value, *this};
    }

private:
    static char const* text(int value) noexcept
    {
        switch (static_cast<error>(value)) {
        case error::watch_descriptor_out_of_range:
            return "watch descriptor is not between 1 and INT_MAX";
        case error::watch_descriptor_in_use:
            return "watch descriptor is in use by another watch";
        case error::no_such_watch:
            return "no watch has this watch descriptor";
        case error::set_next_unsupported:
            return "this kernel does not let watch descriptors be chosen";
        case error::invalid_event_mask:
            return "event mask is empty or has bits that are not kinds of events";
        case error::invalid_add_options:
            return "add options contradict each other or are unknown";
        case error::path_contains_null:
            return "path contains a null byte";
        case error::buffer_too_small:
            return "buffer is too small for an event";
        case error::not_an_inotify_descriptor:
            return "file descriptor is not an inotify instance";
        case error::malformed_event:
            return "bytes are not a sequence of inotify events";
        case error::unknown_event_name:
            return "unknown event name";
        case error::read_outstanding:
            return "a read is outstanding";
        case error::watch_descriptor_quarantined:
            return "watch descriptor was used before, and events of the old watch can still arrive";
        case error::watch_descriptors_exhausted:
            return "no unused watch descriptor is left";
        case error::watch_moved:
            return "path does not name the watched object";
        case error::malformed_snapshot:
            return "text is not that of a snapshot";
        case error::truncated_snapshot:
            return "text of a snapshot ends too soon";
        case error::unsupported_snapshot_version:
            return "snapshot is of a later version";
        case error::malformed_set_state:
            return "bytes are not the state of a watch set";
        case error::hand_over_refused:
            return "peer could not take over the watch set";
        case error::operation_outstanding:
            return "an operation of this kind is already outstanding";
        case error::remote_filesystem:
            return "inotify does not report remote changes on this filesystem";
        case error::changes_not_received:
            return "there are changes that have not been received yet";
        case error::not_empty:
            return "watcher is not empty";
        case error::empty_path:
            return "path is empty";
        case error::path_not_watched:
            return "path is not watched";
        }
        return "unknown asio_inotify error";
    }
};

constinit category const the_category;

} // namespace

boost::system::error_category const& error_category() noexcept
{
    return the_category;
}

} // namespace asio_inotify

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_WATCH_VIEW_HPP
#define ASIO_INOTIFY_WATCH_VIEW_HPP

#include <asio_inotify/add_options.hpp>
#include <asio_inotify/detail/watch_record.hpp>
#include <asio_inotify/event_mask.hpp>
#include <asio_inotify/watch_descriptor.hpp>

#include <string_view>

namespace asio_inotify {

/// One watch of a @ref basic_watch_set, or none.
/**
 * As large as a pointer; to be passed by value.
 *
 * @par Object Lifetimes
 * Valid until the next read of the set begins after the watch was removed or has ended, and as
 * long as the set is open; so is its path.
 *
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe. It looks into the set, and must not be
 * used while another thread changes it.
 */
class watch_view
{
public:
    /// Construct the value that views no watch.
    watch_view() noexcept = default;

    /// True if it views a watch.
    [[nodiscard]] explicit operator bool() const noexcept { return record_ != nullptr; }

    /// The number; not valid if there is no watch.
    [[nodiscard]] watch_descriptor wd() const noexcept
    {
        return record_ != nullptr ? watch_descriptor{record_->wd} : watch_descriptor{};
    }

    /// The path as it was given, followed by a null byte; empty if it is not known, or if there is
    /// no watch.
    /** The watch is on an object, not on a path: after a rename the path is an old one. */
    [[nodiscard]] std::string_view path() const noexcept
    {
        return record_ != nullptr && record_->path
                   ? std::string_view{record_->path.get(), record_->path_size}
                   : std::string_view{"", 0};
    }

    /// The kinds of events it reports.
    [[nodiscard]] event_mask mask() const noexcept
    {
        return static_cast<event_mask>(native_mask()) & event_mask::all;
    }

    /// How it was added, of the options that last.
    [[nodiscard]] add_options options() const noexcept
    {
        return static_cast<add_options>(native_mask() &
                                        ~static_cast<std::uint32_t>(event_mask::all));
    }

    /// True for the same watch.
    friend bool operator==(watch_view, watch_view) noexcept = default;

private:
    friend class watch_event_batch;
    friend class watch_range;
    template <class Executor>
    friend class basic_watch_set;

    explicit watch_view(detail::watch_record const* record) noexcept
        : record_(record)
    {}

    [[nodiscard]] std::uint32_t native_mask() const noexcept
    {
        return record_ != nullptr ? record_->native_mask : 0;
    }

    detail::watch_record const* record_ = nullptr;
};

} // namespace asio_inotify

#endif

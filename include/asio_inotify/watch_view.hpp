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

/// A view of one watch of a @ref basic_watch_set, or of none.
/**
 * As large as a pointer; pass it by value.
 *
 * @par Object Lifetimes
 * The view and its path are valid while the set is open and has the watch. After the watch was
 * removed or has ended, they are valid until the next read of the set begins.
 *
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe. It refers to the set: do not use it while
 * another thread modifies the set.
 */
class watch_view
{
public:
    /// Construct an empty view.
    watch_view() noexcept = default;

    /// True if the view is not empty.
    [[nodiscard]] explicit operator bool() const noexcept { return record_ != nullptr; }

    /// The watch descriptor; not valid if the view is empty.
    [[nodiscard]] watch_descriptor wd() const noexcept
    {
        return record_ != nullptr ? watch_descriptor{record_->wd} : watch_descriptor{};
    }

    /// The path as it was passed to `add`; a null byte follows. Empty if it is not known, or if the
    /// view is empty.
    /** The kernel watches an inode, not a path: after a rename this is the old path. */
    [[nodiscard]] std::string_view path() const noexcept
    {
        return record_ != nullptr && record_->path
                   ? std::string_view{record_->path.get(), record_->path_size}
                   : std::string_view{""};
    }

    /// The event kinds that the watch reports.
    [[nodiscard]] event_mask mask() const noexcept
    {
        return static_cast<event_mask>(native_mask()) & event_mask::all;
    }

    /// The persistent options that the watch was added with.
    [[nodiscard]] add_options options() const noexcept
    {
        return static_cast<add_options>(native_mask() &
                                        ~static_cast<std::uint32_t>(event_mask::all));
    }

    /// True if both view the same watch.
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

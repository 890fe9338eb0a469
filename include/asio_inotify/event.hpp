//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_EVENT_HPP
#define ASIO_INOTIFY_EVENT_HPP

#include <asio_inotify/event_mask.hpp>
#include <asio_inotify/event_view.hpp>
#include <asio_inotify/watch_descriptor.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace asio_inotify {

/// An event that owns its name: a copy of an @ref event_view that outlives the buffer.
/**
 * Has the same observers as @ref event_view.
 *
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
class event
{
public:
    /// Construct an event without watch, kind and name.
    event() = default;

    /// Copy the event that a view refers to.
    explicit event(event_view view)
        : wd_(view.wd())
        , native_mask_(view.native_mask())
        , cookie_(view.cookie())
        , name_(view.name())
    {}

    /// @copydoc event_view::wd
    [[nodiscard]] watch_descriptor wd() const noexcept { return wd_; }

    /// @copydoc event_view::kind
    [[nodiscard]] event_kind kind() const noexcept { return detail::kind_of(native_mask_); }

    /// @copydoc event_view::mask
    [[nodiscard]] event_mask mask() const noexcept
    {
        return static_cast<event_mask>(native_mask_) & event_mask::all;
    }

    /// @copydoc event_view::is
    [[nodiscard]] bool is(event_mask kinds) const noexcept { return any(mask() & kinds); }

    /// @copydoc event_view::cookie
    [[nodiscard]] std::uint32_t cookie() const noexcept { return cookie_; }

    /// The name of the entry in the watched directory. Valid while the object is.
    [[nodiscard]] std::string const& name() const& noexcept { return name_; }

    /// The name of the entry, moved out of the object.
    [[nodiscard]] std::string name() && noexcept { return std::move(name_); }

    /// @copydoc event_view::is_directory
    [[nodiscard]] bool is_directory() const noexcept
    {
        return (native_mask_ & detail::directory_bit) != 0;
    }

    /// @copydoc event_view::is_ignored
    [[nodiscard]] bool is_ignored() const noexcept
    {
        return (native_mask_ & detail::ignored_bit) != 0;
    }

    /// @copydoc event_view::is_overflow
    [[nodiscard]] bool is_overflow() const noexcept
    {
        return (native_mask_ & detail::overflow_bit) != 0;
    }

    /// @copydoc event_view::is_unmount
    [[nodiscard]] bool is_unmount() const noexcept
    {
        return (native_mask_ & detail::unmount_bit) != 0;
    }

    /// @copydoc event_view::native_mask
    [[nodiscard]] std::uint32_t native_mask() const noexcept { return native_mask_; }

    /// True if descriptor, native mask, cookie and name are equal.
    friend bool operator==(event const&, event const&) = default;

private:
    watch_descriptor wd_;
    std::uint32_t native_mask_ = 0;
    std::uint32_t cookie_ = 0;
    std::string name_;
};

} // namespace asio_inotify

#endif

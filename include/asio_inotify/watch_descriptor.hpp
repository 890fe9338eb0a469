//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_WATCH_DESCRIPTOR_HPP
#define ASIO_INOTIFY_WATCH_DESCRIPTOR_HPP

#include <asio_inotify/detail/config.hpp>
#include <asio_inotify/detail/stream_name.hpp>

#include <compare>
#include <cstddef>
#include <functional>
#include <limits>

namespace asio_inotify {

/// A watch descriptor (wd): the number of a watch within an inotify instance.
/**
 * A value type around the kernel's `int`, so that it is not mistaken for a count, a file descriptor
 * or a mask. It has a meaning only within the instance that returned it. The kernel's watch
 * descriptors are 1 to `INT_MAX`; any other value means "no watch".
 *
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
class watch_descriptor
{
public:
    /// Construct the value -1, which means no watch.
    constexpr watch_descriptor() noexcept = default;

    /// Construct from the kernel's number.
    constexpr explicit watch_descriptor(int value) noexcept
        : value_(value)
    {}

    /// The kernel's number; -1 for the default constructed value and in overflow events.
    [[nodiscard]] constexpr int value() const noexcept { return value_; }

    /// True for 1 to `INT_MAX`, the values that the kernel can return.
    [[nodiscard]] constexpr bool is_valid() const noexcept { return value_ >= 1; }

    /// Same as @ref is_valid.
    [[nodiscard]] constexpr explicit operator bool() const noexcept { return is_valid(); }

    /// The smallest watch descriptor, 1.
    [[nodiscard]] static constexpr watch_descriptor lowest() noexcept
    {
        return watch_descriptor{1};
    }

    /// The largest watch descriptor, `INT_MAX`.
    [[nodiscard]] static constexpr watch_descriptor highest() noexcept
    {
        return watch_descriptor{(std::numeric_limits<int>::max)()};
    }

    /// True if the numbers are equal.
    friend constexpr bool operator==(watch_descriptor, watch_descriptor) noexcept = default;
    /// Order by number.
    friend constexpr std::strong_ordering operator<=>(watch_descriptor,
                                                      watch_descriptor) noexcept = default;

    /// Write the number.
    template <class Traits>
    friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& to,
                                                        watch_descriptor wd)
    {
        return detail::stream_name(to, wd.value());
    }

private:
    int value_ = -1;
};

} // namespace asio_inotify

/// @cond
// For keys of unordered containers.
template <>
struct std::hash<asio_inotify::watch_descriptor>
{
    std::size_t operator()(asio_inotify::watch_descriptor wd) const noexcept
    {
        return std::hash<int>{}(wd.value());
    }
};
/// @endcond

#endif

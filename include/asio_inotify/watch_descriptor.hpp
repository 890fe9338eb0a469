//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_WATCH_DESCRIPTOR_HPP
#define ASIO_INOTIFY_WATCH_DESCRIPTOR_HPP

#include <asio_inotify/detail/config.hpp>

#include <compare>
#include <cstddef>
#include <functional>
#include <limits>

namespace asio_inotify {

/// The number by which one inotify instance knows one watch.
/**
 * A value type around the kernel's `int`, so that a number is not mistaken for a count, a file
 * descriptor or a mask. Numbers are meaningful only together with the instance that handed them
 * out. The kernel gives numbers from 1 to `INT_MAX`; everything else means "no watch".
 *
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
class watch_descriptor
{
public:
    /// Construct the value that names no watch.
    constexpr watch_descriptor() noexcept = default;

    /// Construct from the kernel's number.
    constexpr explicit watch_descriptor(int value) noexcept
        : value_(value)
    {}

    /// The kernel's number; -1 for the default constructed value and in overflow events.
    [[nodiscard]] constexpr int value() const noexcept { return value_; }

    /// True for a number that the kernel can hand out: 1 to `INT_MAX`.
    [[nodiscard]] constexpr bool is_valid() const noexcept { return value_ >= 1; }

    /// Same as @ref is_valid.
    [[nodiscard]] constexpr explicit operator bool() const noexcept { return is_valid(); }

    /// The smallest number of a watch, 1.
    [[nodiscard]] static constexpr watch_descriptor lowest() noexcept
    {
        return watch_descriptor{1};
    }

    /// The largest number of a watch, `INT_MAX`.
    [[nodiscard]] static constexpr watch_descriptor highest() noexcept
    {
        return watch_descriptor{(std::numeric_limits<int>::max)()};
    }

    /// True for the same number.
    friend constexpr bool operator==(watch_descriptor, watch_descriptor) noexcept = default;
    /// By number.
    friend constexpr std::strong_ordering operator<=>(watch_descriptor,
                                                      watch_descriptor) noexcept = default;

private:
    int value_ = -1;
};

} // namespace asio_inotify

/// @cond
// Numbers as keys of unordered containers.
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

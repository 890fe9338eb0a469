//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_VALUES_NATIVE_HPP
#define ASIO_INOTIFY_SRC_VALUES_NATIVE_HPP

#include <asio_inotify/add_options.hpp>
#include <asio_inotify/event_mask.hpp>

#include <cstdint>

namespace asio_inotify::detail {

/// The bits as inotify_add_watch(2) and records have them; inotify_ops.cpp asserts that they are
/// equal.
[[nodiscard]] constexpr std::uint32_t native(event_mask mask) noexcept
{
    return static_cast<std::uint32_t>(mask);
}

[[nodiscard]] constexpr std::uint32_t native(add_options options) noexcept
{
    return static_cast<std::uint32_t>(options);
}

[[nodiscard]] constexpr std::uint32_t native(event_mask mask, add_options options) noexcept
{
    return native(mask) | native(options);
}

} // namespace asio_inotify::detail

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_VALUES_NAME_LIST_HPP
#define ASIO_INOTIFY_SRC_VALUES_NAME_LIST_HPP

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace asio_inotify::detail {

/// A name of more than one bit, or of none.
struct named_bits
{
    std::string_view name;
    std::uint32_t bits;
};

/// The names of the bits that are set, the lowest first, separated by commas; "none" for no bit.
/** Bits that have no name are left out. */
[[nodiscard]] std::string join_names(std::span<std::string_view const> names, std::uint32_t bits);

/// The bits of names that are separated by ',' or '|'; nothing if a name is unknown or empty.
[[nodiscard]] std::optional<std::uint32_t> parse_names(std::string_view list,
                                                       std::span<std::string_view const> names,
                                                       std::span<named_bits const> sets) noexcept;

} // namespace asio_inotify::detail

#endif

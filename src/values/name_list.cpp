//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "values/name_list.hpp"

#include <algorithm>

namespace asio_inotify::detail {
namespace {

std::optional<std::uint32_t> bits_of(std::string_view name, std::span<std::string_view const> names,
                                     std::span<named_bits const> sets) noexcept
{
    if (auto const at = std::find(names.begin(), names.end(), name); at != names.end()) {
        return std::uint32_t{1} << (at - names.begin());
    }
    auto const at = std::find_if(sets.begin(), sets.end(),
                                 [&](named_bits const& set) { return set.name == name; });
    return at != sets.end() ? std::optional(at->bits) : std::nullopt;
}

} // namespace

std::string join_names(std::span<std::string_view const> names, std::uint32_t bits)
{
    std::string joined;
    for (auto const name : names) {
        if ((bits & 1U) != 0) {
            joined.append(joined.empty() ? "" : ",").append(name);
        }
        bits >>= 1U;
    }
    return joined.empty() ? "none" : joined;
}

std::optional<std::uint32_t> parse_names(std::string_view list,
                                         std::span<std::string_view const> names,
                                         std::span<named_bits const> sets) noexcept
{
    std::uint32_t all = 0;
    for (;;) {
        auto const end = list.find_first_of(",|");
        auto const bits = bits_of(list.substr(0, end), names, sets);
        if (!bits) {
            return std::nullopt;
        }
        all |= *bits;
        if (end == std::string_view::npos) {
            return all;
        }
        list.remove_prefix(end + 1);
    }
}

} // namespace asio_inotify::detail

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/event_mask.hpp>

#include "values/fail.hpp"
#include "values/name_list.hpp"
#include "values/throw_failed.hpp"

#include <array>
#include <cstddef>
#include <span>

namespace asio_inotify {
namespace {

// In the order of the bits.
constexpr std::array<std::string_view, 16> event_names{
    "access",     "modify",   "attrib",  "close_write", "close_nowrite", "open",
    "moved_from", "moved_to", "create",  "delete",      "delete_self",   "move_self",
    "", // no kind
    "unmount",    "overflow", "ignored",
};
constexpr auto mask_names = std::span(event_names).first<12>();

constexpr std::array event_sets{
    detail::named_bits{"close", static_cast<std::uint32_t>(event_mask::close)},
    detail::named_bits{"move", static_cast<std::uint32_t>(event_mask::move)},
    detail::named_bits{"all", static_cast<std::uint32_t>(event_mask::all)},
    detail::named_bits{"none", 0},
};

} // namespace

std::string_view to_string(event_kind kind) noexcept
{
    auto const at = static_cast<std::size_t>(kind);
    return at < event_names.size() ? event_names[at] : std::string_view();
}

std::string to_string(event_mask mask)
{
    return detail::join_names(mask_names, static_cast<std::uint32_t>(mask));
}

event_mask event_mask_from_string(std::string_view names, boost::system::error_code& ec)
{
    ec.clear();
    auto const bits = detail::parse_names(names, mask_names, event_sets);
    if (!bits) {
        ASIO_INOTIFY_FAIL(ec, error::unknown_event_name);
    }
    return event_mask{bits.value_or(0)};
}

event_mask event_mask_from_string(std::string_view names)
{
    boost::system::error_code ec;
    auto const mask = event_mask_from_string(names, ec);
    if (ec) {
        detail::throw_failed(ec, "event_mask_from_string " + detail::quoted(names));
    }
    return mask;
}

} // namespace asio_inotify

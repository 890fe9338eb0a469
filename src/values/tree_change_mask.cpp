//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/tree_change_mask.hpp>

#include "values/fail.hpp"
#include "values/name_list.hpp"
#include "values/throw_failed.hpp"

#include <array>
#include <cstddef>

namespace asio_inotify {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 17> change_names{
    "existing",   "created",   "modified",     "closed_write",   "attributes",   "removed",
    "renamed",    "exchanged", "rescan_begin", "rescan_end",     "unmounted",    "root_lost",
    "root_found", "uncovered", "covered",      "path_unguarded", "path_guarded",
};
static_assert(static_cast<std::uint32_t>(tree_change_mask::all) + 1 == 1U << change_names.size());

constexpr std::array change_sets{
    detail::named_bits{"all", static_cast<std::uint32_t>(tree_change_mask::all)},
    detail::named_bits{"none", 0},
};

} // namespace

std::string_view to_string(tree_change_kind kind) noexcept
{
    auto const at = static_cast<std::size_t>(kind);
    return at < change_names.size() ? change_names[at] : std::string_view();
}

std::string to_string(tree_change_mask mask)
{
    return detail::join_names(change_names, static_cast<std::uint32_t>(mask));
}

tree_change_mask tree_change_mask_from_string(std::string_view names, boost::system::error_code& ec)
{
    ec.clear();
    auto const bits = detail::parse_names(names, change_names, change_sets);
    if (!bits) {
        ASIO_INOTIFY_FAIL(ec, error::unknown_event_name);
    }
    return tree_change_mask{bits.value_or(0)};
}

tree_change_mask tree_change_mask_from_string(std::string_view names)
{
    boost::system::error_code ec;
    auto const mask = tree_change_mask_from_string(names, ec);
    if (ec) {
        detail::throw_failed(ec, "tree_change_mask_from_string " + detail::quoted(names));
    }
    return mask;
}

} // namespace asio_inotify

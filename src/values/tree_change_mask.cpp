//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/tree_change_mask.hpp>

#include "values/fail.hpp"
#include "values/throw_failed.hpp"

#include <array>
#include <utility>

namespace asio_inotify {
namespace {

using named_change = std::pair<std::string_view, tree_change_mask>;

constexpr std::array change_kinds{
    named_change{"existing", tree_change_mask::existing},
    named_change{"created", tree_change_mask::created},
    named_change{"modified", tree_change_mask::modified},
    named_change{"closed_write", tree_change_mask::closed_write},
    named_change{"attributes", tree_change_mask::attributes},
    named_change{"removed", tree_change_mask::removed},
    named_change{"renamed", tree_change_mask::renamed},
    named_change{"exchanged", tree_change_mask::exchanged},
    named_change{"rescan_begin", tree_change_mask::rescan_begin},
    named_change{"rescan_end", tree_change_mask::rescan_end},
    named_change{"unmounted", tree_change_mask::unmounted},
    named_change{"root_lost", tree_change_mask::root_lost},
    named_change{"root_found", tree_change_mask::root_found},
    named_change{"uncovered", tree_change_mask::uncovered},
    named_change{"covered", tree_change_mask::covered},
    named_change{"path_unguarded", tree_change_mask::path_unguarded},
    named_change{"path_guarded", tree_change_mask::path_guarded},
};

constexpr std::array change_sets{
    named_change{"all", tree_change_mask::all},
    named_change{"none", tree_change_mask::none},
};

template <class Table>
bool look_up(Table const& table, std::string_view name, tree_change_mask& mask) noexcept
{
    for (auto const& [known, value] : table) {
        if (known == name) {
            mask |= value;
            return true;
        }
    }
    return false;
}

} // namespace

std::string to_string(tree_change_mask mask)
{
    std::string names;
    for (auto const& [name, kind] : change_kinds) {
        if (any(mask & kind)) {
            if (!names.empty()) {
                names += ',';
            }
            names += name;
        }
    }
    return names.empty() ? "none" : names;
}

tree_change_mask tree_change_mask_from_string(std::string_view names, boost::system::error_code& ec)
{
    ec.clear();
    auto mask = tree_change_mask::none;
    for (;;) {
        auto const end = names.find_first_of(",|");
        auto const name = names.substr(0, end);
        if (!look_up(change_kinds, name, mask) && !look_up(change_sets, name, mask)) {
            ASIO_INOTIFY_FAIL(ec, error::unknown_event_name);
            return tree_change_mask::none;
        }
        if (end == std::string_view::npos) {
            return mask;
        }
        names.remove_prefix(end + 1);
    }
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

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/tree_change_mask.hpp>

#include "fail.hpp"
#include "throw_failed.hpp"

#include <array>
#include <utility>

namespace asio_inotify {
namespace {

using named_mask = std::pair<std::string_view, tree_change_mask>;

constexpr std::array kinds{
    named_mask{"existing", tree_change_mask::existing},
    named_mask{"created", tree_change_mask::created},
    named_mask{"modified", tree_change_mask::modified},
    named_mask{"closed_write", tree_change_mask::closed_write},
    named_mask{"attributes", tree_change_mask::attributes},
    named_mask{"removed", tree_change_mask::removed},
    named_mask{"renamed", tree_change_mask::renamed},
    named_mask{"exchanged", tree_change_mask::exchanged},
    named_mask{"rescan_begin", tree_change_mask::rescan_begin},
    named_mask{"rescan_end", tree_change_mask::rescan_end},
    named_mask{"unmounted", tree_change_mask::unmounted},
    named_mask{"root_lost", tree_change_mask::root_lost},
    named_mask{"root_found", tree_change_mask::root_found},
    named_mask{"uncovered", tree_change_mask::uncovered},
    named_mask{"covered", tree_change_mask::covered},
};

constexpr std::array sets{
    named_mask{"all", tree_change_mask::all},
    named_mask{"none", tree_change_mask::none},
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
    for (auto const& [name, kind] : kinds) {
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
        if (!look_up(kinds, name, mask) && !look_up(sets, name, mask)) {
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

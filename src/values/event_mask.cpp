//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/event_mask.hpp>

#include "values/fail.hpp"
#include "values/throw_failed.hpp"

#include <array>
#include <utility>

namespace asio_inotify {
namespace {

using named_mask = std::pair<std::string_view, event_mask>;

constexpr std::array single_kinds{
    named_mask{"access", event_mask::access},
    named_mask{"modify", event_mask::modify},
    named_mask{"attrib", event_mask::attrib},
    named_mask{"close_write", event_mask::close_write},
    named_mask{"close_nowrite", event_mask::close_nowrite},
    named_mask{"open", event_mask::open},
    named_mask{"moved_from", event_mask::moved_from},
    named_mask{"moved_to", event_mask::moved_to},
    named_mask{"create", event_mask::create},
    named_mask{"delete", event_mask::delete_},
    named_mask{"delete_self", event_mask::delete_self},
    named_mask{"move_self", event_mask::move_self},
};

constexpr std::array sets{
    named_mask{"close", event_mask::close},
    named_mask{"move", event_mask::move},
    named_mask{"all", event_mask::all},
    named_mask{"none", event_mask::none},
};

bool look_up(std::string_view name, event_mask& found) noexcept
{
    for (auto const& [known, mask] : single_kinds) {
        if (known == name) {
            found = mask;
            return true;
        }
    }
    for (auto const& [known, mask] : sets) {
        if (known == name) {
            found = mask;
            return true;
        }
    }
    return false;
}

} // namespace

std::string to_string(event_mask mask)
{
    std::string names;
    for (auto const& [name, kind] : single_kinds) {
        if (any(mask & kind)) {
            if (!names.empty()) {
                names += ',';
            }
            names += name;
        }
    }
    return names.empty() ? "none" : names;
}

event_mask event_mask_from_string(std::string_view names, boost::system::error_code& ec)
{
    ec.clear();
    auto mask = event_mask::none;
    for (;;) {
        auto const end = names.find_first_of(",|");
        event_mask found{};
        if (!look_up(names.substr(0, end), found)) {
            ASIO_INOTIFY_FAIL(ec, error::unknown_event_name);
            return event_mask::none;
        }
        mask |= found;
        if (end == std::string_view::npos) {
            return mask;
        }
        names.remove_prefix(end + 1);
    }
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

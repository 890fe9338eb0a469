//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/snapshot.hpp>

#include "inotify/add_arguments.hpp"
#include "snapshot/check_watch.hpp"
#include "values/fail.hpp"
#include "values/throw_failed.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace asio_inotify {
namespace {

[[noreturn]] void refuse_watch(saved_watch const& watch, boost::system::error_code const& ec)
{
    auto what = "snapshot: watch " + std::to_string(watch.wd.value());
    if (!watch.path.empty()) {
        what += ' ' + detail::quoted(watch.path);
    }
    detail::throw_failed(ec, what);
}

} // namespace

void detail::check_watch(saved_watch const& watch, boost::system::error_code& ec)
{
    // MAX_HANDLE_SZ of the kernel.
    constexpr std::size_t longest_file_handle = 128;
    ec.clear();
    if (!watch.wd.is_valid()) {
        ASIO_INOTIFY_FAIL(ec, error::watch_descriptor_out_of_range);
    } else if ((watch.mask & event_mask::all) != watch.mask) {
        ASIO_INOTIFY_FAIL(ec, error::invalid_event_mask);
    } else if ((watch.options & lasting_options) != watch.options) {
        ASIO_INOTIFY_FAIL(ec, error::invalid_add_options);
    } else if (watch.path.find('\0') != std::string::npos) {
        ASIO_INOTIFY_FAIL(ec, error::path_contains_null);
    } else if (watch.identity) {
        auto const& [device, inode, type, handle] = *watch.identity;
        if (handle.size() > longest_file_handle || type < 0 || (type != 0 && handle.empty())) {
            ASIO_INOTIFY_FAIL(ec, error::malformed_snapshot);
        }
    }
}

snapshot::snapshot(std::vector<saved_watch> watches, watch_descriptor next)
    : watches_(std::move(watches))
    // One value for "none", so that snapshots are equal exactly if their texts are.
    , next_(next.is_valid() ? next : watch_descriptor{})
{
    boost::system::error_code ec;
    for (auto const& watch : watches_) {
        detail::check_watch(watch, ec);
        if (ec) {
            refuse_watch(watch, ec);
        }
    }
    std::sort(watches_.begin(), watches_.end(),
              [](saved_watch const& a, saved_watch const& b) { return a.wd < b.wd; });
    auto const twice =
        std::adjacent_find(watches_.begin(), watches_.end(),
                           [](saved_watch const& a, saved_watch const& b) { return a.wd == b.wd; });
    if (twice != watches_.end()) {
        ASIO_INOTIFY_FAIL(ec, error::watch_descriptor_in_use);
        refuse_watch(*twice, ec);
    }
}

saved_watch const* snapshot::find(watch_descriptor wd) const noexcept
{
    auto const at = std::lower_bound(
        watches_.begin(), watches_.end(), wd,
        [](saved_watch const& watch, watch_descriptor wanted) { return watch.wd < wanted; });
    return at != watches_.end() && at->wd == wd ? &*at : nullptr;
}

snapshot snapshot::from_text(std::string_view text, boost::system::error_code& ec)
{
    std::size_t line = 0;
    return from_text(text, ec, line);
}

snapshot snapshot::from_text(std::string_view text)
{
    boost::system::error_code ec;
    std::size_t line = 0;
    auto result = from_text(text, ec, line);
    if (ec) {
        detail::throw_failed(ec, "snapshot::from_text line " + std::to_string(line));
    }
    return result;
}

} // namespace asio_inotify

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_WATCH_SET_WATCH_FINDINGS_HPP
#define ASIO_INOTIFY_SRC_WATCH_SET_WATCH_FINDINGS_HPP

#include "values/native.hpp"

#include <asio_inotify/watch_report.hpp>

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace asio_inotify::detail {

/// The options that fdinfo shows (kernel notes 6.3 and 6.4).
inline constexpr auto fdinfo_options = add_options::exclude_unlinked | add_options::one_shot;

/// The part of a native mask that fdinfo shows.
[[nodiscard]] constexpr std::uint32_t fdinfo_mask(std::uint32_t native_mask) noexcept
{
    return native_mask & native(event_mask::all, fdinfo_options);
}

/// Enter a watch's outcome into a report.
inline void add_finding(watch_report& report, int wd, watch_outcome outcome,
                        boost::system::error_code const& reason, std::string_view path)
{
    if (outcome == watch_outcome::same) {
        ++report.same;
    } else {
        report.findings.push_back({watch_descriptor{wd}, outcome, reason, std::string(path)});
    }
}

} // namespace asio_inotify::detail

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_WATCH_EVENT_WORDS_HPP
#define ASIO_WATCH_EVENT_WORDS_HPP

#include <asio_inotify/event_mask.hpp>
#include <asio_inotify/event_view.hpp>
#include <asio_inotify/watch_report.hpp>

#include <boost/assert.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace asio_watch {

/// The number of event kinds.
inline constexpr std::size_t kind_count =
    std::bit_width(static_cast<std::uint32_t>(asio_inotify::event_mask::all));

/// The name of an event kind.
/** @pre `index`, the number of its bit in an event_mask, is less than @ref kind_count. */
[[nodiscard]] inline std::string_view kind_name(std::size_t index)
{
    static auto const names = [] {
        std::array<std::string, kind_count> result;
        for (std::size_t i = 0; i != kind_count; ++i) {
            result[i] = to_string(static_cast<asio_inotify::event_mask>(1U << i));
        }
        return result;
    }();
    BOOST_ASSERT(index < kind_count);
    return names[index];
}

/// Call a function with the bit number of each kind that an event has: one, or none.
template <class Function>
void for_each_kind(asio_inotify::event_view event, Function function)
{
    for (auto left = static_cast<std::uint32_t>(event.mask()); left != 0; left &= left - 1) {
        function(static_cast<std::size_t>(std::countr_zero(left)));
    }
}

/// Call a function with each word that describes an event.
template <class Function>
void for_each_word(asio_inotify::event_view event, Function function)
{
    for_each_kind(event, [&](std::size_t index) { function(kind_name(index)); });
    if (event.is_ignored()) {
        function(std::string_view{"ignored"});
    }
    if (event.is_unmount()) {
        function(std::string_view{"unmount"});
    }
    if (event.is_overflow()) {
        function(std::string_view{"q_overflow"});
    }
    if (event.is_directory()) {
        function(std::string_view{"isdir"});
    }
}

} // namespace asio_watch

#endif

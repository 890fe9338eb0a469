//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/recent_history.hpp"

#include <boost/config.hpp>

#include <algorithm>
#include <utility>

namespace asio_inotify::detail {
namespace {

template <class Array>
[[nodiscard]] auto& take_oldest(Array& array, std::size_t& next) noexcept
{
    auto& oldest = array[next];
    next = (next + 1) % array.size();
    return oldest;
}

} // namespace

BOOST_NOINLINE void recent_history::note_write(dir_id directory, entry_id entry,
                                               std::string_view name)
{
    auto& oldest = take_oldest(writes_, next_write_);
    oldest.directory = directory;
    oldest.entry = entry;
    if (entry == 0) {
        oldest.name = name;
    }
}

bool recent_history::was_written(dir_id directory, std::string_view name,
                                 entry_id replaced) const noexcept
{
    return std::ranges::any_of(writes_, [&](write const& each) {
        return each.directory == directory &&
               (replaced != 0 ? each.entry == replaced : each.entry == 0 && each.name == name);
    });
}

// Member by member, so that the strings keep their memory.
void recent_history::note_rename(dir_id from, std::string_view name, dir_id to,
                                 std::string_view new_name)
{
    auto& rename = take_oldest(renames_, next_rename_);
    rename.from.directory = from;
    rename.from.name = name;
    rename.to.directory = to;
    rename.to.name = new_name;
}

auto recent_history::find_renamed(dir_id from, std::string_view name) const noexcept -> place const*
{
    auto const at = std::ranges::find_if(renames_, [&](move const& each) {
        return each.from.directory == from && each.from.name == name;
    });
    return at == renames_.end() ? nullptr : &at->to;
}

void recent_history::note_arrival(dir_id directory, std::string_view name, dir_id from,
                                  std::string_view old_name)
{
    static_cast<void>(take_arrival(directory, name));
    auto& arrival = take_oldest(arrivals_, next_arrival_);
    arrival.to.directory = directory;
    arrival.to.name = name;
    arrival.from.directory = from;
    arrival.from.name = old_name;
}

auto recent_history::take_arrival(dir_id directory, std::string_view name) -> std::optional<place>
{
    for (auto& each : arrivals_) {
        if (each.to.directory == directory && each.to.name == name) {
            return std::exchange(each, {}).from;
        }
    }
    return std::nullopt;
}

void recent_history::forget_arrivals(dir_id directory, dir_id other) noexcept
{
    auto const is_one = [=](dir_id id) { return id != 0 && (id == directory || id == other); };
    for (auto& each : arrivals_) {
        if (is_one(each.to.directory) || is_one(each.from.directory)) {
            each.to.directory = 0;
        }
    }
}

void recent_history::note_unexplained(dir_id directory, std::string_view name)
{
    static_cast<void>(take_unexplained(directory, name));
    auto& oldest = take_oldest(unexplained_, next_unexplained_);
    oldest.name = name;
    oldest.directory = directory;
    has_unexplained_ = true;
}

bool recent_history::erase_unexplained(dir_id directory, std::string_view name) noexcept
{
    auto const at = std::ranges::find_if(unexplained_, [&](place const& each) {
        return each.directory == directory && each.name == name;
    });
    if (at == unexplained_.end()) {
        return false;
    }
    at->directory = 0;
    has_unexplained_ = std::ranges::any_of(unexplained_, &place::directory);
    return true;
}

} // namespace asio_inotify::detail

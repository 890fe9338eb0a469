//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "watch_set/watch_table.hpp"

#include "inotify/records.hpp"

#include <asio_inotify/detail/scope_guard.hpp>
#include <asio_inotify/detail/watch_read_buffer.hpp>

#include <boost/assert.hpp>
#include <boost/core/no_exceptions_support.hpp>
#include <boost/throw_exception.hpp>

#include <cstring>
#include <memory>
#include <new>
#include <utility>

namespace asio_inotify::detail {

std::string_view watch_table::path_key::operator()(number_ledger::slot s) const noexcept
{
    auto const& record = table->records_[s];
    return {record.path.get(), record.path_size};
}

void watch_table::insert(int number, std::string_view path, std::uint32_t native_mask)
{
    auto text = std::unique_ptr<char[]>();
    if (!path.empty()) {
        text = std::make_unique_for_overwrite<char[]>(path.size() + 1);
        std::memcpy(text.get(), path.data(), path.size());
        text[path.size()] = '\0';
    }
    auto const s = vacant_slot();
    numbers_.claim(number, s);
    auto& record = records_[s];
    record.path = std::move(text);
    record.path_size = static_cast<std::uint32_t>(path.size());
    record.native_mask = native_mask;
    record.wd = number;
    records_.object(s) = {};
    scope_guard unclaim([&] { numbers_.unclaim(number); });
    if (!path.empty()) {
        // If another watch has the path, it keeps it until this one is confirmed.
        by_path_.insert(s);
    }
    unclaim.dismiss();
    record.state = watch_state::live;
    vacant_.pop_back();
}

void watch_table::confirm(int number) noexcept
{
    auto const s = numbers_.find(number);
    BOOST_ASSERT(s != number_ledger::no_slot);
    if (records_[s].path) {
        // Two watches with one path are on two inodes, and the path now names that of the later
        // watch. The assignment replaces an element of the hash set by an equal one.
        const_cast<number_ledger::slot&>(*by_path_.find(s)) = s;
    }
}

void watch_table::undo_insert(int number) noexcept
{
    auto const s = numbers_.find(number);
    BOOST_ASSERT(s != number_ledger::no_slot);
    retire(s, watch_state::vacant);
    records_[s].path.reset();
    numbers_.unclaim(number);
    vacant_.push_back(s);
}

void watch_table::remove(int number)
{
    auto const s = numbers_.find(number);
    BOOST_ASSERT(s != number_ledger::no_slot);
    numbers_.end(number);
    retire(s, watch_state::removed);
    gone_.push_back(s);
}

watch_record* watch_table::find(int number) noexcept
{
    auto const s = numbers_.find(number);
    return s == number_ledger::no_slot || records_[s].state != watch_state::live ? nullptr
                                                                                 : &records_[s];
}

watch_record const* watch_table::find(std::string_view path) const noexcept
{
    auto const found = by_path_.find(path);
    return found == by_path_.end() ? nullptr : &records_[*found];
}

watch_record const* watch_table::live_from(std::size_t& position) const noexcept
{
    for (; position < records_.size(); ++position) {
        if (records_[position].state == watch_state::live) {
            return &records_[position];
        }
    }
    return nullptr;
}

auto watch_table::join(std::byte* data, std::size_t size, std::byte* watches) -> joined
{
    // In a large set hardly a number is in the cache. The prefetches overlap; without them each
    // look-up would wait for its own cache miss.
    for_each_record(data, size,
                    [this](std::byte const* at) { numbers_.prefetch(load<event_header>(at).wd); });
    joined result;
    watch_pointer_writer pointers(watches);
    result.size = remove_records(data, size, [&](std::byte const* at) {
        auto const header = load<event_header>(at);
        watch_record const* record = nullptr;
        if ((header.mask & overflow_bit) != 0) {
            result.overflow = true;
        } else {
            auto const s = numbers_.find(header.wd);
            if (s == number_ledger::no_slot ||
                (ended_but_live_ != 0 && records_[s].state != watch_state::live)) {
                ++result.dropped;
                return true;
            }
            record = &records_[s];
            __builtin_prefetch(record);
            if ((header.mask & ignored_bit) != 0) {
                end(header.wd, s);
            }
        }
        pointers.append(record);
        ++result.events;
        return false;
    });
    return result;
}

// The events are off the queue already, so this must not fail.
void watch_table::end(int number, number_ledger::slot s) noexcept
{
    BOOST_TRY
    {
        numbers_.end(number);
        gone_.push_back(s);
    }
    BOOST_CATCH(...)
    {
        // Out of memory: number and record are never used again.
        ++ended_but_live_;
    }
    BOOST_CATCH_END
    retire(s, watch_state::ended);
}

void watch_table::free_gone_records() noexcept
{
    for (auto const s : gone_) {
        records_[s].path.reset();
        records_[s].state = watch_state::vacant;
        vacant_.push_back(s);
    }
    gone_.clear();
}

// The slot of a vacant record, which stays the last one in the list of those.
number_ledger::slot watch_table::vacant_slot()
{
    if (vacant_.empty()) {
        if (records_.size() == number_ledger::no_slot) {
            boost::throw_exception(std::bad_alloc());
        }
        // Room for every record in either list, so that moving one there cannot fail.
        if (gone_.capacity() <= records_.size()) {
            auto const room = 2 * records_.size() + 16;
            vacant_.reserve(room);
            gone_.reserve(room);
        }
        records_.append();
        vacant_.push_back(static_cast<number_ledger::slot>(records_.size() - 1));
    }
    return vacant_.back();
}

// A watch that is not live is not found by its path.
void watch_table::retire(number_ledger::slot s, watch_state state) noexcept
{
    auto& record = records_[s];
    if (record.path) {
        if (auto const found = by_path_.find(s); found != by_path_.end() && *found == s) {
            by_path_.erase(found);
        }
    }
    record.state = state;
}

} // namespace asio_inotify::detail

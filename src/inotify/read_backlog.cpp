//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/detail/read_backlog.hpp>

#include "inotify/records.hpp"
#include "values/fail.hpp"

#include <algorithm>
#include <cstring>

namespace asio_inotify::detail {

read_backlog::read_backlog() = default;

read_backlog::~read_backlog() = default;

void read_backlog::expect_trace(int wd)
{
    std::lock_guard<std::mutex> const lock(mutex_);
    traces_.push_back({wd, false, false});
    update_active();
}

void read_backlog::claimed(int wd)
{
    if (!active_.load(std::memory_order_acquire)) {
        return;
    }
    std::lock_guard<std::mutex> const lock(mutex_);
    // The IN_IGNORED of the stray watch is queued before every event of the new one and ends the
    // trace. An overflow may have dropped it, and then nothing would end the trace.
    std::erase_if(traces_, [wd](trace& t) {
        t.claimed = t.claimed || t.wd == wd;
        return t.claimed && t.overflowed;
    });
    update_active();
}

void read_backlog::reserve(std::size_t size)
{
    std::lock_guard<std::mutex> const lock(mutex_);
    held_.reserve(held_.size() + size);
}

void read_backlog::hold(void const* data, std::size_t size)
{
    std::lock_guard<std::mutex> const lock(mutex_);
    auto const* const bytes = static_cast<std::byte const*>(data);
    held_.insert(held_.end(), bytes, bytes + size);
    update_active();
}

void read_backlog::hold_first(void const* data, std::size_t size)
{
    std::lock_guard<std::mutex> const lock(mutex_);
    insert_first(data, size);
    update_active();
}

void read_backlog::insert_first(void const* data, std::size_t size)
{
    auto const* const bytes = static_cast<std::byte const*>(data);
    held_.reserve(held_.size() + size);
    held_.insert(held_.begin(), bytes, bytes + size);
}

std::size_t read_backlog::queue_was_lost(void const* data, std::size_t size)
{
    std::lock_guard<std::mutex> const lock(mutex_);
    event_header const overflow{-1, overflow_bit, 0, 0};
    std::byte record[sizeof overflow];
    std::memcpy(record, &overflow, sizeof overflow);
    held_.reserve(held_.size() + sizeof record + size);
    insert_first(data, size);
    insert_first(record, sizeof record);
    note_overflow();
    update_active();
    return sizeof record;
}

std::string read_backlog::held() const
{
    std::lock_guard<std::mutex> const lock(mutex_);
    return {reinterpret_cast<char const*>(held_.data()), held_.size()};
}

std::size_t read_backlog::held_bytes() const
{
    if (!active_.load(std::memory_order_acquire)) {
        return 0;
    }
    std::lock_guard<std::mutex> const lock(mutex_);
    return held_.size();
}

std::size_t read_backlog::finish_read(void* data, std::size_t capacity, std::size_t size,
                                      boost::system::error_code& ec)
{
    if (!active_.load(std::memory_order_acquire)) {
        return size;
    }
    std::lock_guard<std::mutex> const lock(mutex_);
    auto* const bytes = static_cast<std::byte*>(data);
    size = remove_records(bytes, size, [this](std::byte const* r) { return is_trace(r); });
    if (!held_.empty()) {
        held_.insert(held_.end(), bytes, bytes + size);
        size = 0;
        while (size != held_.size()) {
            auto const next = size + record_size(held_.data() + size);
            if (next > capacity) {
                break;
            }
            size = next;
        }
        if (size == 0) {
            ASIO_INOTIFY_FAIL(ec, error::buffer_too_small);
        }
        std::copy_n(held_.begin(), size, bytes);
        held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(size));
    }
    update_active();
    return size;
}

void read_backlog::clear()
{
    std::lock_guard<std::mutex> const lock(mutex_);
    traces_.clear();
    held_.clear();
    update_active();
}

// Any IN_IGNORED may have been dropped (kernel note 2.8).
void read_backlog::note_overflow()
{
    std::erase_if(traces_, [](trace& t) {
        t.overflowed = true;
        return t.claimed;
    });
}

bool read_backlog::is_trace(std::byte const* record)
{
    auto const header = load<event_header>(record);
    if ((header.mask & overflow_bit) != 0) {
        note_overflow();
        return false;
    }
    auto const found = std::find_if(traces_.begin(), traces_.end(),
                                    [&](trace const& t) { return t.wd == header.wd; });
    if (found == traces_.end()) {
        return false;
    }
    if ((header.mask & ignored_bit) != 0) {
        traces_.erase(found);
    }
    return true;
}

void read_backlog::update_active()
{
    active_.store(!traces_.empty() || !held_.empty(), std::memory_order_release);
}

} // namespace asio_inotify::detail

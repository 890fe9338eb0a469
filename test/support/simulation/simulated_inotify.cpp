//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/simulation/simulated_inotify.hpp"

#include <cerrno>
#include <climits>
#include <cstring>
#include <utility>

#include <sys/inotify.h>

namespace test {
namespace {

constexpr std::uint32_t flags = IN_EXCL_UNLINK;

std::size_t padded(std::string const& name)
{
    return name.empty() ? 0 : (name.size() / 16 + 1) * 16;
}

} // namespace

// The search from the cursor upwards, and behind INT_MAX from 1 (note 1.9).
int simulated_inotify::new_number()
{
    int number = next_;
    while (watches_.contains(number)) {
        number = number == INT_MAX ? 1 : number + 1;
    }
    next_ = number == INT_MAX ? 1 : number + 1;
    return number;
}

int simulated_inotify::add(object what, std::uint32_t mask)
{
    constexpr std::uint32_t kept = IN_ALL_EVENTS | flags;
    auto const found = numbers_.find(what);
    if (found != numbers_.end()) {
        if ((mask & IN_MASK_CREATE) != 0) {
            return -EEXIST;
        }
        auto& old = watches_.at(found->second).mask;
        old = (mask & kept) | ((mask & IN_MASK_ADD) != 0 ? old : 0);
        return found->second;
    }
    int const number = new_number();
    // The number is used up anyway (note 1.15).
    if (watches_.size() >= watch_limit) {
        return -ENOSPC;
    }
    watches_.emplace(number, watch{what, mask & kept});
    numbers_.emplace(what, number);
    return number;
}

bool simulated_inotify::remove(int wd)
{
    auto const found = watches_.find(wd);
    if (found == watches_.end()) {
        return false;
    }
    end(found->second.what);
    return true;
}

bool simulated_inotify::notify(object what, std::uint32_t mask, std::uint32_t cookie,
                               std::string_view name, bool unlinked)
{
    auto const found = numbers_.find(what);
    if (found == numbers_.end()) {
        return true;
    }
    auto const& w = watches_.at(found->second);
    if ((mask & (w.mask | IN_UNMOUNT) & (IN_ALL_EVENTS | IN_UNMOUNT)) == 0 ||
        (unlinked && (w.mask & IN_EXCL_UNLINK) != 0)) {
        return true;
    }
    if ((mask & (IN_DELETE_SELF | IN_MOVE_SELF)) != 0) {
        mask &= ~std::uint32_t{IN_ISDIR};
    }
    return insert({found->second, mask, cookie, std::string(name)});
}

void simulated_inotify::end(object what)
{
    auto const found = numbers_.find(what);
    if (found != numbers_.end()) {
        int const number = found->second;
        watches_.erase(number);
        numbers_.erase(found);
        insert({number, IN_IGNORED, 0, {}});
    }
}

bool simulated_inotify::insert(record r)
{
    if (queue_.size() >= queue_limit) {
        if (!overflow_queued_) {
            overflow_queued_ = true;
            queue_.push_back({-1, IN_Q_OVERFLOW, 0, {}});
        }
        return true;
    }
    if (!queue_.empty()) {
        auto const& last = queue_.back();
        // The cookie is not compared (note 4.2), and IN_IGNORED is never coalesced.
        if (last.wd == r.wd && last.mask == r.mask && last.name == r.name && r.mask != IN_IGNORED) {
            return last.cookie == r.cookie;
        }
    }
    queue_.push_back(std::move(r));
    return true;
}

std::ptrdiff_t simulated_inotify::read(std::byte* data, std::size_t size)
{
    std::size_t done = 0;
    while (!queue_.empty()) {
        auto const& r = queue_.front();
        auto const length = static_cast<std::uint32_t>(padded(r.name));
        if (sizeof(::inotify_event) + length > size - done) {
            if (done == 0) {
                return -EINVAL;
            }
            break;
        }
        ::inotify_event const header{r.wd, r.mask, r.cookie, length};
        std::memcpy(data + done, &header, sizeof header);
        done += sizeof header;
        if (length != 0) {
            std::memset(data + done, 0, length);
            std::memcpy(data + done, r.name.data(), r.name.size());
        }
        done += length;
        overflow_queued_ = overflow_queued_ && (r.mask & IN_Q_OVERFLOW) == 0;
        queue_.pop_front();
    }
    return static_cast<std::ptrdiff_t>(done);
}

std::vector<int> simulated_inotify::live() const
{
    std::vector<int> numbers;
    for (auto const& each : watches_) {
        numbers.push_back(each.first);
    }
    return numbers;
}

void simulated_inotify::describe(state_hash& state) const
{
    state.add(next_);
    state.add(watches_.size());
    for (auto const& [number, w] : watches_) {
        state.add(number);
        state.add(w.what);
        state.add(w.mask);
    }
    state.add(queue_.size());
    for (auto const& r : queue_) {
        state.add(r.wd);
        state.add(std::uint64_t{r.mask} << 32U | r.cookie);
        state.add(r.name);
    }
}

} // namespace test

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/detail/set_restorer.hpp>

#include <asio_inotify/detail/watch_registry.hpp>

#include "system/descriptor_path.hpp"
#include "system/fdinfo.hpp"
#include "values/fail.hpp"
#include "watch_set/object_search.hpp"
#include "watch_set/saved_record.hpp"
#include "watch_set/watch_table.hpp"

#include <boost/assert.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>

namespace asio_inotify::detail {
namespace {

bool by_inode(std::pair<inode_identity, std::size_t> const& a,
              std::pair<inode_identity, std::size_t> const& b) noexcept
{
    return a.first.inode < b.first.inode;
}

// True if the path names nothing, or an inode that already has a watch.
bool can_be_elsewhere(boost::system::error_code const& reason) noexcept
{
    return is_errno(reason, ENOENT) || is_errno(reason, ENOTDIR) || is_errno(reason, EEXIST);
}

} // namespace

set_restorer::set_restorer(snapshot const& saved, restore_options options)
    : watches_(saved.watches())
    , next_number_(saved.next())
    , options_(options)
    , is_postponed_(watches_.size(), false)
{}

set_restorer::~set_restorer() = default;

void set_restorer::begin(watch_registry& registry)
{
    BOOST_ASSERT(registry.size() == 0);
    registry.table().start_at(next_number_);
    attempts_.assign(watches_.size(), attempt{});
    lost_.clear();
    replaced_.clear();
    displaced_.clear();
    search_ = std::make_unique<object_search>();
    report_ = {};
}

auto set_restorer::step(instance_access const& instance, watch_registry& registry,
                        boost::system::error_code& ec) -> progress
{
    // A lookup of each takes some microseconds.
    constexpr std::size_t at_once = 50;
    ec.clear();
    if (phase_ == phase::add && next_ == 0) {
        begin(registry);
    }
    auto const size = size_of_phase();
    auto const end = (std::min)(next_ + at_once, size);
    work(instance, registry, end, ec);
    next_ = end;
    if (ec) {
        return progress::done;
    }
    if (next_ != size) {
        return progress::more;
    }
    next_ = 0;
    if (phase_ == phase::report) {
        finish(ec);
        return progress::done;
    }
    if (phase_ == phase::find_displaced && must_start_over()) {
        phase_ = phase::add;
        return progress::start_over;
    }
    phase_ = static_cast<phase>(static_cast<std::uint8_t>(phase_) + 1);
    return progress::more;
}

std::size_t set_restorer::size_of_phase() const noexcept
{
    switch (phase_) {
    case phase::add_postponed:
        return is_second_pass_ ? watches_.size() : 0;
    case phase::search:
        return lost_.size();
    case phase::find_displaced:
        return options_.check_identity && !is_second_pass_ ? lost_.size() : 0;
    case phase::compare:
        // In one part: most of the time goes into one system call.
        return 0;
    default:
        return watches_.size();
    }
}

// From `next_` to `end`.
void set_restorer::work(instance_access const& instance, watch_registry& registry, std::size_t end,
                        boost::system::error_code& ec)
{
    switch (phase_) {
    case phase::add:
    case phase::add_postponed:
        // Ascending, as a number that follows the one before needs no ioctl.
        for (auto at = next_; at != end; ++at) {
            if (is_postponed_[at] == (phase_ == phase::add_postponed)) {
                add_by_path(instance, registry, at);
            }
        }
        break;
    case phase::search:
        add_by_file_handle(instance, registry, end);
        break;
    case phase::compare:
        if (options_.check_identity) {
            compare_identities(instance.fd, ec);
        }
        break;
    case phase::find_displaced:
        for (auto at = next_; at != end; ++at) {
            if (is_displaced(instance, registry, lost_[at])) {
                displaced_.push_back(lost_[at]);
            }
        }
        break;
    case phase::report:
        for (auto at = next_; at != end; ++at) {
            report_one(at);
        }
        break;
    }
}

void set_restorer::add_by_path(instance_access const& instance, watch_registry& registry,
                               std::size_t at)
{
    auto const& watch = watches_[at];
    auto& result = attempts_[at];
    if (watch.path.empty()) {
        ASIO_INOTIFY_FAIL(result.reason, error::watch_moved);
        result.outcome = watch_outcome::gone;
        lost_.push_back(at);
        return;
    }
    registry.add_saved(instance, watch, watch.path.c_str(), path_kind::by_options, result.reason);
    if (!result.reason) {
        return;
    }
    bool const elsewhere = can_be_elsewhere(result.reason);
    result.outcome =
        elsewhere && !is_errno(result.reason, EEXIST) ? watch_outcome::gone : watch_outcome::failed;
    if (elsewhere) {
        lost_.push_back(at);
    }
}

void set_restorer::add_by_file_handle(instance_access const& instance, watch_registry& registry,
                                      std::size_t end)
{
    auto const at_index = [&](std::size_t i) {
        return lost_.begin() + static_cast<std::ptrdiff_t>(i);
    };
    std::vector<std::size_t> const part(at_index(next_), at_index(end));
    search_->find(part, watches_,
                  [&](std::size_t at, unique_fd const& object, auto const& failure) {
                      auto& result = attempts_[at];
                      if (failure) {
                          result.reason = failure;
                          result.outcome = watch_outcome::failed;
                          return;
                      }
                      auto watch = watches_[at];
                      watch.path = path_of_descriptor(object.get());
                      boost::system::error_code ec;
                      registry.add_saved(instance, watch, descriptor_path(object.get()).c_str(),
                                         path_kind::held_object, ec);
                      if (ec) {
                          result.outcome = watch_outcome::failed;
                      } else {
                          result.outcome = watch_outcome::moved;
                          result.new_path = std::move(watch.path);
                      }
                      result.reason = ec;
                  });
}

void set_restorer::compare_identities(int fd, boost::system::error_code& ec)
{
    auto live = live_watches(fd, ec);
    if (ec) {
        return;
    }
    auto in_kernel = live.begin();
    for (std::size_t at = 0; at != watches_.size(); ++at) {
        auto const& watch = watches_[at];
        if (!watch.identity || attempts_[at].outcome != watch_outcome::same) {
            continue;
        }
        while (in_kernel != live.end() && in_kernel->wd < watch.wd.value()) {
            ++in_kernel;
        }
        if (in_kernel == live.end() || in_kernel->wd != watch.wd.value()) {
            // Gone again already, which its IN_IGNORED reports.
            continue;
        }
        ++report_.compared;
        if (in_kernel->identity != *watch.identity) {
            attempts_[at].outcome = watch_outcome::replaced;
            ASIO_INOTIFY_FAIL(attempts_[at].reason, error::watch_moved);
            replaced_.emplace_back(std::move(in_kernel->identity), at);
        }
    }
    std::sort(replaced_.begin(), replaced_.end(), by_inode);
}

// Watches are added in the order of their numbers, so that one whose path names something else now
// can take the inode of another one, to which that one's path still leads. Then all are added
// again: first the watches that are right and those whose paths lead to their inodes, and then the
// others, which get what is left. A third pass would change nothing, as none of the first ones can
// be on the inode of another.
bool set_restorer::must_start_over()
{
    if (displaced_.empty()) {
        return false;
    }
    for (std::size_t at = 0; at != watches_.size(); ++at) {
        is_postponed_[at] = attempts_[at].outcome != watch_outcome::same;
    }
    for (auto const at : displaced_) {
        is_postponed_[at] = false;
    }
    is_second_pass_ = true;
    return true;
}

// True if the path leads to the inode of the watch, and a watch that was on a different inode has
// it now.
bool set_restorer::is_displaced(instance_access const& instance, watch_registry& registry,
                                std::size_t at)
{
    auto const& watch = watches_[at];
    auto const& result = attempts_[at];
    if (result.outcome != watch_outcome::failed || !is_errno(result.reason, EEXIST) ||
        !watch.identity || watch.path.empty()) {
        return false;
    }
    auto const range = std::equal_range(replaced_.begin(), replaced_.end(),
                                        std::pair(*watch.identity, at), by_inode);
    auto const holder = std::find_if(range.first, range.second, [&](auto const& replaced) {
        return replaced.first == *watch.identity;
    });
    if (holder == range.second) {
        return false;
    }
    boost::system::error_code ec;
    int const wd =
        registry.probe_watch(instance, watch.path.c_str(), watch.options & lookup_options, ec);
    return !ec && wd == watches_[holder->second].wd.value();
}

void set_restorer::report_one(std::size_t at)
{
    auto& result = attempts_[at];
    if (result.outcome == watch_outcome::same) {
        ++report_.same;
        return;
    }
    bool const moved = result.outcome == watch_outcome::moved;
    report_.findings.push_back(
        {watches_[at].wd, result.outcome, result.reason,
         moved ? std::move(result.new_path) : std::string(watches_[at].path)});
}

void set_restorer::finish(boost::system::error_code& ec) const
{
    if (options_.all_or_nothing) {
        if (auto const* const lost = report_.first_lost()) {
            ec = lost->reason;
        }
    }
}

} // namespace asio_inotify::detail

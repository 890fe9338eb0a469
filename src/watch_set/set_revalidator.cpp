//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "watch_set/set_revalidator.hpp"

#include <asio_inotify/detail/watch_registry.hpp>

#include "system/directory_ops.hpp"
#include "system/fdinfo.hpp"
#include "values/fail.hpp"
#include "watch_set/event_stream.hpp"
#include "watch_set/saved_record.hpp"
#include "watch_set/watch_findings.hpp"
#include "watch_set/watch_table.hpp"

#include <algorithm>
#include <utility>

namespace asio_inotify::detail {

watch_report set_revalidator::run(boost::system::error_code& ec)
{
    auto const live = live_watches(instance_.fd, ec);
    if (ec) {
        return std::move(report_);
    }
    auto const records = records_by_number();
    std::vector<int> missing;
    for (auto const* const record : records) {
        if (find_watch(live, record->wd) == nullptr) {
            missing.push_back(record->wd);
        }
    }
    report_.foreign = live.size() - (records.size() - missing.size());
    bool const must_wake = !missing.empty() && !instance_.may_read;
    registry_.events().set_missing(instance_, std::move(missing), ec);
    if (ec) {
        return std::move(report_);
    }
    // A program that made the instance again, such as CRIU, has moved the cursor.
    registry_.forget_cursor();
    boost::system::error_code not_woken;
    if (must_wake) {
        registry_.wake_read(instance_, not_woken);
    }
    for (auto const* const record : records) {
        boost::system::error_code reason;
        auto const outcome = check(*record, find_watch(live, record->wd), reason);
        add_finding(report_, record->wd, outcome, reason, known_path(*record));
    }
    ec = not_woken;
    return std::move(report_);
}

std::vector<watch_record const*> set_revalidator::records_by_number() const
{
    std::vector<watch_record const*> records;
    records.reserve(registry_.size());
    for (std::size_t at = 0; auto const* const record = registry_.live_from(at); ++at) {
        records.push_back(record);
    }
    std::sort(records.begin(), records.end(),
              [](auto const* a, auto const* b) { return a->wd < b->wd; });
    return records;
}

watch_outcome set_revalidator::check(watch_record const& record, kernel_watch const* in_kernel,
                                     boost::system::error_code& reason)
{
    if (in_kernel == nullptr) {
        ASIO_INOTIFY_FAIL(reason, error::no_such_watch);
        return watch_outcome::gone;
    }
    auto outcome = check_path(record, reason);
    if (outcome == watch_outcome::same || outcome == watch_outcome::moved) {
        ++report_.compared;
    }
    if (outcome == watch_outcome::same) {
        outcome = check_object(record, reason);
    }
    bool const is_on_path = outcome == watch_outcome::same || outcome == watch_outcome::replaced;
    if (!is_on_path || fdinfo_mask(in_kernel->native_mask) == fdinfo_mask(record.native_mask)) {
        return outcome;
    }
    boost::system::error_code ec;
    registry_.set_mask(instance_, watch_descriptor{record.wd}, events_of(record.native_mask), ec);
    if (ec) {
        reason = ec;
        return watch_outcome::failed;
    }
    ++report_.repaired;
    return outcome;
}

watch_outcome set_revalidator::check_path(watch_record const& record,
                                          boost::system::error_code& reason)
{
    if (!record.path) {
        ASIO_INOTIFY_FAIL(reason, error::watch_moved);
        return watch_outcome::path_unknown;
    }
    int const found = registry_.probe_watch(instance_, record.path.get(),
                                            options_of(record) & lookup_options, reason);
    if (reason) {
        bool const names_nothing = is_errno(reason, ENOENT) || is_errno(reason, ENOTDIR);
        return names_nothing ? watch_outcome::moved : watch_outcome::failed;
    }
    if (found != record.wd) {
        ASIO_INOTIFY_FAIL(reason, error::watch_moved);
        return watch_outcome::moved;
    }
    return watch_outcome::same;
}

// The watch is on the object that its path names. CRIU puts watches on whatever their paths name at
// the restore.
watch_outcome set_revalidator::check_object(watch_record const& record,
                                            boost::system::error_code& reason)
{
    auto const now =
        identity_of(record.path.get(), any(options_of(record) & add_options::dont_follow));
    auto& known = registry_.table().object(record.wd);
    bool const is_replaced = are_different(known, now);
    if (now.is_known()) {
        known = now;
    }
    if (is_replaced) {
        ASIO_INOTIFY_FAIL(reason, error::watch_moved);
        return watch_outcome::replaced;
    }
    return watch_outcome::same;
}

} // namespace asio_inotify::detail

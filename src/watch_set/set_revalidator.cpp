//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "watch_set/set_revalidator.hpp"

#include <asio_inotify/detail/watch_registry.hpp>

#include "system/fdinfo.hpp"
#include "values/fail.hpp"
#include "watch_set/event_stream.hpp"
#include "watch_set/saved_record.hpp"
#include "watch_set/watch_findings.hpp"

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
    registry_.events().set_missing(instance_, std::move(missing), ec);
    if (ec) {
        return std::move(report_);
    }
    // A program that made the instance again, such as CRIU, has moved the cursor.
    registry_.forget_cursor();
    for (auto const* const record : records) {
        boost::system::error_code reason;
        auto const outcome = check(*record, find_watch(live, record->wd), reason);
        add_finding(report_, record->wd, outcome, reason, known_path(*record));
    }
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
    auto const outcome = check_path(record, reason);
    if (outcome == watch_outcome::same || outcome == watch_outcome::moved) {
        ++report_.compared;
    }
    if (outcome != watch_outcome::same ||
        fdinfo_mask(in_kernel->native_mask) == fdinfo_mask(record.native_mask)) {
        return outcome;
    }
    registry_.set_mask(instance_, watch_descriptor{record.wd}, events_of(record.native_mask),
                       reason);
    if (reason) {
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
    constexpr auto lookup_options = add_options::only_directory | add_options::dont_follow;
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

} // namespace asio_inotify::detail

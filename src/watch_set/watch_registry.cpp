//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/detail/watch_registry.hpp>

#include <asio_inotify/detail/instance_ops.hpp>
#include <asio_inotify/detail/read_backlog.hpp>
#include <asio_inotify/detail/scope_guard.hpp>
#include <asio_inotify/detail/watch_read_buffer.hpp>
#include <asio_inotify/saved_watch.hpp>

#include "inotify/add_arguments.hpp"
#include "system/directory_ops.hpp"
#include "system/inotify_ops.hpp"
#include "values/fail.hpp"
#include "watch_set/event_stream.hpp"
#include "watch_set/saved_record.hpp"
#include "watch_set/set_revalidator.hpp"
#include "watch_set/watch_table.hpp"

#include <boost/core/no_exceptions_support.hpp>

#include <utility>

namespace asio_inotify::detail {
namespace {

constexpr auto create_bit = native(add_options::create_only);

} // namespace

watch_registry::watch_registry()
    : table_(std::make_unique<watch_table>())
    , events_(std::make_unique<event_stream>(*table_))
{}

watch_registry::~watch_registry() = default;

auto watch_registry::new_watch(path_ref const& path, event_mask mask, add_options options) noexcept
    -> addition
{
    auto const bits = native(mask, options);
    return {path.c_str(), bits, path.view(), bits & ~create_bit};
}

watch_descriptor watch_registry::add(instance_access const& instance, path_ref const& path,
                                     event_mask mask, add_options options,
                                     boost::system::error_code& ec)
{
    options |= add_options::create_only;
    check_arguments(path, mask, options, ec);
    if (ec) {
        return {};
    }
    int const number = table_->numbers().next();
    if (number == 0) {
        ASIO_INOTIFY_FAIL(ec, error::watch_descriptors_exhausted);
        return {};
    }
    auto const what = new_watch(path, mask, options);
    add_number(instance.fd, number, what, ec);
    if (is_set_next_missing(ec)) {
        return add_unnumbered(instance.fd, what, ec);
    }
    if (ec) {
        return {};
    }
    identify_object(number, what);
    return watch_descriptor{number};
}

// On a kernel without INOTIFY_IOC_SETNEXTWD the kernel chooses, and does not give a number again
// before it has given all.
watch_descriptor watch_registry::add_unnumbered(int fd, addition const& what,
                                                boost::system::error_code& ec)
{
    int const wd = cursor_.add(fd, what.path, what.native_mask, ec);
    if (ec) {
        return {};
    }
    scope_guard remove_again([&] { drop_watch(fd, wd); });
    if (table_->numbers().state_of(wd) != number_ledger::state::free) {
        ASIO_INOTIFY_FAIL(ec, error::watch_descriptors_exhausted);
        return {};
    }
    table_->insert(wd, what.known_path, what.lasting_mask);
    remove_again.dismiss();
    table_->confirm(wd);
    identify_object(wd, what);
    return watch_descriptor{wd};
}

void watch_registry::add_at(instance_access const& instance, watch_descriptor wanted,
                            path_ref const& path, event_mask mask, add_options options,
                            boost::system::error_code& ec)
{
    options |= add_options::create_only;
    check_arguments(wanted, path, mask, options, ec);
    if (ec) {
        return;
    }
    switch (table_->numbers().state_of(wanted.value())) {
    case number_ledger::state::free: {
        auto const what = new_watch(path, mask, options);
        add_number(instance.fd, wanted.value(), what, ec);
        if (!ec) {
            identify_object(wanted.value(), what);
        }
        return;
    }
    case number_ledger::state::live:
        ASIO_INOTIFY_FAIL(ec, error::watch_descriptor_in_use);
        return;
    case number_ledger::state::closing:
    case number_ledger::state::quarantined:
        ASIO_INOTIFY_FAIL(ec, error::watch_descriptor_quarantined);
        return;
    }
}

void watch_registry::add_saved(instance_access const& instance, saved_watch const& watch,
                               char const* path, path_kind kind, boost::system::error_code& ec)
{
    auto const lasting = native(watch.mask, watch.options);
    auto bits = lasting | create_bit;
    if (kind == path_kind::held_object) {
        bits &= ~native(add_options::dont_follow);
    }
    if (!any(watch.mask)) {
        bits |= silent_mask;
    }
    add_number(instance.fd, watch.wd.value(), {path, bits, watch.path, lasting}, ec);
    // Restoring is not slowed down by that.
    note_unknown_objects();
}

void watch_registry::identify_object(int wd, addition const& what) noexcept
{
    bool const dont_follow = any(options_of(what.native_mask) & add_options::dont_follow);
    table_->object(wd) = identity_of(what.path, dont_follow);
}

void watch_registry::add_number(int fd, int wanted, addition const& what,
                                boost::system::error_code& ec)
{
    table_->numbers().reserve_quarantine(2);
    auto const claim = claim_number(fd, wanted, what, ec);
    if (claim.verdict == claim_verdict::taken) {
        remove_stray(fd, claim.wd);
        table_->numbers().quarantine(wanted);
    }
}

// Nobody else should add watches to the instance, so the cursor is known, and consecutive ascending
// numbers need no ioctl. The table has the watch before the kernel does (kernel note 2.11), unless
// the claim fails.
claim_result watch_registry::claim_number(int fd, int wanted, addition const& what,
                                          boost::system::error_code& ec)
{
    table_->insert(wanted, what.known_path, what.lasting_mask);
    scope_guard undo_insert([&] { table_->undo_insert(wanted); });
    cursor_.move_to(fd, wanted, ec);
    if (ec) {
        return {};
    }
    auto const claim = cursor_.claim(fd, wanted, what.path, what.native_mask, ec);
    if (claim.verdict == claim_verdict::made) {
        table_->confirm(wanted);
        undo_insert.dismiss();
    }
    return claim;
}

// Its events can come, so its number is quarantined. The caller has reserved the memory for that
// before it had the watch made.
void watch_registry::remove_stray(int fd, int wd)
{
    drop_watch(fd, wd);
    table_->numbers().quarantine(wd);
}

// Adding nothing to the mask of a watch returns its number (kernel note A.3). First a silent watch
// is tried under a fresh number: if the inode has no watch, the call with IN_MASK_ADD would make
// one under a number that a watch outside the set could have had.
// Under a number that is not used again: the caller removes it by remove_stray. 0 on failure.
int watch_registry::make_silent_watch(int fd, char const* path, add_options lookup,
                                      boost::system::error_code& ec)
{
    int const fresh = table_->numbers().next();
    if (fresh == 0) {
        ASIO_INOTIFY_FAIL(ec, error::watch_descriptors_exhausted);
        return 0;
    }
    table_->numbers().reserve_quarantine(1);
    cursor_.move_to(fd, fresh, ec);
    // Without the ioctl the kernel chooses a free number itself.
    if (ec && !is_set_next_missing(ec)) {
        return 0;
    }
    int const made = cursor_.add(fd, path, native(lookup) | create_bit | silent_mask, ec);
    return ec ? 0 : made;
}

int watch_registry::probe_watch(instance_access const& instance, char const* path,
                                add_options lookup, boost::system::error_code& ec)
{
    int const made = make_silent_watch(instance.fd, path, lookup, ec);
    if (!ec) {
        remove_stray(instance.fd, made);
        return 0;
    }
    if (!is_errno(ec, EEXIST)) {
        return 0;
    }
    int const wd =
        cursor_.add(instance.fd, path, native(add_options::merge_mask | lookup) | silent_mask, ec);
    return !ec && table_->find(wd) != nullptr ? wd : 0;
}

void watch_registry::set_mask(instance_access const& instance, watch_descriptor wd, event_mask mask,
                              boost::system::error_code& ec)
{
    auto* const record = table_->find(wd.value());
    if (record == nullptr) {
        ASIO_INOTIFY_FAIL(ec, error::no_such_watch);
        return;
    }
    auto const options = options_of(*record) & lasting_options;
    check_mask(mask, options, ec);
    if (ec) {
        return;
    }
    if (!record->path) {
        ASIO_INOTIFY_FAIL(ec, error::watch_moved);
        return;
    }
    // The kernel changes a mask by path only, and the path can name a different inode by now, even
    // between two calls: the inode is held open while it is compared and changed.
    pinned_path const object(record->path.get(), any(options & add_options::dont_follow), ec);
    if (ec) {
        if (is_errno(ec, ENOENT) || is_errno(ec, ENOTDIR)) {
            ASIO_INOTIFY_FAIL(ec, error::watch_moved);
        }
        return;
    }
    int const found = probe_watch(instance, object.path(), add_options::none, ec);
    if (ec) {
        return;
    }
    if (found != wd.value()) {
        ASIO_INOTIFY_FAIL(ec, error::watch_moved);
        return;
    }
    // The options about the look-up were applied when the inode was opened.
    auto const kept = options & (add_options::exclude_unlinked | add_options::one_shot);
    table_->numbers().reserve_quarantine(1);
    int const changed = cursor_.add(instance.fd, object.path(), native(mask, kept), ec);
    if (ec) {
        return;
    }
    if (changed != wd.value()) {
        // The watch has ended between the two calls, and this one is new.
        cursor_.follow(changed);
        remove_stray(instance.fd, changed);
        ASIO_INOTIFY_FAIL(ec, error::no_such_watch);
        return;
    }
    record->native_mask = native(mask, options);
}

void watch_registry::remove(instance_access const& instance, watch_descriptor wd,
                            boost::system::error_code& ec)
{
    if (table_->find(wd.value()) == nullptr) {
        ASIO_INOTIFY_FAIL(ec, error::no_such_watch);
        return;
    }
    // The step that can fail for lack of memory comes first. A closing number may still have its
    // watch in the kernel.
    table_->remove(wd.value());
    remove_watch(instance.fd, wd, ec);
    if (!ec) {
        BOOST_TRY
        {
            table_->numbers().freed(wd.value());
        }
        BOOST_CATCH(...)
        {
            // Recycling does it.
        }
        BOOST_CATCH_END
    } else if (ec == make_error_code(error::no_such_watch)) {
        // The kernel had removed it before; its IN_IGNORED is not read yet.
        ec.clear();
    }
}

watch_record const* watch_registry::find(watch_descriptor wd) const noexcept
{
    return table_->find(wd.value());
}

watch_record const* watch_registry::find(std::string_view path) const noexcept
{
    return table_->find(path);
}

watch_record const* watch_registry::live_from(std::size_t& position) const noexcept
{
    return table_->live_from(position);
}

std::size_t watch_registry::size() const noexcept
{
    return table_->size();
}

watch_set_counters const& watch_registry::counters() const noexcept
{
    return events_->counters();
}

void watch_registry::begin_read(instance_access const& instance, boost::system::error_code& ec)
{
    ec.clear();
    table_->free_gone_records();
    if (has_unknown_objects_) {
        identify_objects();
    }
    if (events_->must_revalidate()) {
        revalidate_after_restore(instance, ec);
    }
    if (!ec) {
        events_->begin_read(instance, ec);
    }
}

void watch_registry::identify_objects() noexcept
{
    has_unknown_objects_ = false;
    for (std::size_t at = 0; auto const* const record = live_from(at); ++at) {
        if (auto& object = table_->object(record->wd); record->path && !object.is_known()) {
            object = identity_of(record->path.get(),
                                 any(options_of(*record) & add_options::dont_follow));
        }
    }
}

bool watch_registry::hold_after_restore(instance_access const& instance, std::byte const* data,
                                        std::size_t size) noexcept
{
    return events_->hold_after_restore(instance, data, size);
}

bool watch_registry::put_back(instance_access const& instance, std::byte const* data,
                              std::size_t size) noexcept
{
    return events_->put_back(instance, data, size);
}

void watch_registry::notice_restores() noexcept
{
    if (!events_->detector().is_open()) {
        events_->detector().open();
    }
}

bool watch_registry::notices_restores() const noexcept
{
    return events_->detector().is_open();
}

// A failure is reported once, and the revalidation tried again before each read: as the comparison
// after an overflow.
void watch_registry::revalidate_after_restore(instance_access const& instance,
                                              boost::system::error_code& ec)
{
    auto report = set_revalidator(*this, instance).run(ec);
    bool const was_reported = std::exchange(revalidation_failed_, static_cast<bool>(ec));
    if (!ec) {
        events_->revalidated();
        restore_report_ = std::move(report);
    } else if (was_reported) {
        ec.clear();
    }
}

// The IN_IGNORED of a watch that nobody knows completes the read, which drops it and begins again.
void watch_registry::wake_read(instance_access const& instance, boost::system::error_code& ec)
{
    scratch_inode const scratch(ec);
    int const made = ec ? 0 : make_silent_watch(instance.fd, scratch.path(), add_options::none, ec);
    if (made > 0) {
        scope_guard const remove_again([&] { remove_stray(instance.fd, made); });
        instance.backlog.expect_trace(made);
    }
}

std::size_t watch_registry::finish_read(watch_read_buffer const& buffer, std::size_t size)
{
    return events_->join(buffer.data(), size, buffer.watches());
}

} // namespace asio_inotify::detail

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/detail/watch_registry.hpp>

#include <asio_inotify/detail/instance_ops.hpp>
#include <asio_inotify/event_view.hpp>

#include "inotify/add_arguments.hpp"
#include "system/directory_ops.hpp"
#include "system/fdinfo.hpp"
#include "system/inotify_ops.hpp"
#include "values/fail.hpp"
#include "watch_set/watch_table.hpp"

#include <boost/core/no_exceptions_support.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace asio_inotify::detail {
namespace {

constexpr auto create = native(add_options::create_only);

// The entry stands in the table before the watch is made, and goes again if it is not.
class entry_guard
{
public:
    entry_guard(watch_table& table, int number) noexcept
        : table_(table)
        , number_(number)
    {}
    entry_guard(entry_guard const&) = delete;
    entry_guard& operator=(entry_guard const&) = delete;

    ~entry_guard() { drop(); }

    void drop()
    {
        if (number_ != 0) {
            table_.undo_insert(std::exchange(number_, 0));
        }
    }

    void keep() noexcept
    {
        table_.confirm(number_);
        number_ = 0;
    }

private:
    watch_table& table_;
    int number_;
};

} // namespace

watch_registry::watch_registry()
    : table_(std::make_unique<watch_table>())
{}

watch_registry::~watch_registry() = default;

auto watch_registry::new_watch(path_ref path, event_mask mask, add_options options) noexcept
    -> addition
{
    auto const bits = native(mask, options);
    return {path.c_str(), bits, path.view(), bits & ~create};
}

watch_descriptor watch_registry::add(int fd, path_ref path, event_mask mask, add_options options,
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
    add_number(fd, number, new_watch(path, mask, options), ec);
    if (is_set_next_missing(ec)) {
        return add_any(fd, path, native(mask, options), ec);
    }
    return ec ? watch_descriptor{} : watch_descriptor{number};
}

// Where numbers cannot be chosen, the kernel does it, and does not give one again either before it
// has given all.
watch_descriptor watch_registry::add_any(int fd, path_ref path, std::uint32_t native_mask,
                                         boost::system::error_code& ec)
{
    int const wd = add_watch(fd, path.c_str(), native_mask, ec);
    if (ec) {
        return {};
    }
    kernel_cursor_ = number_behind(wd);
    if (table_->numbers().state_of(wd) != number_ledger::state::free) {
        drop_watch(fd, wd);
        ASIO_INOTIFY_FAIL(ec, error::watch_descriptors_exhausted);
        return {};
    }
    watch_guard made(fd, wd);
    table_->insert(wd, path.view(), native_mask & ~create);
    made.keep();
    table_->confirm(wd);
    return watch_descriptor{wd};
}

void watch_registry::add_at(int fd, watch_descriptor wanted, path_ref path, event_mask mask,
                            add_options options, boost::system::error_code& ec)
{
    options |= add_options::create_only;
    check_arguments(wanted, path, mask, options, ec);
    if (ec) {
        return;
    }
    switch (table_->numbers().state_of(wanted.value())) {
    case number_ledger::state::free:
        add_number(fd, wanted.value(), new_watch(path, mask, options), ec);
        return;
    case number_ledger::state::live:
        ASIO_INOTIFY_FAIL(ec, error::watch_descriptor_in_use);
        return;
    case number_ledger::state::closing:
    case number_ledger::state::quarantined:
        ASIO_INOTIFY_FAIL(ec, error::watch_descriptor_quarantined);
        return;
    }
}

// Nobody else adds to the instance, so that the kernel's cursor is known, and a row of ascending
// numbers needs no ioctl at all.
void watch_registry::set_cursor(int fd, int wanted, boost::system::error_code& ec)
{
    if (kernel_cursor_ != wanted) {
        detail::set_next(fd, wanted, ec);
        if (!ec) {
            kernel_cursor_ = wanted;
        }
    }
}

void watch_registry::add_number(int fd, int wanted, addition const& what,
                                boost::system::error_code& ec)
{
    table_->numbers().prepare_burns(2);
    table_->insert(wanted, what.known_path, what.lasting_mask);
    entry_guard entry(*table_, wanted);
    set_cursor(fd, wanted, ec);
    if (ec) {
        return;
    }
    int const wd = add_watch(fd, what.path, what.native_mask, ec);
    if (wd == wanted) {
        kernel_cursor_ = number_behind(wd);
        entry.keep();
        return;
    }
    entry.drop();
    if (ec) {
        if (took_number(ec)) {
            kernel_cursor_ = unknown;
        }
        return;
    }
    // Somebody else has the number, and had us get another one.
    drop_stray(fd, wd);
    table_->numbers().burn(wanted);
    ASIO_INOTIFY_FAIL(ec, error::watch_descriptor_in_use);
}

// A watch that was not meant to be. Events of it can come, so that its number is not for others;
// the memory that this takes is there before the watch is.
void watch_registry::drop_stray(int fd, int wd)
{
    kernel_cursor_ = number_behind(wd);
    drop_watch(fd, wd);
    table_->numbers().burn(wd);
}

// Which watch is on the object that a path names? Asked by adding nothing to its mask (kernel note
// A.3). If no watch is, one is made for a moment, under a number that nobody has; that comes first,
// so that a watch of somebody else's is not taken for it.
int watch_registry::which_watch(int fd, char const* path, add_options lookup,
                                boost::system::error_code& ec)
{
    int const fresh = table_->numbers().next();
    if (fresh == 0) {
        ASIO_INOTIFY_FAIL(ec, error::watch_descriptors_exhausted);
        return 0;
    }
    table_->numbers().prepare_burns(1);
    set_cursor(fd, fresh, ec);
    // Without the ioctl the kernel has a free number of its own for a watch that is not there.
    if (ec && !is_set_next_missing(ec)) {
        return 0;
    }
    int const made = add_watch(fd, path, native(lookup) | create | silent_mask, ec);
    if (!ec) {
        drop_stray(fd, made);
        return 0;
    }
    if (took_number(ec)) {
        kernel_cursor_ = unknown;
    }
    if (!is_errno(ec, EEXIST)) {
        return 0;
    }
    int const wd = add_watch(fd, path, native(add_options::merge_mask | lookup) | silent_mask, ec);
    return !ec && table_->find(wd) != nullptr ? wd : 0;
}

void watch_registry::set_mask(int fd, watch_descriptor wd, event_mask mask,
                              boost::system::error_code& ec)
{
    auto* const record = table_->find(wd.value());
    if (record == nullptr) {
        ASIO_INOTIFY_FAIL(ec, error::no_such_watch);
        return;
    }
    auto const options = static_cast<add_options>(record->native_mask) & lasting_options;
    check_arguments("", mask, options, ec);
    if (ec) {
        return;
    }
    if (!record->path) {
        ASIO_INOTIFY_FAIL(ec, error::watch_moved);
        return;
    }
    // The kernel changes a mask by path only, and a path can name another object meanwhile, even
    // between two calls: the object is held while it is compared and changed.
    pinned_path const object(record->path.get(), any(options & add_options::dont_follow), ec);
    if (ec) {
        if (is_errno(ec, ENOENT) || is_errno(ec, ENOTDIR)) {
            ASIO_INOTIFY_FAIL(ec, error::watch_moved);
        }
        return;
    }
    int const found = which_watch(fd, object.path(), add_options::none, ec);
    if (ec) {
        return;
    }
    if (found != wd.value()) {
        ASIO_INOTIFY_FAIL(ec, error::watch_moved);
        return;
    }
    // What the options say of the path was looked at when the object was opened.
    auto const lasting = options & (add_options::exclude_unlinked | add_options::one_shot);
    table_->numbers().prepare_burns(1);
    int const changed = add_watch(fd, object.path(), native(mask, lasting), ec);
    if (ec) {
        return;
    }
    if (changed != wd.value()) {
        // It has ended between the two calls.
        drop_stray(fd, changed);
        ASIO_INOTIFY_FAIL(ec, error::no_such_watch);
        return;
    }
    record->native_mask = native(mask, options);
}

void watch_registry::remove(int fd, watch_descriptor wd, boost::system::error_code& ec)
{
    if (table_->find(wd.value()) == nullptr) {
        ASIO_INOTIFY_FAIL(ec, error::no_such_watch);
        return;
    }
    // First what can fail for want of memory. That the kernel may still have the watch is what a
    // number that is closing stands for anyway.
    table_->remove(wd.value());
    remove_watch(fd, wd, ec);
    if (!ec) {
        BOOST_TRY
        {
            table_->numbers().settle(wd.value());
        }
        BOOST_CATCH(...)
        {
            // Recycling settles it.
        }
        BOOST_CATCH_END
    } else if (ec == make_error_code(error::no_such_watch)) {
        // The kernel had removed it before; the event that says so is not read yet.
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

void watch_registry::begin_read() noexcept
{
    table_->forget_gone();
}

std::size_t watch_registry::finish_read(std::byte* data, std::size_t capacity, std::size_t size)
{
    if (std::exchange(read_on_its_way_, false)) {
        table_->numbers().stream_shifted(size);
        missing_known_at_ += size;
        waits_too_long_ = true;
    }
    position_ += size;
    auto const result = table_->join(data, size, data + capacity);
    table_->numbers().read_up_to(position_);
    counters_.events += result.events;
    counters_.stale += result.dropped;
    if (result.overflow) {
        ++counters_.overflows;
        overflowed_ = true;
    }
    return result.size;
}

void watch_registry::reconcile(int fd, read_backlog& left, boost::system::error_code& ec)
{
    ec.clear();
    if (overflowed_) {
        find_missing(fd, left, ec);
        // A failure is told once, as who needs no comparison has to be able to read on. It is tried
        // again before each read.
        bool const told = std::exchange(comparison_failed_, static_cast<bool>(ec));
        if (ec && told) {
            ec.clear();
        }
    }
    if (!missing_.empty() && position_ >= missing_known_at_) {
        report_missing(left);
    }
}

// The record of the overflow was read, so that a further loss would leave another one behind what
// is queued now (kernel note 4.14).
void watch_registry::find_missing(int fd, read_backlog const& left, boost::system::error_code& ec)
{
    auto const live = live_numbers(fd, ec);
    if (ec) {
        return;
    }
    std::vector<int> missing;
    for (std::size_t at = 0; auto const* const record = table_->live_from(at); ++at) {
        if (!std::binary_search(live.begin(), live.end(), record->wd)) {
            missing.push_back(record->wd);
        }
    }
    set_missing(fd, left, true, std::move(missing), ec);
}

// Where the stream of events is read up to what is queued now.
std::uint64_t watch_registry::end_of_queue(int fd, read_backlog const& left,
                                           bool no_read_outstanding, boost::system::error_code& ec)
{
    auto const queued = queued_bytes(fd, ec);
    read_on_its_way_ = read_on_its_way_ || !no_read_outstanding;
    return position_ + left.held_bytes() + queued;
}

void watch_registry::look_at_queue(int fd, read_backlog const& left) noexcept
{
    waits_too_long_ = table_->numbers().is_waiting() || !missing_.empty();
    if (waits_too_long_ && left.held_bytes() == 0 && is_queue_empty(fd)) {
        table_->numbers().read_up_to((std::numeric_limits<std::uint64_t>::max)());
        missing_known_at_ = position_;
        waits_too_long_ = false;
    }
}

// If the events of their ends are not lost, they are in what is queued now.
void watch_registry::set_missing(int fd, read_backlog const& left, bool no_read_outstanding,
                                 std::vector<int> missing, boost::system::error_code& ec)
{
    auto const known_at = end_of_queue(fd, left, no_read_outstanding, ec);
    if (!ec) {
        missing_known_at_ = known_at;
        missing_ = std::move(missing);
        overflowed_ = false;
    }
}

void watch_registry::report_missing(read_backlog& left)
{
    std::vector<event_header> ends;
    for (int const wd : missing_) {
        if (table_->find(wd) != nullptr) {
            ends.push_back({wd, ignored_bit, 0, 0});
        }
    }
    if (!ends.empty()) {
        auto const size = ends.size() * sizeof(event_header);
        left.hold(ends.data(), size);
        table_->numbers().stream_shifted(size);
        counters_.reconciled += ends.size();
    }
    missing_.clear();
}

} // namespace asio_inotify::detail

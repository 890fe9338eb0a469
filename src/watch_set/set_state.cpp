//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "watch_set/set_state.hpp"

#include "values/fail.hpp"

#include <asio_inotify/decode_events.hpp>

#include <boost/asio/error.hpp>

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <iterator>
#include <system_error>

// asio-inotify set 1
// closing 3-3 7-9
// quarantined
// recycled 4-4
// reconcile 0
// snapshot 1234
// events 48
// followed by so many bytes of the snapshot's text and of events.
namespace asio_inotify::detail {
namespace {

// A path of PATH_MAX escaped bytes, a file handle of 128 bytes and the rest.
constexpr std::size_t longest_watch = std::size_t{4} * 4096 + 1024;

// As much of the text is parsed at once, or a watch.
constexpr std::size_t text_at_once = 16384;

constexpr std::string_view set_title = "asio-inotify set ";

void append_ranges(std::string& text, std::string_view name, number_ranges const& numbers)
{
    text += name;
    for (auto const& [first, last] : numbers.ranges()) {
        text += ' ' + std::to_string(first) + '-' + std::to_string(last);
    }
    text += '\n';
}

} // namespace

std::string to_bytes(set_state const& state)
{
    auto const snapshot_text = state.watches.to_text();
    auto text = std::string(set_title) + "1\n";
    append_ranges(text, "closing", state.closing);
    append_ranges(text, "quarantined", state.quarantined);
    append_ranges(text, "recycled", state.recycled);
    text += state.reconcile ? "reconcile 1\n" : "reconcile 0\n";
    text += "snapshot " + std::to_string(snapshot_text.size()) + '\n';
    text += "events " + std::to_string(state.events.size()) + '\n';
    return text + snapshot_text + state.events;
}

set_state set_state_from_bytes(std::string_view bytes, boost::system::error_code& ec)
{
    set_state_reader reader(bytes);
    while (!reader.step(bytes.size() + 1, ec)) {
    }
    return ec ? set_state() : reader.take();
}

bool set_state_reader::step(std::size_t work, boost::system::error_code& ec)
{
    ec.clear();
    while (work != 0 && part_ != part::done) {
        --work;
        if (!step_part(work, ec)) {
            if (!ec) {
                ASIO_INOTIFY_FAIL(ec, error::malformed_set_state);
            }
            return true;
        }
    }
    return part_ == part::done;
}

// Returns whether the part is right so far; goes to the next one when it is complete.
bool set_state_reader::step_part(std::size_t& work, boost::system::error_code& ec)
{
    switch (part_) {
    case part::title:
        return read_title(ec);
    case part::closing:
        return read_ranges("closing", state_.closing, work);
    case part::quarantined:
        return read_ranges("quarantined", state_.quarantined, work);
    case part::recycled:
        return read_ranges("recycled", state_.recycled, work);
    case part::sizes:
        return read_sizes(ec);
    case part::watches:
        return read_watches(work, ec);
    case part::disjoint:
        return check_disjoint(work);
    case part::done:
        break;
    }
    return true;
}

bool set_state_reader::read_title(boost::system::error_code& ec) noexcept
{
    unsigned version = 0;
    if (!skip(set_title) || !read_number(version) || !skip("\n") || version == 0) {
        return false;
    }
    if (version != 1) {
        ASIO_INOTIFY_FAIL(ec, error::unsupported_snapshot_version);
        return false;
    }
    part_ = part::closing;
    return true;
}

bool set_state_reader::read_ranges(std::string_view name, number_ranges& numbers, std::size_t& work)
{
    if (above_ == 0 && !skip(name)) {
        return false;
    }
    for (; !skip("\n"); work -= work != 0 ? 1U : 0U) {
        // Ascending and not touching: one text for each set of numbers.
        int first = 0;
        int last = 0;
        if (!skip(" ") || !read_number(first) || !skip("-") || !read_number(last) ||
            first <= above_ || last < first || is_retired(first, last)) {
            return false;
        }
        numbers.insert(first, last);
        above_ = last + 1LL;
        if (work == 0) {
            return true;
        }
    }
    above_ = 0;
    part_ = static_cast<part>(static_cast<int>(part_) + 1);
    return true;
}

bool set_state_reader::read_sizes(boost::system::error_code& ec)
{
    int reconcile = 0;
    std::size_t snapshot_size = 0;
    std::size_t events_size = 0;
    std::string_view text;
    std::string_view events;
    if (!read_line("reconcile", reconcile) || reconcile > 1 ||
        !read_line("snapshot", snapshot_size) || !read_line("events", events_size) ||
        !read_bytes(snapshot_size, text) || !read_bytes(events_size, events) || !rest_.empty()) {
        return false;
    }
    static_cast<void>(decode_events(asio::buffer(events), ec));
    if (ec) {
        ec.clear();
        return false;
    }
    state_.reconcile = reconcile == 1;
    state_.events = events;
    watches_.emplace(text, longest_watch);
    part_ = part::watches;
    return true;
}

bool set_state_reader::read_watches(std::size_t& work, boost::system::error_code& ec)
{
    auto const begin = watches_->position();
    bool is_over = false;
    do {
        is_over = watches_->step(1, ec);
        work -= work != 0 ? 1U : 0U;
    } while (!is_over && work != 0 && watches_->position() - begin < text_at_once);
    work = 0;
    if (ec) {
        ec.clear();
        return false;
    }
    if (watches_->size() > most_watches_) {
        ASIO_INOTIFY_FAIL(ec, asio::error::message_size);
        return false;
    }
    if (is_over) {
        state_.watches = watches_->take();
        part_ = part::disjoint;
    }
    return true;
}

// Each number has one state.
bool set_state_reader::check_disjoint(std::size_t& work)
{
    auto const& watches = state_.watches.watches();
    for (++work; compared_ != watches.size() && work != 0; --work) {
        int const wd = watches[compared_++].wd.value();
        if (is_retired(wd, wd)) {
            return false;
        }
    }
    if (compared_ == watches.size()) {
        part_ = part::done;
    }
    return true;
}

// True if some of these numbers are in one of the sets that were read.
bool set_state_reader::is_retired(int first, int last) const noexcept
{
    auto const has_some = [&](number_ranges const* numbers) {
        auto const behind = numbers->ranges().upper_bound(last);
        return behind != numbers->ranges().begin() && std::prev(behind)->second >= first;
    };
    auto const sets = {&state_.closing, &state_.quarantined, &state_.recycled};
    return std::any_of(sets.begin(), sets.end(), has_some);
}

bool set_state_reader::skip(std::string_view text) noexcept
{
    bool const found = rest_.starts_with(text);
    rest_.remove_prefix(found ? text.size() : 0);
    return found;
}

// Each number has one text: without sign and leading zeros.
template <class Number>
bool set_state_reader::read_number(Number& value) noexcept
{
    auto const [last, failure] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    auto const size = static_cast<std::size_t>(last - rest_.data());
    if (failure != std::errc{} || rest_.front() == '-' || (rest_.front() == '0' && size != 1)) {
        return false;
    }
    rest_.remove_prefix(size);
    return true;
}

template <class Number>
bool set_state_reader::read_line(std::string_view name, Number& value) noexcept
{
    return skip(name) && skip(" ") && read_number(value) && skip("\n");
}

bool set_state_reader::read_bytes(std::size_t size, std::string_view& value) noexcept
{
    if (size > rest_.size()) {
        return false;
    }
    value = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
}

} // namespace asio_inotify::detail

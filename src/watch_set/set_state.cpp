//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "watch_set/set_state.hpp"

#include "values/fail.hpp"

#include <asio_inotify/decode_events.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <utility>
#include <vector>

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

constexpr std::string_view set_title = "asio-inotify set ";

void append_ranges(std::string& text, std::string_view name, number_ranges const& numbers)
{
    text += name;
    for (auto const& [first, last] : numbers.ranges()) {
        text += ' ' + std::to_string(first) + '-' + std::to_string(last);
    }
    text += '\n';
}

// Parses the bytes from the front. Each function returns whether its part was there.
class state_reader
{
public:
    explicit state_reader(std::string_view bytes) noexcept
        : rest_(bytes)
    {}

    bool skip(std::string_view text) noexcept
    {
        bool const found = rest_.starts_with(text);
        rest_.remove_prefix(found ? text.size() : 0);
        return found;
    }

    template <class Number>
    bool number(Number& value) noexcept
    {
        auto const [last, failure] =
            std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
        if (failure != std::errc{}) {
            return false;
        }
        rest_.remove_prefix(static_cast<std::size_t>(last - rest_.data()));
        return true;
    }

    template <class Number>
    bool line(std::string_view name, Number& value) noexcept
    {
        return skip(name) && skip(" ") && number(value) && skip("\n");
    }

    bool ranges(std::string_view name, number_ranges& numbers)
    {
        if (!skip(name)) {
            return false;
        }
        // Ascending and not touching: one text for each set of numbers.
        for (long long above = 0; !skip("\n");) {
            int first = 0;
            int last = 0;
            if (!skip(" ") || !number(first) || !skip("-") || !number(last) || first <= above ||
                last < first) {
                return false;
            }
            numbers.insert(first, last);
            above = last + 1LL;
        }
        return true;
    }

    bool bytes(std::size_t size, std::string_view& value) noexcept
    {
        if (size > rest_.size()) {
            return false;
        }
        value = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return true;
    }

    [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

private:
    std::string_view rest_;
};

// Each number has one state.
bool are_disjoint(set_state const& state)
{
    std::vector<std::pair<int, int>> all;
    for (auto const& watch : state.watches.watches()) {
        all.emplace_back(watch.wd.value(), watch.wd.value());
    }
    for (auto const* const numbers : {&state.closing, &state.quarantined, &state.recycled}) {
        all.insert(all.end(), numbers->ranges().begin(), numbers->ranges().end());
    }
    std::sort(all.begin(), all.end());
    return std::adjacent_find(all.begin(), all.end(), [](auto const& a, auto const& b) {
               return b.first <= a.second;
           }) == all.end();
}

bool read_state(state_reader& in, set_state& state)
{
    int reconcile = 0;
    std::size_t snapshot_size = 0;
    std::size_t events_size = 0;
    std::string_view text;
    std::string_view events;
    if (!in.ranges("closing", state.closing) || !in.ranges("quarantined", state.quarantined) ||
        !in.ranges("recycled", state.recycled) || !in.line("reconcile", reconcile) ||
        reconcile < 0 || reconcile > 1 || !in.line("snapshot", snapshot_size) ||
        !in.line("events", events_size) || !in.bytes(snapshot_size, text) ||
        !in.bytes(events_size, events) || !in.at_end()) {
        return false;
    }
    boost::system::error_code ec;
    static_cast<void>(decode_events(asio::buffer(events), ec));
    if (!ec) {
        state.watches = snapshot::from_text(text, ec);
    }
    state.reconcile = reconcile == 1;
    state.events = events;
    return !ec && are_disjoint(state);
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
    ec.clear();
    state_reader in(bytes);
    unsigned version = 0;
    if (!in.skip(set_title) || !in.number(version) || !in.skip("\n") || version == 0) {
        ASIO_INOTIFY_FAIL(ec, error::malformed_set_state);
        return {};
    }
    if (version != 1) {
        ASIO_INOTIFY_FAIL(ec, error::unsupported_snapshot_version);
        return {};
    }
    set_state state;
    // Each state has one text: numbers with leading zeros, for instance, are refused.
    if (!read_state(in, state) || to_bytes(state) != bytes) {
        ASIO_INOTIFY_FAIL(ec, error::malformed_set_state);
        return {};
    }
    return state;
}

} // namespace asio_inotify::detail

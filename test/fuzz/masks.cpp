//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "check.hpp"

#include <asio_inotify/error.hpp>
#include <asio_inotify/event_mask.hpp>
#include <asio_inotify/tree_change_mask.hpp>

#include <boost/system/system_error.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <string_view>

// A list of names is accepted exactly if each name is known, and a set of kinds survives its text.
namespace {

using asio_inotify::event_mask;
using asio_inotify::tree_change_mask;
using test::check;

struct event_names
{
    using mask = event_mask;
    static mask parse(std::string_view names, boost::system::error_code& ec)
    {
        return asio_inotify::event_mask_from_string(names, ec);
    }
    static mask parse(std::string_view names)
    {
        return asio_inotify::event_mask_from_string(names);
    }
    static void add_sets(std::map<std::string, mask>& names)
    {
        names["close"] = mask::close;
        names["move"] = mask::move;
    }
};

struct change_names
{
    using mask = tree_change_mask;
    static mask parse(std::string_view names, boost::system::error_code& ec)
    {
        return asio_inotify::tree_change_mask_from_string(names, ec);
    }
    static mask parse(std::string_view names)
    {
        return asio_inotify::tree_change_mask_from_string(names);
    }
    static void add_sets(std::map<std::string, mask>&) {}
};

template <class Names>
std::map<std::string, typename Names::mask> known_names()
{
    using mask = typename Names::mask;
    std::map<std::string, mask> names{{"all", mask::all}, {"none", mask::none}};
    Names::add_sets(names);
    for (std::uint32_t bit = 1; any(mask{bit} & mask::all); bit <<= 1U) {
        names[to_string(mask{bit})] = mask{bit};
    }
    return names;
}

/// The set, or none if a name is unknown.
template <class Names>
std::optional<typename Names::mask> expected(std::string_view text)
{
    static auto const names = known_names<Names>();
    auto all = Names::mask::none;
    std::string name;
    for (std::size_t at = 0; at <= text.size(); ++at) {
        if (at != text.size() && text[at] != ',' && text[at] != '|') {
            name += text[at];
            continue;
        }
        auto const found = names.find(name);
        if (found == names.end()) {
            return std::nullopt;
        }
        all |= found->second;
        name.clear();
    }
    return all;
}

template <class Names>
void check_set(typename Names::mask set)
{
    auto const text = to_string(set);
    boost::system::error_code ec;
    check(Names::parse(text, ec) == (set & Names::mask::all) && !ec, "a set survives its text");
    check(to_string(Names::parse(text)) == text, "a set has one text");
}

template <class Names>
void check_text(std::string_view text)
{
    boost::system::error_code ec;
    auto const parsed = Names::parse(text, ec);
    auto const set = expected<Names>(text);
    check(!ec == set.has_value(), "accepted if each name is known");
    check(!ec || ec == asio_inotify::error::unknown_event_name, "which error");
    check(parsed == set.value_or(Names::mask::none), "the union of the names, or nothing");
    check_set<Names>(parsed);
    bool has_thrown = false;
    try {
        check(Names::parse(text) == parsed, "both forms return the same");
    } catch (boost::system::system_error const& e) {
        has_thrown = e.code() == ec;
    }
    check(has_thrown == ec.failed(), "the form that throws fails in the same way");
}

template <class Names>
void check_all(std::string_view text)
{
    check_text<Names>(text);
    std::uint32_t bits = 0;
    std::memcpy(&bits, text.data(), text.size() < sizeof bits ? text.size() : sizeof bits);
    check_set<Names>(typename Names::mask{bits});
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string const text(data, data + size);
    check_all<event_names>(text);
    check_all<change_names>(text);
    return 0;
}

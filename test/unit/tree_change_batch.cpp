//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/tree_change_batch.hpp>

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <concepts>
#include <iterator>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace lib = asio_inotify;

BOOST_AUTO_TEST_SUITE(tree_change_batch)

using batch = lib::tree_change_batch;
using kind = lib::tree_change_kind;
using mask = lib::tree_change_mask;
using type = lib::tree_entry_type;

// It owns what it gives, so that it is a container to ranges, and no view.
static_assert(!std::ranges::view<batch>);
static_assert(!std::ranges::borrowed_range<batch>);
static_assert(std::ranges::random_access_range<batch>);
static_assert(std::ranges::random_access_range<batch const>);
static_assert(std::ranges::common_range<batch>);
static_assert(std::ranges::sized_range<batch>);
static_assert(std::ranges::viewable_range<batch&>);
static_assert(std::random_access_iterator<batch::iterator>);
static_assert(std::is_same_v<batch::iterator, batch::const_iterator>);
static_assert(std::is_same_v<std::iterator_traits<batch::iterator>::iterator_category,
                             std::random_access_iterator_tag>);
static_assert(std::is_same_v<std::ranges::range_reference_t<batch>, lib::tree_change const&>);
static_assert(std::is_same_v<std::ranges::range_value_t<batch>, lib::tree_change>);
static_assert(std::is_nothrow_copy_constructible_v<lib::tree_change>);
static_assert(std::is_nothrow_default_constructible_v<batch>);
static_assert(std::is_nothrow_copy_constructible_v<batch>);
static_assert(std::is_nothrow_move_constructible_v<batch>);

/// One change, as a value.
struct made_change
{
    kind what;
    type of;
    std::string path;
    std::string old_path{};
    bool replaced = false;
    bool synthetic = false;
    boost::system::error_code error{};
};

batch make(std::vector<made_change> const& changes)
{
    using storage_type = lib::detail::tree_change_storage;
    lib::detail::storage_owner<storage_type> storage(new storage_type);
    auto const put = [&](std::string const& text) {
        auto const at = storage->text.size();
        storage->text.insert(storage->text.end(), text.c_str(), text.c_str() + text.size() + 1);
        return at;
    };
    for (auto const& change : changes) {
        std::uint32_t error = 0;
        if (change.error) {
            storage->errors.push_back(change.error);
            error = static_cast<std::uint32_t>(storage->errors.size());
        }
        auto const path = put(change.path);
        put(change.old_path);
        storage->changes.emplace_back(
            lib::detail::tree_change_record{
                lib::to_mask(change.what), change.of, change.replaced, change.synthetic, error,
                static_cast<std::uint32_t>(change.path.size()),
                static_cast<std::uint32_t>(change.old_path.size()), path},
            storage.get());
    }
    return lib::detail::batch_access::make<batch>(std::move(storage));
}

batch three()
{
    return make({{kind::created, type::directory, "r/one"},
                 {kind::renamed, type::file, "r/new", "r/old", true, true},
                 {kind::uncovered, type::directory, "r", "", false, false,
                  boost::asio::error::access_denied}});
}

std::vector<std::string> paths(batch const& changes)
{
    std::vector<std::string> result;
    for (auto const& change : changes) {
        result.emplace_back(change.path());
    }
    return result;
}

BOOST_AUTO_TEST_CASE(empty_ones)
{
    for (auto const& none : {batch(), make({})}) {
        BOOST_TEST(none.empty());
        BOOST_TEST(none.size() == 0U);
        BOOST_TEST((none.begin() == none.end()));
        BOOST_TEST(std::ranges::distance(none) == 0);
    }
    BOOST_TEST((batch::iterator() == batch::iterator()));
    BOOST_TEST((batch::iterator() == batch().begin()));
    BOOST_TEST((batch::iterator() != three().begin()));
}

BOOST_AUTO_TEST_CASE(gives_the_changes_in_order)
{
    auto const changes = three();
    BOOST_TEST(!changes.empty());
    BOOST_TEST(changes.size() == 3U);
    BOOST_TEST(std::ranges::distance(changes) == 3);
    std::vector<std::string> const expected{"r/one", "r/new", "r"};
    BOOST_TEST(paths(changes) == expected, boost::test_tools::per_element());
    BOOST_TEST(changes.front().path() == "r/one");
    BOOST_TEST(changes[2].path() == "r");
}

BOOST_AUTO_TEST_CASE(the_fields_of_a_change)
{
    auto const changes = three();
    auto const created = changes[0];
    BOOST_TEST((created.kind() == kind::created));
    BOOST_TEST(created.is(mask::created | mask::removed));
    BOOST_TEST(!created.is(mask::removed));
    BOOST_TEST(created.is_directory());
    BOOST_TEST((created.type() == type::directory));
    BOOST_TEST(created.old_path().empty());
    BOOST_TEST(!created.replaced());
    BOOST_TEST(!created.synthetic());
    BOOST_TEST(!created.error());
    auto const renamed = changes[1];
    BOOST_TEST(!renamed.is_directory());
    BOOST_TEST(renamed.path() == "r/new");
    BOOST_TEST(renamed.old_path() == "r/old");
    BOOST_TEST(renamed.replaced());
    BOOST_TEST(renamed.synthetic());
    BOOST_TEST(changes[2].error() == boost::asio::error::access_denied);
    for (auto const& change : changes) {
        BOOST_TEST(change.path().data()[change.path().size()] == '\0');
        BOOST_TEST(change.old_path().data()[change.old_path().size()] == '\0');
    }
    BOOST_TEST(to_string(type::file) == "file");
    BOOST_TEST(to_string(type::directory) == "dir");
}

BOOST_AUTO_TEST_CASE(iterators)
{
    auto const changes = three();
    auto it = changes.begin();
    auto const before = it++;
    BOOST_TEST((*before).path() == "r/one");
    BOOST_TEST(it->path() == "r/new");
    BOOST_TEST(it->replaced());
    auto& moved = ++it;
    BOOST_TEST(&moved == &it);
    BOOST_TEST(it->path() == "r");
    // Multi-pass: a copy goes the same way.
    auto copy = before;
    std::advance(copy, 2);
    BOOST_TEST((copy == it));
    BOOST_TEST((++it == changes.end()));
    BOOST_TEST((it - before) == 3);
    BOOST_TEST((before + 3 == it));
    BOOST_TEST((3 + before == it));
    BOOST_TEST((it - 3 == before));
    BOOST_TEST((before < it));
    BOOST_TEST((--it == copy));
    BOOST_TEST((it-- == copy));
    BOOST_TEST(before[2].path() == it[1].path());
    BOOST_TEST(changes.back().path() == "r");
}

BOOST_AUTO_TEST_CASE(changes_live_as_long_as_a_copy)
{
    auto changes = three();
    auto const copy = changes;
    std::string_view const path = changes.front().path();
    changes = batch();
    BOOST_TEST(changes.empty());
    BOOST_TEST(path == "r/one");
    BOOST_TEST(copy.size() == 3U);
    auto moved = copy;
    auto const kept = std::move(moved);
    BOOST_TEST(kept[1].old_path() == "r/old");
}

// Also when it was copied from a copy, or assigned.
BOOST_AUTO_TEST_CASE(a_copy_of_a_change_lives_by_itself)
{
    std::vector<lib::tree_change> kept;
    {
        auto const changes = three();
        auto first = changes[0];
        auto const second = first;
        kept.push_back(second);
        first = changes[1];
        kept.push_back(std::move(first));
    }
    BOOST_TEST(kept[0].path() == "r/one");
    BOOST_TEST(kept[1].old_path() == "r/old");
    kept.erase(kept.begin());
    BOOST_TEST(kept.front().path() == "r/new");
}

BOOST_AUTO_TEST_CASE(works_with_views_and_algorithms)
{
    auto const changes = three();
    std::vector<lib::tree_change> const copies(changes.begin(), changes.end());
    BOOST_TEST(copies.size() == 3U);
    BOOST_TEST(copies[2].path() == "r");
    BOOST_TEST(std::ranges::count_if(changes, [](auto const& c) { return c.is_directory(); }) == 2);
    auto const renamed =
        std::ranges::find_if(changes, [](auto const& c) { return c.is(mask::renamed); });
    BOOST_TEST((renamed != changes.end()));
    BOOST_TEST(renamed->path() == "r/new");
}

BOOST_AUTO_TEST_SUITE_END()

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/allocation_counter.hpp"
#include "support/seed.hpp"

#include "tree/model/tree_index.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <new>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(tree_index)

using asio_inotify::detail::dir_id;
using asio_inotify::detail::entry_id;
using asio_inotify::detail::tree_directory;
using asio_inotify::detail::tree_entry;
using lib_index = asio_inotify::detail::tree_index;

/// A directory without a parent.
dir_id make_root(lib_index& index, std::string_view path = "root")
{
    return index.entry(index.make(path, true)).directory();
}

entry_id add(lib_index& index, dir_id parent, std::string_view name, bool is_directory)
{
    index.reserve();
    auto const id = index.make(name, is_directory);
    index.link(id, parent);
    return id;
}

std::multiset<std::string> children(lib_index const& index, dir_id id)
{
    std::multiset<std::string> names;
    entry_id previous = 0;
    for (auto at = index.directory(id).first_child; at != 0; at = index.entry(at).next) {
        BOOST_TEST(index.entry(at).previous == previous);
        BOOST_TEST(index.entry(at).parent == id);
        names.emplace(index.entry(at).name());
        previous = at;
    }
    return names;
}

BOOST_AUTO_TEST_CASE(files_and_directories)
{
    lib_index index;
    auto const root = make_root(index);
    BOOST_TEST(index.entry(index.directory(root).entry).name() == "root");
    BOOST_TEST(index.entry(index.directory(root).entry).parent == 0U);
    auto const file = add(index, root, "file", false);
    auto const dir = add(index, root, "dir", true);
    auto const below = index.entry(dir).directory();
    BOOST_TEST(!index.entry(file).is_directory());
    BOOST_TEST(index.entry(file).directory() == 0U);
    BOOST_TEST(below != 0U);
    BOOST_TEST(index.directory(below).entry == dir);
    BOOST_TEST(index.parent(below) == root);
    auto const same_name = add(index, below, "file", false);
    BOOST_TEST(index.find(root, "file") == file);
    BOOST_TEST(index.find(below, "file") == same_name);
    BOOST_TEST(index.find(root, "none") == 0U);
    BOOST_TEST((children(index, root) == std::multiset<std::string>{"dir", "file"}));
    BOOST_TEST(index.entry_count() == 4U);
    BOOST_TEST(index.directory_count() == 2U);
}

BOOST_AUTO_TEST_CASE(a_new_entry_has_the_mark_of_its_directory)
{
    lib_index index;
    auto const root = make_root(index);
    auto const before = add(index, root, "before", false);
    index.directory(root).set(tree_directory::mark);
    auto const after = add(index, root, "after", false);
    BOOST_TEST(!index.entry(before).is_marked());
    BOOST_TEST(index.entry(after).is_marked());
    // And gets another one where it comes to.
    auto const dir = index.entry(add(index, root, "dir", true)).directory();
    index.unlink(after);
    index.link(after, dir);
    BOOST_TEST(!index.entry(after).is_marked());
}

BOOST_AUTO_TEST_CASE(another_name)
{
    lib_index index;
    auto const root = make_root(index);
    auto const dir = add(index, root, "dir", true);
    auto const below = index.entry(dir).directory();
    auto const file = add(index, below, "file", false);
    index.entry(file).what = 4711;
    // The copy of a directory is the same directory, with everything below.
    index.reserve();
    auto const copy = index.copy(dir, "a longer name than before");
    index.unlink(dir);
    index.replace(dir, copy);
    index.link(copy, root);
    BOOST_TEST(index.find(root, "dir") == 0U);
    BOOST_TEST(index.find(root, "a longer name than before") == copy);
    BOOST_TEST(index.entry(copy).directory() == below);
    BOOST_TEST(index.directory(below).entry == copy);
    BOOST_TEST(index.find(below, "file") == file);
    index.reserve();
    auto const file_copy = index.copy(file, "f");
    index.unlink(file);
    index.replace(file, file_copy);
    index.link(file_copy, root);
    BOOST_TEST(index.entry(file_copy).what == 4711U);
    BOOST_TEST(children(index, below).empty());
    BOOST_TEST(index.entry_count() == 3U);
    BOOST_TEST(index.directory_count() == 2U);
}

BOOST_AUTO_TEST_CASE(directories_are_used_again_and_clean)
{
    lib_index index;
    auto const root = make_root(index);
    std::set<dir_id> before;
    for (int round = 0; round != 3; ++round) {
        std::set<dir_id> ids;
        for (int i = 0; i != 1000; ++i) {
            auto const entry = add(index, root, std::to_string(i), true);
            auto const id = index.entry(entry).directory();
            auto& d = index.directory(id);
            BOOST_REQUIRE_EQUAL(d.wd, 0);
            BOOST_REQUIRE_EQUAL(d.flags, 0);
            BOOST_REQUIRE_EQUAL(d.first_child, 0U);
            BOOST_REQUIRE_EQUAL(d.alias, 0U);
            d.set(tree_directory::removed | tree_directory::mark);
            d.wd = 7;
            d.alias = 5;
            d.inode = 9;
            ids.insert(id);
        }
        BOOST_TEST(ids.size() == 1000U);
        BOOST_TEST((round == 0 || ids == before));
        for (int i = 0; i != 1000; ++i) {
            auto const entry = index.find(root, std::to_string(i));
            auto const id = index.entry(entry).directory();
            index.unlink(entry);
            index.free(entry);
            index.free_directory(id);
        }
        before = std::move(ids);
        BOOST_TEST(index.directory_count() == 1U);
        BOOST_TEST(index.entry_count() == 1U);
    }
}

BOOST_AUTO_TEST_CASE(failures_change_nothing)
{
    lib_index index;
    auto const root = make_root(index);
    for (int i = 0; i != 3000; ++i) {
        auto const name = std::to_string(i) + std::string(static_cast<std::size_t>(i % 89), 'n');
        for (std::size_t k = 0;; ++k) {
            BOOST_TEST_REQUIRE(k < 10U);
            auto const entries = index.entry_count();
            auto const directories = index.directory_count();
            try {
                test::allocation_failure const failure(k);
                add(index, root, name, i % 2 == 0);
                break;
            } catch (std::bad_alloc const&) {
                BOOST_REQUIRE_EQUAL(index.entry_count(), entries);
                BOOST_REQUIRE_EQUAL(index.directory_count(), directories);
                BOOST_REQUIRE_EQUAL(index.find(root, name), 0U);
            }
        }
    }
    BOOST_TEST(children(index, root).size() == 3000U);
}

BOOST_AUTO_TEST_CASE(an_entry_is_found_beside_another)
{
    // With so many, the entries are in the table of names.
    for (std::size_t const count : {10U, 50U}) {
        lib_index index;
        auto const root = make_root(index);
        auto const other = index.entry(add(index, root, "other", true)).directory();
        std::vector<entry_id> made;
        for (std::size_t i = 0; i != count; ++i) {
            made.push_back(add(index, root, std::to_string(i), false));
            static_cast<void>(add(index, other, std::to_string(i), false));
        }
        for (auto const id : made) {
            lib_index::found const last{id, &index.entry(id)};
            auto const find_beside = [&](lib_index::found from, std::string name) {
                // As in a record.
                name.resize(16);
                return index.find_beside(from, root, {name.data(), name.size()});
            };
            for (std::size_t i = 0; i != count; ++i) {
                auto const name = std::to_string(i);
                auto const found = find_beside(last, name);
                BOOST_TEST(found.id == made[i]);
                BOOST_TEST(found.entry == &index.entry(made[i]));
                BOOST_TEST(find_beside({}, name).id == made[i]);
            }
            BOOST_TEST(find_beside(last, "none").id == 0U);
        }
    }
}

namespace {

enum class place : std::uint8_t
{
    front,
    middle,
    end
};

entry_id child_at(lib_index const& index, dir_id id, place where)
{
    std::vector<entry_id> all;
    for (auto at = index.directory(id).first_child; at != 0; at = index.entry(at).next) {
        all.push_back(at);
    }
    BOOST_TEST_REQUIRE(!all.empty());
    return where == place::front ? all.front()
           : where == place::end ? all.back()
                                 : all[all.size() / 2];
}

bool is_hashed(lib_index const& index, dir_id id)
{
    return index.directory(id).is(tree_directory::hashed);
}

// Each entry of a directory that is not in the table says not less than how many there are from it
// on.
void expect_counted(lib_index const& index, dir_id id)
{
    if (is_hashed(index, id)) {
        return;
    }
    std::vector<std::size_t> said;
    for (auto at = index.directory(id).first_child; at != 0; at = index.entry(at).next) {
        said.push_back(index.entry(at).most_from_here());
    }
    bool is_enough = true;
    for (std::size_t i = 0; i != said.size(); ++i) {
        is_enough = is_enough && said[i] >= said.size() - i;
    }
    BOOST_REQUIRE(is_enough);
}

/// A directory that is filled and emptied, and the entries that it has to have.
struct counted_directory
{
    void add_one(std::string const& name) { known[name] = add(index, root, name, false); }

    void fill(std::size_t count, std::string const& prefix)
    {
        for (std::size_t i = 0; known.size() != count; ++i) {
            add_one(prefix + std::to_string(i));
        }
    }

    void remove_one(place where)
    {
        auto const id = child_at(index, root, where);
        std::string const name(index.entry(id).name());
        index.unlink(id);
        index.free(id);
        BOOST_TEST(known.erase(name) == 1U);
        BOOST_TEST(index.find(root, name) == 0U);
    }

    void check() const
    {
        expect_counted(index, root);
        for (auto const& [name, id] : known) {
            BOOST_REQUIRE_EQUAL(index.find(root, name), id);
        }
        BOOST_TEST(children(index, root).size() == known.size());
    }

    lib_index index{};
    dir_id root = make_root(index);
    std::map<std::string, entry_id> known{};
};

// So many entries are looked through.
constexpr std::size_t most_looked_through = 32;

} // namespace

// Of few entries the names are not in the table, of many they are.
BOOST_AUTO_TEST_CASE(directories_of_all_sizes)
{
    auto const seed = test::seed();
    std::mt19937_64 random(seed);
    BOOST_TEST_CONTEXT("seed " << seed)
    {
        constexpr std::size_t parents = 3;
        constexpr std::size_t names = 60;
        lib_index index;
        auto const root = make_root(index);
        std::vector<dir_id> at;
        for (std::size_t i = 0; i != parents; ++i) {
            at.push_back(index.entry(add(index, root, "d" + std::to_string(i), true)).directory());
        }
        std::map<std::pair<std::size_t, std::string>, entry_id> model;
        for (int i = 0; i != 30000; ++i) {
            auto const parent = random() % parents;
            // Between none and all, slowly.
            auto const wanted = static_cast<std::size_t>(i / 100) % (2 * names);
            auto const number = std::to_string(random() % names);
            auto const known = model.find({parent, number});
            if (known == model.end()) {
                if (random() % names < (wanted < names ? wanted : 2 * names - wanted)) {
                    model[{parent, number}] = add(index, at[parent], number, random() % 8 == 0);
                }
            } else if (random() % 2 == 0) {
                // To another directory.
                auto const other = random() % parents;
                if (!model.contains({other, number})) {
                    index.reserve();
                    index.unlink(known->second);
                    index.link(known->second, at[other]);
                    model[{other, number}] = known->second;
                    model.erase(known);
                }
            } else {
                auto const id = known->second;
                index.unlink(id);
                if (auto const d = index.entry(id).directory(); d != 0) {
                    index.free_directory(d);
                }
                index.free(id);
                model.erase(known);
            }
            for (std::size_t n = 0; n != names; ++n) {
                auto const found = model.find({parent, std::to_string(n)});
                BOOST_REQUIRE_EQUAL(index.find(at[parent], std::to_string(n)),
                                    found == model.end() ? 0U : found->second);
            }
            expect_counted(index, at[parent]);
        }
        BOOST_TEST(index.entry_count() == model.size() + parents + 1);
    }
}

BOOST_AUTO_TEST_CASE(a_directory_passes_the_limit)
{
    counted_directory d;
    for (std::size_t i = 1; i <= most_looked_through; ++i) {
        d.add_one(std::to_string(i));
        BOOST_TEST(!is_hashed(d.index, d.root));
        d.check();
    }
    d.add_one("one more");
    BOOST_TEST(is_hashed(d.index, d.root));
    d.check();
    // It stays so until it is empty.
    while (d.known.size() != 1) {
        d.remove_one(place::middle);
        d.check();
    }
    BOOST_TEST(is_hashed(d.index, d.root));
    d.remove_one(place::front);
    BOOST_TEST(!is_hashed(d.index, d.root));
    d.fill(most_looked_through, "again");
    BOOST_TEST(!is_hashed(d.index, d.root));
    d.check();
}

// What entries say of how many follow is too much then.
BOOST_AUTO_TEST_CASE(the_limit_is_passed_after_removals)
{
    for (auto const where : {place::front, place::middle, place::end}) {
        for (std::size_t left = 0; left != most_looked_through; ++left) {
            BOOST_TEST_CONTEXT("removed at place " << static_cast<int>(where) << ", " << left
                                                   << " are left")
            {
                counted_directory d;
                d.fill(most_looked_through, "first");
                for (int round = 0; round != 3; ++round) {
                    while (d.known.size() != left) {
                        d.remove_one(where);
                    }
                    d.check();
                    d.fill(most_looked_through, "round " + std::to_string(round) + ' ');
                    BOOST_TEST(!is_hashed(d.index, d.root));
                    d.check();
                }
                d.add_one("one more");
                BOOST_TEST(is_hashed(d.index, d.root));
                d.check();
            }
        }
    }
}

// An entry takes nothing with it of what it said in another directory.
BOOST_AUTO_TEST_CASE(entries_go_from_one_directory_to_another)
{
    counted_directory d;
    d.known["other"] = add(d.index, d.root, "other", true);
    auto const other = d.index.entry(d.known["other"]).directory();
    d.fill(most_looked_through, "f");
    auto const move_all = [&](dir_id from, dir_id to) {
        for (std::size_t i = 1; i != most_looked_through; ++i) {
            auto const id = child_at(d.index, from, place::front);
            d.index.reserve();
            d.index.unlink(id);
            d.index.link(id, to);
            expect_counted(d.index, d.root);
            expect_counted(d.index, other);
        }
        BOOST_TEST(!is_hashed(d.index, d.root));
        BOOST_TEST(!is_hashed(d.index, other));
    };
    move_all(d.root, other);
    BOOST_TEST((children(d.index, d.root) == std::multiset<std::string>{"other"}));
    move_all(other, d.root);
    d.check();
    d.add_one("one more");
    BOOST_TEST(is_hashed(d.index, d.root));
    d.check();
}

BOOST_AUTO_TEST_CASE(memory_of_directories)
{
    constexpr std::size_t count = 100'000;
    auto const before = test::allocated_bytes();
    lib_index index;
    auto at = make_root(index);
    for (std::size_t i = 0; i != count; ++i) {
        auto const made = add(index, at, std::to_string(i), true);
        if (i % 50 == 0) {
            at = index.entry(made).directory();
        }
    }
    auto const bytes = test::allocated_bytes() - before;
    BOOST_TEST_MESSAGE(bytes / count << " bytes for a directory");
    if (test::counts_allocations) {
        BOOST_TEST(bytes <= 90 * count);
    }
}

BOOST_AUTO_TEST_SUITE_END()

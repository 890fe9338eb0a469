//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_FILE_PATH_MAP_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_FILE_PATH_MAP_HPP

#include <asio_inotify/tree_change.hpp>

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>
#include <utility>

namespace test {

/// A tree as a plain map: the paths of all entries, and whether they are directories.
using path_map = std::map<std::string, bool>;

/// The path of an entry of a directory.
inline std::string path_in(std::string const& directory, std::string const& name)
{
    return directory.ends_with('/') ? directory + name : directory + '/' + name;
}

/// True if one is the other or below it.
inline bool is_path_within(std::string const& path, std::string const& ancestor)
{
    return path == ancestor || path.starts_with(path_in(ancestor, ""));
}

/// Take an entry and its subtree out of a map: their paths without that of the entry.
inline path_map take_subtree(path_map& from, std::string const& path)
{
    path_map result;
    for (auto at = from.begin(); at != from.end();) {
        if (is_path_within(at->first, path)) {
            result.emplace(at->first.substr(path.size()), at->second);
            at = from.erase(at);
        } else {
            ++at;
        }
    }
    return result;
}

/// Put what was taken out in again, under another path.
inline void put_subtree(path_map& to, std::string const& path, path_map const& subtree)
{
    for (auto const& [rest, is_directory] : subtree) {
        to.emplace(path + rest, is_directory);
    }
}

/// Do to a map what a change says, which has to be possible there.
inline void replay(path_map& to, asio_inotify::tree_change const& change)
{
    using kind = asio_inotify::tree_change_kind;
    std::string const path(change.path());
    std::string const old_path(change.old_path());
    bool const is_there = to.contains(path);
    BOOST_TEST_CONTEXT(change.kind() << ' ' << path << ' ' << old_path)
    switch (change.kind()) {
    case kind::existing:
    case kind::created: {
        BOOST_REQUIRE(!is_there);
        auto const parent = path.substr(0, path.rfind('/'));
        auto const at = to.find(parent.empty() ? "/" : parent);
        BOOST_REQUIRE(at != to.end());
        BOOST_REQUIRE(at->second);
        to.emplace(path, change.is_directory());
        break;
    }
    case kind::removed:
        BOOST_REQUIRE(is_there);
        BOOST_REQUIRE_EQUAL(to[path], change.is_directory());
        take_subtree(to, path);
        break;
    case kind::renamed:
        BOOST_REQUIRE_EQUAL(is_there, change.replaced());
        BOOST_REQUIRE(to.contains(old_path));
        BOOST_REQUIRE_EQUAL(to[old_path], change.is_directory());
        BOOST_REQUIRE(!is_path_within(path, old_path));
        take_subtree(to, path);
        put_subtree(to, path, take_subtree(to, old_path));
        break;
    case kind::exchanged: {
        BOOST_REQUIRE(is_there);
        BOOST_REQUIRE(to.contains(old_path));
        BOOST_REQUIRE_EQUAL(to[old_path], change.is_directory());
        auto const one = take_subtree(to, path);
        put_subtree(to, path, take_subtree(to, old_path));
        put_subtree(to, old_path, one);
        break;
    }
    default:
        BOOST_REQUIRE((is_there || path.empty()));
        break;
    }
}

} // namespace test

#endif

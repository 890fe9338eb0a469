//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_PATHS_SET_BY_KEY_HPP
#define ASIO_INOTIFY_SRC_PATHS_SET_BY_KEY_HPP

#include "system/keyed_hash.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

// A hash set of pointers to objects that contain their key.
namespace asio_inotify::detail {

template <class KeyOf>
struct hash_of_key : KeyOf
{
    using is_transparent = void;
    using is_avalanching = void;

    template <class T>
    [[nodiscard]] std::size_t operator()(T const& value) const noexcept
    {
        return hash_of(KeyOf::operator()(value));
    }

private:
    static std::size_t hash_of(std::string_view text) noexcept { return keyed_hash(text); }
    static std::size_t hash_of(int number) noexcept
    {
        return keyed_hash(static_cast<std::uint64_t>(number));
    }
    template <class Key>
    static std::size_t hash_of(Key const& key) noexcept
    {
        return hash_value(key);
    }
};

template <class KeyOf>
struct equal_keys : KeyOf
{
    using is_transparent = void;

    template <class T, class U>
    [[nodiscard]] bool operator()(T const& a, U const& b) const noexcept
    {
        return KeyOf::operator()(a) == KeyOf::operator()(b);
    }
};

/// Look up by pointer or by key.
/** `KeyOf` returns the key of an object, given a pointer to it, and a key itself, given that. */
template <class T, class KeyOf>
using set_by_key = boost::unordered_flat_set<T*, hash_of_key<KeyOf>, equal_keys<KeyOf>>;

/// The object with a key; null if there is none.
template <class Set, class Key>
[[nodiscard]] auto find_in(Set const& set, Key const& key) noexcept -> typename Set::value_type
{
    auto const found = set.find(key);
    return found != set.end() ? *found : nullptr;
}

} // namespace asio_inotify::detail

#endif

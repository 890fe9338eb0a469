//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_API_WATCH_ARGUMENTS_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_API_WATCH_ARGUMENTS_HPP

#include "support/api/choices.hpp"

#include <asio_inotify.hpp>

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

/// Arguments for watches, good and bad.
namespace test::api {

inline asio_inotify::event_mask any_mask(choices& random)
{
    using asio_inotify::event_mask;
    static std::vector<event_mask> const masks{
        event_mask::all,    event_mask::create | event_mask::delete_, event_mask::modify,
        event_mask::attrib, event_mask::open | event_mask::access,    event_mask{}};
    return random.any_of(masks);
}

inline asio_inotify::add_options any_options(choices& random)
{
    using asio_inotify::add_options;
    static std::vector<add_options> const options{
        add_options::none,        add_options::none,
        add_options::none,        add_options::only_directory,
        add_options::dont_follow, add_options::exclude_unlinked,
        add_options::create_only, add_options::merge_mask,
        add_options::one_shot,    add_options::create_only | add_options::merge_mask};
    return random.any_of(options);
}

inline asio_inotify::watch_descriptor any_number(choices& random)
{
    if (random.one_in(20)) {
        static std::vector<int> const extremes{-1, 0, (std::numeric_limits<int>::max)()};
        return asio_inotify::watch_descriptor{random.any_of(extremes)};
    }
    return asio_inotify::watch_descriptor{static_cast<int>(1 + random.below(20))};
}

/// Large enough, but for one in ten.
inline std::size_t any_buffer_size(choices& random, std::size_t least)
{
    static std::vector<std::size_t> const sizes{0, 1, 2, 4, 16};
    return random.one_in(10) ? random.below(least) : least * (1 + random.any_of(sizes));
}

inline std::string any_path(choices& random, std::string const& usual)
{
    if (random.one_in(20)) {
        static std::vector<std::string> const wrong{"", std::string("a\0b", 3),
                                                    std::string(300, 'x'), "missing/file"};
        return random.any_of(wrong);
    }
    return usual;
}

} // namespace test::api

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_SET_RECYCLING_SET_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_SET_RECYCLING_SET_HPP

#include <asio_inotify/watch_set_recycling.hpp>

#include "support/set/open_set.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace test {

/// A set of which numbers are recycled by one call.
struct recycling_set : open_set
{
    std::size_t recycle(error_code const& expected = {})
    {
        std::optional<error_code> result;
        std::size_t recycled = 0;
        async_recycle(set, [&](error_code ec, std::size_t n) {
            result = ec;
            recycled = n;
        });
        BOOST_TEST(!result);
        context.restart();
        context.run_for(std::chrono::seconds(60));
        BOOST_TEST((result == expected));
        return recycled;
    }
};

} // namespace test

#endif

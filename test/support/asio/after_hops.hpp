//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_ASIO_AFTER_HOPS_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_ASIO_AFTER_HOPS_HPP

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace test {

/// Call a function after a number of rounds through a context's queue.
/** So it comes once between any two handlers of an operation. */
template <class Function>
void after_hops(boost::asio::io_context& context, int hops, Function function)
{
    boost::asio::post(context, [&context, hops, function = std::move(function)]() mutable {
        if (hops == 0) {
            function();
        } else {
            after_hops(context, hops - 1, std::move(function));
        }
    });
}

} // namespace test

#endif

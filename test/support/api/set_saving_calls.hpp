//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_API_SET_SAVING_CALLS_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_API_SET_SAVING_CALLS_HPP

#include <asio_inotify.hpp>

#include <boost/system/error_code.hpp>

#include <utility>

/// What saves a set and makes one from something saved.
namespace test::api::saving {

using boost::system::error_code;

template <class Set>
asio_inotify::snapshot save(Set const& set, error_code& ec)
{
    return set.save(ec);
}

template <class Set>
asio_inotify::watch_report restore(Set& set, asio_inotify::snapshot const& saved,
                                   asio_inotify::restore_options options, error_code& ec)
{
    return set.restore(saved, options, ec);
}

template <class Set, class Handler>
void async_restore(Set& set, asio_inotify::snapshot saved, asio_inotify::restore_options options,
                   Handler&& handler)
{
    set.async_restore(std::move(saved), options, std::forward<Handler>(handler));
}

template <class Set>
asio_inotify::watch_report revalidate(Set& set, error_code& ec)
{
    return set.revalidate(ec);
}

template <class Set>
asio_inotify::watch_report adopt(Set& set, int fd, asio_inotify::snapshot const& known,
                                 error_code& ec)
{
    return set.adopt(fd, known, ec);
}

template <class Set>
asio_inotify::released_set release(Set& set, asio_inotify::watch_event_batch unread, error_code& ec)
{
    return set.release(unread, ec);
}

template <class Set>
void assign(Set& set, asio_inotify::released_set const& released, error_code& ec)
{
    set.assign(released, ec);
}

} // namespace test::api::saving

#endif

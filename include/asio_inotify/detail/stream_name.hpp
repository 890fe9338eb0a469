//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_STREAM_NAME_HPP
#define ASIO_INOTIFY_DETAIL_STREAM_NAME_HPP

#include <iosfwd>
#include <string_view>

namespace asio_inotify::detail {

// Dependent on its arguments, so that a public header needs only the declaration of streams.
template <class Stream, class Name>
Stream& stream_name(Stream& to, Name const& name)
{
    return to << name;
}

} // namespace asio_inotify::detail

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Makes an error in another shared object.
#include <asio_inotify.hpp>

#include <boost/asio/io_context.hpp>

extern "C" __attribute__((visibility("default"))) void fail(boost::system::error_code* ec)
{
    boost::asio::io_context context;
    asio_inotify::inotify in{context};
    in.open();
    in.remove(asio_inotify::watch_descriptor{1}, *ec);
}

extern "C" __attribute__((visibility("default"))) void fail_by_throwing()
{
    boost::asio::io_context context;
    asio_inotify::inotify in{context};
    in.open();
    in.remove(asio_inotify::watch_descriptor{1});
}

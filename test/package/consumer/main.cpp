//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Uses the library, and compares an error that was made in another shared object.
#include <asio_inotify.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>

#include <cstdio>

#include <dlfcn.h>

int main()
{
    boost::asio::io_context context;
    asio_inotify::inotify in{context};
    in.open();
    auto const wd = in.add("/", asio_inotify::event_mask::create);
    in.remove(wd);
    asio_inotify::event_buffer<> buffer;
    if (!in.read_events(buffer).front().is_ignored()) {
        std::puts("no end of the watch");
        return 1;
    }

    void* const plugin = ::dlopen(PLUGIN, RTLD_NOW | RTLD_LOCAL);
    if (plugin == nullptr) {
        std::puts(::dlerror());
        return 1;
    }
    boost::system::error_code ec;
    reinterpret_cast<void (*)(boost::system::error_code*)>(::dlsym(plugin, "fail"))(&ec);
    if (ec != asio_inotify::error::no_such_watch) {
        std::puts("the category of another shared object differs");
        return 1;
    }
    try {
        reinterpret_cast<void (*)()>(::dlsym(plugin, "fail_by_throwing"))();
        std::puts("nothing was thrown");
        return 1;
    } catch (boost::system::system_error const& e) {
        if (e.code() != asio_inotify::error::no_such_watch) {
            std::puts("the category in another shared object's exception differs");
            return 1;
        }
    }
    std::puts("consumer: good");
}

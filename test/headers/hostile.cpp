//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The headers survive macros and greedy templates of others, and bring no macro of the kernel's.
#include <boost/asio.hpp>

// The standard library's own headers do not survive such macros.
#include <algorithm>
#include <bit>
#include <compare>
#include <functional>
#include <memory>
#include <mutex>
#include <ranges>
#include <string>
#include <vector>

namespace hostile {

struct convertible_from_anything
{
    template <class T>
    convertible_from_anything(T const&);
};

template <class T, class U>
void operator|(T&&, U&&) = delete;
template <class T>
void begin(T&&) = delete;
template <class T>
void end(T&&) = delete;
template <class T>
void get(T&&) = delete;
template <class T>
void any(T&&) = delete;
template <class... T>
void throw_error(T&&...) = delete;
template <class... T>
void throw_if_failed(T&&...) = delete;
template <class... T>
void load(T&&...) = delete;
template <class... T>
void dispatch(T&&...) = delete;
template <class... T>
void async_initiate(T&&...) = delete;

// Associates this namespace with everything that is called with it.
struct handler
{
    template <class Batch>
    void operator()(boost::system::error_code, Batch) const
    {}
    void operator()(boost::system::error_code) const {}
};

} // namespace hostile

#define min(a, b) this is no place for min
#define max(a, b) this is no place for max
#include <asio_inotify.hpp>

#if defined(IN_MODIFY) || defined(IN_CREATE) || defined(IN_IGNORED) || defined(IN_MASK_CREATE)
#error "a public header brings the kernel's macros"
#endif

// Instantiates everything.
void use(asio_inotify::inotify& in, boost::asio::mutable_buffer buffer)
{
    in.async_read_events(buffer, hostile::handler());
    in.async_wait(asio_inotify::inotify::wait_read, hostile::handler());
    for (auto e : in.read_events(buffer)) {
        (void)asio_inotify::event(e);
    }
}

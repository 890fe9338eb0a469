//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/detail/kernel_cursor.hpp>

#include "system/fdinfo.hpp"
#include "system/inotify_ops.hpp"
#include "values/fail.hpp"
#include "values/native.hpp"

#include <boost/assert.hpp>

namespace asio_inotify::detail {

void kernel_cursor::follow(int wd) noexcept
{
    next_ = number_behind(wd);
}

void kernel_cursor::set(int fd, int number, boost::system::error_code& ec) noexcept
{
    set_next(fd, number, ec);
    if (!ec) {
        next_ = number;
    }
}

void kernel_cursor::move_to(int fd, int number, boost::system::error_code& ec) noexcept
{
    if (next_ == number) {
        ec.clear();
    } else {
        set(fd, number, ec);
    }
}

int kernel_cursor::add(int fd, char const* path, std::uint32_t native_mask,
                       boost::system::error_code& ec) noexcept
{
    int const wd = add_watch(fd, path, native_mask, ec);
    if (ec == make_error_code(error::watch_limit_reached) || is_errno(ec, ENOMEM)) {
        forget();
    } else if (!ec && (native_mask & native(add_options::create_only)) != 0) {
        follow(wd);
    }
    return wd;
}

claim_result kernel_cursor::claim(int fd, int wanted, char const* path, std::uint32_t native_mask,
                                  boost::system::error_code& ec) noexcept
{
    BOOST_ASSERT((native_mask & native(add_options::create_only)) != 0);
    int const wd = add(fd, path, native_mask, ec);
    if (ec) {
        return {claim_verdict::failed, -1};
    }
    if (wd != wanted) {
        ASIO_INOTIFY_FAIL(ec, error::watch_descriptor_in_use);
        return {claim_verdict::taken, wd};
    }
    return {claim_verdict::made, wd};
}

void kernel_cursor::restore(int fd, std::optional<int> before)
{
    boost::system::error_code ignored;
    if (!before) {
        auto const live = live_numbers(fd, ignored);
        if (ignored) {
            return;
        }
        before = live.empty() ? 1 : number_behind(live.back());
    }
    set(fd, *before, ignored);
}

} // namespace asio_inotify::detail

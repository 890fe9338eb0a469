//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "values/throw_failed.hpp"

#include <asio_inotify/detail/instance_ops.hpp>

#include <boost/system/system_error.hpp>
#include <boost/throw_exception.hpp>

namespace asio_inotify::detail {

void throw_failed(boost::system::error_code const& ec, std::string const& call)
{
    boost::throw_exception(boost::system::system_error(ec, call),
                           ec.has_location() ? ec.location() : BOOST_CURRENT_LOCATION);
}

std::string quoted(std::string_view text)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string result = "'";
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f) {
            result += "\\x";
            result += digits[byte >> 4U];
            result += digits[byte & 0xfU];
        } else {
            result += c;
        }
    }
    return result += '\'';
}

void throw_if_failed(boost::system::error_code const& ec, char const* call)
{
    if (ec) {
        throw_failed(ec, call);
    }
}

void throw_if_failed(boost::system::error_code const& ec, char const* call, path_ref const& path)
{
    if (ec) {
        throw_failed(ec, call + (' ' + quoted(path.view())));
    }
}

void throw_if_failed(boost::system::error_code const& ec, char const* call, watch_descriptor wd)
{
    if (ec) {
        throw_failed(ec, call + (' ' + std::to_string(wd.value())));
    }
}

void throw_if_failed(boost::system::error_code const& ec, char const* call, watch_descriptor wd,
                     path_ref const& path)
{
    if (ec) {
        throw_failed(ec, call + (' ' + std::to_string(wd.value()) + ' ' + quoted(path.view())));
    }
}

} // namespace asio_inotify::detail

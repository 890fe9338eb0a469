//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "inotify/add_arguments.hpp"

#include "values/fail.hpp"

namespace asio_inotify::detail {

void check_mask(event_mask mask, add_options options, boost::system::error_code& ec)
{
    ec.clear();
    constexpr auto exclusive = add_options::create_only | add_options::merge_mask;
    if (mask == event_mask::none || (mask & event_mask::all) != mask) {
        ASIO_INOTIFY_FAIL(ec, error::invalid_event_mask);
    } else if ((options & known_options) != options || (options & exclusive) == exclusive) {
        ASIO_INOTIFY_FAIL(ec, error::invalid_add_options);
    }
}

void check_arguments(path_ref const& path, event_mask mask, add_options options,
                     boost::system::error_code& ec)
{
    check_mask(mask, options, ec);
    if (ec) {
        return;
    }
    if (path.has_null()) {
        ASIO_INOTIFY_FAIL(ec, error::path_contains_null);
    } else if (path.view().empty()) {
        ASIO_INOTIFY_FAIL(ec, error::empty_path);
    }
}

void check_arguments(watch_descriptor wanted, path_ref const& path, event_mask mask,
                     add_options options, boost::system::error_code& ec)
{
    if (wanted.is_valid()) {
        check_arguments(path, mask, options, ec);
    } else {
        ASIO_INOTIFY_FAIL(ec, error::watch_descriptor_out_of_range);
    }
}

} // namespace asio_inotify::detail

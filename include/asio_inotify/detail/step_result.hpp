//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_STEP_RESULT_HPP
#define ASIO_INOTIFY_DETAIL_STEP_RESULT_HPP

namespace asio_inotify::detail {

/// What is to be done after a step of a watcher's engine.
enum class step_result
{
    /// There is a batch for the user.
    deliver,
    /// There is more to do, but others shall have their turn first.
    again,
    /// Nothing to do until the engine's descriptor is readable.
    wait
};

} // namespace asio_inotify::detail

#endif

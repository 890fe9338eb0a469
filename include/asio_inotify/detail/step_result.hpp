//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_STEP_RESULT_HPP
#define ASIO_INOTIFY_DETAIL_STEP_RESULT_HPP

namespace asio_inotify::detail {

/// How to continue after a step of a watcher's engine.
enum class step_result
{
    /// Deliver: there is a batch for the user.
    deliver,
    /// There is more work: yield to other handlers, then run the next step.
    again,
    /// There is no work until the engine's descriptor is readable.
    wait
};

} // namespace asio_inotify::detail

#endif

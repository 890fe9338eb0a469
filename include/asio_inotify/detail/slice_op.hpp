//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_SLICE_OP_HPP
#define ASIO_INOTIFY_DETAIL_SLICE_OP_HPP

#include <asio_inotify/detail/config.hpp>
#include <asio_inotify/detail/step_result.hpp>

#include <boost/asio/append.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <boost/system/error_code.hpp>

#include <utility>

namespace asio_inotify::detail {

// A composed operation that waits for nothing: a task in slices of time, between which other
// handlers run.
//
// A Task has these members:
//     void begin(error_code&);
//     step_result step(error_code&);     again if it is not complete
//     void finish(error_code&);          with the result, which it may change; a task that fails or
//                                        is destroyed before leaves nothing behind
//     void complete(self&, error_code);  call self.complete
template <class Task, class Executor>
class slice_op
{
public:
    slice_op(Task task, Executor const& ex)
        : task_(std::move(task))
        , executor_(ex)
    {}

    template <class Self>
    void operator()(Self& self)
    {
        self.reset_cancellation_state(asio::enable_total_cancellation());
        boost::system::error_code ec;
        task_.begin(ec);
        post(self, ec, ec ? step_result::wait : step_result::again);
    }

    template <class Self>
    void operator()(Self& self, boost::system::error_code ec, step_result next)
    {
        if (next == step_result::again) {
            if (self.cancelled() != asio::cancellation_type::none) {
                ec = asio::error::operation_aborted;
            } else if (task_.step(ec) == step_result::again) {
                post(self, ec, next);
                return;
            }
        }
        task_.finish(ec);
        task_.complete(self, ec);
    }

private:
    // On the object's executor, as that of use_future would run it on any thread.
    template <class Self>
    void post(Self& self, boost::system::error_code const& ec, step_result next)
    {
        auto const executor = executor_;
        asio::post(executor, asio::append(std::move(self), ec, next));
    }

    Task task_;
    Executor executor_;
};

template <class Task, class Executor>
slice_op(Task, Executor const&) -> slice_op<Task, Executor>;

} // namespace asio_inotify::detail

#endif

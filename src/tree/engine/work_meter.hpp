//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_WORK_METER_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_WORK_METER_HPP

#include "tree/model/tree_model.hpp"

#include <cstdint>

namespace asio_inotify::detail {

// Says when a loop must look at the clock: after so many steps, or earlier if the paths are long.
class work_meter
{
public:
    work_meter(tree_model const& model, unsigned steps) noexcept
        : model_(model)
        , steps_(steps)
        , begin_(model.effort())
    {}

    /// So many steps were done. @returns True if it is time to look at the clock.
    [[nodiscard]] bool add(unsigned count = 1) noexcept
    {
        count_ += count;
        auto const now = model_.effort();
        if (count_ + (now - begin_) < steps_) {
            return false;
        }
        count_ = 0;
        begin_ = now;
        return true;
    }

private:
    tree_model const& model_;
    std::uint64_t steps_;
    std::uint64_t begin_;
    std::uint64_t count_ = 0;
};

} // namespace asio_inotify::detail

#endif

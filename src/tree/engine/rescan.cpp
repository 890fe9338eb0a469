//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/rescan.hpp"

#include <algorithm>

namespace asio_inotify::detail {

void rescan::start(rescan_cause cause)
{
    if (!is_reported_) {
        since_ = complete_at_;
    }
    bool reported = is_reported_;
    for (auto& root : model_.roots()) {
        if (!reported && root.is_reported) {
            model_.report(tree_change_mask::rescan_begin);
            reported = true;
        }
    }
    compare_all();
    is_reported_ = reported;
    cause_ = (std::max)(cause_, cause);
}

void rescan::compare_all() noexcept
{
    is_comparing_all_ = true;
    for (auto& root : model_.roots()) {
        agenda_.scan_subtree(root.directory);
    }
}

void rescan::finish()
{
    model_.report(tree_change_mask::rescan_end);
    is_reported_ = false;
}

} // namespace asio_inotify::detail

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_SET_LEDGER_STATE_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_SET_LEDGER_STATE_HPP

#include "watch_set/number_ledger.hpp"

#include <string>

namespace test {

/// The name of what a number is to a ledger, for messages.
inline std::string name(asio_inotify::detail::number_ledger::state s)
{
    using state = asio_inotify::detail::number_ledger::state;
    switch (s) {
    case state::free:
        return "free";
    case state::live:
        return "live";
    case state::closing:
        return "closing";
    case state::quarantined:
        return "quarantined";
    }
    return "?";
}

/// The watch has ended, and no other one can have its number in the kernel: live to quarantined.
inline void retire(asio_inotify::detail::number_ledger& l, int number)
{
    l.end(number);
    l.freed(number);
}

} // namespace test

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "drain.hpp"

namespace bench {

std::vector<named_drain_peer> const& drain_peers()
{
    static std::vector<named_drain_peer> const peers{
        {"bare", make_bare, false},
        {"bare_strlen", make_bare_strlen, false},
        {"descriptor", make_descriptor, false},
        {"callback", make_callback, true},
        {"callback_any", make_callback_any, true},
        {"coroutine", make_coroutine, true},
        {"coroutine_any", make_coroutine_any, true},
    };
    return peers;
}

} // namespace bench

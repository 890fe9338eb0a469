//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_SCOPE_GUARD_HPP
#define ASIO_INOTIFY_DETAIL_SCOPE_GUARD_HPP

#include <utility>

namespace asio_inotify::detail {

/// Calls a function when the scope is left, unless it was dismissed.
/**
 * For the way back from a step that failed: `scope_guard undo([&] { ... }); ...; undo.dismiss();`.
 * The function must not throw. (Boost.Scope has the same from Boost 1.85 on.)
 */
template <class Function>
class [[nodiscard]] scope_guard
{
public:
    explicit scope_guard(Function function)
        : function_(std::move(function))
    {}
    scope_guard(scope_guard const&) = delete;
    scope_guard& operator=(scope_guard const&) = delete;

    ~scope_guard()
    {
        if (is_active_) {
            function_();
        }
    }

    /// Do not call the function: what it would undo is to stay.
    void dismiss() noexcept { is_active_ = false; }

private:
    Function function_;
    bool is_active_ = true;
};

template <class Function>
scope_guard(Function) -> scope_guard<Function>;

} // namespace asio_inotify::detail

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_PROCESS_FAILING_CALL_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_PROCESS_FAILING_CALL_HPP

#include "support/allocation_counter.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <new>

namespace test {

/// A call of which an allocation fails.
class failing_call
{
public:
    /** @param successes  How many allocations succeed before. */
    explicit failing_call(std::size_t successes) noexcept
        : successes_(successes)
    {}

    /// Make the call.
    /** @returns Whether std::bad_alloc came out of it. */
    template <class Call>
    bool threw(Call call)
    {
        try {
            allocation_failure const failure(successes_);
            struct note_at_end
            {
                allocation_failure const& of;
                bool& to;
                ~note_at_end() { to = of.happened() && counts_allocations; }
            } const note{failure, happened_};
            call();
        } catch (std::bad_alloc const&) {
            return true;
        }
        return false;
    }

    /// True if the allocation that was to fail has come, so that there may be later ones.
    [[nodiscard]] bool happened() const noexcept { return happened_; }

private:
    std::size_t successes_;
    bool happened_ = false;
};

/// Let the n-th allocation of a call fail, for every n.
/** @param attempt  Makes everything afresh and uses the failing_call that it is given, once. */
template <class Attempt>
void fail_each_allocation(Attempt attempt)
{
    for (std::size_t n = 0;; ++n) {
        BOOST_TEST_REQUIRE(n < 2000U);
        BOOST_TEST_CONTEXT("allocation " << n)
        {
            failing_call call(n);
            attempt(call);
            if (!call.happened()) {
                return;
            }
        }
    }
}

} // namespace test

#endif

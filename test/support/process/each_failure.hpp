//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_PROCESS_EACH_FAILURE_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_PROCESS_EACH_FAILURE_HPP

#include "support/long_run.hpp"
#include "support/process/injected_errors.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <initializer_list>

namespace test {

/// One way in which calls fail.
struct failure_plan
{
    failing_kind const& kind;
    int error;
    std::size_t after;
    std::size_t count;
};

/// Run a scenario for every kind of call, with failures after each number of successes, until none
/// is reached any more. An ordinary run tries one errno after the other, and takes larger steps.
/** @param one_run  Is given a plan, and returns whether a call has failed.
 * @returns The number of runs with a failure. */
template <class OneRun>
std::size_t run_with_each_failure(std::size_t usual_stride,
                                  std::initializer_list<std::size_t> counts, OneRun one_run)
{
    std::size_t const stride = is_long_run() ? 1 : usual_stride;
    std::size_t failed = 0;
    for (auto const& kind : failing_kinds()) {
        for (auto const count : counts) {
            bool is_reached = true;
            for (std::size_t after = 0; is_reached; after += stride) {
                auto const errors = kind.errors.size();
                auto const first = is_long_run() ? 0 : (after / stride + count) % errors;
                auto const end = is_long_run() ? errors : first + 1;
                for (auto e = first; e != end; ++e) {
                    BOOST_TEST_CONTEXT(kind.name << ": errno " << kind.errors[e] << " after "
                                                 << after << ", " << count << " times")
                    {
                        is_reached = one_run(failure_plan{kind, kind.errors[e], after, count});
                        failed += is_reached ? 1 : 0;
                    }
                }
            }
        }
    }
    return failed;
}

} // namespace test

#endif

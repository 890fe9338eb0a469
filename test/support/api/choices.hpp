//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_API_CHOICES_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_API_CHOICES_HPP

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace test::api {

/// Random choices in steps: how many a step makes does not change those of the next one.
/** So the threads' timing, on which it depends what a step finds, does not change them either. */
class choices
{
public:
    explicit choices(std::uint64_t seed)
        : steps_(seed)
    {}

    void next_step() { step_.seed(static_cast<std::uint32_t>(steps_())); }

    [[nodiscard]] std::size_t below(std::size_t limit) { return step_() % limit; }

    /// True once in so many times.
    [[nodiscard]] bool one_in(std::size_t times) { return below(times) == 0; }

    template <class T>
    [[nodiscard]] T const& any_of(std::vector<T> const& these)
    {
        return these[below(these.size())];
    }

private:
    std::mt19937_64 steps_;
    std::minstd_rand step_;
};

} // namespace test::api

#endif

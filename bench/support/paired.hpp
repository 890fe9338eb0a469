//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_BENCH_SUPPORT_PAIRED_HPP
#define ASIO_INOTIFY_BENCH_SUPPORT_PAIRED_HPP

#include "spread.hpp"

#include <algorithm>
#include <limits>
#include <vector>

namespace bench {

/// Two things measured in turn.
struct paired_times
{
    std::vector<double> baseline;
    std::vector<double> candidate;
    std::vector<double> ratios;
};

/// Run a baseline and a candidate in turn, and take the ratio within each pair.
/**
 * Own code, because no benchmark package gives it: they measure one thing to the end, then the
 * next, and a quotient of the two means carries everything that changed on the machine in between
 * (clock frequency, neighbours, the page cache). Within a pair that cancels, and the median of the
 * ratios does not care about the pairs that were hit by something. Whoever comes first in one run
 * comes second in the next, so that neither side profits from it.
 *
 * @param pairs    How many; one more runs before them to warm up and is not counted.
 * @param repeats  How often both run within a pair; the shortest time of each side counts, as
 *                 whatever disturbs only ever adds.
 * @param baseline, candidate  Called without arguments, return what one run took.
 */
template <class Baseline, class Candidate>
paired_times run_paired(int pairs, int repeats, Baseline&& baseline, Candidate&& candidate)
{
    paired_times times;
    for (int i = -1; i < pairs; ++i) {
        auto first = std::numeric_limits<double>::infinity();
        auto second = first;
        for (int j = 0; j < repeats; ++j) {
            if ((i + j) % 2 == 0) {
                first = (std::min)(first, baseline());
                second = (std::min)(second, candidate());
            } else {
                second = (std::min)(second, candidate());
                first = (std::min)(first, baseline());
            }
        }
        if (i >= 0) {
            times.baseline.push_back(first);
            times.candidate.push_back(second);
            times.ratios.push_back(second / first);
        }
    }
    return times;
}

} // namespace bench

#endif

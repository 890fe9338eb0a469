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

/// Run a baseline and a candidate in turn, and compute the ratio within each pair.
/**
 * Own code, because benchmark packages measure one side completely and then the other. The quotient
 * of the two means then contains everything that changed on the machine in between (clock
 * frequency, other processes, the page cache). Within a pair these changes cancel, and the median
 * ignores disturbed pairs. The order alternates, so that neither side profits from it.
 *
 * @param pairs    The number of pairs; one more runs before them to warm up and is not counted.
 * @param repeats  How often both sides run within a pair; the shortest time of each side counts, as
 *                 disturbances only ever add time.
 * @param baseline, candidate  Called without arguments, return the time of one run.
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

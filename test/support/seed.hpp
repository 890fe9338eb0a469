//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_SEED_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_SEED_HPP

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>

namespace test {

/// The seed of a randomised test: ASIO_INOTIFY_SEED if set, else another one each time, or the
/// usual one if there is one.
/** Printed, so that a failure can be repeated. */
inline std::uint64_t seed(std::optional<std::uint64_t> usual = {})
{
    auto const* const given = std::getenv("ASIO_INOTIFY_SEED");
    auto const value = given != nullptr ? std::stoull(given)
                       : usual          ? *usual
                                        : std::random_device{}();
    BOOST_TEST_MESSAGE("ASIO_INOTIFY_SEED=" << value);
    return value;
}

} // namespace test

#endif

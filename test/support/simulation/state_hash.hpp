//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_SIMULATION_STATE_HASH_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_SIMULATION_STATE_HASH_HPP

#include <concepts>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace test {

/// A hash of what is added, in order: distinguishes states without keeping them.
class state_hash
{
public:
    template <std::integral Integer>
    void add(Integer value) noexcept
    {
        constexpr std::uint64_t factor = 0x9e3779b97f4a7c15;
        value_ = (value_ ^ static_cast<std::uint64_t>(value)) * factor;
        value_ ^= value_ >> 29U;
    }

    void add(std::string_view text) noexcept
    {
        // The size first, so that it is seen where one text ends and the next one begins.
        add(text.size());
        while (!text.empty()) {
            std::uint64_t word = 0;
            auto const size = text.size() < sizeof word ? text.size() : sizeof word;
            std::memcpy(&word, text.data(), size);
            add(word);
            text.remove_prefix(size);
        }
    }

    [[nodiscard]] std::uint64_t value() const noexcept { return value_; }

private:
    std::uint64_t value_ = 0x2545f4914f6cdd1d;
};

} // namespace test

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "system/keyed_hash.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(keyed_hash)

namespace {

constexpr std::size_t parts = 1U << 12;

// How many of the hashes are in the same part of a table, at most: by the lowest or the highest
// bits.
std::size_t most_in_a_part(std::vector<std::uint64_t> const& hashes)
{
    std::vector<std::size_t> low(parts);
    std::vector<std::size_t> high(parts);
    for (auto const hash : hashes) {
        ++low[hash % parts];
        ++high[hash >> 52];
    }
    return (std::max)(*std::ranges::max_element(low), *std::ranges::max_element(high));
}

} // namespace

// So nobody can choose names that collide in a process that they have not seen.
BOOST_AUTO_TEST_CASE(each_process_has_a_key_of_its_own)
{
    constexpr auto const* prints_hash = "ASIO_INOTIFY_PRINTS_HASH";
    if (std::getenv(prints_hash) != nullptr) {
        std::printf("hash %llu\n",
                    static_cast<unsigned long long>(asio_inotify::detail::keyed_hash("name")));
        return;
    }
    auto const command = std::string(prints_hash) + "=1 " +
                         std::filesystem::read_symlink("/proc/self/exe").native() +
                         " --run_test=keyed_hash/each_process_has_a_key_of_its_own";
    std::set<std::string> seen;
    for (int process = 0; process != 3; ++process) {
        auto* const output = ::popen(command.c_str(), "r");
        BOOST_TEST_REQUIRE(output != nullptr);
        char line[256];
        while (std::fgets(line, sizeof line, output) != nullptr) {
            if (std::string_view(line).starts_with("hash ")) {
                seen.insert(line);
            }
        }
        BOOST_TEST(::pclose(output) == 0);
    }
    BOOST_TEST(seen.size() == 3U);
}

BOOST_AUTO_TEST_CASE(every_byte_and_the_size_count)
{
    std::set<std::uint64_t> seen;
    std::size_t count = 0;
    for (std::size_t size = 0; size != 70; ++size) {
        std::string const text(size, '\0');
        seen.insert(asio_inotify::detail::keyed_hash(text));
        ++count;
        for (std::size_t at = 0; at != size; ++at) {
            for (char const value : {'\1', '\x80'}) {
                auto other = text;
                other[at] = value;
                seen.insert(asio_inotify::detail::keyed_hash(other));
                ++count;
            }
        }
    }
    BOOST_TEST(seen.size() == count);
    std::string_view const text = "text";
    BOOST_TEST(asio_inotify::detail::keyed_hash(text) ==
               asio_inotify::detail::keyed_hash(std::string("text")));
    BOOST_TEST(asio_inotify::detail::keyed_hash(text, 1) !=
               asio_inotify::detail::keyed_hash(text, 2));
}

BOOST_AUTO_TEST_CASE(values_in_a_row_are_spread)
{
    std::vector<std::uint64_t> numbers;
    std::vector<std::uint64_t> multiples;
    std::vector<std::uint64_t> texts;
    for (std::uint64_t i = 0; i != parts; ++i) {
        numbers.push_back(asio_inotify::detail::keyed_hash(i));
        multiples.push_back(asio_inotify::detail::keyed_hash(i << 40));
        texts.push_back(asio_inotify::detail::keyed_hash("file" + std::to_string(i)));
    }
    // For random values, more than 12 have a probability of 10^-9.
    for (auto const& hashes : {numbers, multiples, texts}) {
        BOOST_TEST(most_in_a_part(hashes) <= 12U);
    }
}

// Without a key, such names can be found by anybody who reads the source.
BOOST_AUTO_TEST_CASE(names_that_collide_by_a_hash_without_a_key)
{
    auto const fixed = [](std::string_view name) {
        std::uint64_t hash = name.size();
        for (auto const c : name) {
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x9e37'79b9'7f4a'7c15U;
            hash ^= hash >> 32;
        }
        return hash;
    };
    std::vector<std::uint64_t> hashes;
    for (int i = 0; hashes.size() != 200; ++i) {
        auto const name = "n" + std::to_string(i);
        if (fixed(name) % parts == 0) {
            hashes.push_back(asio_inotify::detail::keyed_hash(name));
        }
    }
    BOOST_TEST(most_in_a_part(hashes) <= 8U);
}

BOOST_AUTO_TEST_SUITE_END()

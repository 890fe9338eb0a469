//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/printing.hpp"
#include "support/seed.hpp"
#include "support/set/snapshot_checks.hpp"

#include <asio_inotify/snapshot.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

// Whatever a snapshot has in it survives the way through its text.
BOOST_AUTO_TEST_SUITE(snapshot_round_trip)

using asio_inotify::add_options;
using asio_inotify::event_mask;
using asio_inotify::inode_identity;
using asio_inotify::saved_watch;
using asio_inotify::snapshot;
using asio_inotify::watch_descriptor;
using namespace std::string_literals;
using checks = test::snapshot_checks<snapshot>;

constexpr add_options lasting[] = {add_options::only_directory, add_options::dont_follow,
                                   add_options::exclude_unlinked, add_options::one_shot};

void survives(snapshot const& s)
{
    checks::survives(s);
}

saved_watch plain(int number)
{
    return {watch_descriptor{number}, event_mask::create, add_options::none, "/p", {}};
}

BOOST_AUTO_TEST_CASE(masks_and_options_survive)
{
    std::vector<saved_watch> watches;
    for (int bits = 0; bits != 0x1000; ++bits) {
        watches.push_back(plain(bits + 1));
        watches.back().mask = static_cast<event_mask>(bits);
    }
    survives(snapshot(watches));
    for (unsigned bits = 0; bits != 16; ++bits) {
        auto w = plain(1);
        for (unsigned i = 0; i != 4; ++i) {
            if ((bits >> i & 1U) != 0) {
                w.options |= lasting[i];
            }
        }
        survives(snapshot({w}));
    }
}

BOOST_AUTO_TEST_CASE(numbers_survive)
{
    for (int const number : {1, 2, 9, 10, 99, 100, 1 << 20, INT_MAX - 1, INT_MAX}) {
        survives(snapshot({plain(number)}));
        survives(snapshot({}, watch_descriptor{number}));
    }
    survives(snapshot({}, watch_descriptor{}));
}

BOOST_AUTO_TEST_CASE(paths_survive)
{
    std::string every_byte;
    for (int value = 1; value != 256; ++value) {
        auto w = plain(1);
        w.path = std::string(1, static_cast<char>(value));
        survives(snapshot({w}));
        every_byte += w.path;
    }
    for (auto const& path :
         {every_byte, std::string(), std::string("a\nwatch 2 mask=none\nend 0 00000000\n"),
          std::string("\\x41"), std::string("\\"), std::string("\\\\x"), std::string("x=y z=1"),
          std::string("\xff\xfe\x80"), std::string(4096, '/'), std::string(4096, '\n')}) {
        auto w = plain(1);
        w.path = path;
        survives(snapshot({w, plain(2)}));
    }
}

BOOST_AUTO_TEST_CASE(identities_survive)
{
    for (std::size_t size = 0; size != 129; ++size) {
        auto w = plain(1);
        w.identity.emplace();
        for (std::size_t i = 0; i != size; ++i) {
            w.identity->handle += static_cast<char>(i * 7 + size);
        }
        survives(snapshot({w}));
        w.identity->handle_type = size == 0 ? 0 : INT_MAX;
        w.identity->device = static_cast<std::uint32_t>(size) << 20U;
        w.identity->inode = std::uint64_t{size} << 55U;
        survives(snapshot({w}));
    }
}

BOOST_AUTO_TEST_CASE(random_snapshots_survive)
{
    std::mt19937_64 random(test::seed());
    auto const below = [&](std::uint64_t limit) { return random() % limit; };
    auto const bytes = [&](std::size_t size, unsigned lowest) {
        std::string result;
        while (result.size() != size) {
            result += static_cast<char>(lowest + below(256 - lowest));
        }
        return result;
    };
    auto const some_number = [&] {
        auto const bits = 1 + below(31);
        return static_cast<int>((random() & ((std::uint64_t{1} << bits) - 1)) | below(2));
    };
    for (int round = 0; round != 300; ++round) {
        std::vector<saved_watch> watches;
        for (auto count = below(20); count != 0; --count) {
            saved_watch w;
            w.wd = watch_descriptor{(std::max)(1, some_number())};
            bool const there = std::any_of(watches.begin(), watches.end(),
                                           [&](auto const& other) { return other.wd == w.wd; });
            if (there) {
                continue;
            }
            w.mask = static_cast<event_mask>(below(0x1000));
            for (auto const option : lasting) {
                w.options |= below(2) == 0 ? add_options::none : option;
            }
            if (below(4) != 0) {
                w.path = bytes(below(100), 1);
            }
            if (below(3) != 0) {
                auto& identity = w.identity.emplace();
                identity.device = static_cast<std::uint32_t>(random() >> below(64));
                identity.inode = random() >> below(64);
                identity.handle = bytes(below(2) == 0 ? 0 : below(129), 0);
                identity.handle_type = identity.handle.empty() ? 0 : some_number();
            }
            watches.push_back(std::move(w));
        }
        snapshot const s(watches, watch_descriptor{some_number()});
        survives(s);
        std::shuffle(watches.begin(), watches.end(), random);
        BOOST_TEST(snapshot(std::move(watches), s.next()).to_text() == s.to_text());
    }
}

BOOST_AUTO_TEST_SUITE_END()

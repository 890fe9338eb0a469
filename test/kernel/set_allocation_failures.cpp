//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Memory runs out: each allocation that a call makes fails once. Where operator new is a
// sanitizer's, nothing fails, and each call is made once.

#include "support/allocation_counter.hpp"
#include "support/set/recycling_set.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <new>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;
using test::event_mask;
using test::recycling_set;
using test::wd;

BOOST_AUTO_TEST_SUITE(set_allocation_failures)

// Everything that can be seen of a set, in its own account and in the kernel's.
std::string all_of(recycling_set& of)
{
    std::ostringstream out;
    std::vector<int> numbers;
    for (auto const w : of.set.watches()) {
        numbers.push_back(w.wd().value());
    }
    std::sort(numbers.begin(), numbers.end());
    for (int const number : numbers) {
        auto const w = of.set.find(wd(number));
        out << number << ' ' << w.path() << ' ' << to_string(w.mask()) << ' '
            << static_cast<unsigned>(w.options()) << ' ' << of.set.find(w.path()).wd().value()
            << '\n';
    }
    auto const counters = of.set.counters();
    out << of.set.size() << ' ' << counters.events << ' ' << counters.stale << ' '
        << counters.overflows << ' ' << counters.reconciled << '\n'
        << of.set.available() << '\n'
        << of.account();
    return out.str();
}

// Around these the tables grow.
constexpr int sizes[] = {1, 2, 6, 7, 12, 13, 14, 15, 16, 17, 27, 28, 29};

/// Make the call on fresh sets, the n-th allocation failing, for every n; and again after it
/// failed.
template <class Prepare, class Call, class Check>
void fail_each(Prepare prepare, Call call, Check check, bool unchanged = true)
{
    bool happened = true;
    for (std::size_t n = 0; happened; ++n) {
        BOOST_TEST_REQUIRE(n < 100U);
        BOOST_TEST_CONTEXT("allocation " << n)
        {
            recycling_set s;
            prepare(s);
            auto const before = all_of(s);
            bool failed = false;
            try {
                test::allocation_failure const failure(n);
                struct note_at_end
                {
                    test::allocation_failure const& of;
                    bool& to;
                    ~note_at_end() { to = of.happened(); }
                } const note{failure, happened};
                call(s);
            } catch (std::bad_alloc const&) {
                failed = true;
            }
            happened = happened && test::counts_allocations;
            if (failed) {
                BOOST_TEST((all_of(s) == before || !unchanged));
                call(s);
            }
            check(s);
            // What is read and added then is as ever.
            test::drain(s.set);
            auto const later = s.new_file();
            auto const number = s.set.add(later, event_mask::open).value();
            std::ifstream{later};
            test::expect_events(test::drain(s.set), {later.filename().native() + ": " +
                                                     std::to_string(number) + " open"});
            BOOST_TEST(s.set.size() == test::live(s.set.native_handle()).size());
        }
    }
}

void add_watches(recycling_set& s, int count)
{
    for (int n = 0; n != count; ++n) {
        s.set.add(s.new_file(), event_mask::modify);
    }
}

BOOST_AUTO_TEST_CASE(add)
{
    for (int const size : sizes) {
        BOOST_TEST_CONTEXT(size << " watches")
        {
            fs::path file;
            int number = 0;
            fail_each(
                [&](recycling_set& s) {
                    add_watches(s, size);
                    file = s.new_file();
                },
                [&](recycling_set& s) {
                    number = s.set.add(file.c_str(), event_mask::modify).value();
                },
                [&](recycling_set& s) {
                    BOOST_TEST(number == size + 1);
                    BOOST_TEST((s.set.find(file.native()).wd() == wd(number)));
                    BOOST_TEST(test::live(s.set.native_handle()).back() == number);
                });
        }
    }
}

BOOST_AUTO_TEST_CASE(add_at)
{
    for (int const size : sizes) {
        BOOST_TEST_CONTEXT(size << " watches")
        {
            fs::path file;
            fail_each(
                [&](recycling_set& s) {
                    add_watches(s, size);
                    file = s.new_file();
                },
                [&](recycling_set& s) { s.set.add_at(wd(1000), file.c_str(), event_mask::modify); },
                [&](recycling_set& s) {
                    BOOST_TEST((s.set.find(file.native()).wd() == wd(1000)));
                    BOOST_TEST(test::live(s.set.native_handle()).back() == 1000);
                });
        }
    }
}

// The number is taken out of the middle of others that are free again.
BOOST_AUTO_TEST_CASE(add_at_a_recycled_number)
{
    fs::path file;
    fail_each(
        [&](recycling_set& s) {
            add_watches(s, 6);
            for (int number = 2; number <= 5; ++number) {
                s.set.remove(wd(number));
            }
            BOOST_TEST(s.recycle() == 4U);
            test::drain(s.set);
            file = s.new_file();
        },
        [&](recycling_set& s) { s.set.add_at(wd(3), file.c_str(), event_mask::modify); },
        [&](recycling_set& s) {
            BOOST_TEST((s.set.find(file.native()).wd() == wd(3)));
            BOOST_TEST(s.set.add(s.new_file(), event_mask::modify).value() == 2);
            BOOST_TEST(s.set.add(s.new_file(), event_mask::modify).value() == 4);
        });
}

// The path of another watch is taken over.
BOOST_AUTO_TEST_CASE(add_under_a_path_that_has_a_watch)
{
    fs::path file;
    fail_each(
        [&](recycling_set& s) {
            file = s.new_file();
            s.set.add(file, event_mask::modify);
            fs::rename(file, s.dir / "moved");
            s.dir.write(file.filename().native());
        },
        [&](recycling_set& s) { s.set.add(file.c_str(), event_mask::modify); },
        [&](recycling_set& s) {
            BOOST_TEST((s.set.find(file.native()).wd() == wd(2)));
            BOOST_TEST(s.set.size() == 2U);
        });
}

BOOST_AUTO_TEST_CASE(set_mask)
{
    fail_each(
        [](recycling_set& s) { add_watches(s, 3); },
        [](recycling_set& s) { s.set.set_mask(wd(2), event_mask::attrib); },
        [](recycling_set& s) { BOOST_TEST((s.set.find(wd(2)).mask() == event_mask::attrib)); });
}

BOOST_AUTO_TEST_CASE(remove)
{
    for (int const size : sizes) {
        BOOST_TEST_CONTEXT(size << " watches")
        {
            // Every other number has gone, so that none is next to another that has.
            fail_each(
                [&](recycling_set& s) {
                    add_watches(s, 2 * size);
                    for (int number = 2; number <= 2 * size - 2; number += 2) {
                        s.set.remove(wd(number));
                    }
                },
                [&](recycling_set& s) { s.set.remove(wd(2 * size)); },
                [&](recycling_set& s) {
                    BOOST_TEST(!s.set.find(wd(2 * size)));
                    BOOST_TEST(s.set.size() == static_cast<std::size_t>(size));
                });
        }
    }
}

BOOST_AUTO_TEST_CASE(read)
{
    asio_inotify::event_buffer<> buffer;
    std::size_t events = 0;
    fail_each(
        [&](recycling_set& s) {
            add_watches(s, 2);
            s.dir.write("file1", "more");
            s.dir.write("file2", "more");
            s.set.remove(wd(1));
        },
        [&](recycling_set& s) {
            events = static_cast<std::size_t>(std::ranges::distance(s.set.read_events(buffer)));
        },
        [&](recycling_set& s) {
            BOOST_TEST(events != 0U);
            BOOST_TEST(s.set.counters().events == events);
        });
}

// Numbers in the gaps of others that are free already.
BOOST_AUTO_TEST_CASE(read_that_frees_numbers)
{
    asio_inotify::event_buffer<> buffer;
    fail_each(
        [&](recycling_set& s) {
            add_watches(s, 9);
            for (int const number : {2, 4, 6}) {
                s.set.remove(wd(number));
            }
            BOOST_TEST(s.recycle() == 3U);
            test::drain(s.set);
            for (int const number : {1, 8}) {
                s.set.remove(wd(number));
            }
            BOOST_TEST(s.recycle() == 2U);
            s.dir.write("file3", "more");
        },
        [&](recycling_set& s) { BOOST_TEST(!s.set.read_events(buffer).empty()); },
        [&](recycling_set& s) {
            for (int const number : {1, 2, 4, 6, 8}) {
                BOOST_TEST(s.set.add(s.new_file(), event_mask::modify).value() == number);
            }
        });
}

// What a read has taken from the kernel cannot be put back when the end of a watch does not find
// room: that read's events are lost, but the set can still be used.
BOOST_AUTO_TEST_CASE(read_of_an_end)
{
    bool happened = true;
    for (std::size_t n = 0; happened; ++n) {
        BOOST_TEST_REQUIRE(n < 100U);
        recycling_set s;
        add_watches(s, 3);
        fs::remove(s.dir / "file2");
        asio_inotify::event_buffer<> buffer;
        bool failed = false;
        try {
            test::allocation_failure const failure(n);
            test::error_code ec;
            static_cast<void>(s.set.read_events(buffer, ec));
            happened = failure.happened() && test::counts_allocations;
        } catch (std::bad_alloc const&) {
            failed = true;
        }
        if (failed) {
            BOOST_TEST(!!s.set.find(wd(2)));
            s.set.remove(wd(2));
        }
        BOOST_TEST(!s.set.find(wd(2)));
        s.dir.write("file1", "more");
        test::expect_events(test::drain(s.set), {"file1: 1 modify"});
        BOOST_TEST(s.set.add(s.new_file(), event_mask::all).value() == 4);
        BOOST_TEST(s.set.size() == 3U);
    }
}

BOOST_AUTO_TEST_SUITE_END()

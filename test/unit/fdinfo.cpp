//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "system/fdinfo.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <climits>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace lib = asio_inotify;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(fdinfo)

using numbers = std::vector<int>;

numbers parsed(std::string_view text)
{
    return lib::detail::parse_live_numbers(text);
}

void expect(std::string_view text, numbers const& expected)
{
    BOOST_TEST_INFO("text: " << text);
    BOOST_TEST(parsed(text) == expected, boost::test_tools::per_element());
}

constexpr std::string_view head = "pos:\t0\nflags:\t02004000\nmnt_id:\t15\nino:\t1057\n";
constexpr std::string_view tail = " ino:a88364 sdev:fe00000 mask:80000020 ignored_mask:0 "
                                  "fhandle-bytes:8 fhandle-type:1 f_handle:6483a800666966c1\n";

std::string line(std::string_view wd)
{
    return "inotify wd:" + std::string(wd) + std::string(tail);
}

BOOST_AUTO_TEST_CASE(an_instance_without_watches)
{
    expect("", {});
    expect(head, {});
}

BOOST_AUTO_TEST_CASE(numbers_are_hexadecimal_and_come_ascending)
{
    expect(std::string(head) + line("34d71d6"), {0x34d71d6});
    expect(std::string(head) + line("10") + line("a") + line("1"), {1, 10, 16});
    expect(std::string(head) + line("7fffffff") + line("7ffffffe"), {INT_MAX - 1, INT_MAX});
}

BOOST_AUTO_TEST_CASE(a_line_without_a_file_handle)
{
    expect("inotify wd:5 ino:1 sdev:5 mask:2 ignored_mask:0 \n", {5});
    expect("inotify wd:5 ino:1 sdev:5 mask:2\n", {5});
    expect("inotify wd:5", {5});
    expect("inotify wd:5\n", {5});
}

BOOST_AUTO_TEST_CASE(the_number_is_found_by_its_key)
{
    expect("inotify new:9 wd:5 ino:1\n", {5});
    expect("inotify ino:1 sdev:5 wd:1f mask:2\n", {0x1f});
    // Not in the middle of another key.
    expect("inotify fwd:9 ino:1\n", {});
}

BOOST_AUTO_TEST_CASE(damaged_lines_are_passed_over)
{
    for (std::string const damaged : {"inotify\n",
                                      "inotify \n",
                                      "inotify wd\n",
                                      "inotify wd:\n",
                                      "inotify wd: 5\n",
                                      "inotify wd:x\n",
                                      "inotify wd:-1\n",
                                      "inotify wd:0\n",
                                      "inotify wd:80000000\n",
                                      "inotify wd:ffffffff\n",
                                      "inotify wd:1ffffffff\n",
                                      "inotify wd:7fffffff7fffffff\n",
                                      "inotifywd:5\n",
                                      " inotify wd:5\n",
                                      "xinotify wd:5\n",
                                      "fanotify wd:5\n",
                                      "wd:5\n",
                                      "tfd: 5 events: 19 data: 5\n",
                                      "\n",
                                      "\n\n\n",
                                      "inotify\twd:5\n"}) {
        expect(damaged, {});
        expect(line("3") + damaged + line("2"), {2, 3});
    }
}

BOOST_AUTO_TEST_CASE(null_bytes_are_bytes)
{
    using namespace std::string_view_literals;
    expect("inotify wd:\0005\n"sv, {});
    expect("\0\0\0inotify wd:5\n"sv, {});
    expect("inotify wd:5\0\ninotify wd:6\n"sv, {6});
    expect("inotify wd:5g ino:1\ninotify wd:6\n", {6});
}

BOOST_AUTO_TEST_CASE(many_in_any_order)
{
    std::vector<int> expected(20000);
    for (std::size_t i = 0; i != expected.size(); ++i) {
        expected[i] = static_cast<int>(1 + i * 97);
    }
    auto shuffled = expected;
    std::shuffle(shuffled.begin(), shuffled.end(), std::minstd_rand(1));
    std::ostringstream text;
    text << head << std::hex;
    for (int const wd : shuffled) {
        text << "inotify wd:" << wd << tail;
    }
    BOOST_TEST((parsed(text.str()) == expected));
}

BOOST_AUTO_TEST_CASE(cut_at_every_byte)
{
    auto const text = std::string(head) + line("34d71d6") + line("2");
    for (std::size_t size = 0; size <= text.size(); ++size) {
        // In memory of exactly this size.
        std::vector<char> const copy(text.begin(),
                                     text.begin() + static_cast<std::ptrdiff_t>(size));
        BOOST_TEST(parsed({copy.data(), copy.size()}).size() <= 2U);
    }
}

using watches = std::vector<lib::detail::kernel_watch>;

watches parsed_watches(std::string const& text)
{
    return lib::detail::parse_live_watches(text);
}

BOOST_AUTO_TEST_CASE(a_whole_watch)
{
    auto const found = parsed_watches(std::string(head) + line("34d71d6"));
    BOOST_TEST_REQUIRE(found.size() == 1U);
    BOOST_TEST(found[0].wd == 0x34d71d6);
    BOOST_TEST(found[0].native_mask == 0x80000020U);
    BOOST_TEST(found[0].identity.inode == 0xa88364U);
    BOOST_TEST(found[0].identity.device == 0xfe00000U);
    BOOST_TEST(found[0].identity.handle_type == 1);
    BOOST_TEST(found[0].identity.handle == "\x64\x83\xa8\x00\x66\x69\x66\xc1"s);
}

BOOST_AUTO_TEST_CASE(watches_come_ascending)
{
    auto const found = parsed_watches(line("10") + line("1") + line("a") + line("7fffffff"));
    std::vector<int> order;
    for (auto const& watch : found) {
        order.push_back(watch.wd);
    }
    BOOST_TEST(order == (numbers{1, 10, 16, INT_MAX}), boost::test_tools::per_element());
    BOOST_TEST(lib::detail::find_watch(found, 10)->wd == 10);
    BOOST_TEST((lib::detail::find_watch(found, 11) == nullptr));
    BOOST_TEST((lib::detail::find_watch(found, INT_MAX) == &found.back()));
    BOOST_TEST((lib::detail::find_watch({}, 1) == nullptr));
}

BOOST_AUTO_TEST_CASE(watches_without_a_usable_handle)
{
    for (std::string const rest :
         {"", " fhandle-bytes:0 fhandle-type:0 f_handle:", " fhandle-type:1 f_handle:6",
          " fhandle-type:1 f_handle:6x", " fhandle-type:x f_handle:66", " f_handle:66",
          " fhandle-type:100000000 f_handle:66"}) {
        BOOST_TEST_CONTEXT("rest: " << rest)
        {
            auto const found = parsed_watches("inotify wd:5 ino:7 sdev:5 mask:2" + rest + "\n");
            BOOST_TEST_REQUIRE(found.size() == 1U);
            BOOST_TEST((found[0].identity == lib::inode_identity{5, 7, 0, {}}));
        }
    }
}

BOOST_AUTO_TEST_CASE(lines_that_are_of_no_watch)
{
    for (std::string const text :
         {"inotify wd:0 ino:1 sdev:1 mask:2\n", "inotify wd:x ino:1 sdev:1 mask:2\n",
          "inotify wd:5 sdev:1 mask:2\n", "inotify wd:5 ino:1 mask:2\n",
          "inotify wd:5 ino:1 sdev:1\n", "inotify wd:5 ino:1 sdev:1 mask:\n",
          "fanotify wd:5 ino:1 sdev:1 mask:2\n", "inotify wd:80000000 ino:1 sdev:1 mask:2\n"}) {
        BOOST_TEST_CONTEXT("text: " << text)
        {
            BOOST_TEST(parsed_watches(text).empty());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

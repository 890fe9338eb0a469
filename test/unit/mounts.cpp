//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "system/mounts.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(mounts)

// "device path", in order.
std::vector<std::string> parsed(std::string_view text)
{
    std::vector<std::string> lines;
    for (auto const& m : asio_inotify::detail::parse_mount_points(text)) {
        lines.push_back(std::to_string(m.device) + ' ' + m.path);
    }
    return lines;
}

void expect(std::string_view text, std::vector<std::string> const& expected)
{
    BOOST_TEST_CONTEXT("text: " << text)
    {
        BOOST_TEST(parsed(text) == expected, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(lines_as_the_kernel_writes_them)
{
    expect("22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"
           "23 22 0:21 / /proc rw,nosuid - proc proc rw\n",
           {"266338304 /", "21 /proc"});
    expect("22 1 4095:1048575 / /x rw - ext4 /dev/vda rw", {"4294967295 /x"});
}

BOOST_AUTO_TEST_CASE(paths_are_unescaped)
{
    expect(R"(1 1 0:1 / /with\040space\011tab\134slash rw - tmpfs tmpfs rw)"
           "\n",
           {"1 /with space\ttab\\slash"});
    // What is no escape stays.
    expect(R"(1 1 0:1 / /a\04 rw)", {R"(1 /a\04)"});
    expect(R"(1 1 0:1 / /a\ rw)", {R"(1 /a\)"});
    expect(R"(1 1 0:1 / /a\09x rw)", {R"(1 /a\09x)"});
    expect(R"(1 1 0:1 / /a\777b rw)", {R"(1 /a\777b)"});
}

BOOST_AUTO_TEST_CASE(one_for_each_filesystem)
{
    // The whole of it is better than a part, and what is mounted later lies over what was before.
    expect("1 1 0:1 /part /a rw\n2 1 0:1 / /b rw\n3 1 0:1 /part /c rw\n", {"1 /b"});
    expect("1 1 0:1 / /a rw\n2 1 0:2 / /b rw\n3 1 0:1 / /c rw\n", {"1 /c", "2 /b"});
    expect("1 1 0:1 /part /a rw\n2 1 0:1 /other /b rw\n", {"1 /a"});
}

BOOST_AUTO_TEST_CASE(other_lines_are_passed_over)
{
    expect("", {});
    expect("\n\n", {});
    expect("1 1\n1 1 x:1 / /a rw\n1 1 1 / /a rw\n1 1 1: / /a rw\n1 1 1:2x / /a rw\n1 1 0:5 /\n",
           {});
    expect("1 1 x:1 / /a rw\n1 1 0:5 / /b rw\n", {"5 /b"});
}

BOOST_AUTO_TEST_CASE(the_real_one)
{
    boost::system::error_code ec;
    auto const found = asio_inotify::detail::mount_points(ec);
    BOOST_TEST(!ec);
    BOOST_TEST(!found.empty());
}

BOOST_AUTO_TEST_SUITE_END()

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/instance.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

namespace fs = std::filesystem;

// What each of the options does.
BOOST_FIXTURE_TEST_SUITE(sync_options, test::instance)

using test::add_options;
using test::error_code;
using test::event_mask;

BOOST_AUTO_TEST_CASE(one_shot)
{
    auto const number = in.add(dir.path(), event_mask::create, add_options::one_shot);
    dir.write("a");
    dir.write("b");
    test::expect_events(test::drain(in), {"1 create a", "1 ignored"});
    BOOST_TEST(test::live(in.native_handle()).empty());
    error_code ec;
    in.remove(number, ec);
    BOOST_TEST(ec == test::error::no_such_watch);
}

BOOST_AUTO_TEST_CASE(only_directory)
{
    auto const file = new_file();
    fs::create_directory(dir / "sub");
    fs::create_directory_symlink("sub", dir / "soft");
    error_code ec;
    BOOST_TEST(!in.add(file, event_mask::all, add_options::only_directory, ec));
    BOOST_TEST(ec == boost::system::errc::not_a_directory);
    BOOST_TEST(in.add(dir / "sub", event_mask::all, add_options::only_directory, ec).value() == 1);
    BOOST_TEST(in.add(dir / "soft", event_mask::all, add_options::only_directory, ec).value() == 1);
    BOOST_TEST(!in.add(dir / "soft", event_mask::all,
                       add_options::only_directory | add_options::dont_follow, ec));
    BOOST_TEST(ec == boost::system::errc::not_a_directory);
}

BOOST_AUTO_TEST_CASE(dont_follow)
{
    auto const file = dir.write("file");
    fs::create_symlink("file", dir / "soft");
    fs::create_symlink("soft loop", dir / "soft loop");
    BOOST_TEST(in.add(dir / "soft", event_mask::delete_self, add_options::dont_follow).value() ==
               1);
    BOOST_TEST(in.add(dir / "soft", event_mask::close_write).value() == 2);
    BOOST_TEST(
        in.add(dir / "soft loop", event_mask::delete_self, add_options::dont_follow).value() == 3);
    dir.write("soft");
    fs::remove(dir / "soft");
    fs::remove(dir / "soft loop");
    test::expect_events(test::drain(in), {"2 close_write", "1 delete_self", "1 ignored",
                                          "3 delete_self", "3 ignored"});
}

BOOST_AUTO_TEST_CASE(exclude_unlinked)
{
    test::temp_directory other;
    in.add(dir.path(), event_mask::close_write | event_mask::attrib, add_options::exclude_unlinked);
    in.add(other.path(), event_mask::close_write | event_mask::attrib);
    for (auto const* const where : {&dir, &other}) {
        std::ofstream file(*where / "gone");
        fs::remove(*where / "gone");
    }
    test::expect_events(test::drain(in), {"2 close_write gone"});
}

BOOST_AUTO_TEST_CASE(masks_in_the_kernels_account)
{
    auto const mask_of = [&](add_options options) {
        auto const number = in.add(new_file(), event_mask::open, options);
        auto const text = account();
        auto const at = text.find(" mask:");
        in.remove(number);
        return text.substr(at + 6, text.find(' ', at + 1) - at - 6);
    };
    BOOST_TEST(mask_of(add_options::none) == "20");
    BOOST_TEST(mask_of(add_options::create_only) == "20");
    BOOST_TEST(mask_of(add_options::merge_mask) == "20");
    BOOST_TEST(mask_of(add_options::dont_follow) == "20");
    BOOST_TEST(mask_of(add_options::one_shot) == "80000020");
    BOOST_TEST(mask_of(add_options::exclude_unlinked) == "4000020");
}

BOOST_AUTO_TEST_CASE(merging_flags)
{
    auto const file = dir.write("file");
    in.add(file, event_mask::close_write);
    in.add(file, event_mask::close_write, add_options::merge_mask | add_options::one_shot);
    in.add(file, event_mask::open, add_options::merge_mask);
    // One-shot now, as the flag was merged in and nothing took it out.
    dir.write("file");
    test::expect_events(test::drain(in), {"1 open", "1 ignored"});
}

BOOST_AUTO_TEST_SUITE_END()

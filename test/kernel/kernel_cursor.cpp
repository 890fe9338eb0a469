//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/instance.hpp"

#include "support/process/restricted.hpp"

#include <asio_inotify/detail/kernel_cursor.hpp>

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <climits>
#include <cstdint>
#include <filesystem>
#include <optional>

// What each call does to the kernel's cursor, and whether the class follows it: after each step a
// new watch shows where the cursor really is (kernel notes 1.9 to 1.15).
BOOST_AUTO_TEST_SUITE(kernel_cursor)

using asio_inotify::detail::claim_verdict;
using test::error_code;

constexpr std::uint32_t create = 0x10000000 | IN_OPEN;
constexpr std::uint32_t change = IN_OPEN;

struct cursor_of_instance : test::instance
{
    cursor_of_instance() { first = new_file(); }

    [[nodiscard]] int fd() { return in.native_handle(); }

    int add(std::filesystem::path const& path, std::uint32_t mask)
    {
        return cursor.add(fd(), path.c_str(), mask, ec);
    }

    auto claim(int wanted, std::filesystem::path const& path)
    {
        return cursor.claim(fd(), wanted, path.c_str(), create, ec);
    }

    // The number that the kernel really gives next.
    int probe() { return ::inotify_add_watch(fd(), new_file().c_str(), create); }

    [[nodiscard]] int known() const { return cursor.next().value_or(-1); }

    asio_inotify::detail::kernel_cursor cursor{1};
    error_code ec;
    std::filesystem::path first;
};

BOOST_AUTO_TEST_CASE(unknown_unless_it_was_given)
{
    BOOST_TEST(!asio_inotify::detail::kernel_cursor().next());
    cursor_of_instance i;
    BOOST_TEST(i.known() == 1);
    i.cursor.forget();
    BOOST_TEST(i.known() == -1);
}

BOOST_AUTO_TEST_CASE(a_new_watch_moves_it_behind_its_number)
{
    cursor_of_instance i;
    BOOST_TEST(i.add(i.first, create) == 1);
    BOOST_TEST(!i.ec);
    BOOST_TEST(i.known() == 2);
    i.cursor.set(i.fd(), 500, i.ec);
    BOOST_TEST(i.known() == 500);
    BOOST_TEST(i.add(i.new_file(), create) == 500);
    BOOST_TEST(i.known() == 501);
    BOOST_TEST(i.probe() == 501);
}

BOOST_AUTO_TEST_CASE(after_the_largest_number_comes_one)
{
    cursor_of_instance i;
    i.cursor.set(i.fd(), INT_MAX, i.ec);
    BOOST_TEST(i.add(i.first, create) == INT_MAX);
    BOOST_TEST(i.known() == 1);
    BOOST_TEST(i.probe() == 1);
    i.cursor.follow(INT_MAX);
    BOOST_TEST(i.known() == 1);
    i.cursor.follow(7);
    BOOST_TEST(i.known() == 8);
}

BOOST_AUTO_TEST_CASE(a_changed_watch_leaves_it)
{
    cursor_of_instance i;
    BOOST_TEST(i.add(i.first, create) == 1);
    i.cursor.set(i.fd(), 40, i.ec);
    BOOST_TEST(i.add(i.first, change) == 1);
    BOOST_TEST(i.known() == 40);
    BOOST_TEST(i.probe() == 40);
}

BOOST_AUTO_TEST_CASE(a_failure_before_the_number_is_taken_leaves_it_armed)
{
    cursor_of_instance i;
    BOOST_TEST(i.add(i.first, create) == 1);
    i.cursor.set(i.fd(), 40, i.ec);
    auto const expect_failure = [&](std::filesystem::path const& path, std::uint32_t mask,
                                    int code) {
        BOOST_TEST(i.add(path, mask) == -1);
        BOOST_TEST(i.ec == error_code(code, boost::system::system_category()));
        BOOST_TEST(i.known() == 40);
        auto const claim = i.cursor.claim(i.fd(), 40, path.c_str(), mask, i.ec);
        BOOST_TEST((claim.verdict == claim_verdict::failed));
        BOOST_TEST(i.ec == error_code(code, boost::system::system_category()));
        BOOST_TEST(i.known() == 40);
    };
    expect_failure(i.first, create, EEXIST);
    expect_failure(i.dir / "absent", create, ENOENT);
    expect_failure(i.new_file(), create | IN_ONLYDIR, ENOTDIR);
    BOOST_TEST(i.probe() == 40);
}

BOOST_AUTO_TEST_CASE(without_a_free_watch_the_number_is_consumed)
{
    test::run_in_child([] {
        test::enter_user_namespace();
        test::limit("max_inotify_watches", 1);
        cursor_of_instance i;
        BOOST_TEST(i.add(i.first, create) == 1);
        auto const more = i.new_file();
        for (bool const is_claim : {false, true}) {
            i.cursor.set(i.fd(), 500, i.ec);
            if (is_claim) {
                BOOST_TEST((i.claim(500, more).verdict == claim_verdict::failed));
            } else {
                BOOST_TEST(i.add(more, create) == -1);
            }
            BOOST_TEST(i.ec == asio_inotify::error::watch_limit_reached);
            BOOST_TEST(!i.cursor.next());
        }
        BOOST_TEST(::inotify_rm_watch(i.fd(), 1) == 0);
        BOOST_TEST(i.probe() == 501);
    });
}

BOOST_AUTO_TEST_CASE(a_claim_compares_the_number)
{
    cursor_of_instance i;
    i.cursor.set(i.fd(), 50, i.ec);
    auto claim = i.claim(50, i.first);
    BOOST_TEST((claim.verdict == claim_verdict::made));
    BOOST_TEST(claim.wd == 50);
    BOOST_TEST(!i.ec);
    BOOST_TEST(i.known() == 51);
    i.cursor.set(i.fd(), 50, i.ec);
    claim = i.claim(50, i.new_file());
    BOOST_TEST((claim.verdict == claim_verdict::taken));
    BOOST_TEST(claim.wd == 51);
    BOOST_TEST(i.ec == test::error::watch_descriptor_in_use);
    BOOST_TEST(i.known() == 52);
    // The caller has to remove the stray watch.
    BOOST_TEST(test::live(i.fd()) == (std::vector{50, 51}));
    BOOST_TEST(i.probe() == 52);
}

BOOST_AUTO_TEST_CASE(a_known_position_needs_no_system_call)
{
    cursor_of_instance i;
    i.cursor.move_to(i.fd(), 20, i.ec);
    BOOST_TEST(i.known() == 20);
    // Only a call would notice this.
    test::set_kernel_cursor(i.fd(), 30);
    i.cursor.move_to(i.fd(), 20, i.ec);
    BOOST_TEST(!i.ec);
    BOOST_TEST(i.add(i.first, create) == 30);
    test::set_kernel_cursor(i.fd(), 40);
    i.cursor.move_to(i.fd(), 32, i.ec);
    BOOST_TEST(i.add(i.new_file(), create) == 32);
    i.cursor.forget();
    i.cursor.move_to(i.fd(), 33, i.ec);
    BOOST_TEST(i.known() == 33);
}

BOOST_AUTO_TEST_CASE(a_refused_position_changes_nothing)
{
    cursor_of_instance i;
    i.cursor.set(i.fd(), 20, i.ec);
    for (int const refused : {0, -1, INT_MIN}) {
        i.cursor.set(i.fd(), refused, i.ec);
        BOOST_TEST(i.ec == error_code(EINVAL, boost::system::system_category()));
        BOOST_TEST(i.known() == 20);
    }
    BOOST_TEST(i.probe() == 20);
    test::run_in_child([] {
        test::forbid_set_next();
        cursor_of_instance without;
        without.cursor.move_to(without.fd(), 9, without.ec);
        BOOST_TEST(without.ec == test::error::set_next_unsupported);
        BOOST_TEST(without.known() == 1);
        without.cursor.restore(without.fd(), 9);
        BOOST_TEST(without.known() == 1);
    });
}

BOOST_AUTO_TEST_CASE(a_failed_claim_can_be_undone)
{
    cursor_of_instance i;
    BOOST_TEST(i.add(i.first, create) == 1);
    auto const before = i.cursor.next();
    i.cursor.set(i.fd(), 50, i.ec);
    BOOST_TEST((i.claim(50, i.first).verdict == claim_verdict::failed));
    i.cursor.restore(i.fd(), before);
    BOOST_TEST(i.known() == 2);
    BOOST_TEST(i.probe() == 2);
}

BOOST_AUTO_TEST_CASE(an_unknown_position_is_restored_behind_the_largest_number)
{
    cursor_of_instance i;
    i.cursor.restore(i.fd(), std::nullopt);
    BOOST_TEST(i.known() == 1);
    for (int const number : {70, 30}) {
        i.cursor.set(i.fd(), number, i.ec);
        BOOST_TEST(i.add(i.new_file(), create) == number);
    }
    i.cursor.restore(i.fd(), std::nullopt);
    BOOST_TEST(i.known() == 71);
    BOOST_TEST(i.probe() == 71);
}

BOOST_AUTO_TEST_SUITE_END()

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/recording_port.hpp"

#include "tree/engine/filesystem_table.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>

BOOST_AUTO_TEST_SUITE(filesystem_table)

using asio_inotify::detail::blind_spot;
using asio_inotify::detail::dir_id;
using asio_inotify::detail::file_kind;
using asio_inotify::detail::file_status;
using asio_inotify::detail::filesystem_traits;
using asio_inotify::detail::tree_directory;
using asio_inotify::detail::tree_index;
using lib_table = asio_inotify::detail::filesystem_table;

/// The traits of an open directory say which one was asked for.
class traits_port : public test::recording_port
{
public:
    filesystem_traits traits(directory_fd directory) noexcept override
    {
        ++calls;
        return {.unreported = unreported, .is_plain = false, .end_of_listing = directory};
    }

    int calls = 0;
    blind_spot unreported = blind_spot::none;
};

constexpr std::uint64_t disk = 0x801;
constexpr std::uint64_t network = 0x32;

BOOST_AUTO_TEST_CASE(numbers_in_the_order_in_which_devices_are_seen)
{
    traits_port port;
    tree_index index;
    lib_table table(port, index);
    BOOST_TEST(table.add(disk, 5) == 1U);
    BOOST_TEST(table.add(network, 6) == 2U);
    BOOST_TEST(table.add(disk, 7) == 1U);
    BOOST_TEST(table.device(1) == disk);
    BOOST_TEST(table.device(2) == network);
    // Asked once.
    BOOST_TEST(port.calls == 2);
    BOOST_TEST(table.traits(1).end_of_listing == 5);
    BOOST_TEST(table.traits(2).end_of_listing == 6);
}

BOOST_AUTO_TEST_CASE(no_filesystem)
{
    traits_port port;
    tree_index index;
    lib_table const table(port, index);
    BOOST_TEST(table.device(0) == 0U);
    BOOST_TEST((table.traits(0).unreported == blind_spot::none));
    BOOST_TEST(table.traits(0).end_of_listing == 0);
    BOOST_TEST(!table.find_traits(disk));
}

BOOST_AUTO_TEST_CASE(a_device_of_a_snapshot_has_no_traits_before_it_is_opened)
{
    traits_port port;
    tree_index index;
    lib_table table(port, index);
    BOOST_TEST(table.add_saved(disk) == 1U);
    BOOST_TEST(table.add_saved(network) == 2U);
    BOOST_TEST(table.add_saved(disk) == 1U);
    BOOST_TEST(port.calls == 0);
    BOOST_TEST(!table.find_traits(disk));
    BOOST_TEST(table.traits(1).end_of_listing == 0);
    BOOST_TEST(table.add(disk, 5) == 1U);
    BOOST_TEST(table.traits(1).end_of_listing == 5);
    BOOST_TEST(table.find_traits(disk).value().end_of_listing == 5);
    BOOST_TEST(!table.find_traits(network));
    // What is known already stays.
    BOOST_TEST(table.add_saved(disk) == 1U);
    BOOST_TEST(table.traits(1).end_of_listing == 5);
}

BOOST_AUTO_TEST_CASE(a_device_number_that_is_used_again)
{
    traits_port port;
    tree_index index;
    lib_table table(port, index);
    BOOST_TEST(table.add(disk, 5) == 1U);
    BOOST_TEST((table.traits(1).unreported == blind_spot::none));
    port.unreported = blind_spot::remote;
    table.refresh(1, 9);
    BOOST_TEST((table.traits(1).unreported == blind_spot::remote));
    BOOST_TEST(table.traits(1).end_of_listing == 9);
    BOOST_TEST(table.device(1) == disk);
}

BOOST_AUTO_TEST_CASE(numbers_of_filesystems_without_directories_are_given_again)
{
    traits_port port;
    tree_index index;
    lib_table table(port, index);
    auto const root = index.entry(index.make("root", true)).directory();
    index.set_device(root, table.add(disk, 0));
    auto const other = index.entry(index.make("other", true)).directory();
    for (std::uint64_t device = 1; device != 70'000; ++device) {
        auto const number = table.add(disk + device, 0);
        BOOST_TEST_REQUIRE(number != 0U);
        // The table does not grow with all the filesystems that there ever were.
        BOOST_TEST_REQUIRE(number <= 64U);
        index.set_device(other, number);
        BOOST_TEST_REQUIRE(table.device(number) == disk + device);
    }
    BOOST_TEST(table.device(index.directory(root).device) == disk);
    BOOST_TEST(table.find_traits(disk).has_value());
    BOOST_TEST(!table.find_traits(disk + 1));
    // A directory that is freed is on none any more.
    auto const number = index.directory(other).device;
    BOOST_TEST(index.device_uses(number) == 1U);
    index.free_directory(other);
    BOOST_TEST(index.device_uses(number) == 0U);
}

BOOST_AUTO_TEST_CASE(more_filesystems_than_there_are_numbers)
{
    traits_port port;
    tree_index index;
    lib_table table(port, index);
    constexpr std::uint16_t most = 65'535;
    dir_id last = 0;
    for (std::uint64_t device = 1; device <= most; ++device) {
        auto const number = table.add_saved(device);
        BOOST_TEST_REQUIRE(number == device);
        last = index.entry(index.make("d", true)).directory();
        index.set_device(last, number);
    }
    for (int n = 0; n != 2; ++n) {
        BOOST_TEST(table.add(100'000, 0) == 0U);
        BOOST_TEST(table.add_saved(100'000) == 0U);
    }
    // Those that are known have their numbers.
    BOOST_TEST(table.add(most, 0) == most);
    BOOST_TEST(table.add(1, 0) == 1U);
    // One is free again.
    index.set_device(last, 0);
    BOOST_TEST(table.add(100'000, 0) == most);
    index.set_device(last, most);
    BOOST_TEST(table.device(most) == 100'000U);
    BOOST_TEST(table.add(100'001, 0) == 0U);
}

BOOST_AUTO_TEST_CASE(the_identity_of_a_directory)
{
    traits_port port;
    tree_index index;
    lib_table table(port, index);
    tree_directory d{};
    d.inode = 7;
    d.device = table.add(disk, 5);
    file_status status{.kind = file_kind::directory, .device = disk, .inode = 7};
    BOOST_TEST(table.is_same(d, status));
    status.inode = 8;
    BOOST_TEST(!table.is_same(d, status));
    status = {.kind = file_kind::directory, .device = network, .inode = 7};
    BOOST_TEST(!table.is_same(d, status));
    // Nothing is known of it yet: no status is that of it.
    d.device = 0;
    BOOST_TEST(!table.is_same(d, {.kind = file_kind::directory, .device = 0, .inode = 7}));
}

BOOST_AUTO_TEST_SUITE_END()

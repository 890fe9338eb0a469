//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/file_change_batch.hpp>
#include <asio_inotify/detail/storage_owner.hpp>

#include <boost/test/unit_test.hpp>

#include <utility>

// The memory of a batch, shared by the watcher and the copies of the batch.
BOOST_AUTO_TEST_SUITE(storage_owner)

using asio_inotify::detail::is_only_owner;

struct storage : asio_inotify::detail::file_change_storage
{
    explicit storage(int& deleted) noexcept
        : deleted_(deleted)
    {}
    storage(storage const&) = delete;
    storage& operator=(storage const&) = delete;
    ~storage() { ++deleted_; }

private:
    int& deleted_;
};

using owner = asio_inotify::detail::storage_owner<storage>;

BOOST_AUTO_TEST_CASE(nothing_is_owned_at_first)
{
    owner const nothing;
    BOOST_TEST(!is_only_owner(nothing));
}

BOOST_AUTO_TEST_CASE(the_last_owner_deletes_the_storage)
{
    int deleted = 0;
    {
        owner const first(new storage(deleted));
        {
            owner const second = first;
        }
        BOOST_TEST(deleted == 0);
    }
    BOOST_TEST(deleted == 1);
}

BOOST_AUTO_TEST_CASE(an_owner_is_the_only_one_until_it_is_copied)
{
    int deleted = 0;
    owner first(new storage(deleted));
    BOOST_TEST(is_only_owner(first));
    auto second = first;
    BOOST_TEST(!is_only_owner(first));
    BOOST_TEST(!is_only_owner(second));
    first = nullptr;
    BOOST_TEST(is_only_owner(second));
    auto const third = std::move(second);
    BOOST_TEST(is_only_owner(third));
    BOOST_TEST(deleted == 0);
}

BOOST_AUTO_TEST_SUITE_END()

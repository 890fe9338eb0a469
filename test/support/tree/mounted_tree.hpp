//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_TREE_MOUNTED_TREE_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_TREE_MOUNTED_TREE_HPP

#include "support/process/restricted.hpp"
#include "support/tree/watched_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <string>

#include <sys/mount.h>

namespace test {

/// A watched tree in which filesystems can be mounted.
struct mounted_tree : watched_tree
{
    void mount(std::string const& name) const
    {
        if (::mount("none", path(name).c_str(), "tmpfs", 0, "size=1m") != 0) {
            throw skipped("cannot mount a tmpfs: " + message_of(errno));
        }
    }

    void bind(std::string const& what, std::string const& where) const
    {
        if (::mount(path(what).c_str(), path(where).c_str(), nullptr, MS_BIND, nullptr) != 0) {
            throw skipped("cannot bind: " + message_of(errno));
        }
    }

    void unmount(std::string const& name, int flags = 0) const
    {
        BOOST_TEST_REQUIRE(::umount2(path(name).c_str(), flags) == 0,
                           name << ": " << message_of(errno));
    }
};

/// Run a test in a child whose mounts are its own.
template <class Body>
void with_mounts(Body body)
{
    run_in_child([&] {
        enter_mount_namespace();
        mounted_tree tree;
        body(tree);
    });
}

} // namespace test

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/mounted_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>

#include <sys/inotify.h>
#include <unistd.h>

namespace fs = std::filesystem;

// What is outside of a tree is not opened: that could wake an automount, or wait for a server.
BOOST_AUTO_TEST_SUITE(tree_outside)

namespace {

/// Notices that a directory is opened.
class open_detector
{
public:
    explicit open_detector(fs::path const& directory)
    {
        BOOST_TEST_REQUIRE(::inotify_add_watch(instance_, directory.c_str(), IN_OPEN) > 0);
    }
    open_detector(open_detector const&) = delete;
    open_detector& operator=(open_detector const&) = delete;
    ~open_detector() { ::close(instance_); }

    [[nodiscard]] bool is_opened() const
    {
        char event[4096];
        return ::read(instance_, event, sizeof event) > 0;
    }

private:
    int instance_ = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
};

} // namespace

// Links in the path of the root itself are its owner's.
BOOST_FIXTURE_TEST_CASE(a_root_behind_a_link, test::watched_tree)
{
    make("../out/real/d/b");
    fs::create_directory_symlink(out / "real", path("link"));
    open();
    add_root("link");
    static_cast<void>(take());
    make("link/d/b/new");
    move("link/d", "link/e");
    make("link/e/b/new/deep");
    static_cast<void>(take());
    BOOST_TEST(replay.contains(path("link/e/b/new/deep")));
}

BOOST_AUTO_TEST_CASE(a_mount_point_of_another_filesystem)
{
    test::with_mounts([](test::mounted_tree& tree) {
        tree.make("m");
        tree.mount("m");
        open_detector const mounted(tree.path("m"));
        auto options = test::at_once();
        options.one_filesystem = true;
        tree.start(options);
        BOOST_TEST(tree.watcher.uncovered().size() == 1U);
        BOOST_TEST(!mounted.is_opened());
    });
}

BOOST_AUTO_TEST_SUITE_END()

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/simulation/reported_simulation.hpp"

#include <asio_inotify/error.hpp>
#include <asio_inotify/tree_change_batch.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

// Changes on filesystems that no test can mount, or not at the right moment.
BOOST_AUTO_TEST_SUITE(tree_filesystems)

namespace {

using test::lines;
using test::port_call;
using test::reported_simulation;

std::string remote(std::string const& path)
{
    return "uncovered dir " + path + ' ' +
           make_error_code(asio_inotify::error::remote_filesystem).message();
}

/// The changes that an engine reports now.
lines take_all(asio_inotify::detail::tree_engine& engine)
{
    lines seen;
    boost::system::error_code ec;
    while (engine.step(ec) == asio_inotify::detail::step_result::deliver) {
        asio_inotify::tree_change_batch const batch(engine.take());
        for (auto const& change : batch) {
            seen.push_back(test::describe(change));
        }
    }
    BOOST_TEST(!ec);
    return seen;
}

asio_inotify::tree_options directories_alone()
{
    asio_inotify::tree_options options;
    options.directories_only = true;
    return options;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_root_on_a_remote_filesystem)
{
    reported_simulation s;
    s.kernel.world.mount("/r", true);
    s.perform_script("mkdir /r/a");
    s.perform_script("mkdir /r/a/b");
    s.start({});
    s.expect({remote("/r"), "existing dir /r/a", "existing dir /r/a/b"});
    // It is watched anyway.
    s.perform_script("mkdir /r/a/c");
    s.perform_script("create /r/a/c/f");
    s.expect({"created dir /r/a/c", "created file /r/a/c/f synthetic"});
    BOOST_TEST(s.counters().watches == 4U);
}

BOOST_AUTO_TEST_CASE(a_remote_filesystem_in_a_tree)
{
    reported_simulation s;
    s.perform_script("mkdir /r/m");
    s.kernel.world.mount("/r/m", true);
    s.perform_script("mkdir /r/m/a");
    s.start({});
    s.expect({"existing dir /r/m", remote("/r/m"), "existing dir /r/m/a"});
    s.perform_script("mkdir /r/m/a/b");
    s.expect({"created dir /r/m/a/b"});
}

// Its number can be that of one before it.
BOOST_AUTO_TEST_CASE(one_remote_filesystem_after_another)
{
    for (bool const reuses : {false, true}) {
        reported_simulation s;
        s.kernel.world.reuse_devices = reuses;
        s.perform_script("mkdir /r/m");
        s.start({});
        s.expect({"existing dir /r/m"});
        for (bool const is_remote : {true, true, false, true}) {
            s.kernel.world.mount("/r/m", is_remote);
            s.perform_script("mkdir /r/m/a");
            lines expected{"removed dir /r/m synthetic", "created dir /r/m synthetic",
                           "created dir /r/m/a synthetic"};
            if (is_remote) {
                expected.insert(expected.begin() + 2, remote("/r/m"));
            }
            s.expect(expected);
            s.perform_script("unmount /r/m");
            s.expect({"removed dir /r/m/a synthetic", "unmounted dir /r/m"});
        }
    }
}

// The number of links says there that a directory has none in it.
BOOST_AUTO_TEST_CASE(links_of_a_remote_filesystem_are_not_counted)
{
    reported_simulation s;
    s.perform_script("mkdir /r/m");
    s.kernel.world.mount("/r/m", true);
    s.perform_script("mkdir /r/m/a");
    s.perform_script("mkdir /r/m/a/b");
    s.start(directories_alone());
    s.expect({"existing dir /r/m", remote("/r/m"), "existing dir /r/m/a", "existing dir /r/m/a/b"});
    s.perform_script("mkdir /r/m/a/c");
    s.perform_script("mkdir /r/m/a/c/d");
    s.expect({"created dir /r/m/a/c", "created dir /r/m/a/c/d synthetic"});
}

// A remote filesystem is reported also if existing entries are not.
BOOST_AUTO_TEST_CASE(reported_without_existing_entries)
{
    test::simulated_kernel kernel;
    for (auto const* const path : {"/r", "/r/a", "/r/m", "/o"}) {
        kernel.world.mkdir(path);
    }
    kernel.world.mount("/r/m", true);
    kernel.world.mkdir("/r/m/a");
    kernel.world.mount("/o", true);
    asio_inotify::detail::tree_engine engine(kernel, {});
    boost::system::error_code ec;
    engine.add_root("/r", "/r", "/r", false, ec);
    engine.add_root("/o", "/o", "/o", false, ec);
    BOOST_TEST(!ec);
    auto seen = take_all(engine);
    std::sort(seen.begin(), seen.end());
    lines const expected{remote("/o"), remote("/r/m")};
    BOOST_TEST(seen == expected, boost::test_tools::per_element());
}

// A directory with directories only is watched by its name first, and then checked.
BOOST_AUTO_TEST_CASE(mounted_between_the_watch_and_the_check)
{
    reported_simulation s;
    s.start(directories_alone());
    s.expect({});
    bool mounted = false;
    s.kernel.before = [&](port_call call) {
        if (call == port_call::look && !std::exchange(mounted, true)) {
            BOOST_TEST(s.kernel.looks_at().name == "a");
            BOOST_TEST(s.kernel.world.mount("/r/a") == 0);
        }
    };
    s.perform_script("mkdir /r/a");
    // It is found at once that this is another directory, and not by the mount.
    s.expect({"created dir /r/a"});
    BOOST_TEST(mounted);
    s.perform_script("mkdir /r/a/b");
    s.expect({"created dir /r/a/b"});
}

// One of each kind where the filesystem is known, and two more where it is not.
BOOST_AUTO_TEST_CASE(calls_for_a_new_directory)
{
    for (bool const is_plain : {true, false}) {
        reported_simulation s;
        s.kernel.is_plain = is_plain;
        s.start({});
        s.expect({});
        std::map<port_call, int> calls;
        s.kernel.before = [&](port_call call) { ++calls[call]; };
        s.perform_script("mkdir /r/a");
        s.perform_script("create /r/a/f");
        s.expect({"created dir /r/a", "created file /r/a/f synthetic"});
        // The parent is opened and identified first.
        BOOST_TEST(calls[port_call::open] == 2);
        BOOST_TEST(calls[port_call::identify] == (is_plain ? 1 : 2));
        BOOST_TEST(calls[port_call::add] == 1);
        BOOST_TEST(calls[port_call::list] == (is_plain ? 1 : 2));
    }
}

// It is looked up twice, and then no more, also after renames.
BOOST_AUTO_TEST_CASE(a_mount_in_a_directory_that_is_not_known)
{
    reported_simulation s;
    s.perform_script("mkdir /r/x");
    s.perform_script("mkdir /r/x/m");
    s.perform_script("mkdir /r/a");
    s.perform_script("unreadable /r/x");
    s.start({});
    s.run();
    s.reported.clear();
    int looks = 0;
    s.kernel.before = [&](port_call call) { looks += call == port_call::mounts ? 1 : 0; };
    BOOST_TEST(s.kernel.world.mount("/r/x/m") == 0);
    s.expect({});
    BOOST_TEST(!s.has_deadline());
    auto const until_then = std::exchange(looks, 0);
    BOOST_TEST(until_then > 0);
    BOOST_TEST(until_then <= 4);
    s.perform_script("rename /r/a /r/b");
    s.expect({"renamed dir /r/a -> /r/b"});
    BOOST_TEST(looks == 0);
}

BOOST_AUTO_TEST_CASE(the_list_of_mounts_was_read_twice_for_restored_trees)
{
    test::simulated_kernel kernel;
    kernel.world.mkdir("/r");
    kernel.world.mkdir("/r/m");
    kernel.world.mount("/r/m");
    kernel.world.mkdir("/o");
    asio_inotify::tree_snapshot saved;
    boost::system::error_code ec;
    {
        asio_inotify::detail::tree_engine engine(kernel, {});
        engine.add_root("/r", "/r", "/r", false, ec);
        engine.add_root("/o", "/o", "/o", false, ec);
        static_cast<void>(take_all(engine));
        saved = engine.save(ec);
        BOOST_TEST(!ec, ec.message());
    }
    static_cast<void>(kernel.mounts_changed());
    int reads = 0;
    kernel.before = [&](port_call call) { reads += call == port_call::mounts ? 1 : 0; };
    asio_inotify::detail::tree_engine engine(kernel, {});
    engine.restore(
        saved, [](std::string const& absolute, boost::system::error_code&) { return absolute; },
        ec);
    BOOST_TEST(!ec, ec.message());
    static_cast<void>(take_all(engine));
    kernel.before = nullptr;
    BOOST_TEST(engine.counters().directories == 3U);
    BOOST_TEST(reads == 1);
}

// It is read again after a second: the kernel reports a change of the list only once.
BOOST_AUTO_TEST_CASE(a_mount_while_the_list_cannot_be_read)
{
    reported_simulation s;
    s.perform_script("mkdir /r/m");
    s.perform_script("mkdir /r/m/a");
    s.start({});
    s.expect({"existing dir /r/m", "existing dir /r/m/a"});
    int failures = 0;
    s.kernel.fail = [&](port_call call) {
        return call == port_call::mounts && ++failures < 4 ? ENOMEM : 0;
    };
    auto const before = s.kernel.time;
    BOOST_TEST(s.kernel.world.mount("/r/m") == 0);
    s.expect({"removed dir /r/m synthetic", "created dir /r/m synthetic"});
    BOOST_TEST(failures >= 4);
    BOOST_TEST((s.kernel.time - before >= std::chrono::seconds(3)));
}

namespace {

/// A kernel whose list of mounts a test sets.
class listing_kernel : public test::simulated_kernel
{
public:
    void list_mounts(std::vector<mount> some)
    {
        listed_ = std::move(some);
        changed_ = true;
    }

    bool mounts_changed() override { return std::exchange(changed_, false); }
    std::vector<mount> mounts(boost::system::error_code&) override { return listed_; }

private:
    std::vector<mount> listed_;
    bool changed_ = false;
};

} // namespace

// An event reports an unmount that the list does not show, and later the list shows one that no
// event reports.
BOOST_AUTO_TEST_CASE(two_unmounts_of_a_directory)
{
    listing_kernel kernel;
    kernel.world.mkdir("/r");
    kernel.world.mkdir("/r/m");
    kernel.world.mount("/r/m");
    kernel.list_mounts({{99, "/r/m"}});
    asio_inotify::detail::tree_engine engine(kernel, {});
    boost::system::error_code ec;
    engine.add_root("/r", "/r", "/r", false, ec);
    BOOST_TEST(!ec);
    auto const reported = [&] { return take_all(engine); };
    lines const unmounted{"unmounted dir /r/m"};
    BOOST_TEST(reported().empty());
    kernel.world.unmount("/r/m");
    BOOST_TEST(reported() == unmounted, boost::test_tools::per_element());
    BOOST_TEST(reported().empty());
    kernel.list_mounts({});
    BOOST_TEST(reported() == unmounted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/file/file_world.hpp"
#include "support/printing.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string>
#include <vector>

// What no event reports: the engine of the file watcher looks it up again.
namespace {

using boost::system::error_code;
using namespace std::chrono_literals;
using world = test::file_world;

} // namespace

BOOST_FIXTURE_TEST_SUITE(file_engine_retries, world)

BOOST_AUTO_TEST_CASE(retries_take_a_small_part_of_the_time)
{
    add("/d/e/f");
    files.mkdir("/d/e");
    files.fail_watch(EACCES, 1);
    expect({});
    BOOST_TEST((files.deadline() == files.now() + 1s));
    for (auto const taken : {1ms, 5ms, 100ms, 1000ms, 1ms}) {
        files.advance(
            std::chrono::duration_cast<std::chrono::milliseconds>(files.deadline() - files.now()));
        files.fail_watch(EACCES, 1);
        files.before_lookup([&] { files.advance(taken); });
        expect({});
        BOOST_TEST((files.deadline() == files.now() + (std::max)(1000ms, 32 * taken)));
    }
    // The server does not answer for a while.
    for (auto const taken : {10'000ms, 600'000ms}) {
        files.advance(
            std::chrono::duration_cast<std::chrono::milliseconds>(files.deadline() - files.now()));
        files.fail_watch(EACCES, 1);
        files.before_lookup([&] { files.advance(taken); });
        expect({});
        BOOST_TEST((files.deadline() == files.now() + (std::max)(64'000ms, taken)));
    }
    files.advance(600'000ms);
    // What else was done in the meantime does not count.
    expect({});
    files.before_lookup([&] { files.advance(1000ms); });
    files.rename("/d/e", "/d/x");
    expect({});
    files.mkdir("/d/e");
    files.fail_watch(EACCES, 1);
    expect({});
    BOOST_TEST((files.deadline() == files.now() + 1s));
}

BOOST_AUTO_TEST_CASE(files_on_a_network_filesystem_are_looked_up_every_second)
{
    files.mkdir("/n");
    files.mount_remote("/n");
    files.create("/n/f");
    add("/n/f");
    add("/d/f");
    expect({});
    // What this machine does is reported at once.
    files.write("/n/f");
    expect({"changed /n/f"});
    auto const after_a_second = [&](std::vector<std::string> const& expected) {
        expect({});
        BOOST_TEST((files.deadline() == files.now() + 1s));
        files.advance(1s);
        expect(expected);
    };
    after_a_second({});
    files.elsewhere([&] { files.write("/n/f"); });
    after_a_second({"changed /n/f"});
    files.elsewhere([&] {
        files.create("/n/g");
        files.rename("/n/g", "/n/f");
    });
    after_a_second({"changed /n/f"});
    expect_current("/n/f");
    files.elsewhere([&] { files.unlink("/n/f"); });
    after_a_second({"disappeared /n/f"});
    files.elsewhere([&] { files.create("/n/f"); });
    after_a_second({"appeared /n/f"});
    after_a_second({});
    error_code ec;
    engine.remove("/n/f", ec);
    expect({});
    files.advance(1s);
    expect({});
    BOOST_TEST((files.deadline() == (test::simulated_files::time_point::max)()));
}

// It is not known what is there: that is no reason to report that nothing is.
BOOST_AUTO_TEST_CASE(an_error_that_says_nothing_about_the_file)
{
    files.mkdir("/n");
    files.mount_remote("/n");
    files.create("/n/f");
    add("/n/f");
    for (auto const reason : {EIO, ESTALE, ETIMEDOUT, ENOTCONN, EHOSTDOWN, EINTR, EAGAIN, EMFILE}) {
        files.fail_lookups("/n", reason);
        files.change_mounts();
        expect({});
        BOOST_TEST((files.deadline() == files.now() + 1s));
        files.elsewhere([&] { files.write("/n/f"); });
        files.advance(1s);
        expect({});
        files.fail_lookups("/n", 0);
        files.advance(1s);
        expect({"changed /n/f"});
        BOOST_TEST((files.deadline() == files.now() + 1s));
        files.fail_lookups("/n/f", reason);
        files.advance(1s);
        expect({});
        files.fail_lookups("/n/f", 0);
        files.elsewhere([&] { files.write("/n/f"); });
        files.advance(1s);
        expect({"changed /n/f"});
    }
}

// A new file is watched by its name first, and then looked up on a filesystem of which not all
// changes are reported.
BOOST_AUTO_TEST_CASE(replaced_before_the_second_lookup)
{
    for (int n = 1; n != 6; ++n) {
        world w;
        w.files.mkdir("/n");
        w.files.mount_remote("/n");
        w.files.create("/n/f");
        w.add("/n/g");
        w.files.create("/n/h");
        w.files.rename("/n/h", "/n/g");
        w.files.before_lookup([&] { w.files.rename("/n/f", "/n/g"); }, n);
        auto const seen = w.reports();
        BOOST_TEST(seen.size() >= 1U);
        BOOST_TEST(w.engine.watches() == w.files.watches());
        w.expect_current("/n/g");
    }
}

// As container platforms do with single files.
BOOST_AUTO_TEST_CASE(a_file_is_mounted_from_a_network_filesystem)
{
    files.mount_remote("/d/f");
    add("/d/f");
    expect({});
    files.elsewhere([&] { files.write("/d/f"); });
    files.advance(1s);
    expect({"changed /d/f"});
}

BOOST_AUTO_TEST_CASE(a_directory_on_the_way_is_on_a_network_filesystem)
{
    files.mkdir("/n");
    files.mount_remote("/n");
    files.symlink("/d", "/n/l");
    files.mkdir("/e");
    add("/n/l/f");
    expect({});
    files.elsewhere([&] {
        files.unlink("/n/l");
        files.symlink("/e", "/n/l");
    });
    files.advance(1s);
    expect({"disappeared /n/l/f"});
    files.create("/e/f");
    expect({"appeared /n/l/f"});
}

BOOST_AUTO_TEST_SUITE_END()

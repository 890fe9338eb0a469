//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/file/watched_files.hpp"
#include "support/process/restricted.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

// Many paths, lost events, waiting for quiet, adding and removing at any time, bad input.
BOOST_FIXTURE_TEST_SUITE(file_states, test::watched_files)

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using test::append;
using test::error;
using test::error_code;
using test::writer;

std::size_t most_queued()
{
    std::size_t events = 0;
    std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> events;
    return events;
}

// More events than the queue takes, of names that nobody watches.
void flood(fs::path const& directory)
{
    auto const rounds = most_queued() / 2 + 50;
    for (std::size_t i = 0; i != rounds; ++i) {
        auto const name = directory / ("n" + std::to_string(i));
        BOOST_REQUIRE(::close(::open(name.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) == 0);
        BOOST_REQUIRE(::unlink(name.c_str()) == 0);
    }
}

BOOST_AUTO_TEST_CASE(lost_events)
{
    if (most_queued() > 100'000) {
        test::print_skipped("the kernel's queue takes too many events");
        return;
    }
    for (auto const* const name : {"written", "replaced", "gone", "same", "moved", "noise/f"}) {
        fs::create_directories((dir / name).parent_path());
        dir.write(name, "1");
        add(name);
    }
    add("new");
    add("d/e/f");
    fs::create_directory(dir / "one");
    fs::create_directory(dir / "two");
    dir.write("one/f", "1");
    dir.write("two/f", "2");
    point("link", "one");
    add("link/f");
    expect({});
    flood(dir / "noise");
    append(dir / "written");
    replace("replaced");
    fs::remove(dir / "gone");
    fs::rename(dir / "moved", dir / "x");
    fs::rename(dir / "x", dir / "moved");
    dir.write("new");
    fs::create_directories(dir / "d/e");
    dir.write("d/e/f");
    point("link", "two");
    fs::remove_all(dir / "one");
    std::vector<std::string> const expected{"appeared d/e/f",  "appeared new",
                                            "changed link/f",  "changed replaced",
                                            "changed written", "disappeared gone"};
    auto const reported = reports();
    // Whether a file that was renamed was written as well cannot be known.
    for (auto const& one : expected) {
        BOOST_TEST(std::count(reported.begin(), reported.end(), one) == 1, one);
    }
    BOOST_TEST(std::count(reported.begin(), reported.end(), "changed same") == 0);
    BOOST_TEST(std::count(reported.begin(), reported.end(), "changed noise/f") == 0);
    BOOST_TEST(reported.size() - static_cast<std::size_t>(std::count(
                                     reported.begin(), reported.end(), "changed moved")) ==
               expected.size());
    BOOST_TEST(watcher.counters().overflows == 1U);
    expect_consistent();
    // And everything is watched again.
    append(dir / "two/f");
    append(dir / "d/e/f");
    append(dir / "replaced");
    expect({"changed d/e/f", "changed link/f", "changed replaced"});
}

BOOST_FIXTURE_TEST_CASE(ten_thousand_files, test::watched_files_in_memory)
{
    constexpr int directories = 100;
    constexpr int files = 100;
    auto const name = [](int d, int f) { return std::to_string(d) + '/' + std::to_string(f); };
    for (int d = 0; d != directories; ++d) {
        fs::create_directory(dir / std::to_string(d));
        for (int f = 0; f != files; ++f) {
            dir.write(name(d, f), "");
            add(name(d, f));
        }
    }
    BOOST_TEST(watcher.size() == 10'000U);
    // One for each, and those on the way of all.
    auto const on_the_way =
        static_cast<std::size_t>(std::distance(dir.path().begin(), dir.path().end()));
    BOOST_TEST(watcher.watches() == 10'000U + directories + on_the_way);
    expect({});
    append(dir / "7/7");
    replace("99/0");
    fs::remove(dir / "0/99");
    expect({"changed 7/7", "changed 99/0", "disappeared 0/99"});
    fs::rename(dir / "50", dir / "x");
    BOOST_TEST(reports().size() == 100U);
    fs::rename(dir / "x", dir / "50");
    BOOST_TEST(reports().size() == 100U);
    expect({});
    for (int d = 0; d != directories; d += 2) {
        for (int f = 0; f != files; ++f) {
            watcher.remove(dir / name(d, f));
        }
    }
    expect({});
    BOOST_TEST(watcher.watches() == 5'000U + directories / 2 + on_the_way);
}

BOOST_AUTO_TEST_CASE(removed_by_the_handler)
{
    for (auto const* const name : {"f", "g", "h"}) {
        dir.write(name);
    }
    asio_inotify::file_watcher other(context);
    other.open();
    other.add(dir / "f");
    other.add(dir / "g");
    int calls = 0;
    test::file_change_batch kept;
    other.async_receive([&](error_code ec, test::file_change_batch batch) {
        BOOST_TEST(!ec);
        ++calls;
        BOOST_TEST(batch.size() == 2U);
        for (auto const& change : batch) {
            other.remove(change.path().data());
        }
        BOOST_TEST(other.empty());
        other.add(dir / "h");
        kept = batch;
        other.close();
    });
    append(dir / "f");
    append(dir / "g");
    // The one of the fixture watches nothing.
    while (calls == 0) {
        context.restart();
        context.run_one_for(100ms);
    }
    BOOST_TEST(kept.size() == 2U);
    for (auto const& change : kept) {
        BOOST_TEST((change.path() == (dir / "f").native() || change.path() == (dir / "g").native()));
    }
}

BOOST_AUTO_TEST_CASE(removed_before_it_is_reported)
{
    dir.write("f");
    dir.write("g");
    auto const path = add("f");
    add("g");
    append(path);
    append(dir / "g");
    watcher.remove(path);
    expect({"changed g"});
    BOOST_TEST(!watcher.contains(path));
    BOOST_TEST(!watcher.identity(path));
    // Added again, it is as it is now.
    add("f");
    expect({});
    append(path);
    expect({"changed f"});
}

BOOST_AUTO_TEST_CASE(added_while_something_has_changed)
{
    fs::create_directory(dir / "d");
    dir.write("d/f", "1");
    add("d/f");
    fs::rename(dir / "d", dir / "x");
    fs::create_directory(dir / "d");
    dir.write("d/f", "2");
    dir.write("d/g", "2");
    // The events of before are not read yet.
    add("d/g");
    expect({"changed d/f"});
    append(dir / "d/f");
    append(dir / "d/g");
    append(dir / "x/f");
    expect({"changed d/f", "changed d/g"});
}

BOOST_AUTO_TEST_CASE(waits_for_quiet)
{
    dir.write("f");
    dir.write("g");
    auto const path = add("f", {.settle = 150ms});
    add("g");
    auto const begin = std::chrono::steady_clock::now();
    append(path);
    append(dir / "g");
    expect({"changed g"});
    run_until_reported();
    BOOST_TEST((std::chrono::steady_clock::now() - begin >= 150ms));
    expect({"changed f"});
    // Writes over a longer time than that are one change.
    std::chrono::steady_clock::time_point end_of_writes;
    {
        writer const open(path);
        auto const end = std::chrono::steady_clock::now() + 400ms;
        append(path);
        while (std::chrono::steady_clock::now() < end) {
            open.write();
            context.restart();
            context.run_for(20ms);
        }
        expect({});
    }
    end_of_writes = std::chrono::steady_clock::now();
    append(path);
    run_until_reported();
    BOOST_TEST((std::chrono::steady_clock::now() - end_of_writes >= 150ms));
    expect({"changed f"});
    // Replaced by way of absence.
    fs::remove(path);
    expect({});
    dir.write("f", "new");
    run_until_reported();
    expect({"changed f"});
    expect_current(path);
    fs::remove(path);
    run_until_reported();
    expect({"disappeared f"});
}

BOOST_AUTO_TEST_CASE(quiet_again_as_it_was)
{
    auto const path = add("f", {.settle = 30ms});
    add("marker", {.settle = 200ms});
    dir.write("f");
    run();
    fs::remove(path);
    dir.write("marker");
    run_until_reported();
    expect({"appeared marker"});
    BOOST_TEST(watcher.counters().changes == 1U);
}

BOOST_AUTO_TEST_CASE(removed_while_it_waits_for_quiet)
{
    auto const path = add("f", {.settle = 20ms});
    auto const other = add("g", {.settle = 40ms});
    dir.write("f");
    dir.write("g");
    run();
    watcher.remove(path);
    run_until_reported();
    expect({"appeared g"});
}

BOOST_AUTO_TEST_CASE(bad_input)
{
    auto const failure = [&](auto&& path) {
        error_code ec;
        watcher.add(path, ec);
        return ec;
    };
    BOOST_TEST(failure("") == error::empty_path);
    BOOST_TEST(failure(std::string("/tmp\0/x", 7)) == error::path_contains_null);
    for (auto const* const name : {"", "/", "/.", "/..", "/d", "/d/", "/link"}) {
        fs::create_directory(dir / "d");
        if (!fs::exists(dir / "link")) {
            point("link", "d");
        }
        BOOST_TEST((failure(dir.path().native() + name) == boost::system::errc::is_a_directory),
                   name);
    }
    BOOST_TEST((failure("/") == boost::system::errc::is_a_directory));
    BOOST_TEST((failure(dir / std::string(256, 'x')) == boost::system::errc::filename_too_long));
    std::string deep = dir.path();
    while (deep.size() < 5000) {
        deep += "/d";
    }
    BOOST_TEST((failure(deep) == boost::system::errc::filename_too_long));
    add("f");
    BOOST_TEST((failure(dir / "f") == boost::system::errc::file_exists));
    error_code ec;
    watcher.remove("f", ec);
    BOOST_TEST(ec == error::path_not_watched);
    BOOST_CHECK_EXCEPTION(
        watcher.add(dir / "d"), boost::system::system_error, [&](auto const& failed) {
            return std::string(failed.what()).find("add '" + (dir / "d").native() + "'") == 0;
        });
    BOOST_CHECK_THROW(watcher.remove("f"), boost::system::system_error);
    BOOST_TEST(watcher.size() == 1U);
    expect({});

    asio_inotify::file_watcher closed(context);
    BOOST_TEST(!closed.is_open());
    BOOST_TEST(closed.native_handle() == -1);
    BOOST_TEST(closed.empty());
    BOOST_TEST(closed.watches() == 0U);
    BOOST_TEST(!closed.contains(dir / "f"));
    closed.add(dir / "f", ec);
    BOOST_TEST((ec == boost::system::errc::bad_file_descriptor));
    closed.remove(dir / "f", ec);
    BOOST_TEST((ec == boost::system::errc::bad_file_descriptor));
    closed.cancel(ec);
    BOOST_TEST((ec == boost::system::errc::bad_file_descriptor));
    closed.close(ec);
    BOOST_TEST(!ec);
    watcher.open(ec);
    BOOST_TEST(ec == boost::asio::error::already_open);
}

BOOST_AUTO_TEST_CASE(a_working_directory_that_was_removed)
{
    auto const before = fs::current_path();
    fs::create_directory(dir / "wd");
    fs::current_path(dir / "wd");
    fs::remove(dir / "wd");
    error_code ec;
    watcher.add("f", ec);
    fs::current_path(before);
    BOOST_TEST((ec == boost::system::errc::no_such_file_or_directory));
    BOOST_TEST(watcher.empty());
    expect({});
}

BOOST_AUTO_TEST_CASE(nothing_is_left_open)
{
    auto const before = test::open_descriptors();
    {
        asio_inotify::file_watcher other(context);
        other.open();
        dir.write("f");
        other.add(dir / "f");
        other.close();
        other.open();
        other.add(dir / "f");
        BOOST_TEST(test::open_descriptors() > before);
    }
    BOOST_TEST(test::open_descriptors() == before);
}

BOOST_AUTO_TEST_SUITE_END()

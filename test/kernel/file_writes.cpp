//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/file/watched_files.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

// What is done to a file, or to its name in its directory.
BOOST_FIXTURE_TEST_SUITE(file_writes, test::watched_files)

namespace fs = std::filesystem;
using test::append;
using test::writer;
using writes = asio_inotify::file_writes;

BOOST_AUTO_TEST_CASE(nothing)
{
    add(dir.write("f").filename().native());
    expect({});
    std::ifstream{dir / "f"}.get();
    dir.write("g");
    fs::rename(dir / "g", dir / "h");
    fs::remove(dir / "h");
    expect({});
}

BOOST_AUTO_TEST_CASE(written_in_place)
{
    dir.write("f");
    auto const path = add("f");
    append(path);
    expect({"changed f"});
    dir.write("f", "other");
    expect({"changed f"});
    expect_current(path);
    // Several writes that nobody has waited for are one change.
    append(path);
    append(path);
    dir.write("f", "");
    expect({"changed f"});
}

BOOST_AUTO_TEST_CASE(only_writes_that_are_over)
{
    dir.write("f");
    add("f");
    {
        writer const open(dir / "f");
        open.write();
        expect({});
        open.write();
        expect({});
    }
    expect({"changed f"});
}

BOOST_AUTO_TEST_CASE(each_write)
{
    dir.write("f");
    add("f", {.writes = writes::each});
    {
        writer const open(dir / "f");
        open.write();
        expect({"changed f"});
        open.write();
        expect({"changed f"});
        BOOST_TEST(::ftruncate(open.fd(), 0) == 0);
        expect({"changed f"});
    }
    // It was not written any more, only closed. But that cannot be known for sure.
    static_cast<void>(reports());
    BOOST_TEST(::truncate((dir / "f").c_str(), 7) == 0);
    expect({"changed f"});
}

BOOST_AUTO_TEST_CASE(one_file_two_interests)
{
    dir.write("f");
    fs::create_hard_link(dir / "f", dir / "g");
    add("f");
    add("g", {.writes = writes::each});
    {
        writer const open(dir / "f");
        open.write();
        expect({"changed g"});
    }
    auto const seen_at_the_end = reports();
    BOOST_TEST(std::count(seen_at_the_end.begin(), seen_at_the_end.end(), "changed f") == 1);
    expect_consistent();
    // Who comes last wants less: that takes nothing from the others.
    fs::create_hard_link(dir / "f", dir / "h");
    expect({});
    add("h");
    writer const open(dir / "f");
    open.write();
    expect({"changed g"});
}

BOOST_AUTO_TEST_CASE(written_through_another_name)
{
    dir.write("f");
    fs::create_hard_link(dir / "f", dir / "elsewhere");
    add("f");
    append(dir / "elsewhere");
    expect({"changed f"});
    fs::remove(dir / "elsewhere");
    expect({});
}

BOOST_AUTO_TEST_CASE(opened_for_writing_only)
{
    dir.write("f");
    struct timespec const long_ago[2] = {{1'000'000'000, 0}, {1'000'000'000, 0}};
    BOOST_TEST_REQUIRE(::utimensat(AT_FDCWD, (dir / "f").c_str(), long_ago, 0) == 0);
    add("f");
    // Its status was changed right now, so that for some time every such thing counts.
    {
        writer const open(dir / "f");
    }
    expect({"changed f"});
}

BOOST_AUTO_TEST_CASE(changes_that_leave_the_content_alone)
{
    dir.write("f");
    add("f");
    BOOST_TEST(::chmod((dir / "f").c_str(), 0600) == 0);
    expect({});
    fs::create_hard_link(dir / "f", dir / "g");
    expect({});
    struct timespec const now[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}};
    BOOST_TEST(::utimensat(AT_FDCWD, (dir / "f").c_str(), now, 0) == 0);
    expect({});
}

BOOST_AUTO_TEST_CASE(replaced_a_thousand_times_then_written)
{
    dir.write("f");
    auto const path = add("f");
    auto const watches = watcher.watches();
    for (int i = 0; i != 1000; ++i) {
        replace("f", std::to_string(i));
        if (i % 7 == 0) {
            context.restart();
            context.poll();
        }
    }
    auto const seen_until_now = reports();
    BOOST_TEST(!seen_until_now.empty());
    BOOST_TEST(std::count(seen_until_now.begin(), seen_until_now.end(), "changed f") ==
               static_cast<std::ptrdiff_t>(seen_until_now.size()));
    expect_current(path);
    append(path);
    expect({"changed f"});
    BOOST_TEST(watcher.watches() == watches);
}

BOOST_AUTO_TEST_CASE(a_replaced_file_is_written_on)
{
    dir.write("f");
    auto const path = add("f", {.writes = writes::each});
    {
        writer const old(path);
        old.write();
        expect({"changed f"});
        replace("f");
        expect({"changed f"});
        expect_current(path);
        old.write();
        expect({});
        append(path);
        expect({"changed f"});
        old.write();
    }
    expect({});
}

BOOST_AUTO_TEST_CASE(replaced_and_the_old_one_written_before_the_check)
{
    dir.write("f");
    auto const path = add("f");
    {
        writer const old(path);
        replace("f");
        old.write();
    }
    expect({"changed f"});
    expect_current(path);
}

BOOST_AUTO_TEST_CASE(renamed_away_and_created_again)
{
    dir.write("f");
    auto const path = add("f");
    fs::rename(path, dir / "f~");
    dir.write("f", "new");
    expect({"changed f"});
    expect_current(path);
    append(dir / "f~");
    expect({});
    append(path);
    expect({"changed f"});
}

BOOST_AUTO_TEST_CASE(truncated_and_written)
{
    dir.write("f", "long content");
    add("f");
    {
        writer const editor(dir / "f", O_WRONLY | O_TRUNC);
        expect({});
        editor.write("new");
    }
    expect({"changed f"});
}

BOOST_AUTO_TEST_CASE(removed_and_made_later)
{
    dir.write("f");
    auto const path = add("f");
    fs::remove(path);
    expect({"disappeared f"});
    BOOST_TEST((last == boost::system::errc::no_such_file_or_directory));
    expect({});
    dir.write("f");
    expect({"appeared f"});
    append(path);
    expect({"changed f"});
    // Before anybody looks.
    fs::remove(path);
    dir.write("f");
    expect({"changed f"});
    fs::remove(path);
    dir.write("f");
    fs::remove(path);
    expect({"disappeared f"});
    dir.write("f");
    fs::remove(path);
    expect({});
}

BOOST_AUTO_TEST_CASE(moved_away_and_back)
{
    dir.write("f");
    auto const path = add("f");
    fs::rename(path, dir / "g");
    expect({"disappeared f"});
    append(dir / "g");
    expect({});
    fs::rename(dir / "g", path);
    expect({"appeared f"});
    // It is the same as before when somebody looks.
    fs::rename(path, dir / "g");
    fs::rename(dir / "g", path);
    expect({});
    // But a write in the meantime is reported.
    fs::rename(path, dir / "g");
    append(dir / "g");
    fs::rename(dir / "g", path);
    expect({"changed f"});
}

BOOST_AUTO_TEST_CASE(two_files_swapped)
{
    dir.write("f", "1");
    dir.write("g", "2");
    auto const f = add("f");
    auto const g = add("g");
    BOOST_TEST_REQUIRE(::renameat2(AT_FDCWD, f.c_str(), AT_FDCWD, g.c_str(), RENAME_EXCHANGE) == 0);
    expect({"changed f", "changed g"});
    expect_current(f);
    expect_current(g);
    append(f);
    expect({"changed f"});
}

BOOST_AUTO_TEST_CASE(removed_while_it_is_held_open)
{
    dir.write("f");
    auto const path = add("f");
    {
        writer const open(path);
        fs::remove(path);
        expect({"disappeared f"});
        open.write();
        expect({});
    }
    expect({});
    dir.write("f");
    expect({"appeared f"});
}

BOOST_AUTO_TEST_CASE(a_directory_in_its_place)
{
    dir.write("f");
    auto const path = add("f");
    fs::remove(path);
    fs::create_directory(path);
    expect({"disappeared f"});
    BOOST_TEST((last == boost::system::errc::is_a_directory));
    dir.write("f/below");
    expect({});
    fs::remove_all(path);
    expect({});
    dir.write("f");
    expect({"appeared f"});
}

BOOST_AUTO_TEST_CASE(files_that_are_no_regular_ones)
{
    add("f");
    BOOST_TEST(::mkfifo((dir / "f").c_str(), 0600) == 0);
    expect({"appeared f"});
    replace("f");
    expect({"changed f"});
}

BOOST_AUTO_TEST_SUITE_END()

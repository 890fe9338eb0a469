//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/file/watched_files.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

// What is done to symbolic links that are watched themselves, and to many in a row.
BOOST_FIXTURE_TEST_SUITE(file_links, test::watched_files)

namespace fs = std::filesystem;
using test::append;

BOOST_AUTO_TEST_CASE(a_link_itself)
{
    dir.write("f", "1");
    dir.write("g", "2");
    point("link", "f");
    auto const path = add("link", {.follow_symlinks = false});
    // Those of the directories on the way only.
    BOOST_TEST(watcher.watches() ==
               static_cast<std::size_t>(std::distance(dir.path().begin(), dir.path().end())));
    append(dir / "f");
    expect({});
    point("link", "g");
    expect({"changed link"});
    fs::remove(dir / "g");
    expect({});
    fs::remove(path);
    expect({"disappeared link"});
    point("link", "nowhere");
    expect({"appeared link"});
    fs::remove(path);
    dir.write("link");
    expect({"changed link"});
    append(path);
    expect({"changed link"});
    // And followed at the same time, under another text.
    point("link", "f");
    watcher.add((dir.path() / "." / "link").native());
    expect({"changed link"});
    append(dir / "f");
    BOOST_TEST(reports().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_link_itself_that_cannot_be_followed)
{
    test::file_watch_options const itself{.follow_symlinks = false};
    point("self", "self");
    auto const path = add("self", itself);
    BOOST_TEST(!!watcher.identity(path));
    add("one", itself);
    add("two", itself);
    point("one", "two");
    point("two", "one");
    expect({"appeared one", "appeared two"});
    // For who follows it, it leads nowhere.
    watcher.add((dir.path() / "." / "self").native());
    expect({});
    point("self", "self");
    expect({"changed self"});
    fs::remove(path);
    expect({"disappeared self"});
    dir.write("self");
    BOOST_TEST(reports().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_link_itself_and_where_it_leads)
{
    fs::create_directories(dir / "a/b");
    dir.write("a/b/f");
    point("link", "a/b");
    point("other", "link/f");
    auto const on_the_way =
        static_cast<std::size_t>(std::distance(dir.path().begin(), dir.path().end()));
    add("link", {.follow_symlinks = false});
    add("other", {.follow_symlinks = false});
    // Nobody wants to know where they lead.
    expect({});
    BOOST_TEST(watcher.watches() == on_the_way);
    // Somebody does.
    auto const through = add("link/f");
    BOOST_TEST((watcher.identity(through) == test::identity_of(through)));
    BOOST_TEST(watcher.watches() == on_the_way + 3);
    auto const twice = (dir.path() / "." / "other").native();
    watcher.add(twice);
    BOOST_TEST((watcher.identity(twice) == test::identity_of(through)));
    append(through);
    BOOST_TEST(reports().size() == 2U);
    // By way of another link.
    point("more", "again");
    point("again", "a/b/f");
    add("again", {.follow_symlinks = false});
    add("more");
    append(through);
    expect({"changed ./other", "changed link/f", "changed more"});
}

// Links of /proc whose text is no path to the object, or is one to a different object.
BOOST_AUTO_TEST_CASE(links_of_the_kernel)
{
    dir.write("f", "1");
    int const file = ::open((dir / "f").c_str(), O_RDWR | O_CLOEXEC);
    auto const path = "/proc/self/fd/" + std::to_string(file);
    fs::remove(dir / "f");
    dir.write("f (deleted)", "a different file");
    add("f (deleted)");
    watcher.add(path);
    BOOST_TEST((watcher.identity(path) == test::identity_of(path)));
    BOOST_TEST(!!watcher.identity(path));
    int const writer = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    BOOST_TEST(::write(writer, "22", 2) == 2);
    ::close(writer);
    BOOST_TEST(reports().size() == 1U);
    append(dir / "f (deleted)");
    expect({"changed f (deleted)"});
    ::close(file);
    run_until_reported();
    BOOST_TEST(!watcher.identity(path));
}

// chdir(2) is no event: such paths are looked up again every second.
BOOST_AUTO_TEST_CASE(a_path_through_the_working_directory)
{
    fs::create_directories(dir / "a");
    fs::create_directories(dir / "b");
    dir.write("a/f");
    auto const before = fs::current_path();
    fs::current_path(dir / "a");
    watcher.add("/proc/self/cwd/f");
    BOOST_TEST(!!watcher.identity("/proc/self/cwd/f"));
    append(dir / "a/f");
    BOOST_TEST(reports().size() == 1U);
    fs::current_path(dir / "b");
    run_until_reported();
    BOOST_TEST(!watcher.identity("/proc/self/cwd/f"));
    BOOST_TEST(reports().size() == 1U);
    dir.write("b/f");
    BOOST_TEST(reports().size() == 1U);
    BOOST_TEST((watcher.identity("/proc/self/cwd/f") == test::identity_of(dir / "b/f")));
    fs::current_path(before);
}

BOOST_AUTO_TEST_CASE(a_watched_link_does_not_report_its_target)
{
    dir.write("f");
    add("f");
    point("link", "f");
    add("link", {.follow_symlinks = false, .settle = std::chrono::milliseconds(100)});
    watcher.add((dir.path() / "." / "link").native());
    point("link", "f");
    // It becomes quiet while the file does not.
    auto const until = std::chrono::steady_clock::now() + test::deadline;
    auto const reported = [&] { return std::count(seen.begin(), seen.end(), "changed link") != 0; };
    while (!reported()) {
        BOOST_TEST_REQUIRE((std::chrono::steady_clock::now() < until));
        append(dir / "f");
        context.restart();
        context.run_for(std::chrono::milliseconds(5));
    }
}

// As many as the kernel follows.
BOOST_AUTO_TEST_CASE(a_long_chain_of_links)
{
    constexpr int links = 45;
    auto const name = [](int i) { return "l" + std::to_string(i); };
    for (int i = 0; i != links; ++i) {
        point(name(i), name(i + 1));
    }
    dir.write(name(links));
    auto const check = [&](int i) {
        auto const path = add(name(i));
        BOOST_TEST((watcher.identity(path) == test::identity_of(path)), i);
    };
    // One that is too far away from the one is not from the other.
    for (int const i : {0, 20, 4, 5, 1}) {
        check(i);
    }
    expect({});
    append(dir / name(links));
    expect({"changed l20", "changed l5"});
    for (int i = links; i-- != 0;) {
        watcher.remove(dir / name(i), ended);
    }
    for (int i = links; i-- != 0;) {
        check(i);
    }
    expect({});
    point(name(40), name(links));
    expect({"appeared l1", "appeared l2", "appeared l3", "appeared l4"});
}

// Not as deep in the stack as the paths are long.
BOOST_AUTO_TEST_CASE(long_links_to_long_links)
{
    for (int i = 0; i != 40; ++i) {
        auto target = (dir / std::to_string(i + 1)).native();
        while (target.size() < 4000) {
            target += "/x";
        }
        point(std::to_string(i), target);
    }
    auto const path = add("0/f");
    BOOST_TEST(!watcher.identity(path));
    expect({});
    fs::remove(dir / "0");
    fs::create_directory(dir / "0");
    dir.write("0/f");
    expect({"appeared 0/f"});
    watcher.remove(path);
    run();
    BOOST_TEST(watcher.watches() == 1U);
}

// The kernel: ENOTDIR.
BOOST_AUTO_TEST_CASE(a_link_with_a_slash_at_its_end_is_taken_for_the_file)
{
    dir.write("file");
    for (auto const* const target : {"file/", "file//", "file/.", "file/./", "./file/.//"}) {
        BOOST_TEST_CONTEXT(target)
        {
            point("link", target);
            auto const path = add("link");
            BOOST_TEST(!watcher.identity(path));
            expect_current(path);
            point("link", "file");
            expect({"appeared link"});
            point("link", target);
            expect({"disappeared link"});
            BOOST_TEST(last == boost::system::errc::not_a_directory);
            append(dir / "file");
            expect({});
            watcher.remove(path);
            run();
        }
    }
    point("second", "file");
    point("link", "second/");
    BOOST_TEST(!watcher.identity(add("link")));
}

BOOST_AUTO_TEST_CASE(a_link_with_a_slash_at_its_end_leads_to_a_directory)
{
    fs::create_directory(dir / "a");
    dir.write("a/f");
    point("b", "a");
    for (auto const* const target : {"a/", "a//.", "b/", "./", ".", "a/../a/", "a/..", "a/../"}) {
        BOOST_TEST_CONTEXT(target)
        {
            point("link", target);
            bool const is_here = !fs::exists(dir / "link/f");
            auto const path = add(is_here ? "link/a/f" : "link/f");
            expect_current(path);
            append(dir / "a/f");
            BOOST_TEST(reports().size() == 1U);
            fs::rename(dir / "a", dir / "c");
            BOOST_TEST(reports().size() == 1U);
            expect_current(path);
            fs::create_directory(dir / "a");
            expect({});
            dir.write("a/f", "new");
            BOOST_TEST(reports().size() == 1U);
            expect_current(path);
            watcher.remove(path);
            run();
            BOOST_TEST(watcher.watches() == 1U);
            fs::remove_all(dir / "c");
        }
    }
}

BOOST_AUTO_TEST_CASE(the_directory_of_a_link_with_a_slash_becomes_a_file)
{
    point("link", "a/");
    auto const path = add("link");
    auto const below = add("link/f");
    expect({});
    dir.write("a");
    expect({});
    fs::remove(dir / "a");
    fs::create_directory(dir / "a");
    dir.write("a/f");
    expect({"appeared link/f"});
    expect_current(below);
    fs::rename(dir / "a", dir / "b");
    dir.write("a");
    expect({"disappeared link/f"});
    point("link", "a");
    expect({"appeared link"});
    expect_current(path);
}

BOOST_AUTO_TEST_SUITE_END()

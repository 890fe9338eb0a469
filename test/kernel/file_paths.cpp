//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/file/watched_files.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>
#include <unistd.h>

// What is done to what a path leads through: directories and symbolic links.
BOOST_FIXTURE_TEST_SUITE(file_paths, test::watched_files)

namespace fs = std::filesystem;
using test::append;

BOOST_AUTO_TEST_CASE(configuration_that_is_swapped_by_a_link)
{
    fs::create_directory(dir / "..1");
    dir.write("..1/app", "1");
    dir.write("..1/key", "1");
    point("..data", "..1");
    point("app", "..data/app");
    point("key", "..data/key");
    auto const app = add("app");
    auto const key = add("key");
    auto const watches = watcher.watches();
    for (int i = 2; i != 5; ++i) {
        auto const now = ".." + std::to_string(i);
        fs::create_directory(dir / now);
        dir.write(now + "/app", std::to_string(i));
        dir.write(now + "/key", std::to_string(i));
        expect({});
        point("..data", now);
        expect({"changed app", "changed key"});
        fs::remove_all(dir / (".." + std::to_string(i - 1)));
        expect({});
        expect_current(app);
        expect_current(key);
        BOOST_TEST(watcher.watches() == watches);
    }
    // All at once, before anybody looks.
    fs::create_directory(dir / "..5");
    dir.write("..5/app", "5");
    dir.write("..5/key", "5");
    point("..data", "..5");
    fs::remove_all(dir / "..4");
    expect({"changed app", "changed key"});
    append(dir / "..5/app");
    expect({"changed app"});
}

BOOST_AUTO_TEST_CASE(missing_directories_that_appear_go_and_are_renamed)
{
    auto const path = add("a/b/c/f");
    auto const at_first = watcher.watches();
    expect({});
    fs::create_directory(dir / "a");
    expect({});
    fs::create_directory(dir / "a/b");
    expect({});
    fs::create_directory(dir / "a/b/c");
    expect({});
    BOOST_TEST(watcher.watches() == at_first + 3);
    dir.write("a/b/c/f");
    expect({"appeared a/b/c/f"});
    expect_current(path);
    for (auto const* const name : {"a", "a/b", "a/b/c"}) {
        fs::rename(dir / name, dir / "elsewhere");
        expect({"disappeared a/b/c/f"});
        fs::rename(dir / "elsewhere", dir / name);
        expect({"appeared a/b/c/f"});
        append(path);
        expect({"changed a/b/c/f"});
    }
    fs::remove_all(dir / "a");
    expect({"disappeared a/b/c/f"});
    BOOST_TEST(watcher.watches() == at_first);
    fs::create_directories(dir / "x/b/c");
    dir.write("x/b/c/f");
    expect({});
    fs::rename(dir / "x", dir / "a");
    expect({"appeared a/b/c/f"});
    // All at once.
    fs::remove_all(dir / "a");
    fs::create_directories(dir / "a/b/c");
    dir.write("a/b/c/f");
    expect({"changed a/b/c/f"});
    append(path);
    expect({"changed a/b/c/f"});
}

BOOST_AUTO_TEST_CASE(a_directory_is_replaced)
{
    fs::create_directories(dir / "a/b");
    fs::create_directories(dir / "c/b");
    dir.write("a/b/f", "1");
    dir.write("c/b/f", "2");
    auto const path = add("a/b/f");
    BOOST_TEST_REQUIRE(::renameat2(AT_FDCWD, (dir / "a").c_str(), AT_FDCWD, (dir / "c").c_str(),
                                   RENAME_EXCHANGE) == 0);
    expect({"changed a/b/f"});
    expect_current(path);
    append(dir / "c/b/f");
    expect({});
    append(path);
    expect({"changed a/b/f"});
    // Away and back: nothing is different.
    fs::rename(dir / "a", dir / "x");
    fs::rename(dir / "c", dir / "a");
    fs::rename(dir / "a", dir / "c");
    fs::rename(dir / "x", dir / "a");
    expect({});
    append(path);
    expect({"changed a/b/f"});
}

BOOST_AUTO_TEST_CASE(a_file_in_the_place_of_a_directory)
{
    fs::create_directory(dir / "a");
    dir.write("a/f");
    add("a/f");
    fs::remove_all(dir / "a");
    dir.write("a");
    expect({"disappeared a/f"});
    BOOST_TEST((last == boost::system::errc::not_a_directory));
    append(dir / "a");
    expect({});
    fs::remove(dir / "a");
    fs::create_directory(dir / "a");
    dir.write("a/f");
    expect({"appeared a/f"});
}

BOOST_AUTO_TEST_CASE(a_link_to_a_directory_is_pointed_elsewhere)
{
    for (auto const* const name : {"one", "two"}) {
        fs::create_directory(dir / name);
        dir.write(std::string(name) + "/f", name);
    }
    point("link", dir / "one");
    auto const path = add("link/f");
    append(dir / "one/f");
    expect({"changed link/f"});
    point("link", "two");
    expect({"changed link/f"});
    expect_current(path);
    append(dir / "one/f");
    expect({});
    append(dir / "two/f");
    expect({"changed link/f"});
    point("link", "nowhere");
    expect({"disappeared link/f"});
    fs::create_directory(dir / "nowhere");
    expect({});
    dir.write("nowhere/f");
    expect({"appeared link/f"});
    fs::remove(dir / "link");
    expect({"disappeared link/f"});
    // What is renamed is what the link leads to.
    point("link", "two");
    expect({"appeared link/f"});
    fs::rename(dir / "two", dir / "three");
    expect({"disappeared link/f"});
    fs::rename(dir / "three", dir / "two");
    expect({"appeared link/f"});
}

BOOST_AUTO_TEST_CASE(a_chain_of_links)
{
    fs::create_directories(dir / "a/b");
    fs::create_directories(dir / "c");
    dir.write("c/file", "1");
    point("a/b/3", "../../c/file");
    point("a/2", "b/3");
    point("1", dir / "a/2");
    auto const path = add("1");
    append(dir / "c/file");
    expect({"changed 1"});
    replace("c/file");
    expect({"changed 1"});
    dir.write("c/other");
    point("a/b/3", dir / "c/other");
    expect({"changed 1"});
    expect_current(path);
    fs::remove(dir / "a/2");
    expect({"disappeared 1"});
    point("a/2", "../c/file");
    expect({"appeared 1"});
    expect_current(path);
    fs::rename(dir / "c", dir / "d");
    expect({"disappeared 1"});
    point("1", "d/file");
    expect({"appeared 1"});
    // The path is short now: a, b and c are not watched any more.
    fs::remove_all(dir / "a");
    expect({});
}

BOOST_AUTO_TEST_CASE(a_link_to_a_file_that_was_known_already)
{
    dir.write("f");
    dir.write("g");
    // Read, but nobody is interested in the files themselves.
    add("f/below");
    add("g/below");
    point("link", "f");
    add("link");
    append(dir / "f");
    expect({"changed link"});
    point("link", "g");
    expect({"changed link"});
    append(dir / "g");
    expect({"changed link"});
    append(dir / "f");
    expect({});
}

BOOST_AUTO_TEST_CASE(upwards)
{
    fs::create_directories(dir / "a/b");
    fs::create_directories(dir / "c/b");
    dir.write("a/f", "1");
    dir.write("c/f", "2");
    auto const path = add("a/b/../f");
    append(dir / "a/f");
    expect({"changed a/b/../f"});
    // Upwards from where the link leads to, not from where it is.
    auto const other = add("link/../f");
    point("link", dir / "c/b");
    expect({"appeared link/../f"});
    BOOST_TEST((watcher.identity(other) == test::identity_of(dir / "c/f")));
    fs::create_directory(dir / "d");
    dir.write("d/f");
    fs::rename(dir / "c/b", dir / "d/b");
    expect({"disappeared link/../f"});
    point("link", "d/b");
    expect({"appeared link/../f"});
    expect_current(other);
    fs::rename(dir / "a/b", dir / "a/x");
    expect({"disappeared a/b/../f"});
    // A directory that moves has another one above it, whatever leads to it.
    fs::create_directory(dir / "a/b");
    expect({"appeared a/b/../f"});
    expect_current(path);
}

BOOST_AUTO_TEST_CASE(names_at_the_limits)
{
    std::string const longest(255, 'n');
    dir.write(longest);
    append(add(longest));
    expect({"changed " + longest});
    fs::path deep = dir.path();
    while (deep.native().size() < 3800) {
        deep /= std::string(200, 'd');
        fs::create_directory(deep);
    }
    deep /= std::string(4094 - deep.native().size(), 'f');
    BOOST_TEST(deep.native().size() == 4095U);
    watcher.add(deep);
    append(deep);
    BOOST_TEST(reports().size() == 1U);
    BOOST_CHECK_THROW(watcher.add(deep.native() + 'f'), boost::system::system_error);
}

// Each of them is not too long, but from the root directory on it is.
BOOST_AUTO_TEST_CASE(a_long_way_from_a_long_way)
{
    auto from = dir.path();
    auto to = dir.path();
    std::string target;
    for (int i = 0; i != 10; ++i) {
        from /= std::string(240, 'f');
        to /= std::string(240, 't');
        fs::create_directory(from);
        fs::create_directory(to);
        target += "../";
    }
    target += to.lexically_relative(dir.path()).native() + '/';
    fs::create_symlink(target + "file", from / "link");
    auto const path = (from / "link").native();
    watcher.add(path);
    expect({});
    append(to / "file");
    BOOST_TEST(reports().size() == 1U);
    expect_current(path);
    append(to / "file");
    BOOST_TEST(reports().size() == 1U);
    dir.write("other");
    fs::rename(dir / "other", to / "file");
    BOOST_TEST(reports().size() == 1U);
    expect_current(path);
    // But a name may not be too long.
    fs::remove(from / "link");
    fs::create_symlink(target + std::string(256, 'x'), from / "link");
    BOOST_TEST(reports().size() == 1U);
    BOOST_TEST((last == boost::system::errc::filename_too_long));
    fs::remove(from / "link");
    fs::create_symlink(target + std::string(255, 'x'), from / "link");
    expect({});
    append(to / std::string(255, 'x'));
    BOOST_TEST(reports().size() == 1U);
    watcher.remove(path);
    expect({});
    BOOST_TEST(watcher.watches() == 1U);
}

BOOST_AUTO_TEST_CASE(directly_below_the_root_directory)
{
    auto const name = dir.path().filename().native() + ".none";
    auto const watches = watcher.watches();
    watcher.add('/' + name);
    BOOST_TEST(watcher.watches() == watches + 1);
    watcher.add("//tmp/../" + name);
    watcher.add("/../" + name);
    expect({});
    if (::access("/", W_OK) == 0) {
        append('/' + name);
        BOOST_TEST(reports().size() == 3U);
        fs::remove('/' + name);
        BOOST_TEST(reports().size() == 3U);
    }
    expect({});
}

BOOST_AUTO_TEST_CASE(one_inode_by_many_ways)
{
    fs::create_directory(dir / "a");
    fs::create_directory(dir / "b");
    dir.write("a/f");
    fs::create_hard_link(dir / "a/f", dir / "b/g");
    point("la", "a");
    point("lb", "b");
    point("lf", "la/f");
    point("lg", "lb/g");
    std::vector<std::string> const names{"a/../b/g", "a/f", "b/g", "la/f", "lb/g", "lf", "lg"};
    std::vector<std::string> changed;
    for (auto const& name : names) {
        add(name);
        changed.push_back("changed " + name);
    }
    append(dir / "a/f");
    expect(changed);
    fs::remove(dir / "a/f");
    expect({"disappeared a/f", "disappeared la/f", "disappeared lf"});
    append(dir / "lg");
    expect({"changed a/../b/g", "changed b/g", "changed lb/g", "changed lg"});
    for (auto const& name : names) {
        watcher.remove(dir / name);
    }
    expect({});
    BOOST_TEST(watcher.watches() == 1U);
}

BOOST_AUTO_TEST_CASE(paths_that_share_no_watch)
{
    dir.write("f");
    fs::create_directory(dir / "d");
    point("link", "f");
    add("f/below");
    add("link", {.follow_symlinks = false});
    auto const watches = watcher.watches();
    // The file, by its own name and through links.
    auto const through = (dir.path() / "." / "link").native();
    for (int i = 0; i != 3; ++i) {
        add("f");
        BOOST_TEST(watcher.watches() == watches + 1);
        watcher.add(through);
        BOOST_TEST(watcher.watches() == watches + 1);
        watcher.remove(dir / "f");
        BOOST_TEST(watcher.watches() == watches + 1);
        append(dir / "f");
        expect({"changed ./link"});
        watcher.remove(through);
        expect({});
        BOOST_TEST(watcher.watches() == watches);
    }
    // A directory, if a name is looked up in it.
    fs::remove(dir / "f");
    dir.write("f");
    fs::remove(dir / "d");
    auto const path = add("d");
    fs::create_directory(dir / "d");
    expect({});
    add("d/e");
    BOOST_TEST(watcher.watches() == watches + 1);
    watcher.remove(dir / "d/e");
    expect({});
    BOOST_TEST(watcher.watches() == watches);
    fs::remove(path);
    dir.write("d");
    expect({"appeared d"});
}

BOOST_AUTO_TEST_CASE(links_that_lead_in_a_circle)
{
    point("one", "two");
    point("two", "one");
    point("self", "self");
    point("deep", "deep/x");
    add("one");
    add("two");
    add("self");
    add("deep");
    add("self/below");
    expect({});
    fs::remove(dir / "self");
    dir.write("self");
    expect({"appeared self"});
    fs::remove(dir / "deep");
    dir.write("deep");
    expect({"appeared deep"});
    fs::remove(dir / "two");
    dir.write("two");
    expect({"appeared one", "appeared two"});
    point("two", "one");
    expect({"disappeared one", "disappeared two"});
    point("one", "three");
    expect({});
    dir.write("three");
    expect({"appeared one", "appeared two"});
    append(dir / "three");
    expect({"changed one", "changed two"});
    for (auto const* const name : {"one", "two", "self", "deep", "self/below"}) {
        watcher.remove(dir / name);
    }
    static_cast<void>(reports());
    BOOST_TEST(watcher.watches() == 1U);
}

BOOST_AUTO_TEST_CASE(a_link_that_grows_with_each_step)
{
    fs::create_directory(dir / "d");
    point("l", "d/../l/../l");
    auto const path = add("l");
    expect({});
    fs::remove(path);
    dir.write("l");
    expect({"appeared l"});
    watcher.remove(path);
    run();
    expect({});
    BOOST_TEST(watcher.watches() == 1U);
}

BOOST_FIXTURE_TEST_CASE(the_world_changes_its_shape_a_thousand_times, test::watched_files_in_memory)
{
    auto const path = add("a/b/f");
    auto const watches = watcher.watches();
    for (int i = 0; i != 1000; ++i) {
        auto const now = "v" + std::to_string(i);
        fs::create_directories(dir / now / "b");
        dir.write(now + "/b/f", now);
        if (i % 2 == 0) {
            fs::remove(dir / "a");
            fs::create_directory_symlink(now, dir / "a");
        } else {
            point("a", dir / now);
        }
        if (i % 3 == 0) {
            fs::rename(dir / now, dir / "x");
            fs::rename(dir / "x", dir / now);
        }
        auto const reported = reports();
        BOOST_TEST(reported.size() == 1U);
        expect_current(path);
        expect_consistent();
        fs::remove_all(dir / ("v" + std::to_string(i - 1)));
        expect({});
    }
    BOOST_TEST(watcher.watches() == watches + 3);
    fs::remove(dir / "a");
    expect({"disappeared a/b/f"});
    BOOST_TEST(watcher.watches() == watches);
    watcher.remove(path);
    // The root directory.
    BOOST_TEST(watcher.watches() == 1U);
    expect_consistent();
}

BOOST_AUTO_TEST_CASE(relative_to_a_working_directory)
{
    auto const before = fs::current_path();
    fs::create_directory(dir / "wd");
    fs::current_path(dir / "wd");
    watcher.add("f");
    watcher.add("../g");
    fs::current_path(before);
    dir.write("wd/f");
    dir.write("g");
    run();
    BOOST_TEST(seen.size() == 2U);
    seen.clear();
    BOOST_TEST((watcher.identity("f") == test::identity_of(dir / "wd/f")));
    BOOST_TEST((watcher.identity("../g") == test::identity_of(dir / "g")));
    watcher.remove("f");
    append(dir / "wd/f");
    expect({});
}

BOOST_AUTO_TEST_CASE(impossible_and_long_settle_times)
{
    auto const file = dir.write("f");
    asio_inotify::file_watch_options options;
    options.settle = std::chrono::milliseconds(-1);
    boost::system::error_code ec;
    watcher.add(file, options, ec);
    BOOST_TEST(ec == asio_inotify::error::invalid_settle_time);
    BOOST_TEST(watcher.size() == 0U);
    options.settle = std::chrono::milliseconds::max();
    watcher.add(file, options);
    append(file);
    expect({});
}

BOOST_AUTO_TEST_SUITE_END()

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/watch_set_saving.hpp>

#include "support/set/saved_set.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <limits>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fs = std::filesystem;

// A set is saved, and restored where nothing has changed.
BOOST_FIXTURE_TEST_SUITE(set_save, test::open_set)

using test::add_options;
using test::error;
using test::error_code;
using test::event_mask;
using test::snapshot;
using test::wd;

BOOST_AUTO_TEST_CASE(an_empty_set)
{
    auto const saved = save(set);
    BOOST_TEST((saved == snapshot()));
    asio_inotify::watch_set other(context);
    auto const report = restore(other, saved);
    BOOST_TEST(report.findings.empty());
    BOOST_TEST(report.same == 0U);
    BOOST_TEST(other.is_open());
    BOOST_TEST(other.add(new_file(), event_mask::all).value() == 1);
}

BOOST_AUTO_TEST_CASE(watches_and_their_fields)
{
    auto const file = new_file();
    set.add_at(wd(7), file, event_mask::modify | event_mask::open, add_options::one_shot);
    set.add(dir.path(), event_mask::create,
            add_options::only_directory | add_options::exclude_unlinked);
    auto const saved = save(set);
    BOOST_TEST_REQUIRE(saved.watches().size() == 2U);
    auto const& first = saved.watches()[0];
    BOOST_TEST((first.wd == wd(1)));
    BOOST_TEST((first.mask == event_mask::create));
    BOOST_TEST((first.options == (add_options::only_directory | add_options::exclude_unlinked)));
    BOOST_TEST(first.path == dir.path());
    auto const& second = saved.watches()[1];
    BOOST_TEST((second.wd == wd(7)));
    BOOST_TEST((second.mask == (event_mask::modify | event_mask::open)));
    BOOST_TEST((second.options == add_options::one_shot));
    BOOST_TEST(second.path == file);
    struct stat status
    {
    };
    BOOST_REQUIRE(::stat(file.c_str(), &status) == 0);
    BOOST_TEST_REQUIRE(second.identity.has_value());
    BOOST_TEST(second.identity->inode == status.st_ino);
    BOOST_TEST((saved.next() == wd(2)));
    // The text agrees with fdinfo.
    auto const again = snapshot::from_text(saved.to_text());
    BOOST_TEST((again == saved));
    // Saving is seen by nobody.
    BOOST_TEST(set.available() == 0U);
}

BOOST_AUTO_TEST_CASE(many_watches_in_another_process)
{
    constexpr int files_count = 500;
    std::mt19937 random(20261124);
    std::uniform_int_distribution<int> number(1, std::numeric_limits<int>::max());
    constexpr add_options some_options[] = {
        add_options::none, add_options::one_shot, add_options::exclude_unlinked,
        add_options::one_shot | add_options::exclude_unlinked, add_options::dont_follow};
    std::vector<fs::path> paths{dir / "with\nnewline", dir / "with space", dir / "\xff\xfe",
                                dir / "back\\slash"};
    for (auto const& path : paths) {
        dir.write(path.filename().native());
    }
    while (paths.size() != files_count) {
        paths.push_back(new_file());
    }
    for (std::size_t n = 0; n != paths.size(); ++n) {
        auto const mask = static_cast<event_mask>(1 + random() % 0xfff);
        auto const options = some_options[random() % std::size(some_options)];
        if (n % 3 == 0) {
            set.add(paths[n], mask, options);
        } else {
            set.add_at(wd(number(random)), paths[n], mask, options);
        }
    }
    set.remove(wd(5));
    auto const expected = test::watch_lines(set.native_handle());
    auto const text = save(set).to_text();
    BOOST_TEST(expected.size() == files_count - 1U);

    // The numbers of the other set are all its own: it is made in a process that has only the text.
    int pipe_ends[2];
    BOOST_REQUIRE(::pipe(pipe_ends) == 0);
    pid_t const child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        ::close(pipe_ends[0]);
        std::string lines;
        try {
            boost::asio::io_context fresh;
            asio_inotify::watch_set restored(fresh);
            auto const report = restore(restored, snapshot::from_text(text));
            for (auto const& line : test::watch_lines(restored.native_handle())) {
                lines += line + '\n';
            }
            lines += std::to_string(report.same) + ' ' + std::to_string(report.compared) + ' ' +
                     std::to_string(restored.available()) + ' ' +
                     (save(restored).to_text() == text ? "equal" : "different") + '\n';
        } catch (std::exception const& e) {
            lines += e.what();
        }
        for (std::size_t done = 0; done < lines.size();) {
            auto const n = ::write(pipe_ends[1], lines.data() + done, lines.size() - done);
            if (n <= 0) {
                break;
            }
            done += static_cast<std::size_t>(n);
        }
        ::_exit(0);
    }
    ::close(pipe_ends[1]);
    std::string got;
    char buffer[4096];
    for (ssize_t n = 0; (n = ::read(pipe_ends[0], buffer, sizeof buffer)) > 0;) {
        got.append(buffer, static_cast<std::size_t>(n));
    }
    ::close(pipe_ends[0]);
    ::waitpid(child, nullptr, 0);
    std::istringstream in(got);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) {
        lines.push_back(line);
    }
    auto all = expected;
    all.emplace_back("499 499 0 equal");
    BOOST_TEST(lines == all, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(numbers_resume_where_they_were)
{
    set.add(new_file(), event_mask::all);
    auto const second = set.add(new_file(), event_mask::all);
    set.add_at(wd(4), new_file(), event_mask::all);
    set.remove(second);
    auto const saved = save(set);
    set.close();
    BOOST_TEST(restore(set, saved).same == 2U);
    // Neither the number that was removed, nor one that is taken.
    BOOST_TEST(set.add(new_file(), event_mask::all).value() == 3);
    BOOST_TEST(set.add(new_file(), event_mask::all).value() == 5);
}

BOOST_AUTO_TEST_CASE(no_number_is_left)
{
    auto const highest = asio_inotify::watch_descriptor::highest();
    set.add(new_file(), event_mask::all);
    set.close();
    restore(set, snapshot({}, highest));
    BOOST_TEST((set.add(new_file(), event_mask::all) == highest));
    auto const saved = save(set);
    BOOST_TEST(!saved.next().is_valid());
    set.close();
    BOOST_TEST(restore(set, saved).same == 1U);
    error_code ec;
    BOOST_TEST(!set.add(new_file(), event_mask::all, ec));
    BOOST_TEST(ec == error::watch_descriptors_exhausted);
}

BOOST_AUTO_TEST_CASE(events_come_under_the_restored_numbers)
{
    auto const file = new_file();
    set.add_at(wd(0x34d71d6), file, event_mask::attrib);
    auto const saved = save(set);
    set.close();
    restore(set, saved);
    BOOST_TEST(set.available() == 0U);
    fs::permissions(file, fs::perms::owner_all);
    test::expect_events(test::drain(set), {file.filename().string() + ": 55407062 attrib"});
    BOOST_TEST((set.find(file.native()).wd() == wd(0x34d71d6)));
}

BOOST_AUTO_TEST_CASE(two_sets_from_one_snapshot)
{
    auto const file = new_file();
    set.add_at(wd(100), file, event_mask::attrib);
    set.add(dir.path(), event_mask::create);
    auto const saved = save(set);
    asio_inotify::watch_set second(context);
    asio_inotify::watch_set third(context);
    BOOST_TEST(restore(second, saved).same == 2U);
    BOOST_TEST(restore(third, saved).same == 2U);
    auto const expected = test::watch_lines(set.native_handle());
    BOOST_TEST(test::watch_lines(second.native_handle()) == expected,
               boost::test_tools::per_element());
    BOOST_TEST(test::watch_lines(third.native_handle()) == expected,
               boost::test_tools::per_element());
    second.remove(wd(100));
    fs::permissions(file, fs::perms::owner_all);
    test::expect_events(test::drain(set), {"file1: 100 attrib"});
    test::expect_events(test::drain(second), {});
    test::expect_events(test::drain(third), {"file1: 100 attrib"});
}

// Each has a thread of its own, and nothing in common with the other but the process.
BOOST_AUTO_TEST_CASE(two_sets_in_two_threads)
{
    // The test framework is used by one thread only.
    struct place
    {
        test::temp_directory own{};
        fs::path stays = own.write("stays");
        fs::path moves = own.write("moves");
        fs::path moved = own / "moved";
    };
    auto const work = [](place const& mine_alone, std::string& failed) {
        boost::asio::io_context context_of_own;
        asio_inotify::watch_set mine(context_of_own);
        mine.open();
        mine.add_at(wd(7), mine_alone.stays, event_mask::attrib);
        mine.add_at(wd(3), mine_alone.moves, event_mask::attrib);
        for (int n = 0; n != 50 && failed.empty(); ++n) {
            auto const saved = save(mine);
            mine.close();
            auto const path = saved.watches()[0].path;
            fs::rename(path, mine_alone.moved);
            auto report = restore(mine, saved, {false, true});
            if (report.same != 1 || report.findings.size() != 1) {
                failed = "restore";
            }
            fs::rename(mine_alone.moved, path);
            report = revalidate(mine);
            if (report.findings.size() + report.same != mine.size()) {
                failed = "revalidate";
            }
            mine.close();
            restore(mine, saved);
            assign(mine, release(mine));
            if (adopt(mine, release(mine).release_handle(), saved).same != 2) {
                failed = "adopt";
            }
            if (save(mine).watches().size() != 2 || mine.find(wd(3)).path() != path) {
                failed = "save";
            }
        }
    };
    std::string first;
    std::string second;
    place const here;
    place const there;
    std::thread other([&] { work(there, second); });
    work(here, first);
    other.join();
    BOOST_TEST(first == "");
    BOOST_TEST(second == "");
}

BOOST_AUTO_TEST_CASE(an_ended_watch_is_not_saved)
{
    auto const file = new_file();
    set.add(file, event_mask::delete_self);
    fs::remove(file);
    BOOST_TEST(set.size() == 1U);
    BOOST_TEST(save(set).watches().empty());
    // The event of its end is still there.
    test::expect_events(test::drain(set), {file.filename().string() + ": 1 delete_self",
                                           file.filename().string() + ": 1 ignored"});
}

BOOST_AUTO_TEST_CASE(a_watch_that_reports_nothing)
{
    auto const file = new_file();
    test::saved_watch watch;
    watch.wd = wd(3);
    watch.path = file.native();
    set.close();
    BOOST_TEST(restore(set, snapshot({watch})).same == 1U);
    BOOST_TEST(test::watch_lines(set.native_handle()).size() == 1U);
    auto const saved = save(set);
    BOOST_TEST_REQUIRE(saved.watches().size() == 1U);
    BOOST_TEST((saved.watches()[0].mask == event_mask::none));
    fs::permissions(file, fs::perms::owner_all);
    BOOST_TEST(set.available() == 0U);
}

BOOST_AUTO_TEST_CASE(only_a_closed_set_is_restored)
{
    auto const watch = set.add(new_file(), event_mask::all);
    auto const before = account();
    error_code ec;
    auto const report = restore(set, snapshot(), {}, ec);
    BOOST_TEST(ec == boost::asio::error::already_open);
    BOOST_TEST(report.findings.empty());
    BOOST_TEST(account() == before);
    BOOST_TEST((set.find(watch).wd() == watch));
    BOOST_CHECK_THROW(restore(set, snapshot()), boost::system::system_error);
}

BOOST_AUTO_TEST_CASE(a_closed_set_is_not_saved)
{
    set.close();
    error_code ec;
    BOOST_TEST(save(set, ec).watches().empty());
    BOOST_TEST(ec == boost::system::errc::bad_file_descriptor);
    BOOST_CHECK_THROW(static_cast<void>(save(set)), boost::system::system_error);
    static_cast<void>(revalidate(set, ec));
    BOOST_TEST(ec == boost::system::errc::bad_file_descriptor);
}

BOOST_AUTO_TEST_SUITE_END()

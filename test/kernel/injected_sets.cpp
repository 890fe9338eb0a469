//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/watch_set_saving.hpp>

#include "support/process/each_failure.hpp"
#include "support/set/connected_sets.hpp"
#include "support/set/saved_set.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace fs = std::filesystem;

// Each system call of a set fails, once or for a while, in what saves it, checks it, and gives it
// to others. It is done wholly, or not at all, or the report says what is missing.
BOOST_AUTO_TEST_SUITE(injected_sets)

using test::error_code;
using test::failure_plan;
using test::watch_outcome;

namespace {

struct set_of_files : test::connected_sets
{
    set_of_files()
    {
        for (int n = 0; n != watches; ++n) {
            set.add(new_file(), test::event_mask::attrib);
        }
        saved = save(set);
        lines = test::watch_lines(set.native_handle());
    }

    /// Run what may fail. @returns Whether a call has failed.
    template <class Function>
    bool fail(failure_plan const& plan, Function function)
    {
        test::injected_errors const errors(plan.kind.call, plan.error, plan.after, plan.count);
        function();
        return errors.has_failed();
    }

    void expect_whole(test::watch_set& of)
    {
        BOOST_TEST_REQUIRE(of.is_open());
        BOOST_TEST(test::watch_lines(of.native_handle()) == lines,
                   boost::test_tools::per_element());
        error_code ec;
        auto const report = revalidate(of, ec);
        BOOST_TEST(!ec, ec.message());
        BOOST_TEST(report.same == std::size_t{watches});
        fs::permissions(dir / "file1", fs::perms::owner_read);
        fs::permissions(dir / "file1", fs::perms::owner_all);
        BOOST_TEST(!test::drain(of).empty());
    }

    static constexpr int watches = 12;
    asio_inotify::snapshot saved;
    std::vector<std::string> lines;
};

bool fail_in_restore(failure_plan const& plan, bool all_or_nothing)
{
    set_of_files f;
    f.set.close();
    auto const descriptors = test::open_descriptors();
    error_code ec;
    asio_inotify::watch_report report;
    bool const has_failed = f.fail(plan, [&] {
        report = restore(f.set, f.saved, {all_or_nothing, true}, ec);
    });
    BOOST_TEST(f.set.is_open() == !ec);
    if (ec) {
        BOOST_TEST(test::open_descriptors() == descriptors);
        static_cast<void>(restore(f.set, f.saved, {true, true}, ec));
        BOOST_TEST(!ec, ec.message());
    }
    for (auto const& finding : f.set.is_open() ? report.findings : decltype(report.findings)()) {
        // Nothing was said to be gone that is there.
        BOOST_TEST((finding.outcome == watch_outcome::failed || plan.error == ENOENT ||
                    finding.outcome == watch_outcome::moved),
                   static_cast<int>(finding.outcome));
        if (!f.set.find(finding.wd)) {
            f.set.add_at(finding.wd, finding.path, test::event_mask::attrib);
        }
    }
    f.expect_whole(f.set);
    return has_failed;
}

bool fail_in_revalidate(failure_plan const& plan)
{
    set_of_files f;
    error_code ec;
    asio_inotify::watch_report report;
    bool const has_failed = f.fail(plan, [&] { report = revalidate(f.set, ec); });
    if (!ec) {
        for (auto const& finding : report.findings) {
            BOOST_TEST((finding.outcome == watch_outcome::failed ||
                        (plan.error == ENOENT && finding.outcome == watch_outcome::moved)),
                       static_cast<int>(finding.outcome) << ' ' << finding.reason.message());
        }
    }
    f.expect_whole(f.set);
    return has_failed;
}

bool fail_in_adopt(failure_plan const& plan)
{
    set_of_files f;
    int const fd = ::fcntl(f.set.native_handle(), F_DUPFD_CLOEXEC, 0);
    f.set.close();
    auto const descriptors = test::open_descriptors();
    error_code ec;
    bool const has_failed = f.fail(plan, [&] { static_cast<void>(adopt(f.set, fd, f.saved, ec)); });
    BOOST_TEST(f.set.is_open() == !ec);
    BOOST_TEST((!ec || test::open_descriptors() == descriptors));
    if (ec) {
        // The descriptor is still the caller's.
        static_cast<void>(adopt(f.set, fd, f.saved, ec));
        BOOST_TEST(!ec, ec.message());
    }
    f.expect_whole(f.set);
    return has_failed;
}

// Exactly one side has the set in the end.
bool fail_in_hand_over(failure_plan const& plan)
{
    set_of_files f;
    std::pair<error_code, error_code> results;
    bool const has_failed = f.fail(plan, [&] {
        asio_inotify::async_hand_over(f.here, f.set, {}, [&](error_code ec) {
            results.first = ec;
            // As the user has to after a failure.
            f.here.close();
        });
        asio_inotify::async_take_over(f.there, f.other, [&](error_code ec) {
            results.second = ec;
            f.there.close();
        });
        f.context.run();
    });
    BOOST_TEST(f.set.is_open() != f.other.is_open());
    BOOST_TEST(f.set.is_open() == results.first.failed(), results.first.message());
    BOOST_TEST(f.other.is_open() == !results.second.failed(), results.second.message());
    f.expect_whole(f.set.is_open() ? f.set : f.other);
    return has_failed;
}

} // namespace

BOOST_AUTO_TEST_CASE(restore)
{
    for (bool const all_or_nothing : {false, true}) {
        auto const failed =
            test::run_with_each_failure(1, {1, 3, 100}, [&](failure_plan const& plan) {
                return fail_in_restore(plan, all_or_nothing);
            });
        BOOST_TEST_MESSAGE(failed << " runs with failures");
        BOOST_TEST(failed > 40U);
    }
}

namespace {

/// The system calls of a restore of files, all of which are gone with the directories above them
/// and with their filesystem.
std::size_t calls_for_missing_files(int files, int depth)
{
    test::connected_sets f;
    auto const top = f.dir / "a";
    fs::path bottom = top;
    for (int n = 1; n != depth; ++n) {
        bottom /= "a";
    }
    fs::create_directories(bottom);
    for (int n = 0; n != files; ++n) {
        auto const path = bottom / std::to_string(n);
        std::ofstream(path).put('x');
        f.set.add(path, test::event_mask::attrib);
    }
    auto watches = asio_inotify::save(f.set).watches();
    f.set.close();
    fs::remove_all(top);
    for (auto& watch : watches) {
        BOOST_TEST_REQUIRE(watch.identity.has_value());
        watch.identity->device = 0x12345678;
    }
    constexpr std::size_t never = 1'000'000'000;
    test::injected_errors const counting(test::system_call::status, EIO, never, 1);
    error_code ec;
    auto const report =
        asio_inotify::restore(f.set, asio_inotify::snapshot(watches), {false, true}, ec);
    BOOST_TEST(!ec, ec.message());
    BOOST_TEST(report.findings.size() == static_cast<std::size_t>(files));
    return counting.calls();
}

} // namespace

BOOST_AUTO_TEST_CASE(directories_above_missing_files_are_looked_up_once)
{
    constexpr int files = 100;
    constexpr int depth = 20;
    auto const flat = calls_for_missing_files(files, 1);
    auto const deep = calls_for_missing_files(files, depth);
    BOOST_TEST(deep - flat == static_cast<std::size_t>(depth) - 1);
}

BOOST_AUTO_TEST_CASE(revalidate)
{
    BOOST_TEST(test::run_with_each_failure(1, {1, 3, 100}, fail_in_revalidate) > 20U);
}

BOOST_AUTO_TEST_CASE(adopt)
{
    BOOST_TEST(test::run_with_each_failure(1, {1, 3, 100}, fail_in_adopt) > 15U);
}

BOOST_AUTO_TEST_CASE(hand_over)
{
    BOOST_TEST(test::run_with_each_failure(1, {1, 3}, fail_in_hand_over) > 15U);
}

BOOST_AUTO_TEST_SUITE_END()

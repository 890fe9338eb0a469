//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/process/injected_actions.hpp"
#include "support/temp_directory.hpp"

#include <asio_inotify/detail/kernel_files.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>

#include <sys/stat.h>

namespace fs = std::filesystem;

// Each system call of a file watcher fails, once or for a while, while something happens to the
// files. When that is over, the watcher has the state on disk, and still reports changes.
BOOST_AUTO_TEST_SUITE(injected_files)

using asio_inotify::file_identity;
using asio_inotify::detail::kernel_files;
using boost::system::error_code;

namespace {

file_identity identity_on_disk(fs::path const& path)
{
    struct stat s = {};
    return ::stat(path.c_str(), &s) == 0 && S_ISREG(s.st_mode) ? file_identity{s.st_dev, s.st_ino}
                                                               : file_identity{};
}

struct stepped_files
{
    stepped_files()
    {
        fs::create_directories(dir / "real/sub");
        write("plain");
        write("real/sub/target");
        fs::create_symlink("real/sub/target", dir / "link");
        fs::create_directory_symlink("real", dir / "through");
        error_code ec;
        files = kernel_files::make(ec);
        BOOST_TEST_REQUIRE(!ec, ec.message());
    }

    void write(std::string const& name) const { std::ofstream(dir / name, std::ios::app) << "x"; }

    void add_missing_ones()
    {
        for (auto const* const name : names) {
            auto const path = (dir / name).native();
            if (!files->contains(path)) {
                error_code ec;
                files->add(path, {}, ec);
                if (!ec) {
                    last[path] = files->identity(path);
                }
            }
        }
    }

    void work(int waits, std::chrono::nanoseconds pause)
    {
        test::work_until_waits(*files, waits, pause, [&] {
            for (auto const& change : files->take_batch()) {
                std::string const path(change.path());
                BOOST_TEST((change.before() == last[path]), path);
                last[path] = change.after();
                ++reported[path];
            }
        });
    }

    static constexpr std::array<char const*, 4> names{"plain", "link", "through/sub/target",
                                                      "missing/deep/file"};
    test::temp_directory dir;
    std::unique_ptr<kernel_files> files;
    // The identities by the reports.
    std::map<std::string, file_identity> last;
    std::map<std::string, int> reported;
};

constexpr std::array<test::injected_action<stepped_files>, 11> actions{{
    {true, [](stepped_files& f) { f.add_missing_ones(); }},
    {false, [](stepped_files& f) { f.write("plain"); }},
    {false,
     [](stepped_files& f) {
         f.write("tmp");
         fs::rename(f.dir / "tmp", f.dir / "plain");
     }},
    {false, [](stepped_files& f) { fs::remove(f.dir / "plain"); }},
    {false, [](stepped_files& f) { f.write("plain"); }},
    {false,
     [](stepped_files& f) {
         fs::create_directories(f.dir / "missing/deep");
         f.write("missing/deep/file");
     }},
    {false,
     [](stepped_files& f) {
         f.write("other");
         fs::create_symlink("other", f.dir / "tmp");
         fs::rename(f.dir / "tmp", f.dir / "link");
     }},
    {false,
     [](stepped_files& f) {
         fs::create_directories(f.dir / "second/sub");
         f.write("second/sub/target");
         fs::create_directory_symlink("second", f.dir / "tmp");
         fs::rename(f.dir / "tmp", f.dir / "through");
     }},
    {false, [](stepped_files& f) { fs::rename(f.dir / "missing", f.dir / "moved"); }},
    {true, [](stepped_files& f) { f.files->rescan(); }},
    {false, [](stepped_files& f) { fs::rename(f.dir / "moved", f.dir / "missing"); }},
}};

void expect_exact(stepped_files& f)
{
    constexpr std::chrono::seconds longer_than_any_pause{40};
    // What failed was the user's to deal with.
    f.add_missing_ones();
    f.work(4, longer_than_any_pause);
    f.reported.clear();
    for (auto const* const name : f.names) {
        auto const path = (f.dir / name).native();
        BOOST_TEST_REQUIRE(f.files->contains(path), path);
        BOOST_TEST((f.last[path] == identity_on_disk(path)), path);
        BOOST_TEST((f.files->identity(path) == identity_on_disk(path)), path);
        if (identity_on_disk(path) != file_identity{}) {
            f.write(name);
        }
    }
    // None of them is dead.
    f.work(2, longer_than_any_pause);
    for (auto const* const name : f.names) {
        auto const path = (f.dir / name).native();
        bool const was_written = identity_on_disk(path) != file_identity{};
        BOOST_TEST(f.reported[path] == (was_written ? 1 : 0), path);
    }
}

bool fail_during_actions(test::failure_plan const& plan)
{
    stepped_files f;
    bool const has_failed = test::fail_during(plan, f, actions);
    expect_exact(f);
    return has_failed;
}

} // namespace

// The actions are what they should be.
BOOST_AUTO_TEST_CASE(nothing_fails)
{
    BOOST_TEST(!fail_during_actions({test::failing_kinds().front(), 0, 0, 0}));
}

BOOST_AUTO_TEST_CASE(each_call_fails)
{
    auto const failed = test::run_with_each_failure(7, {1, 4, 60}, fail_during_actions);
    BOOST_TEST_MESSAGE(failed << " runs with failures");
    BOOST_TEST(failed > 50U);
}

BOOST_AUTO_TEST_SUITE_END()

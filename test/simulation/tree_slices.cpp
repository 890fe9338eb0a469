//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/simulation/simulated_kernel.hpp"
#include "support/simulation/simulated_replay.hpp"
#include "tree/engine/tree_engine.hpp"

#include <asio_inotify/tree_change_batch.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

// Work is done in slices, and reported in batches, however much there is of it.
namespace {

using asio_inotify::detail::step_result;
using lines = std::vector<std::string>;

constexpr int entry_count = 3000;
constexpr std::size_t batch_size = 100;
// One step of work can add so many changes to a batch: what is removed at once, or listed by one
// system call.
constexpr std::size_t most_of_a_step = 1400;

struct sliced_work
{
    void start(std::string const& root)
    {
        asio_inotify::tree_options options;
        options.batch_size = batch_size;
        // Each step looks at the clock as often as it can.
        options.slice_time = {};
        engine.emplace(kernel, options);
        boost::system::error_code ec;
        engine->add_root(root, root, root, false, ec);
        BOOST_TEST_REQUIRE(!ec);
        static_cast<void>(take_all());
    }

    void make_files(std::string const& directory)
    {
        for (int i = 0; i != entry_count; ++i) {
            kernel.world.create(directory + "/f" + std::to_string(i));
        }
    }

    /// All changes until the engine waits.
    lines take_all()
    {
        lines seen;
        boost::system::error_code ec;
        for (int steps = 0;; ++steps) {
            BOOST_TEST_REQUIRE(steps < 1'000'000);
            auto const result = engine->step(ec);
            BOOST_TEST_REQUIRE(!ec);
            if (result == step_result::wait) {
                return seen;
            }
            if (result == step_result::deliver) {
                take_batch(seen);
            }
        }
    }

    void take_batch(lines& seen)
    {
        asio_inotify::tree_change_batch const batch(engine->take());
        std::size_t bytes = 0;
        for (auto const& change : batch) {
            bytes += change.path().size();
            seen.push_back(describe(test::past_change(change)));
        }
        largest_batch = (std::max)(largest_batch, batch.size());
        most_bytes = (std::max)(most_bytes, bytes);
    }

    test::simulated_kernel kernel;
    std::optional<asio_inotify::detail::tree_engine> engine;
    std::size_t largest_batch = 0;
    std::size_t most_bytes = 0;
};

std::ptrdiff_t count_of(lines const& seen, std::string const& start)
{
    return std::ranges::count_if(seen, [&](auto const& line) { return line.starts_with(start); });
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(tree_slices, sliced_work)

BOOST_AUTO_TEST_CASE(a_large_root_that_is_lost)
{
    kernel.world.mkdir("/r");
    make_files("/r");
    start("/r");
    kernel.world.rename("/r", "/old");
    // Not in the tree any more.
    kernel.world.create("/old/late");
    auto const seen = take_all();
    BOOST_TEST(count_of(seen, "removed file /r/f") == entry_count);
    BOOST_TEST(seen.size() == static_cast<std::size_t>(entry_count) + 1);
    BOOST_TEST(seen.back() == "root_lost dir /r");
    BOOST_TEST(largest_batch <= batch_size + most_of_a_step);
    BOOST_TEST(engine->counters().watches == 0U);
}

BOOST_AUTO_TEST_CASE(a_large_root_that_is_replaced)
{
    kernel.world.mkdir("/r");
    kernel.world.mkdir("/new");
    make_files("/r");
    kernel.world.create("/new/g");
    start("/r");
    kernel.world.rename("/r", "/old");
    kernel.world.rename("/new", "/r");
    auto const seen = take_all();
    BOOST_TEST(count_of(seen, "removed file /r/f") == entry_count);
    lines const rest(seen.end() - 3, seen.end());
    lines const expected{"root_lost dir /r", "root_found dir /r", "created file /r/g synthetic"};
    BOOST_TEST(rest == expected, boost::test_tools::per_element());
    BOOST_TEST(largest_batch <= batch_size + most_of_a_step);
}

// It is back before all of its entries are reported as removed.
BOOST_AUTO_TEST_CASE(a_large_root_that_returns_meanwhile)
{
    kernel.world.mkdir("/r");
    make_files("/r");
    start("/r");
    kernel.world.rename("/r", "/old");
    boost::system::error_code ec;
    lines seen;
    while (seen.empty()) {
        if (engine->step(ec) == step_result::deliver) {
            take_batch(seen);
        }
    }
    BOOST_TEST(seen.size() < static_cast<std::size_t>(entry_count));
    kernel.world.rename("/old", "/r");
    auto const rest = take_all();
    seen.insert(seen.end(), rest.begin(), rest.end());
    BOOST_TEST(count_of(seen, "removed file /r/f") == entry_count);
    BOOST_TEST(count_of(seen, "created file /r/f") == entry_count);
    BOOST_TEST(engine->counters().entries == static_cast<std::size_t>(entry_count) + 1);
    BOOST_TEST(engine->counters().watches == 1U);
}

BOOST_AUTO_TEST_CASE(a_large_filesystem_that_is_unmounted)
{
    kernel.world.mkdir("/r");
    kernel.world.mkdir("/r/m");
    kernel.world.mount("/r/m");
    make_files("/r/m");
    start("/r");
    kernel.world.unmount("/r/m");
    auto const seen = take_all();
    BOOST_TEST(count_of(seen, "removed file /r/m/f") == entry_count);
    BOOST_TEST(count_of(seen, "unmounted dir /r/m") == 1);
    BOOST_TEST(largest_batch <= batch_size + most_of_a_step);
}

BOOST_AUTO_TEST_CASE(a_large_directory_that_cannot_be_watched_any_more)
{
    kernel.world.mkdir("/r");
    kernel.world.mkdir("/r/d");
    make_files("/r/d");
    start("/r");
    kernel.world.make_readable("/r/d", false);
    engine->request_rescan(asio_inotify::detail::rescan_cause::restored);
    auto const seen = take_all();
    BOOST_TEST(count_of(seen, "removed file /r/d/f") == entry_count);
    BOOST_TEST(count_of(seen, "uncovered dir /r/d") == 1);
    BOOST_TEST(largest_batch <= batch_size + most_of_a_step);
    kernel.world.make_readable("/r/d", true);
    auto const then = take_all();
    BOOST_TEST(count_of(then, "covered dir /r/d") == 1);
    BOOST_TEST(count_of(then, "created file /r/d/f") == entry_count);
}

// A path has megabytes in a tree that is deep enough.
BOOST_AUTO_TEST_CASE(batches_of_long_paths)
{
    constexpr int files = 200;
    kernel.world.mkdir("/r");
    start("/r");
    std::string path = "/r";
    for (int i = 0; i != 500; ++i) {
        path += '/' + std::string(100, 'n');
        kernel.world.mkdir(path);
    }
    static_cast<void>(take_all());
    most_bytes = 0;
    for (int i = 0; i != files; ++i) {
        kernel.world.create(path + "/f" + std::to_string(i));
    }
    BOOST_TEST(take_all().size() == static_cast<std::size_t>(files));
    BOOST_TEST(most_bytes <= (std::size_t{1} << 20) + 2 * path.size());
}

// Nobody receives while another root is added: the changes wait, and the addition ends.
BOOST_AUTO_TEST_CASE(a_root_is_added_while_another_one_is_lost)
{
    std::string path = "/r";
    kernel.world.mkdir(path);
    for (int i = 0; i != 400; ++i) {
        path += '/' + std::string(100, 'n');
        kernel.world.mkdir(path);
    }
    for (int i = 0; i != 300; ++i) {
        kernel.world.create(path + "/f" + std::to_string(i));
    }
    start(path);
    kernel.world.rename("/r", "/old");
    kernel.world.mkdir("/s");
    kernel.world.create("/s/g");
    boost::system::error_code ec;
    engine->add_root("/s", "/s", "/s", false, ec);
    BOOST_TEST_REQUIRE(!ec);
    int steps = 0;
    while (engine->scan(ec) == step_result::again && steps != 100'000) {
        ++steps;
    }
    BOOST_TEST(!ec);
    BOOST_TEST(steps < 100'000);
    auto const seen = take_all();
    BOOST_TEST(count_of(seen, "removed file /r/") == 300);
    BOOST_TEST(count_of(seen, "root_lost") == 1);
    kernel.world.create("/s/h");
    BOOST_TEST((take_all() == lines{"created file /s/h"}));
}

BOOST_AUTO_TEST_SUITE_END()

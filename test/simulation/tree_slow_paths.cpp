//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/simulation/reported_simulation.hpp"

#include <asio_inotify/tree_change_batch.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <string>
#include <vector>

// It takes a while to find out which paths of roots and links lead elsewhere.
namespace {

using asio_inotify::detail::step_result;
using namespace std::chrono_literals;

class slow_kernel : public test::simulated_kernel
{
public:
    /// In so many attempts, of a millisecond each, they are not found.
    std::size_t attempts = 0;

    std::vector<std::string> take_suspects() override
    {
        if (attempts != 0) {
            --attempts;
            is_resolved_ = false;
            time += 1ms;
            return {};
        }
        is_resolved_ = true;
        return simulated_kernel::take_suspects();
    }

    std::vector<asio_inotify::detail::link_id> take_suspect_links() override
    {
        return is_resolved_ ? simulated_kernel::take_suspect_links()
                            : std::vector<asio_inotify::detail::link_id>();
    }

    std::optional<clock::time_point> guard_deadline() noexcept override
    {
        return is_resolved_ ? std::nullopt : std::optional((clock::time_point::min)());
    }

private:
    bool is_resolved_ = true;
};

struct fixture
{
    fixture()
    {
        asio_inotify::tree_options options;
        options.follow_symlinks = true;
        kernel.world.mkdir("/r");
        kernel.world.mkdir("/x");
        kernel.world.mkdir("/y");
        kernel.world.symlink("/x", "/r/l");
        engine.emplace(kernel, options);
        boost::system::error_code ec;
        engine->add_root("/r", "/r", "/r", false, ec);
        BOOST_TEST_REQUIRE(!ec);
        static_cast<void>(take_all());
    }

    test::lines take_all()
    {
        test::lines seen;
        boost::system::error_code ec;
        for (int steps = 0;; ++steps) {
            BOOST_TEST_REQUIRE(steps < 10'000);
            auto const result = engine->step(ec);
            BOOST_TEST_REQUIRE(!ec);
            if (result == step_result::wait) {
                return seen;
            }
            if (result == step_result::deliver) {
                asio_inotify::tree_change_batch const batch(engine->take());
                for (auto const& change : batch) {
                    seen.push_back(test::describe(change));
                }
            }
        }
    }

    slow_kernel kernel;
    std::optional<asio_inotify::detail::tree_engine> engine;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(tree_slow_paths, fixture)

BOOST_AUTO_TEST_CASE(events_wait_until_it_is_known_where_links_lead)
{
    kernel.attempts = 50;
    kernel.world.rename("/x", "/old");
    kernel.world.rename("/y", "/x");
    kernel.world.create("/old/late");
    kernel.world.create("/r/f");
    auto const seen = take_all();
    BOOST_TEST(kernel.attempts == 0U);
    BOOST_TEST(std::ranges::none_of(seen, [](auto const& line) { return line.ends_with("late"); }));
    BOOST_TEST((std::ranges::find(seen, "created file /r/f") != seen.end()));
}

// Somebody changes the paths all the time.
BOOST_AUTO_TEST_CASE(events_do_not_wait_for_ever)
{
    kernel.attempts = (std::numeric_limits<std::size_t>::max)();
    kernel.world.create("/r/f");
    auto const began = kernel.time;
    boost::system::error_code ec;
    auto result = step_result::again;
    while (result == step_result::again && kernel.time - began < 10s) {
        result = engine->step(ec);
    }
    BOOST_TEST((result == step_result::deliver));
    BOOST_TEST((kernel.time - began >= 1s));
    BOOST_TEST((kernel.time - began < 1100ms));
    asio_inotify::tree_change_batch const batch(engine->take());
    BOOST_TEST_REQUIRE(batch.size() == 1U);
    BOOST_TEST(test::describe(*batch.begin()) == "created file /r/f");
    // Nor does the next one wait for the whole time again.
    kernel.world.create("/r/g");
    auto const again = kernel.time;
    do {
        result = engine->step(ec);
    } while (result == step_result::again && kernel.time - again < 10s);
    BOOST_TEST((kernel.time - again < 100ms));
    kernel.attempts = 0;
    BOOST_TEST((take_all() == test::lines{"created file /r/g"}));
}

// Nothing is lost in the queue of the kernel meanwhile.
BOOST_AUTO_TEST_CASE(events_are_read_while_they_wait)
{
    kernel.attempts = 50;
    kernel.world.create("/r/f");
    boost::system::error_code ec;
    BOOST_TEST((engine->step(ec) == step_result::again));
    for (int i = 0; i != 10; ++i) {
        kernel.world.create("/r/" + std::to_string(i));
        BOOST_TEST((engine->step(ec) == step_result::again));
        BOOST_TEST(kernel.world.inotify.queue().empty());
    }
    BOOST_TEST(take_all().size() == 11U);
}

BOOST_AUTO_TEST_SUITE_END()

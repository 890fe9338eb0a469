//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/api/file_actor.hpp"
#include "support/api/inotify_actor.hpp"
#include "support/api/set_actor.hpp"
#include "support/api/tree_actor.hpp"
#include "support/long_run.hpp"
#include "support/seed.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

// Random calls of all functions of the four objects: operations that overlap, are cancelled, moved,
// closed and destroyed. Every handler is called once, with a documented error or what is due, and
// nothing is lost.
namespace {

namespace asio = boost::asio;
namespace api = test::api;

// On two contexts and one thread, which runs handlers one by one.
class two_contexts
{
public:
    // With one context, it can be destroyed before everything has completed. Of two, Asio's
    // operations use each other's.
    two_contexts(std::uint64_t seed, std::size_t contexts, api::findings& found)
        : choices_(seed)
        , used_(contexts)
        , inotify_(on_stage(found))
        , set_(on_stage(found))
        , files_(on_stage(found))
        , tree_(on_stage(found))
    {}

    void run(std::size_t steps)
    {
        for (std::size_t step = 0; step != steps; ++step) {
            choices_.next_step();
            switch (choices_.below(4)) {
            case 0:
                inotify_.step();
                break;
            case 1:
                set_.step();
                break;
            case 2:
                files_.step();
                break;
            default:
                tree_.step();
                break;
            }
            for (auto left = choices_.below(5); left != 0; --left) {
                poll_one(contexts_[choices_.below(used_)]);
            }
        }
    }

    // Everything completes, before the objects are destroyed or after that.
    void end(bool with_check)
    {
        for_each([&](auto& actor) {
            if (with_check) {
                actor.begin_check();
            }
            while (actor.is_checking() || actor.is_pinned()) {
                actor.step();
                poll();
            }
        });
        for_each([](auto& actor) { actor.end(); });
        while (poll() != 0) {
        }
        for_each([](auto& actor) { actor.expect_all_over(); });
    }

    // What has not completed is destroyed with the contexts.
    void abandon()
    {
        for_each([&](auto& actor) {
            while (actor.is_pinned()) {
                actor.step();
                poll();
            }
        });
        for_each([](auto& actor) { actor.end(); });
    }

private:
    using executor_type = asio::io_context::executor_type;

    api::stage<executor_type> on_stage(api::findings& found)
    {
        choices_.next_step();
        return {contexts_[0].get_executor(),
                {contexts_[0].get_executor(), contexts_[used_ - 1].get_executor()},
                false,
                &found,
                choices_.below(1U << 30U)};
    }

    template <class Function>
    void for_each(Function function)
    {
        function(inotify_);
        function(set_);
        function(files_);
        function(tree_);
    }

    static std::size_t poll_one(asio::io_context& context)
    {
        context.restart();
        return context.poll_one();
    }

    std::size_t poll()
    {
        std::size_t handlers = 0;
        for (auto& context : contexts_) {
            context.restart();
            handlers += context.poll();
        }
        return handlers;
    }

    api::choices choices_;
    std::size_t used_;
    // The objects are the first one's.
    std::array<asio::io_context, 2> contexts_;
    api::inotify_actor<executor_type> inotify_;
    api::set_actor<executor_type> set_;
    api::file_actor<executor_type> files_;
    api::tree_actor<executor_type> tree_;
};

// Each on a strand of its own, on the same threads.
class strands_on_a_pool
{
public:
    strands_on_a_pool(std::uint64_t seed, std::size_t steps, bool abandons, api::findings& found)
        : seeds_(seed)
        , steps_(steps)
        , abandons_(abandons)
    {
        for (std::size_t n = 0; n != of_each; ++n) {
            add<api::inotify_actor>(found, true);
            add<api::set_actor>(found, false);
            add<api::file_actor>(found, false);
            add<api::tree_actor>(found, false);
        }
    }

    void run()
    {
        left_ = runners_.size();
        for (auto const& each : runners_) {
            each->start();
        }
        pool_.join();
        if (!abandons_) {
            for (auto const& each : runners_) {
                each->expect_all_over();
            }
        }
    }

private:
    using executor_type = asio::strand<asio::thread_pool::executor_type>;

    struct runner
    {
        virtual ~runner() = default;
        virtual void start() = 0;
        virtual void expect_all_over() = 0;
    };

    template <class Actor>
    class runner_of : public runner
    {
    public:
        runner_of(strands_on_a_pool& all, api::stage<executor_type> const& where)
            : all_(all)
            , executor_(where.executor)
            , actor_(where)
        {}

        void start() override
        {
            asio::post(executor_, [this] { step(); });
        }

        void expect_all_over() override { actor_.expect_all_over(); }

    private:
        void step()
        {
            if (actor_.steps() < all_.steps_ || actor_.is_checking() || actor_.is_pinned()) {
                actor_.step();
                start();
            } else if (!all_.abandons_ && !is_checked_) {
                is_checked_ = true;
                actor_.begin_check();
                start();
            } else {
                actor_.end();
                all_.has_ended();
            }
        }

        strands_on_a_pool& all_;
        executor_type executor_;
        Actor actor_;
        bool is_checked_ = false;
    };

    template <template <class> class Actor>
    void add(api::findings& found, bool handlers_can_be_elsewhere)
    {
        auto const strand = asio::make_strand(pool_);
        std::vector<asio::any_io_executor> for_handlers{strand};
        if (handlers_can_be_elsewhere) {
            for_handlers.emplace_back(pool_.get_executor());
        }
        seeds_.next_step();
        runners_.push_back(std::make_unique<runner_of<Actor<executor_type>>>(
            *this, api::stage<executor_type>{strand, for_handlers, handlers_can_be_elsewhere,
                                             &found, seeds_.below(1U << 30U)}));
    }

    void has_ended()
    {
        if (--left_ == 0 && abandons_) {
            pool_.stop();
        }
    }

    static constexpr std::size_t of_each = 2;
    static constexpr std::size_t threads = 3;

    api::choices seeds_;
    std::size_t steps_;
    bool abandons_;
    asio::thread_pool pool_{threads};
    std::vector<std::unique_ptr<runner>> runners_;
    std::atomic<std::size_t> left_{0};
};

// A new world after so many operations.
constexpr std::size_t operations_of_a_round = 4000;

std::size_t rounds()
{
    constexpr std::size_t usual = 16'000;
    constexpr std::size_t in_long_run = 4'000'000;
    return (test::operation_count(usual, in_long_run) + operations_of_a_round - 1) /
           operations_of_a_round;
}

} // namespace

BOOST_AUTO_TEST_SUITE(api_storm)

BOOST_AUTO_TEST_CASE(on_two_contexts)
{
    auto const seed = test::seed();
    api::findings found;
    for (std::uint64_t round = 0; round != rounds(); ++round) {
        {
            bool const abandons = (seed + round) % 3 == 2;
            two_contexts world(seed + round, abandons ? 1 : 2, found);
            world.run(operations_of_a_round);
            if (abandons) {
                world.abandon();
            } else {
                world.end((seed + round) % 3 == 0);
            }
        }
        BOOST_TEST_REQUIRE(found.faults().empty(),
                           "ASIO_INOTIFY_SEED=" << seed + round << found.faults());
    }
    BOOST_TEST_MESSAGE("completed:" << found.counts());
}

BOOST_AUTO_TEST_CASE(on_strands_of_a_pool)
{
    auto const seed = test::seed();
    api::findings found;
    for (std::uint64_t round = 0; round != rounds(); ++round) {
        {
            constexpr std::size_t objects = 8;
            strands_on_a_pool world(seed + round, operations_of_a_round / objects,
                                    (seed + round) % 3 == 2, found);
            world.run();
        }
        BOOST_TEST_REQUIRE(found.faults().empty(),
                           "ASIO_INOTIFY_SEED=" << seed + round << found.faults());
    }
    BOOST_TEST_MESSAGE("completed:" << found.counts());
}

BOOST_AUTO_TEST_SUITE_END()

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/instance.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

// A claim of a number that somebody else has taken, behind the object's back, makes a watch and
// removes it again. The object reports neither of the two, and reports every event of the next
// watch with that number (kernel note 2.14).
namespace {

struct traces : test::instance
{
    traces() { test::add_behind_the_back(in, 5, new_file()); }

    // For a moment there is a watch 6 of the directory, and then its end in the queue.
    void claim_5_in_vain()
    {
        test::error_code ec;
        in.add_at(test::wd(5), dir.path(), test::event_mask::all, ec);
        BOOST_TEST(ec == test::error::watch_descriptor_in_use);
    }

    // What the outstanding reads completed with, in order; "error" for a failure.
    void start_read()
    {
        in.async_read_events(buffer, [this](test::error_code ec, asio_inotify::event_batch batch) {
            ++completed;
            if (ec) {
                seen.push_back(ec.message());
            }
            for (auto const e : batch) {
                seen.push_back(test::describe(e));
            }
        });
    }

    void run()
    {
        context.restart();
        context.run_for(std::chrono::seconds(30));
        if (!context.stopped()) {
            BOOST_ERROR("a read has not completed");
            in.close();
            context.run();
        }
    }

    asio_inotify::event_buffer<> buffer;
    std::vector<std::string> seen;
    int completed = 0;
};

// A directory with the number 3 in which something can happen.
class other_directory
{
public:
    explicit other_directory(asio_inotify::inotify& in)
    {
        in.add_at(test::wd(3), dir_.path(), test::event_mask::create | test::event_mask::delete_);
    }

    void happens() const { std::filesystem::remove(dir_.write("x")); }

private:
    test::temp_directory dir_;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(numbers_traces, traces)

using test::error_code;
using test::event_mask;
using test::wd;

BOOST_AUTO_TEST_CASE(nothing_is_read_of_a_claim_in_vain)
{
    claim_5_in_vain();
    BOOST_TEST(test::live(in.native_handle()) == std::vector{5}, boost::test_tools::per_element());
    test::expect_events(test::drain(in), {});
    BOOST_TEST(in.available() == 0U);
}

BOOST_AUTO_TEST_CASE(the_next_owner_of_the_number_hears_everything)
{
    claim_5_in_vain();
    in.add_at(wd(6), dir.path(), event_mask::create);
    dir.write("a");
    in.remove(wd(6));
    test::expect_events(test::drain(in), {"6 create a", "6 ignored"});
}

BOOST_AUTO_TEST_CASE(the_next_owner_by_a_plain_add)
{
    claim_5_in_vain();
    in.set_next_watch_descriptor(wd(6));
    BOOST_TEST(in.add(dir.path(), event_mask::create).value() == 6);
    dir.write("a");
    in.remove(wd(6));
    test::expect_events(test::drain(in), {"6 create a", "6 ignored"});
}

BOOST_AUTO_TEST_CASE(events_of_earlier_owners_are_not_taken_for_traces)
{
    // The number was used before, and its events are unread: rather an end too many than an event
    // too few.
    in.add_at(wd(6), dir.path(), event_mask::create);
    dir.write("a");
    in.remove(wd(6));
    claim_5_in_vain();
    in.add_at(wd(6), dir.path(), event_mask::create);
    dir.write("b");
    auto seen_of_6 = test::drain(in);
    std::erase(seen_of_6, "6 ignored");
    test::expect_events(seen_of_6, {"6 create a", "6 create b"});
}

BOOST_AUTO_TEST_CASE(events_around_it_stay_in_order)
{
    other_directory const other(in);
    other.happens();
    claim_5_in_vain();
    other.happens();
    test::expect_events(test::drain(in), {"3 create x", "3 delete x", "3 create x", "3 delete x"});
}

BOOST_AUTO_TEST_CASE(many_claims_in_vain)
{
    other_directory const other(in);
    for (int i = 0; i != 20; ++i) {
        claim_5_in_vain();
    }
    other.happens();
    auto all = test::drain(in);
    std::erase(all, "6 ignored");
    test::expect_events(all, {"3 create x", "3 delete x"});
    BOOST_TEST(test::live(in.native_handle()) == (std::vector{3, 5}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_cursor_is_put_back)
{
    BOOST_TEST(add_new().value() == 6);
    in.add_at(wd(3), new_file(), event_mask::all);
    claim_5_in_vain();
    BOOST_TEST(add_new().value() == 4);
}

BOOST_AUTO_TEST_CASE(an_outstanding_read_does_not_show_it)
{
    start_read();
    claim_5_in_vain();
    run();
    // A batch with nothing in it, which is documented, or none at all.
    test::expect_events(seen, {});
    BOOST_TEST(completed == 1);
    test::expect_events(test::drain(in), {});
}

BOOST_AUTO_TEST_CASE(an_outstanding_read_shows_the_events_behind_it)
{
    other_directory const other(in);
    start_read();
    claim_5_in_vain();
    other.happens();
    run();
    auto const rest = test::drain(in);
    seen.insert(seen.end(), rest.begin(), rest.end());
    test::expect_events(seen, {"3 create x", "3 delete x"});
}

BOOST_AUTO_TEST_CASE(an_outstanding_read_and_the_next_owner)
{
    start_read();
    claim_5_in_vain();
    in.add_at(wd(6), dir.path(), event_mask::create);
    dir.write("a");
    run();
    auto const rest = test::drain(in);
    seen.insert(seen.end(), rest.begin(), rest.end());
    test::expect_events(seen, {"6 create a"});
}

BOOST_AUTO_TEST_CASE(a_read_that_had_it_before_the_next_owner_came)
{
    start_read();
    claim_5_in_vain();
    run();
    in.add_at(wd(6), dir.path(), event_mask::create);
    start_read();
    dir.write("a");
    run();
    in.remove(wd(6));
    start_read();
    run();
    test::expect_events(seen, {"6 create a", "6 ignored"});
}

BOOST_AUTO_TEST_CASE(a_closed_instance_takes_its_traces_along)
{
    claim_5_in_vain();
    in.close();
    in.open();
    in.add_at(wd(6), dir.path(), event_mask::create);
    dir.write("a");
    test::expect_events(test::drain(in), {"6 create a"});
}

BOOST_AUTO_TEST_CASE(a_moved_object_takes_its_traces_along)
{
    claim_5_in_vain();
    asio_inotify::inotify other(std::move(in));
    other.add_at(wd(6), dir.path(), event_mask::create);
    dir.write("a");
    test::expect_events(test::drain(other), {"6 create a"});
}

BOOST_AUTO_TEST_CASE(an_object_moved_to_another_executor_type_too)
{
    asio_inotify::basic_inotify<boost::asio::io_context::executor_type> first{context};
    first.open();
    error_code ec;
    test::add_behind_the_back(first, 5, new_file());
    first.add_at(wd(5), dir.path(), event_mask::all, ec);
    BOOST_TEST(ec == test::error::watch_descriptor_in_use);
    asio_inotify::inotify other(std::move(first));
    other.add_at(wd(6), dir.path(), event_mask::create);
    dir.write("a");
    test::expect_events(test::drain(other), {"6 create a"});
}

BOOST_AUTO_TEST_SUITE_END()

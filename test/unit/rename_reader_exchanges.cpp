//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/tree/read_rename.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>
#include <vector>

// The part of rename_reader that distinguishes an exchange from two renames.
BOOST_AUTO_TEST_SUITE(rename_reader_exchanges)

using asio_inotify::tree_options;
using asio_inotify::detail::evidence;
using fixture = test::read_rename;

std::string const exchange = "1 from 7 a, 2 to 7 b, 2 from 8 b, 1 to 8 a";

struct files_exchanged : fixture
{
    explicit files_exchanged(std::string const& text = exchange)
    {
        add_file("/r", "a");
        add_file("/r/t", "b");
        read(text);
    }
};

BOOST_AUTO_TEST_CASE(an_exchange_of_files_leaves_the_second_name)
{
    files_exchanged f;
    f.expect("needs queue", "exchanged both", "exchanged both");
}

BOOST_AUTO_TEST_CASE(a_rename_and_one_back_leave_the_second_name_free)
{
    files_exchanged f;
    f.tree.port.names.erase("/r/t/b");
    f.expect("needs queue", "moved", "moved");
    // Without a look at the name before.
    files_exchanged other;
    other.tree.port.names.erase("/r/t/b");
    BOOST_TEST(other.verdict(evidence::time) == "moved");
}

BOOST_AUTO_TEST_CASE(the_next_event_of_the_second_name_says_whether_it_was_free)
{
    struct next
    {
        std::string event;
        std::string verdict;
    };
    for (auto const& [event, verdict] : std::vector<next>{
             {"2 create b", "moved"},
             {"2 to 9 b", "moved"},
             {"2 delete b", "exchanged both"},
             {"2 from 9 b", "exchanged both"},
         }) {
        BOOST_TEST_CONTEXT(event)
        {
            files_exchanged f(exchange + ", " + event);
            f.expect(verdict);
        }
    }
    // Those of other names do not.
    files_exchanged f(exchange + ", 2 create c, 1 create b, 2 modify b");
    f.expect("needs queue", "exchanged both", "exchanged both");
}

BOOST_AUTO_TEST_CASE(the_second_name_is_observed_before_the_last_read)
{
    // A file that comes later is reported by an event that was not read.
    files_exchanged came;
    came.tree.port.names.erase("/r/t/b");
    BOOST_TEST(came.verdict(evidence::read) == "needs queue");
    came.tree.port.put_file("/r/t/b");
    BOOST_TEST(came.verdict(evidence::queue) == "moved");
    files_exchanged left;
    BOOST_TEST(left.verdict(evidence::read) == "needs queue");
    left.tree.port.names.erase("/r/t/b");
    BOOST_TEST(left.verdict(evidence::queue) == "exchanged both");
    // Each read takes a new look.
    BOOST_TEST(left.verdict(evidence::read) == "needs queue");
    BOOST_TEST(left.verdict(evidence::queue) == "moved");
}

BOOST_AUTO_TEST_CASE(an_observation_is_that_of_one_exchange)
{
    files_exchanged f;
    f.tree.port.names.erase("/r/t/b");
    BOOST_TEST(f.verdict(evidence::read) == "needs queue");
    for (int i = 0; i != 4; ++i) {
        f.queue.pop();
    }
    f.tree.port.put_file("/r/t/b");
    f.read("1 from 9 a, 2 to 9 b, 2 from 10 b, 1 to 10 a");
    BOOST_TEST(f.verdict(evidence::time) == "exchanged both");
}

BOOST_AUTO_TEST_CASE(a_second_name_that_cannot_be_observed)
{
    files_exchanged f;
    f.tree.port.names.erase("/r/t");
    f.expect("needs queue", "exchanged both, unknown", "exchanged both, unknown");
}

/// "/r/a" with the watch descriptor 5 and "/r/t/b" with 6; 0 for none, negative for a file.
struct exchanged : fixture
{
    exchanged(int a, int b, std::string const& text, tree_options given = {})
        : fixture(std::move(given))
    {
        add("/r", "a", a);
        add("/r/t", "b", b);
        read(text);
    }

    void add(std::string const& parent, std::string const& name, int wd)
    {
        if (wd < 0) {
            add_file(parent, name);
        } else {
            add_directory(parent, name, wd);
        }
    }
};

constexpr int file = -1;

BOOST_AUTO_TEST_CASE(directories_report_their_moves)
{
    struct moves
    {
        std::string between;
        std::string after;
        std::string of_read;
        std::string later;
    };
    for (auto const& [between, after, of_read, later] : std::vector<moves>{
             {"5 self,", ",6 self", "exchanged both", "exchanged both"},
             {"", ",6 self", "exchanged only second", "exchanged only second"},
             {"5 self,", ",1 create z", "exchanged only first", "exchanged only first"},
             {"", ",1 create z", "exchanged none", "exchanged none"},
             {"5 self,", "", "needs queue", "exchanged only first"},
             {"", "", "needs queue", "exchanged none"},
             // One directory moved and came back.
             {"5 self,", ",5 self", "moved", "moved"},
             // It moved with the second rename only: it was watched in between.
             {"", ",5 self", "exchanged none", "exchanged none"},
             {"6 self,", ",5 self", "exchanged none", "exchanged none"},
         }) {
        BOOST_TEST_CONTEXT(between << " and " << after)
        {
            exchanged f(5, 6,
                        "1 from 7 a dir, 2 to 7 b dir," + between + "2 from 8 b dir, 1 to 8 a dir" +
                            after);
            f.expect(of_read, later, later);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_directory_and_a_file)
{
    // Their types say that they are exchanged; which entries took part is another question.
    std::string const directory_first = "1 from 7 a dir, 2 to 7 b dir, ";
    std::string const file_second = "2 from 8 b, 1 to 8 a";
    exchanged one(5, file, directory_first + "5 self, " + file_second);
    one.expect("exchanged both");
    exchanged unwatched(0, file, directory_first + file_second);
    unwatched.expect("exchanged both");
    exchanged silent(5, file, directory_first + file_second);
    silent.expect("exchanged only second");
    exchanged other(file, 6, "1 from 7 a, 2 to 7 b, 2 from 8 b dir, 1 to 8 a dir, 6 self");
    other.expect("exchanged both");
    exchanged late(file, 6, "1 from 7 a, 2 to 7 b, 2 from 8 b dir, 1 to 8 a dir");
    late.expect("needs queue", "exchanged only first", "exchanged only first");
}

BOOST_AUTO_TEST_CASE(an_entry_of_a_different_type_than_the_record_was_listed_after_it)
{
    std::string const of_directories = "1 from 7 a dir, 2 to 7 b dir, 2 from 8 b dir, 1 to 8 a dir";
    exchanged first(file, 6, of_directories + ", 6 self");
    first.expect("exchanged only second");
    exchanged second(5, file, "1 from 7 a dir, 2 to 7 b dir, 5 self, 2 from 8 b dir, 1 to 8 a dir");
    second.expect("needs queue", "exchanged only first", "exchanged only first");
    exchanged neither(file, file, of_directories);
    neither.expect("needs queue", "exchanged none", "exchanged none");
    // A followed link is a directory in the model, and a file for the kernel.
    tree_options follows;
    follows.follow_symlinks = true;
    exchanged links(0, 0, exchange, follows);
    links.tree.model.links.check_later(links.root, "a");
    links.tree.model.links.check_later(links.target, "b");
    links.expect("needs queue", "exchanged both", "exchanged both");
}

BOOST_AUTO_TEST_CASE(a_directory_without_a_watch_and_one_with)
{
    std::string const text = "1 from 7 a dir, 2 to 7 b dir, 2 from 8 b dir, 1 to 8 a dir";
    // The second name says whether it is an exchange, as the move of the first is not reported.
    exchanged f(0, 6, text);
    BOOST_TEST(f.verdict(evidence::read) == "needs queue");
    f.tree.port.names.erase("/r/t/b");
    BOOST_TEST(f.verdict(evidence::queue) == "exchanged only first");
    exchanged free(0, 6, text);
    free.tree.port.names.erase("/r/t/b");
    free.expect("needs queue", "moved", "moved");
    exchanged watched(5, 0, text + ", 1 create z");
    watched.expect("needs queue", "exchanged only second", "exchanged only second");
    watched.tree.port.names.erase("/r/t/b");
    BOOST_TEST(watched.verdict(evidence::read) == "needs queue");
    BOOST_TEST(watched.verdict(evidence::queue) == "moved");
    exchanged none(0, 0, text);
    none.expect("needs queue", "exchanged both", "exchanged both");
}

BOOST_AUTO_TEST_CASE(half_an_exchange_of_entries_of_one_type)
{
    // A rename over a file looks the same until more is read.
    exchanged files(file, file, "1 from 7 a, 2 to 7 b");
    files.expect("needs queue", "moved", "moved");
    files.read("2 from 8 b");
    files.expect("needs queue", "moved", "moved");
    // A directory that was replaced ends.
    exchanged replaced(5, 6, "1 from 7 a dir, 2 to 7 b dir, 6 ignored");
    replaced.expect("needs queue", "moved", "moved");
    exchanged alive(5, 6, "1 from 7 a dir, 2 to 7 b dir");
    alive.expect("needs time", "needs time", "moved");
    alive.read("5 ignored");
    alive.expect("needs time", "needs time", "moved");
    exchanged unwatched(5, 0, "1 from 7 a dir, 2 to 7 b dir");
    unwatched.expect("needs time", "needs time", "moved");
}

BOOST_AUTO_TEST_CASE(half_an_exchange_of_a_directory_and_a_file)
{
    for (auto const& [a, b] : {std::pair(5, file), {file, 6}, {0, file}}) {
        std::string const type = a == file ? "" : " dir";
        exchanged f(a, b, "1 from 7 a" + type + ", 2 to 7 b" + type);
        f.expect("needs time", "needs time", "moved");
    }
    // One cannot replace the other, but the directory can be gone by then.
    exchanged gone(file, 6, "1 from 7 a, 2 to 7 b, 6 ignored");
    gone.expect("needs time", "needs time", "moved");
}

BOOST_AUTO_TEST_CASE(the_second_half_follows_without_a_gap)
{
    std::string others;
    for (int i = 0; i != 15; ++i) {
        others += ", 9 create x";
    }
    exchanged near(file, file, "1 from 7 a, 2 to 7 b" + others);
    near.expect("needs queue", "moved", "moved");
    exchanged far(file, file, "1 from 7 a, 2 to 7 b" + others + ", 9 create x");
    far.expect("moved");
}

BOOST_AUTO_TEST_CASE(other_events_in_the_parents_are_no_second_half)
{
    for (std::string const next :
         {"2 create b", "2 to 8 b", "1 from 8 b", "2 from 8 c", "2 delete b",
          // The second pair is not complete, or is that of another rename.
          "2 from 8 b, 1 to 9 a", "2 from 8 b, 1 to 8 c", "2 from 8 b, 2 to 8 a",
          "2 from 8 b, 1 from 8 a", "2 from 8 b, 1 create a"}) {
        BOOST_TEST_CONTEXT(next)
        {
            exchanged f(file, file, "1 from 7 a, 2 to 7 b, " + next);
            f.expect("moved");
        }
    }
}

BOOST_AUTO_TEST_CASE(both_entries_must_be_known)
{
    for (std::string const missing : {"/r/a", "/r/t/b"}) {
        files_exchanged f;
        f.tree.model.remove(f.tree.find(missing), false);
        f.expect("moved");
    }
}

BOOST_AUTO_TEST_CASE(one_name_twice)
{
    fixture f;
    f.add_file("/r", "a");
    f.read("1 from 7 a, 1 to 7 a, 1 from 8 a, 1 to 8 a");
    f.expect("moved");
}

BOOST_AUTO_TEST_CASE(a_directory_cannot_be_exchanged_with_what_is_in_it)
{
    // The model is wrong about these directories; each rename is applied by itself.
    fixture down;
    down.add_file("/r/t", "b");
    down.read("1 from 7 t dir, 2 to 7 b dir, 2 from 8 b, 1 to 8 t");
    down.expect("moved");
    fixture up;
    up.add_file("/r/t", "b");
    up.read("2 from 7 b, 1 to 7 t, 1 from 8 t dir, 2 to 8 b dir");
    auto const v = up.reader.read(up.queue.front(), evidence::time);
    BOOST_TEST((v.what == asio_inotify::detail::rename_verdict::kind::moved));
}

BOOST_AUTO_TEST_CASE(an_exchange_with_a_root_that_is_not_reported_yet)
{
    fixture f;
    auto const fresh = f.tree.model.make_root("/n", "/n", "/n").directory;
    f.be_watched(fresh, "/n", 3);
    f.add_file("/r", "a");
    f.tree.model.create(fresh, "b", false, false);
    f.tree.port.put_file("/n/b");
    f.read("1 from 7 a, 3 to 7 b, 3 from 8 b, 1 to 8 a");
    f.expect("moved");
}

BOOST_AUTO_TEST_SUITE_END()

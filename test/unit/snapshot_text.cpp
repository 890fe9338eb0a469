//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/printing.hpp"
#include "support/set/snapshot_checks.hpp"

#include <asio_inotify/error.hpp>
#include <asio_inotify/snapshot.hpp>

#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <climits>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lib = asio_inotify;

BOOST_AUTO_TEST_SUITE(snapshot_text)

using lib::add_options;
using lib::error;
using lib::event_mask;
using lib::inode_identity;
using lib::saved_watch;
using lib::snapshot;
using lib::watch_descriptor;
using namespace std::string_literals;
using checks = test::snapshot_checks<snapshot>;

constexpr std::string_view title = "asio-inotify snapshot ";

constexpr add_options lasting[] = {add_options::only_directory, add_options::dont_follow,
                                   add_options::exclude_unlinked, add_options::one_shot};

// The checksums were made by another program.
constexpr std::string_view sample_text =
    "asio-inotify snapshot 1\n"
    "next 7\n"
    "watch 3 mask=modify|close_write options=dont_follow|one_shot dev=800010 ino=a8f3 "
    "handle=1:6483a800666966c1 path=/etc/hosts\n"
    "watch 5 mask=create\n"
    "end 2 66b992a1\n";
constexpr std::string_view empty_text = "asio-inotify snapshot 1\n"
                                        "next 1\n"
                                        "end 0 0d02e803\n";

snapshot sample()
{
    return snapshot({{watch_descriptor{5}, event_mask::create, add_options::none, "", {}},
                     {watch_descriptor{3}, event_mask::modify | event_mask::close_write,
                      add_options::one_shot | add_options::dont_follow, "/etc/hosts",
                      inode_identity{0x80'0010, 0xa8f3, 1, "\x64\x83\xa8\x00\x66\x69\x66\xc1"s}}},
                    watch_descriptor{7});
}

// With the line that belongs at the end, so that nothing else is wrong than what a test is about.
std::string ended(std::string text)
{
    std::size_t watches = 0;
    for (auto at = text.find("\nwatch "); at != text.npos; at = text.find("\nwatch ", at + 1)) {
        ++watches;
    }
    return text + test::end_line(text, watches);
}

constexpr std::string_view head = "asio-inotify snapshot 1\nnext 9\n";

std::string with_watch(std::string_view line)
{
    return ended(std::string(head) + std::string(line) + '\n');
}

void is_malformed(std::string_view text, std::size_t line)
{
    checks::is_malformed(text, line);
}

void is_truncated(std::string_view text, std::size_t line)
{
    checks::is_truncated(text, line);
}

void survives(snapshot const& s)
{
    checks::survives(s);
}

BOOST_AUTO_TEST_CASE(exact_texts)
{
    BOOST_TEST(sample().to_text() == sample_text);
    BOOST_TEST((snapshot::from_text(sample_text) == sample()));
    BOOST_TEST(snapshot().to_text() == empty_text);
    BOOST_TEST((snapshot::from_text(empty_text) == snapshot()));

    // Everything at its limit, with every name.
    std::string path = "/ \t\n\\x\x7f\xc3\xa4~!=";
    snapshot const full(
        {{watch_descriptor{INT_MAX}, event_mask::all,
          lasting[0] | lasting[1] | lasting[2] | lasting[3], path,
          inode_identity{UINT32_MAX, UINT64_MAX, INT_MAX, "\x0f"}},
         {watch_descriptor{1}, event_mask::none, add_options::none, "", inode_identity{}},
         {watch_descriptor{2}, event_mask::delete_, add_options::none, "",
          inode_identity{0, 1, 0, "\0"s}}},
        watch_descriptor{});
    BOOST_TEST(full.to_text() ==
               ended("asio-inotify snapshot 1\n"
                     "next 0\n"
                     "watch 1 mask=none dev=0 ino=0\n"
                     "watch 2 mask=delete dev=0 ino=1 handle=0:00\n"
                     "watch 2147483647 mask=access|modify|attrib|close_write|close_nowrite|open|"
                     "moved_from|moved_to|create|delete|delete_self|move_self "
                     "options=only_directory|dont_follow|exclude_unlinked|one_shot "
                     "dev=ffffffff ino=ffffffffffffffff handle=7fffffff:0f "
                     "path=/\\x20\\x09\\x0a\\x5cx\\x7f\\xc3\\xa4~!=\n"));
    survives(full);
}

BOOST_AUTO_TEST_CASE(success_clears_the_reported_line)
{
    boost::system::error_code ec = error::no_such_watch;
    std::size_t line = 7;
    BOOST_TEST((snapshot::from_text(sample_text, ec, line) == sample()));
    BOOST_TEST(!ec);
    BOOST_TEST(line == 0U);
    ec = error::no_such_watch;
    BOOST_TEST((snapshot::from_text(sample_text, ec) == sample()));
    BOOST_TEST(!ec);
    BOOST_TEST((snapshot::from_text("", ec) == snapshot()));
    BOOST_TEST(ec == error::truncated_snapshot);
}

BOOST_AUTO_TEST_CASE(the_throwing_form_names_the_line)
{
    auto const names_it = [](boost::system::system_error const& e) {
        std::string_view const what = e.what();
        return e.code() == error::malformed_snapshot && e.code().has_location() &&
               what.starts_with("snapshot::from_text line 3: text is not that of a snapshot");
    };
    BOOST_CHECK_EXCEPTION(static_cast<void>(snapshot::from_text(with_watch("watch 0 mask=none"))),
                          boost::system::system_error, names_it);
}

BOOST_AUTO_TEST_CASE(every_prefix_is_truncated)
{
    checks::prefixes_are_truncated(sample_text);
    checks::prefixes_are_truncated(empty_text);
}

BOOST_AUTO_TEST_CASE(every_changed_byte_is_refused)
{
    checks::changed_bytes_are_refused(std::string(sample_text));
}

BOOST_AUTO_TEST_CASE(every_lost_or_added_byte_is_refused)
{
    checks::lost_and_added_bytes_are_refused(std::string(sample_text));
}

BOOST_AUTO_TEST_CASE(first_lines)
{
    checks::wrong_titles_are_refused(std::string(title));
    is_malformed(ended("next 1\nnext 1\n"), 1);
}

BOOST_AUTO_TEST_CASE(later_versions)
{
    checks::later_versions_are_told(std::string(title), sample_text);
}

BOOST_AUTO_TEST_CASE(second_lines)
{
    for (std::string const line : {"",
                                   "next",
                                   "next ",
                                   "next  1",
                                   "next -1",
                                   "next +1",
                                   "next 01",
                                   "next 00",
                                   "next 1 ",
                                   "next 1\r",
                                   "next 0x1",
                                   "next a",
                                   "next 1a",
                                   "next 2147483648",
                                   "next 4294967297",
                                   "next 99999999999999999999",
                                   " next 1",
                                   "Next 1",
                                   "nextt 1",
                                   "watch 1 mask=none",
                                   "end 0 00000000"}) {
        is_malformed(ended("asio-inotify snapshot 1\n" + line + '\n'), 2);
    }
    is_malformed(ended("asio-inotify snapshot 1\n"), 2);
    is_malformed(ended(std::string(head) + "next 9\n"), 3);
}

// Each line is wrong as the last watch, after other watches, and where the text ends with it.
void all_are_refused(std::vector<std::string> const& lines)
{
    for (auto const& line : lines) {
        auto const text = with_watch(line);
        is_malformed(text, 3);
        is_malformed(text.substr(0, head.size() + line.size() + 1), 3);
        is_malformed(
            ended(std::string(head) + "watch 1 mask=none\nwatch 2 mask=none\n" + line + '\n'), 5);
        // Without its end the line can still become right.
        is_truncated(text.substr(0, head.size() + line.size()), 3);
    }
}

BOOST_AUTO_TEST_CASE(lines_that_are_no_watch)
{
    all_are_refused({
        "",
        " ",
        "watch",
        "watch ",
        "Watch 1 mask=none",
        " watch 1 mask=none",
        "watcher 1",
        "unwatch 1 mask=none",
        "# comment",
        "next 1",
        "asio-inotify snapshot 1",
    });
}

BOOST_AUTO_TEST_CASE(wrong_watch_descriptors)
{
    all_are_refused({
        "watch  1 mask=none",
        "watch 0 mask=none",
        "watch -1 mask=none",
        "watch +1 mask=none",
        "watch 01 mask=none",
        "watch 2147483648 mask=none",
        "watch 4294967297 mask=none",
        "watch 99999999999999999999 mask=none",
        "watch 0x1 mask=none",
        "watch a mask=none",
        "watch 1a mask=none",
        "watch mask=none",
    });
}

BOOST_AUTO_TEST_CASE(wrong_spaces)
{
    all_are_refused({
        "watch 1  mask=none",
        "watch 1 mask=none ",
        "watch 1 mask=none\r",
        "watch 1\tmask=none",
        "watch 1 mask=none  path=/p",
        "watch 1 mask=none path=/p ",
        "watch 1 mask= none",
    });
}

BOOST_AUTO_TEST_CASE(wrong_masks)
{
    all_are_refused({
        "watch 1",
        "watch 1 path=/p",
        "watch 1 mask",
        "watch 1 mask=",
        "watch 1 mask=what",
        "watch 1 mask=close",
        "watch 1 mask=move",
        "watch 1 mask=all",
        "watch 1 mask=None",
        "watch 1 mask=CREATE",
        "watch 1 mask=delete_",
        "watch 1 mask=1",
        "watch 1 mask=0x1",
        "watch 1 mask=none|create",
        "watch 1 mask=create|none",
        "watch 1 mask=none|none",
        "watch 1 mask=create|",
        "watch 1 mask=|create",
        "watch 1 mask=access||create",
        "watch 1 mask=create|access",
        "watch 1 mask=create|create",
        "watch 1 mask=access,create",
        "watch 1 mask=close_write|close_nowrite|close",
        "watch 1 mask=IN_CREATE",
    });
}

BOOST_AUTO_TEST_CASE(wrong_options)
{
    all_are_refused({
        "watch 1 mask=none options",
        "watch 1 mask=none options=",
        "watch 1 mask=none options=none",
        "watch 1 mask=none options=what",
        "watch 1 mask=none options=create_only",
        "watch 1 mask=none options=merge_mask",
        "watch 1 mask=none options=one_shot|dont_follow",
        "watch 1 mask=none options=one_shot|one_shot",
        "watch 1 mask=none options=one_shot|",
        "watch 1 mask=none options=|one_shot",
        "watch 1 mask=none options=dont_follow,one_shot",
        "watch 1 mask=none options=dont_follow||one_shot",
        "watch 1 mask=none options=One_shot",
        "watch 1 mask=none options=one_shot|what",
    });
}

BOOST_AUTO_TEST_CASE(incomplete_identities)
{
    all_are_refused({
        "watch 1 mask=none dev=1",
        "watch 1 mask=none ino=1",
        "watch 1 mask=none handle=1:aa",
        "watch 1 mask=none dev=1 handle=1:aa",
        "watch 1 mask=none ino=1 handle=1:aa",
        "watch 1 mask=none dev=0",
        "watch 1 mask=none ino=0",
    });
}

BOOST_AUTO_TEST_CASE(wrong_hexadecimal_numbers)
{
    all_are_refused({
        "watch 1 mask=none dev= ino=1",
        "watch 1 mask=none dev=1 ino=",
        "watch 1 mask=none dev=01 ino=1",
        "watch 1 mask=none dev=1 ino=01",
        "watch 1 mask=none dev=00 ino=1",
        "watch 1 mask=none dev=A ino=1",
        "watch 1 mask=none dev=1 ino=A",
        "watch 1 mask=none dev=0x1 ino=1",
        "watch 1 mask=none dev=-1 ino=1",
        "watch 1 mask=none dev=1 ino=-1",
        "watch 1 mask=none dev=g ino=1",
        "watch 1 mask=none dev=100000000 ino=1",
        "watch 1 mask=none dev=1 ino=10000000000000000",
    });
}

BOOST_AUTO_TEST_CASE(wrong_file_handles)
{
    std::string const dev_ino = "watch 1 mask=none dev=1 ino=1 ";
    std::string const handle_of_128(256, 'a');
    all_are_refused({
        dev_ino + "handle",
        dev_ino + "handle=",
        dev_ino + "handle=:",
        dev_ino + "handle=:aa",
        dev_ino + "handle=1",
        dev_ino + "handle=0",
        dev_ino + "handle=1:",
        dev_ino + "handle=0:",
        dev_ino + "handle=1:a",
        dev_ino + "handle=1:aab",
        dev_ino + "handle=1:AA",
        dev_ino + "handle=1:aA",
        dev_ino + "handle=1:ag",
        dev_ino + "handle=1:-1",
        dev_ino + "handle=1:0xaa",
        dev_ino + "handle=1:aa:",
        dev_ino + "handle=1:aa:bb",
        dev_ino + "handle=01:aa",
        dev_ino + "handle=A:aa",
        dev_ino + "handle=-1:aa",
        dev_ino + "handle=-0:aa",
        dev_ino + "handle=80000000:aa",
        dev_ino + "handle=ffffffff:aa",
        dev_ino + "handle=1:" + handle_of_128 + "aa",
    });
}

BOOST_AUTO_TEST_CASE(wrong_paths)
{
    all_are_refused({
        "watch 1 mask=none path",
        "watch 1 mask=none path=",
        "watch 1 mask=none path=\\",
        "watch 1 mask=none path=a\\",
        "watch 1 mask=none path=a\\b",
        "watch 1 mask=none path=\\x",
        "watch 1 mask=none path=\\x0",
        "watch 1 mask=none path=\\x0g",
        "watch 1 mask=none path=\\x-1",
        "watch 1 mask=none path=\\X0a",
        "watch 1 mask=none path=\\x0A",
        "watch 1 mask=none path=\\xFF",
        "watch 1 mask=none path=\\x41",
        "watch 1 mask=none path=\\x2f",
        "watch 1 mask=none path=\\x7e",
        "watch 1 mask=none path=\\x21",
        "watch 1 mask=none path=\\x00",
        "watch 1 mask=none path=a\\x00b",
        "watch 1 mask=none path=\\n",
        "watch 1 mask=none path=\\\\",
        "watch 1 mask=none path=\\040",
        "watch 1 mask=none path=a b",
        "watch 1 mask=none path=a\tb",
        "watch 1 mask=none path=\x7f",
        "watch 1 mask=none path=\xc3\xa4",
        "watch 1 mask=none path=/p\r",
        "watch 1 mask=none path=" + std::string(1, '\0'),
    });
}

BOOST_AUTO_TEST_CASE(unknown_misplaced_and_repeated_fields)
{
    all_are_refused({
        "watch 1 mask=none what=1",
        "watch 1 mask=none what",
        "watch 1 mask=none =",
        "watch 1 mask=none Path=/p",
        "watch 1 path=/p mask=none",
        "watch 1 options=one_shot mask=none",
        "watch 1 mask=none ino=1 dev=1",
        "watch 1 mask=none dev=1 handle=1:aa ino=1",
        "watch 1 mask=none path=/p dev=1 ino=1",
        "watch 1 mask=none dev=1 ino=1 options=one_shot",
        "watch 1 mask=none mask=none",
        "watch 1 mask=none dev=1 dev=1 ino=1",
        "watch 1 mask=none path=/p path=/p",
        "watch 1 mask=none path=/ path=p",
    });
}

BOOST_AUTO_TEST_CASE(watches_that_are_barely_right)
{
    std::string const dev_ino = "watch 1 mask=none dev=1 ino=1 ";
    std::string const handle_of_128(256, 'a');
    for (auto const& line : {"watch 1 mask=none"s, dev_ino + "handle=1:" + handle_of_128,
                             dev_ino + "handle=0:aa", "watch 1 mask=none path=a\\x20b"s}) {
        auto const text = with_watch(line);
        BOOST_TEST(snapshot::from_text(text).to_text() == text);
    }
}

BOOST_AUTO_TEST_CASE(watches_ascend)
{
    for (auto const& [first, second] :
         {std::pair{5, 4}, std::pair{5, 5}, std::pair{10, 9}, std::pair{INT_MAX, 1}}) {
        is_malformed(ended(std::string(head) + "watch " + std::to_string(first) +
                           " mask=none\nwatch " + std::to_string(second) + " mask=none\n"),
                     4);
    }
    is_malformed(ended(std::string(head) + "watch 1 mask=none\nwatch 3 mask=none\n"
                                           "watch 2 mask=none\nwatch 4 mask=none\n"),
                 5);
}

BOOST_AUTO_TEST_CASE(wrong_ends)
{
    checks::wrong_ends_are_refused(std::string(head) + "watch 1 mask=none\n");
}

BOOST_AUTO_TEST_CASE(nothing_may_follow)
{
    checks::nothing_may_follow(std::string(sample_text));
}

BOOST_AUTO_TEST_CASE(a_wrong_line_is_worse_than_a_missing_one)
{
    is_malformed("what\n", 1);
    is_malformed("asio-inotify snapshot 1\nwhat\nnext", 2);
    is_malformed(std::string(head) + "watch 1 mask=none\nwhat\nwatch 2 mas", 4);
    // The unfinished line itself can be anything.
    is_truncated("what", 1);
    is_truncated("\xff", 1);
    is_truncated("asio-inotify snapshot 1\nwhat", 2);
    is_truncated(std::string(head) + "\r", 3);
}

BOOST_AUTO_TEST_CASE(a_text_need_not_be_terminated)
{
    // A view of a part of something larger.
    auto const larger = "x" + std::string(sample_text) + "watch 6 mask=none\n";
    BOOST_TEST(
        (snapshot::from_text(std::string_view(larger).substr(1, sample_text.size())) == sample()));
    is_truncated(std::string_view{}, 1);
}

BOOST_AUTO_TEST_CASE(many_watches)
{
    constexpr int count = 100'000;
    std::vector<saved_watch> watches;
    for (int number = count; number != 0; --number) {
        watches.push_back({watch_descriptor{number}, event_mask::create | event_mask::move,
                           add_options::only_directory, "/a/long path/" + std::to_string(number),
                           inode_identity{0x80'0010, static_cast<std::uint64_t>(number), 1,
                                          "\x01\x02\x03\x04\x05\x06\x07\x08"}});
    }
    // Of the processor, which other tests share.
    auto const begin = std::clock();
    snapshot const s(std::move(watches));
    auto const text = s.to_text();
    auto const again = snapshot::from_text(text);
    auto const seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    BOOST_TEST((again == s));
    // Far more than it takes, and far less than if the time were a square of the length.
    BOOST_TEST(seconds < 20.0);
    BOOST_TEST_MESSAGE(text.size() << " bytes in " << seconds << " s");
    for (int number = 1; number < count; number += 997) {
        auto const* const found = again.find(watch_descriptor{number});
        BOOST_TEST_REQUIRE(found != nullptr);
        BOOST_TEST(found->wd == watch_descriptor{number});
    }
}

BOOST_AUTO_TEST_CASE(long_lines)
{
    // Were the time a square of the length, the test would not end in its time.
    constexpr std::size_t size = 2'000'000;
    is_truncated(std::string(size, 'a'), 1);
    is_malformed(std::string(size, '\n'), 1);
    is_malformed(with_watch("watch 1 mask=" + std::string(size, '|')), 3);
    is_malformed(with_watch("watch 1 mask=none dev=1 ino=1 handle=1:" + std::string(size, 'a')), 3);
    is_malformed(with_watch("watch 1 mask=none dev=" + std::string(size, '0') + " ino=1"), 3);
    auto const text = with_watch("watch 1 mask=none path=" + std::string(size, 'a'));
    BOOST_TEST((snapshot::from_text(text).to_text() == text));
}

BOOST_AUTO_TEST_SUITE_END()

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/printing.hpp"
#include "support/seed.hpp"
#include "support/set/snapshot_checks.hpp"

#include <asio_inotify/error.hpp>
#include <asio_inotify/tree_snapshot.hpp>

#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <climits>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lib = asio_inotify;

BOOST_AUTO_TEST_SUITE(tree_snapshot)

namespace {

using lib::error;
using lib::detail::saved_entry;
using lib::detail::saved_state;
using trees = lib::tree_snapshot;
using checks = test::snapshot_checks<trees>;
using namespace std::string_literals;

constexpr std::string_view title = "asio-inotify tree ";

// The checksums were made by another program.
constexpr std::string_view sample_text =
    "asio-inotify tree 1\n"
    "time 1764000000123456789\n"
    "root wd=1 dev=800010 ino=a8f3 at=/srv/my\\x20tree name=my\\x20tree\n"
    "dir 1 wd=2 dev=800010 ino=ffffffffffffffff name=sub\n"
    "file 2 ino=a8f5 name=line\\x0abreak\n"
    "file 2 name=new\n"
    "dir 1 state=uncovered dev=800010 ino=a8f6 name=locked\n"
    "file 1 ino=a8f4 name=\\xff\\x5c\n"
    "root state=lost at=/gone name=/gone\n"
    "part at=/srv/my\\x20tree/sub name=my\\x20tree/sub\n"
    "end 8 bfa9f9ee\n";
constexpr std::string_view empty_text = "asio-inotify tree 1\n"
                                        "time 0\n"
                                        "end 0 846f987b\n";

saved_entry root(std::string path, std::int32_t wd = 0, std::uint64_t device = 0,
                 std::uint64_t inode = 0)
{
    auto absolute = path.starts_with('/') ? path : "/srv/" + path;
    return {0, true, saved_state::covered, wd, device, inode, std::move(path), std::move(absolute)};
}

saved_entry directory(std::uint32_t depth, std::string name, std::int32_t wd = 0,
                      std::uint64_t device = 0, std::uint64_t inode = 0)
{
    return {depth, true, saved_state::covered, wd, device, inode, std::move(name), {}};
}

saved_entry file(std::uint32_t depth, std::string name, std::uint64_t inode = 0)
{
    return {depth, false, saved_state::covered, 0, 0, inode, std::move(name), {}};
}

saved_entry part(std::string path)
{
    auto made = root(std::move(path));
    made.is_directory = false;
    return made;
}

saved_entry with(saved_state state, saved_entry entry)
{
    entry.state = state;
    return entry;
}

trees sample()
{
    return {{root("my tree", 1, 0x80'0010, 0xa8f3), directory(1, "sub", 2, 0x80'0010, UINT64_MAX),
             file(2, "line\nbreak", 0xa8f5), file(2, "new"),
             with(saved_state::uncovered, directory(1, "locked", 0, 0x80'0010, 0xa8f6)),
             file(1, "\xff\\", 0xa8f4), with(saved_state::lost, root("/gone")),
             part("my tree/sub")},
            1764000000123456789};
}

// With the line that belongs at the end, so that nothing else is wrong than what a test is about.
std::string ended(std::string const& text)
{
    return text + test::end_line(text, test::count_lines(text) - 2);
}

constexpr std::string_view head = "asio-inotify tree 1\ntime 5\n";
// A tree in which all kinds of entries can follow.
constexpr std::string_view top = "root at=/a name=/a\ndir 1 name=d\n";

std::string with_entry(std::string_view line)
{
    return ended(std::string(head) + std::string(top) + std::string(line) + '\n');
}

BOOST_AUTO_TEST_CASE(exact_texts)
{
    BOOST_TEST(sample().to_text() == sample_text);
    BOOST_TEST((trees::from_text(sample_text) == sample()));
    BOOST_TEST(trees().to_text() == empty_text);
    BOOST_TEST((trees::from_text(empty_text) == trees()));
    BOOST_TEST(ended(std::string(sample_text.substr(0, sample_text.find("end 8")))) == sample_text);

    trees const full({root("/ \t\n\\x\x7f\xc3\xa4~!=", INT_MAX, UINT64_MAX, 1)}, INT64_MIN);
    BOOST_TEST(full.to_text() == ended("asio-inotify tree 1\n"
                                       "time -9223372036854775808\n"
                                       "root wd=2147483647 dev=ffffffffffffffff ino=1 "
                                       "at=/\\x20\\x09\\x0a\\x5cx\\x7f\\xc3\\xa4~!= "
                                       "name=/\\x20\\x09\\x0a\\x5cx\\x7f\\xc3\\xa4~!=\n"));
    checks::survives(full);
}

BOOST_AUTO_TEST_CASE(the_example_of_the_format_page)
{
    constexpr std::string_view example = "asio-inotify tree 1\n"
                                         "time 1764000000123456789\n"
                                         "root wd=1 dev=800010 ino=a8f3 at=/srv/my\\x20tree "
                                         "name=my\\x20tree\n"
                                         "dir 1 wd=2 dev=800010 ino=a8f4 name=sub\n"
                                         "file 2 ino=a8f5 name=line\\x0abreak\n"
                                         "end 3 d2132337\n";
    BOOST_TEST(trees::from_text(example).to_text() == example);
}

BOOST_AUTO_TEST_CASE(its_fields)
{
    BOOST_TEST(trees().empty());
    BOOST_TEST(trees().size() == 0U);
    BOOST_TEST(!sample().empty());
    BOOST_TEST(sample().size() == 8U);
    // Those that the user gave, be they part of another's tree or not.
    BOOST_TEST(sample().roots() == (std::vector<std::string>{"my tree", "/gone", "my tree/sub"}),
               boost::test_tools::per_element());
    auto other = sample().entries();
    other[2].inode = 1;
    BOOST_TEST((trees(other, sample().time()) != sample()));
    BOOST_TEST((trees(sample().entries(), 1) != sample()));
}

BOOST_AUTO_TEST_CASE(success_clears_the_reported_line)
{
    boost::system::error_code ec = error::no_such_watch;
    std::size_t line = 7;
    BOOST_TEST((trees::from_text(sample_text, ec, line) == sample()));
    BOOST_TEST(!ec);
    BOOST_TEST(line == 0U);
    ec = error::no_such_watch;
    BOOST_TEST((trees::from_text(sample_text, ec) == sample()));
    BOOST_TEST(!ec);
    BOOST_TEST((trees::from_text("", ec) == trees()));
    BOOST_TEST(ec == error::truncated_snapshot);
}

BOOST_AUTO_TEST_CASE(the_throwing_form_names_the_line)
{
    auto const names_it = [](boost::system::system_error const& e) {
        std::string_view const what = e.what();
        return e.code() == error::malformed_snapshot && e.code().has_location() &&
               what.starts_with("tree_snapshot::from_text line 5: ");
    };
    BOOST_CHECK_EXCEPTION(static_cast<void>(trees::from_text(with_entry("file 1 name=."))),
                          boost::system::system_error, names_it);
}

BOOST_AUTO_TEST_CASE(names_survive)
{
    std::vector<saved_entry> all{root("/a")};
    std::string every_byte;
    for (int value = 1; value != 256; ++value) {
        if (value != '/' && value != '.') {
            every_byte += static_cast<char>(value);
            all.push_back(file(1, every_byte.substr(every_byte.size() - 1)));
        }
    }
    for (auto const& name :
         {every_byte, "end 0 00000000\n"s, "\\x41"s, "x=y z=1"s, "..."s, ".a"s, "a."s,
          "\xff\xfe\x80"s, "b=y z=1"s, std::string(255, '\n'), std::string(4096, '\xff')}) {
        all.push_back(directory(1, name));
        all.push_back(file(2, name));
    }
    checks::survives(trees(all, 1));
    for (auto const& path :
         {"/"s, "."s, ".."s, "a/b"s, "../a b"s, '/' + every_byte, '/' + std::string(4000, '\n')}) {
        checks::survives(trees({root(path)}, 1));
        checks::survives(trees({root(path), part(path == "/" ? "/b" : path + "/b")}, 1));
    }
}

BOOST_AUTO_TEST_CASE(numbers_survive)
{
    for (int const number : {1, 9, 10, 1 << 20, INT_MAX - 1, INT_MAX}) {
        checks::survives(trees({root("/a", number, 1, 1)}, number));
    }
    for (std::int64_t const time : {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, INT64_MAX}) {
        checks::survives(trees({}, time));
    }
    for (std::uint64_t const inode : {std::uint64_t{0}, std::uint64_t{1}, UINT64_MAX}) {
        checks::survives(trees({root("/a"), file(1, "f", inode)}, 0));
    }
}

BOOST_AUTO_TEST_CASE(random_trees_survive)
{
    std::mt19937_64 random(test::seed());
    auto const below = [&](std::uint64_t limit) { return random() % limit; };
    auto const some_name = [&] {
        std::string name;
        for (auto size = 1 + below(60); name.size() != size;) {
            auto const c = static_cast<char>(1 + below(255));
            name += c == '/' || c == '.' ? '_' : c;
        }
        return name;
    };
    auto const some_number = [&] { return random() >> below(64); };
    for (int round = 0; round != 300; ++round) {
        std::vector<saved_entry> entries;
        std::uint64_t deepest = 0;
        for (auto count = below(40); count != 0; --count) {
            auto const depth = static_cast<std::uint32_t>(below(deepest + 1));
            // Not two alike.
            auto const wd = below(4) == 0 ? 0 : static_cast<std::int32_t>(entries.size() + 1);
            auto const name = std::to_string(entries.size()) + some_name();
            auto entry = depth == 0      ? root(name, wd, some_number(), some_number())
                         : below(2) == 0 ? directory(depth, name, wd, some_number(), some_number())
                                         : file(depth, name, some_number());
            if (entry.is_directory && below(5) == 0) {
                entry.wd = 0;
                entry.state = depth == 0 ? saved_state::lost : saved_state::uncovered;
            }
            deepest = entry.is_directory && entry.state != saved_state::lost ? depth + 1 : depth;
            entries.push_back(std::move(entry));
        }
        for (auto parts = entries.empty() ? 0 : below(4); parts != 0; --parts) {
            entries.push_back(part(entries.front().name + '/' + std::to_string(parts)));
        }
        checks::survives(trees(std::move(entries), static_cast<std::int64_t>(random())));
    }
}

BOOST_AUTO_TEST_CASE(prefixes)
{
    checks::prefixes_are_truncated(sample_text);
    checks::prefixes_are_truncated(empty_text);
}

BOOST_AUTO_TEST_CASE(changed_bytes)
{
    checks::changed_bytes_are_refused(std::string(sample_text));
}

BOOST_AUTO_TEST_CASE(lost_and_added_bytes)
{
    checks::lost_and_added_bytes_are_refused(std::string(sample_text));
}

BOOST_AUTO_TEST_CASE(titles)
{
    checks::wrong_titles_are_refused(std::string(title));
    // Another kind of snapshot.
    checks::is_malformed("asio-inotify snapshot 1\nnext 1\nend 0 0d02e803\n", 1);
    checks::is_malformed("asio-inotify snapshot 2\n", 1);
}

BOOST_AUTO_TEST_CASE(later_versions)
{
    checks::later_versions_are_told(std::string(title), sample_text);
}

BOOST_AUTO_TEST_CASE(second_lines)
{
    for (std::string const line : {"",
                                   "time",
                                   "time ",
                                   "time  1",
                                   "time +1",
                                   "time -0",
                                   "time 01",
                                   "time 1 ",
                                   "time 1\r",
                                   "time 0x1",
                                   "time a",
                                   "time 1a",
                                   "time 9223372036854775808",
                                   "time -9223372036854775809",
                                   "time 99999999999999999999",
                                   " time 1",
                                   "Time 1",
                                   "times 1",
                                   "next 1",
                                   "root at=/a name=/a",
                                   "end 0 00000000"}) {
        checks::is_malformed(ended(std::string(title) + "1\n" + line + '\n'), 2);
    }
    checks::is_malformed(ended(std::string(head) + "time 5\n"), 3);
}

// Each line is wrong as the last entry, and where the text ends with it.
void all_are_refused(std::vector<std::string> const& lines)
{
    for (auto const& line : lines) {
        auto const text = with_entry(line);
        checks::is_malformed(text, 5);
        checks::is_malformed(text.substr(0, head.size() + top.size() + line.size() + 1), 5);
        // Without its end the line can still become right.
        checks::is_truncated(text.substr(0, head.size() + top.size() + line.size()), 5);
    }
}

BOOST_AUTO_TEST_CASE(lines_that_are_no_entry)
{
    all_are_refused({
        "",
        " ",
        "root",
        "root ",
        "dir",
        "file",
        "part",
        "Root at=/b name=/b",
        " file 1 name=f",
        "link 1 name=f",
        "# comment",
        "time 5",
        "watch 1 mask=none",
    });
}

BOOST_AUTO_TEST_CASE(wrong_depths)
{
    all_are_refused({
        "file name=f",
        "file 0 name=f",
        "file -1 name=f",
        "file +1 name=f",
        "file 01 name=f",
        "file a name=f",
        "file 1a name=f",
        "file 3 name=f",
        "dir 3 name=f",
        "dir 4294967297 name=f",
        "dir 4294967298 name=f",
        "root 0 at=/b name=/b",
        "root 1 at=/b name=/b",
        "part 1 at=/b name=/b",
    });
}

BOOST_AUTO_TEST_CASE(wrong_names)
{
    all_are_refused({
        "file 1",
        "file 1 name",
        "file 1 name=",
        "file 1 name=.",
        "file 1 name=..",
        "file 1 name=/",
        "file 1 name=a/b",
        "file 1 name=/b",
        "dir 1 name=b/",
        "file 1 name=\\x2f",
        "file 1 name=\\x00",
        "file 1 name=a\\x00b",
        "file 1 name=\\x",
        "file 1 name=\\x0",
        "file 1 name=\\x0A",
        "file 1 name=\\X0a",
        "file 1 name=\\x61",
        "file 1 name=\\",
        "file 1 name=\\\\",
        "file 1 name=a b",
        "file 1 name=\xc3\xa4",
        "file 1 name=f\r",
        "file 1 name=" + std::string(0x10000, 'a'),
        "file 1 name=f name=f",
        "file 1 name=f ino=1",
        "root name=/b",
        "root at= name=/b",
        "root at=b name=/b",
        "root at=/b",
        "root at=/b name=",
        "root at=/\\x00 name=/b",
        "root name=/b at=/b",
        "root at=/b at=/b name=/b",
        "part name=/b",
        "part at=b name=/b",
        "dir 1 at=/b name=b",
        "file 1 at=/b name=b",
    });
}

BOOST_AUTO_TEST_CASE(wrong_spaces)
{
    all_are_refused({
        "file  1 name=f",
        "file 1  name=f",
        "file 1 name=f ",
        "file\t1 name=f",
    });
}

BOOST_AUTO_TEST_CASE(wrong_numbers)
{
    all_are_refused({
        "dir 1 wd=0 name=b",
        "dir 1 wd=-1 name=b",
        "dir 1 wd=01 name=b",
        "dir 1 wd=2147483648 name=b",
        "dir 1 wd=a name=b",
        "dir 1 wd= name=b",
        "dir 1 wd name=b",
        "file 1 wd=1 name=b",
        "part wd=1 at=/b name=/b",
        "dir 1 dev=0 name=b",
        "dir 1 dev=01 name=b",
        "dir 1 dev=0x1 name=b",
        "dir 1 dev=A name=b",
        "dir 1 dev=-1 name=b",
        "dir 1 dev=10000000000000000 name=b",
        "file 1 dev=1 name=b",
        "part dev=1 at=/b name=/b",
        "file 1 ino=0 name=b",
        "file 1 ino=01 name=b",
        "file 1 ino=F name=b",
        "file 1 ino=10000000000000000 name=b",
        "part ino=1 at=/b name=/b",
    });
}

BOOST_AUTO_TEST_CASE(wrong_states)
{
    all_are_refused({
        "dir 1 state= name=b",
        "dir 1 state=covered name=b",
        "dir 1 state=what name=b",
        "dir 1 state=lost name=b",
        "dir 1 state=uncovered wd=1 name=b",
        "root state=lost wd=1 at=/b name=/b",
        "file 1 state=uncovered name=b",
        "part state=uncovered at=/b name=/b",
        "part state=lost at=/b name=/b",
        "root at=/b state=lost name=/b",
    });
}

BOOST_AUTO_TEST_CASE(unknown_misplaced_and_repeated_fields)
{
    all_are_refused({
        "dir 1 dev=1 wd=1 name=b",
        "dir 1 ino=1 dev=1 name=b",
        "dir 1 ino=1 ino=1 name=b",
        "dir 1 what=1 name=b",
        "dir 1 mask=none name=b",
        "dir 1 =1 name=b",
    });
}

BOOST_AUTO_TEST_CASE(entries_that_are_barely_right)
{
    for (auto const& line :
         {"file 2 name=f"s, "dir 2 name=f"s, "file 1 ino=1 name=f"s, "root at=/b name=b"s,
          "dir 1 wd=1 dev=1 ino=1 name=..."s, "dir 1 state=uncovered name=b"s,
          "part at=/a/b name=/a/b"s, "root state=uncovered at=/b name=b"s,
          "root state=lost dev=1 at=/b name=b"s, "file 1 name=" + std::string(0xffff, 'a')}) {
        auto const text = with_entry(line);
        BOOST_TEST(trees::from_text(text).to_text() == text);
    }
}

BOOST_AUTO_TEST_CASE(impossible_depths)
{
    auto const refused = [](std::string_view lines, std::size_t line) {
        checks::is_malformed(ended(std::string(head) + std::string(lines)), line);
    };
    // Not in a root.
    refused("file 1 name=f\n", 3);
    refused("dir 1 name=d\n", 3);
    // In a file.
    refused("root at=/a name=/a\nfile 1 name=f\nfile 2 name=g\n", 5);
    // Deeper than the last one's entries would be.
    refused("root at=/a name=/a\nfile 2 name=g\n", 4);
    refused("root at=/a name=/a\ndir 1 name=d\ndir 2 name=e\ndir 1 name=g\nfile 3 name=g\n", 7);
    // In what lies in another root.
    refused("root at=/a name=/a\npart at=/a/b name=/a/b\nfile 1 name=f\n", 5);
    // In another root.
    refused("root at=/a name=/a\ndir 1 name=d\nroot at=/b name=/b\nfile 2 name=f\n", 6);
}

BOOST_AUTO_TEST_CASE(wrong_ends)
{
    checks::wrong_ends_are_refused(std::string(head) + "root at=/a name=/a\n");
}

BOOST_AUTO_TEST_CASE(nothing_may_follow)
{
    checks::nothing_may_follow(std::string(sample_text));
}

BOOST_AUTO_TEST_CASE(many_entries)
{
    std::vector<saved_entry> entries{root("/a", 1, 1, 1)};
    for (int number = 2; number != 200'000; ++number) {
        entries.push_back(number % 20 == 0
                              ? directory(1, "directory " + std::to_string(number), number, 1, 1)
                              : file(1, "file " + std::to_string(number), 77));
    }
    // Of the processor, which other tests share.
    auto const begin = std::clock();
    trees const s(std::move(entries), 1);
    auto const text = s.to_text();
    BOOST_TEST((trees::from_text(text) == s));
    auto const seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    // Far more than it takes, and far less than if the time were a square of the length.
    BOOST_TEST(seconds < 20.0);
    // As deep as one can be.
    entries = {root("/a")};
    for (std::uint32_t depth = 1; depth != 100'000; ++depth) {
        entries.push_back(directory(depth, "d"));
    }
    checks::survives(trees(std::move(entries), 1));
}

} // namespace

BOOST_AUTO_TEST_SUITE_END()

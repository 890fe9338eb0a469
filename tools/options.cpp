//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "options.hpp"

#include "failure.hpp"

#include <CLI/CLI.hpp>

#include <charconv>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

namespace asio_watch {
namespace {

using asio_inotify::event_mask;
using asio_inotify::tree_change_mask;
using asio_inotify::watch_descriptor;

constexpr auto description =
    "Report what happens to files and directories: one inotify watch for\n"
    "each PATH, every kernel event; with -r, the directories PATH recursively,\n"
    "as exact changes; with -f, the files at the PATHs, across atomic\n"
    "replacement and symlink swaps.";

constexpr auto footer =
    R"(Without -r and -f the EVENTS are access, modify, attrib, close_write,
close_nowrite, open, moved_from, moved_to, create, delete, delete_self,
move_self, and the groups close, move, all. Regardless of -e, ignored (the end of
a watch), unmount and q_overflow (the queue overflowed and the kernel dropped
events) are reported too, and count for -n. PATHs of the same file share one watch
and are reported as the first of them; with --wd they are an error.

With -r the PATHs are directories. Apply the lines after the ready line in order
to the trees at that time, and you have the trees on disk. The EVENTS are created,
modified, closed_write, attributes, removed, renamed, exchanged; existing (the
initial entries); rescan_begin and rescan_end (the queue overflowed; the changes
between them are those that were missed); unmounted; root_lost and root_found (a
PATH); uncovered and covered (a directory that cannot be watched, and is watched
again); path_unguarded and path_guarded (not every directory above PATH can be
watched, so PATH is checked every second). A synthetic change was found by
scanning, not reported by the kernel.
-x ignores entries whose name matches GLOB, with their subtrees; a GLOB with a '/'
is matched against the path below PATH. --settle (debounce) holds changes back
until none has arrived for MS milliseconds, or until they take 16 MiB; none is
dropped.

With -f a line is printed when a file is written or replaced (changed), when it is
gone (disappeared), and when it is there again (appeared), also if the cause is a
directory or a symbolic link of its path. The file need not exist at the start.

A PATH that begins with '-' goes after '--'.

--save writes the watches to FILE when the program ends without an error;
--restore adds them again with the same watch descriptors, before those of the
PATHs, which are optional then. A line reports each watch that is not on the same
object at the same path: moved, replaced, gone or failed. Changes between save and
restore are not reported.

With -r they are reported: --save writes the trees as of the last printed line,
and --restore continues from there. The differences are reported between
rescan_begin and rescan_end, as synthetic changes; apply the lines of both
programs in order, and you have the trees on disk. The modification of a file may
be spurious; after -n, or if the output was closed early, a file that has moved as
well is reported as removed and created. No snapshot is written before the ready
line was printed. PATHs are additional trees. Entries that -x ignores now are
reported as removed, those that it no longer ignores as created. FILE itself is
reported if it is in one of the trees.

Writing the output into a watched directory causes an endless loop of events.

Without -r and -f, the program ends when no watch is left because all watched
objects are gone: with 0, or with 1 if fewer than N events came with -n.

Exit status: 0 done, stopped by SIGINT or SIGTERM, or output closed;
1 usage or runtime error; 2 timeout.)";

/// Parse a text that is entirely one decimal number.
template <class Number>
std::optional<Number> parse_number(std::string_view text)
{
    Number value{};
    auto const end = text.data() + text.size();
    auto const result = std::from_chars(text.data(), end, value);
    if (result.ec != std::errc{} || result.ptr != end) {
        return std::nullopt;
    }
    return value;
}

/// The union of the kinds in comma-separated lists.
/** @param from_string  Returns the kinds of a name. */
template <class Mask>
Mask parse_kinds(std::vector<std::string> const& lists, std::string_view what,
                 Mask (*from_string)(std::string_view, boost::system::error_code&))
{
    auto mask = Mask::none;
    for (std::string_view list : lists) {
        for (;;) {
            auto const end = list.find(',');
            auto const name = list.substr(0, end);
            boost::system::error_code ec;
            auto const found = from_string(name, ec);
            // The library also accepts '|' between names, and "none", with which nothing is
            // reported.
            if (ec || !any(found) || name.find('|') != name.npos) {
                throw failure("--event", name.empty() ? "''" : name,
                              "is not the name of " + std::string(what));
            }
            mask |= found;
            if (end == list.npos) {
                break;
            }
            list.remove_prefix(end + 1);
        }
    }
    return mask;
}

std::uint64_t parse_count(std::string const& text)
{
    auto const count = parse_number<std::uint64_t>(text);
    if (!count || *count == 0) {
        throw failure("--count", text, "is not a number of events from 1");
    }
    return *count;
}

std::chrono::nanoseconds parse_timeout(std::string const& text)
{
    // Thirty years, so that the sum of a time and any limit fits into 64 bits.
    constexpr double longest = 1e9;
    auto const seconds = parse_number<double>(text);
    // Negated, so that NaN is rejected too.
    if (!seconds || !(*seconds > 0 && *seconds <= longest)) {
        throw failure("--timeout", text, "is not a number of seconds above 0, at most 1000000000");
    }
    return std::chrono::nanoseconds{std::llround(std::ceil(*seconds * 1e9))};
}

watch_descriptor parse_first_number(std::string const& text)
{
    auto const number = watch_descriptor{parse_number<int>(text).value_or(0)};
    if (!number) {
        throw failure("--wd", text, "is not a watch descriptor from 1 to 2147483647");
    }
    return number;
}

std::chrono::milliseconds parse_settle(std::string const& text)
{
    // A day.
    constexpr std::int64_t longest = 86'400'000;
    auto const time = parse_number<std::int64_t>(text);
    if (!time || *time < 0 || *time > longest) {
        throw failure("--settle", text, "is not a number of milliseconds from 0 to 86400000");
    }
    return std::chrono::milliseconds{*time};
}

std::string parse_file(std::string_view option, std::string const& text)
{
    if (text.empty()) {
        throw failure(option, "''", "is not the name of a file");
    }
    return text;
}

/// Separate the PATHs from unknown options.
std::vector<std::string> parse_paths(std::vector<std::string> const& left_over)
{
    std::vector<std::string> paths;
    bool only_paths = false;
    for (auto const& argument : left_over) {
        if (!only_paths && argument == "--") {
            only_paths = true;
            continue;
        }
        if (!only_paths && argument.starts_with('-') && argument != "-") {
            throw failure("usage", argument, "no such option; see asio-watch --help");
        }
        paths.push_back(argument);
    }
    return paths;
}

/// Reject options that do not go with the mode.
void check_mode(CLI::App const& app, options const& wanted)
{
    auto const refuse = [&](std::initializer_list<char const*> names, char const* why) {
        for (auto const* const name : names) {
            if (app.count(name) != 0) {
                throw failure("usage", name, why);
            }
        }
    };
    if (app.count("--recursive") != 0 && app.count("--file") != 0) {
        throw failure("usage", "--recursive", "does not go with --file");
    }
    if (wanted.mode != watch_mode::tree) {
        refuse({"--exclude", "--existing"}, "goes with --recursive only");
    }
    switch (wanted.mode) {
    case watch_mode::flat:
        refuse({"--settle"}, "goes with --recursive or --file only");
        break;
    case watch_mode::tree:
        refuse({"--wd"}, "does not go with --recursive");
        break;
    case watch_mode::file:
        refuse({"--event", "--wd", "--save", "--restore"}, "does not go with --file");
        break;
    }
}

/// Parse the lists of --event, in the vocabulary of the mode.
void take_kinds(std::vector<std::string> const& lists, options& wanted)
{
    if (wanted.mode == watch_mode::tree) {
        if (!lists.empty()) {
            wanted.changes = parse_kinds<tree_change_mask>(
                lists, "a change", asio_inotify::tree_change_mask_from_string);
        }
        if (wanted.existing) {
            wanted.changes |= tree_change_mask::existing;
        } else if (wanted.changes == tree_change_mask::existing) {
            throw failure("--event", "existing", "needs --existing");
        }
    } else if (!lists.empty()) {
        wanted.events =
            parse_kinds<event_mask>(lists, "an event", asio_inotify::event_mask_from_string);
    }
}

void check(options const& wanted)
{
    if (wanted.paths.empty() && !wanted.restore) {
        throw failure("usage", "", "no PATH is given; see asio-watch --help");
    }
    if (wanted.first_number && !wanted.paths.empty()) {
        auto const room = std::numeric_limits<int>::max() - wanted.first_number->value();
        if (wanted.paths.size() - 1 > static_cast<std::size_t>(room)) {
            throw failure("--wd", std::to_string(wanted.first_number->value()),
                          "the watch descriptors of " + std::to_string(wanted.paths.size()) +
                              " paths would go beyond 2147483647");
        }
    }
}

class formatter : public CLI::Formatter
{
public:
    formatter() { column_width(24); }

    [[nodiscard]] std::string make_usage(CLI::App const*, std::string) const override
    {
        return "Usage: asio-watch [OPTIONS] PATH...\n";
    }
};

void describe_modes(CLI::App& app, options& wanted)
{
    app.set_help_flag("-h,--help", "Print this help");
    app.set_version_flag("-V,--version", "asio-watch " ASIO_WATCH_VERSION, "Print the version");
    app.add_flag_callback(
           "-r,--recursive", [&] { wanted.mode = watch_mode::tree; },
           "Watch the directories PATH recursively: exact changes")
        ->disable_flag_override();
    app.add_flag_callback(
           "-f,--file", [&] { wanted.mode = watch_mode::file; },
           "Watch files by path, also if they are replaced")
        ->disable_flag_override();
    app.add_flag("-j,--json", wanted.json, "Print one JSON object per line")
        ->disable_flag_override();
}

void describe_events(CLI::App& app, options& wanted, std::vector<std::string>& event_lists)
{
    using text = std::string const&;
    // Raw strings, as CLI11's conversion to a vector interprets "{}".
    auto const take_lists = [&](CLI::results_t const& lists) {
        event_lists = lists;
        return true;
    };
    app.add_option("-e,--event", take_lists, "Report only these, separated by commas; repeatable")
        ->type_name("EVENTS")
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false);
    app.add_option_function<std::string>(
           "-n,--count", [&](text value) { wanted.count = parse_count(value); },
           "Exit with 0 after N events")
        ->type_name("N");
    app.add_option_function<std::string>(
           "-t,--timeout", [&](text value) { wanted.timeout = parse_timeout(value); },
           "Exit with 2 after SECONDS without an event; 0.5 is fine")
        ->type_name("SECONDS");
    auto const take_globs = [&](CLI::results_t const& globs) {
        wanted.excluded = globs;
        return true;
    };
    app.add_option("-x,--exclude", take_globs,
                   "Ignore matching entries and their subtrees; repeatable (-r)")
        ->type_name("GLOB")
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false);
    app.add_flag("--existing", wanted.existing, "First report the initial entries (-r)")
        ->disable_flag_override();
    app.add_option_function<std::string>(
           "--settle", [&](text value) { wanted.settle = parse_settle(value); },
           "Report changes after MS milliseconds without one (-r, -f)")
        ->type_name("MS");
}

void describe_snapshots(CLI::App& app, options& wanted)
{
    using text = std::string const&;
    app.add_option_function<std::string>(
           "--wd", [&](text value) { wanted.first_number = parse_first_number(value); },
           "Use watch descriptors N, N+1, ... in the order of the PATHs")
        ->type_name("N");
    app.add_option_function<std::string>(
           "--save", [&](text value) { wanted.save = parse_file("--save", value); },
           "Write a snapshot of the watches or trees to FILE at exit")
        ->type_name("FILE");
    app.add_option_function<std::string>(
           "--restore", [&](text value) { wanted.restore = parse_file("--restore", value); },
           "First restore the snapshot in FILE")
        ->type_name("FILE");
    app.add_flag("--stats", wanted.statistics, "Print counters as JSON on standard error at exit")
        ->disable_flag_override();
}

// In the order of --help.
void describe(CLI::App& app, options& wanted, std::vector<std::string>& event_lists)
{
    describe_modes(app, wanted);
    describe_events(app, wanted, event_lists);
    describe_snapshots(app, wanted);
    // The PATHs are the remaining arguments: as a CLI11 option they could not be named "[a,b]".
    app.allow_extras();
    app.formatter(std::make_shared<formatter>());
    app.footer(footer);
}

} // namespace

std::variant<options, information> parse_options(int argc, char const* const* argv)
{
    options wanted;
    std::vector<std::string> event_lists;
    CLI::App app{description, "asio-watch"};
    describe(app, wanted, event_lists);
    try {
        app.parse(argc, argv);
    } catch (CLI::CallForHelp const&) {
        return information{app.help()};
    } catch (CLI::CallForVersion const& version) {
        return information{std::string(version.what()) + '\n'};
    } catch (CLI::ParseError const& error) {
        throw failure("usage", "", error.what());
    }
    wanted.paths = parse_paths(app.remaining());
    check_mode(app, wanted);
    take_kinds(event_lists, wanted);
    check(wanted);
    return wanted;
}

} // namespace asio_watch

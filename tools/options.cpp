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

constexpr auto description = "Report what happens to files and directories: one inotify watch for\n"
                             "each PATH, every event of the kernel; with -r, what changes in the\n"
                             "trees below the PATHs; with -f, what becomes of the files that the\n"
                             "PATHs lead to.";

constexpr auto footer =
    R"(Without -r and -f the EVENTS are access, modify, attrib, close_write,
close_nowrite, open, moved_from, moved_to, create, delete, delete_self,
move_self, and for several of them close, move, all. Whatever is chosen, ignored
(the end of a watch), unmount and q_overflow (the kernel dropped events) are
reported too, and count for -n. PATHs that are the same file share one watch and
are reported as the first of them; with --wd they are an error.

With -r the PATHs are directories. The lines behind the first, applied in their
order to the trees as they were then, give the trees as they are. The EVENTS are
created, modified, closed_write, attributes, removed, renamed, exchanged;
existing (what is there at the start); rescan_begin and rescan_end (the kernel
dropped events; what was missed stands between them); unmounted; root_lost and
root_found (a PATH); uncovered and covered (a directory that cannot be watched,
and can again). What is synthetic was found by looking, not told by the kernel.
Entries whose name matches a GLOB of -x are left out, and all beneath them; a
GLOB with a '/' is for the path below PATH. --settle holds changes back until
none has come for a while, or until they take 16 MiB; none is dropped.

With -f a line is printed when a file was written or replaced (changed), when it
is gone (disappeared), and when it is there again (appeared), also because a
directory or a symbolic link on its way is another one. There need not be a file
at the start.

A PATH that begins with '-' goes after '--'.

--save writes down the watches when the program ends without an error, --restore
makes them again under the same watch descriptors, before those of the PATHs,
which may be left out then. What became of each watch that is not as it was is
reported: moved, replaced, gone or failed. What happened in between is not.

With -r it is: --save writes down the trees as the lines say that were printed,
and --restore goes on from there. What is different by then is reported between
rescan_begin and rescan_end, and is synthetic; the lines of both programs, applied
in their order, give the trees as they are. A file that was written to can be
reported once too often; after -n or a reader that went away in between, one that
has moved as well is removed and created. Nothing is written before the first line
was printed. PATHs are trees in addition; what -x leaves out counts as removed,
what it does not any more as created. FILE is reported like others if it is in one
of the trees.

Writing the output into a watched directory gives events without end.

Without -r and -f, ends when no watch is left because everything watched is gone:
with 0, or with 1 if that comes before the events that -n asks for.

Exit status: 0 done, stopped by SIGINT or SIGTERM, or nobody reads the output any
more; 1 usage or runtime error; 2 timeout.)";

/// A number in decimal that takes up the whole text.
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

/// The union of what the names in comma-separated lists stand for.
/** @param from_string  Gives the kinds for a name. */
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
            // The library also takes '|' between names and "none", which is nothing to report.
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
    // Thirty years, so that the sum of a time and any limit stays within 64 bits.
    constexpr double longest = 1e9;
    auto const seconds = parse_number<double>(text);
    // Written so that NaN is refused too.
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
    // A day; who waits longer does not wait for quiet.
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

/// Tell the PATHs from options that do not exist.
std::vector<std::string> parse_paths(std::vector<std::string> const& left_over)
{
    std::vector<std::string> paths;
    bool only_paths = false;
    for (auto const& argument : left_over) {
        if (only_paths) {
            paths.push_back(argument);
        } else if (argument == "--") {
            only_paths = true;
        } else if (argument.starts_with('-') && argument != "-") {
            throw failure("usage", argument, "no such option; see asio-watch --help");
        } else {
            paths.push_back(argument);
        }
    }
    return paths;
}

/// Options that are about something else than what is watched.
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

/// What to report, in the words of what is watched.
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

void describe(CLI::App& app, options& wanted, std::vector<std::string>& event_lists)
{
    using text = std::string const&;
    app.set_help_flag("-h,--help", "Print this help");
    app.set_version_flag("-V,--version", "asio-watch " ASIO_WATCH_VERSION, "Print the version");
    app.add_flag_callback(
           "-r,--recursive", [&] { wanted.mode = watch_mode::tree; },
           "Watch the trees below the PATHs: exact changes")
        ->disable_flag_override();
    app.add_flag_callback(
           "-f,--file", [&] { wanted.mode = watch_mode::file; },
           "Watch the files that the PATHs lead to")
        ->disable_flag_override();
    app.add_flag("-j,--json", wanted.json, "Print one JSON object per line")
        ->disable_flag_override();
    // Raw strings: CLI11's conversion to a vector gives "{}" a meaning.
    auto const take_lists = [&](CLI::results_t const& lists) {
        event_lists = lists;
        return true;
    };
    app.add_option("-e,--event", take_lists, "Report these only, separated by commas; repeatable")
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
                   "Leave out what matches and all beneath it; repeatable (-r)")
        ->type_name("GLOB")
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false);
    app.add_flag("--existing", wanted.existing, "First report what is there at the start (-r)")
        ->disable_flag_override();
    app.add_option_function<std::string>(
           "--settle", [&](text value) { wanted.settle = parse_settle(value); },
           "Report changes after MS milliseconds of quiet (-r, -f)")
        ->type_name("MS");
    app.add_option_function<std::string>(
           "--wd", [&](text value) { wanted.first_number = parse_first_number(value); },
           "Use watch descriptors N, N+1, ... in the order of the PATHs")
        ->type_name("N");
    app.add_option_function<std::string>(
           "--save", [&](text value) { wanted.save = parse_file("--save", value); },
           "Write a snapshot of what is watched to FILE at exit")
        ->type_name("FILE");
    app.add_option_function<std::string>(
           "--restore", [&](text value) { wanted.restore = parse_file("--restore", value); },
           "First go on with what the snapshot in FILE has")
        ->type_name("FILE");
    app.add_flag("--stats", wanted.statistics, "Print counters as JSON on standard error at exit")
        ->disable_flag_override();
    // The PATHs are what is left over: as an option of CLI11 they could not be called "[a,b]".
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

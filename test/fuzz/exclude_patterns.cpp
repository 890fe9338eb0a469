//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "check.hpp"

#include "tree/model/exclusions.hpp"

#include <asio_inotify/tree_options.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

// The first line is a pattern, the other ones are paths below a root. A pattern that was refused
// matches none of them. One that was accepted matches as a matcher of a few lines does.
namespace {

using test::check;

constexpr std::size_t longest_name = 255;
constexpr std::size_t longest_path = 4095;

// The time of the processor, so that other processes do not count.
std::chrono::nanoseconds processor_time()
{
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

/// A path below a root: it has no empty component, and none that is `.` or `..`.
bool is_path(std::string_view text)
{
    if (text.size() > longest_path || text.find('\0') != std::string_view::npos) {
        return false;
    }
    for (std::size_t at = 0; at <= text.size();) {
        auto const end = (std::min)(text.find('/', at), text.size());
        auto const part = text.substr(at, end - at);
        if (part.empty() || part == "." || part == ".." || part.size() > longest_name) {
            return false;
        }
        at = end + 1;
    }
    return true;
}

/// What fnmatch(3) does with FNM_PATHNAME, for patterns without sets.
bool matches(std::string_view pattern, std::string_view text)
{
    // Whether what was read of the pattern matches so many bytes of the text.
    std::vector<bool> reach(text.size() + 1);
    reach[0] = true;
    for (std::size_t at = 0; at != pattern.size(); ++at) {
        char const c = pattern[at];
        std::vector<bool> next(text.size() + 1);
        bool const is_escape = c == '\\';
        char const literal = is_escape ? pattern[++at] : c;
        next[0] = c == '*' && reach[0];
        for (std::size_t i = 0; i != text.size(); ++i) {
            bool const is_separator = text[i] == '/';
            if (c == '*') {
                next[i + 1] = reach[i + 1] || (next[i] && !is_separator);
            } else if (c == '?') {
                next[i + 1] = reach[i] && !is_separator;
            } else {
                next[i + 1] = reach[i] && text[i] == literal;
            }
        }
        reach = std::move(next);
    }
    return reach[text.size()];
}

/// A `!`, alternatives and null bytes are refused for what they mean elsewhere.
bool is_refused_for_its_meaning(std::string_view pattern)
{
    return pattern.starts_with('!') || pattern.find('{') != std::string_view::npos ||
           pattern.find('\0') != std::string_view::npos;
}

void check_match(std::string_view pattern, bool is_valid, std::string const& path,
                 asio_inotify::detail::exclusions const& exclusions)
{
    bool const is_for_paths = pattern.find('/') != std::string_view::npos;
    auto const name = path.substr(path.rfind('/') + 1);
    auto const begin = processor_time();
    bool const found_name = exclusions.match_name(name.c_str());
    bool const found_path = exclusions.match_path(path.c_str());
    check(processor_time() - begin < std::chrono::seconds(1), "a match takes a bounded time");
    check(!found_name || !is_for_paths, "a pattern for paths matches no name");
    check(!found_path || is_for_paths, "a pattern for names matches no path");
    bool const found = found_name || found_path;
    if (pattern.find('[') != std::string_view::npos) {
        // A set has classes, ranges and the locale's characters, which are not repeated here.
        return;
    }
    if (is_valid) {
        auto const rest = pattern.substr(pattern.starts_with('/') ? 1 : 0);
        check(found == matches(rest, is_for_paths ? path : name), "it matches as described");
    } else if (!is_refused_for_its_meaning(pattern)) {
        check(!found, "a refused pattern matches nothing");
    }
}

void check_pattern(std::string const& pattern, std::string_view paths)
{
    asio_inotify::tree_options options;
    options.exclude = {"first", pattern};
    auto const* const refused = asio_inotify::find_invalid_exclude(options);
    check(refused == nullptr || refused == &options.exclude[1], "the pattern that is refused");
    check(asio_inotify::find_invalid_exclude(options, "/") == refused, "the root directory");
    auto const* const below = asio_inotify::find_invalid_exclude(options, "/srv");
    check((below != nullptr) == (refused != nullptr || pattern.starts_with('/')),
          "an absolute pattern below another root");

    options.exclude = {pattern};
    asio_inotify::detail::exclusions const exclusions(options);
    check(exclusions.exist(), "there is a pattern");
    check(exclusions.depend_on_path() == (pattern.find('/') != std::string::npos),
          "a pattern with a separator depends on the path");
    constexpr int most_paths = 8;
    for (int count = 0; count != most_paths; ++count) {
        auto const end = (std::min)(paths.find('\n'), paths.size());
        if (auto const path = paths.substr(0, end); is_path(path)) {
            check_match(pattern, refused == nullptr, std::string(path), exclusions);
        }
        if (end == paths.size()) {
            return;
        }
        paths.remove_prefix(end + 1);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    auto const end = (std::min)(text.find('\n'), text.size());
    check_pattern(std::string(text.substr(0, end)), text.substr((std::min)(end + 1, text.size())));
    return 0;
}

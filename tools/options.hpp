//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_WATCH_OPTIONS_HPP
#define ASIO_WATCH_OPTIONS_HPP

#include <asio_inotify/event_mask.hpp>
#include <asio_inotify/tree_change_mask.hpp>
#include <asio_inotify/watch_descriptor.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace asio_watch {

/// What to watch.
enum class watch_mode
{
    /// One watch for each path: every kernel event.
    flat,
    /// Files by path, across atomic replacement and symlink swaps.
    file,
    /// Directories, recursively.
    tree
};

/// The command line, checked as far as possible without accessing the paths.
struct options
{
    std::vector<std::string> paths;
    watch_mode mode = watch_mode::flat;
    asio_inotify::event_mask events = asio_inotify::event_mask::all;
    /// The same for trees.
    asio_inotify::tree_change_mask changes = asio_inotify::tree_change_mask::all;
    /// Globs of what trees are watched without.
    std::vector<std::string> excluded;
    bool existing = false;
    bool json = false;
    bool statistics = false;
    std::optional<std::uint64_t> count;
    std::optional<std::chrono::nanoseconds> timeout;
    std::optional<asio_inotify::watch_descriptor> first_number;
    std::optional<std::chrono::milliseconds> settle;
    /// Files of snapshots; not empty.
    std::optional<std::string> save;
    std::optional<std::string> restore;
};

/// The text of --help or --version.
struct information
{
    std::string text;
};

/// Parse the command line.
/** @throws failure if it is invalid. */
[[nodiscard]] std::variant<options, information> parse_options(int argc, char const* const* argv);

} // namespace asio_watch

#endif

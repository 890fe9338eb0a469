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

/// What is watched.
enum class watch_mode
{
    /// Each path with one watch: every event of the kernel.
    flat,
    /// The files that the paths lead to, whatever becomes of what they lead through.
    file,
    /// The trees below the paths.
    tree
};

/// What the user asked for, checked as far as that is possible without looking at the paths.
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
    /// The files of snapshots; not empty.
    std::optional<std::string> save;
    std::optional<std::string> restore;
};

/// Text that the user asked for instead: the help or the version.
struct information
{
    std::string text;
};

/// Read the command line.
/** @throws failure if it is not acceptable. */
[[nodiscard]] std::variant<options, information> parse_options(int argc, char const* const* argv);

} // namespace asio_watch

#endif

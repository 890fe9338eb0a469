//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree_setup.hpp"

#include "failure.hpp"

#include <asio_inotify/error.hpp>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

namespace asio_watch {
namespace {

using asio_inotify::tree_change_mask;

/// The absolute path of a root of a snapshot; none if there is no such root.
std::optional<std::filesystem::path> saved_path_of(asio_inotify::tree_snapshot const& saved,
                                                   std::string const& root)
{
    for (auto const& entry : saved.entries()) {
        if (entry.depth == 0 && entry.name == root) {
            return entry.absolute;
        }
    }
    return std::nullopt;
}

} // namespace

asio_inotify::tree_options watcher_options(options const& wanted)
{
    asio_inotify::tree_options result;
    result.report = wanted.changes;
    if (wanted.restore || wanted.save) {
        result.report |= tree_change_mask::rescan_begin | tree_change_mask::rescan_end;
    }
    if (wanted.save) {
        result.report |= tree_change_mask::renamed | tree_change_mask::exchanged;
    }
    if (wanted.save && wanted.count) {
        // So that the changes after the last wanted one usually stay in the kernel's queue.
        result.batch_size = 1;
    }
    result.report_existing = wanted.existing;
    result.exclude = wanted.excluded;
    return result;
}

void check_excluded(asio_inotify::tree_options const& wanted, std::vector<std::string> const& roots)
{
    auto const* invalid = asio_inotify::find_invalid_exclude(wanted);
    for (auto const& root : roots) {
        std::error_code ec;
        auto const absolute = std::filesystem::weakly_canonical(root, ec);
        if (invalid == nullptr && !ec) {
            invalid = asio_inotify::find_invalid_exclude(wanted, absolute.native());
        }
    }
    if (invalid != nullptr) {
        throw failure("cannot exclude", *invalid,
                      explain(make_error_code(asio_inotify::error::invalid_exclude_pattern)));
    }
}

std::vector<std::string> roots_of(std::vector<std::string> const& paths)
{
    std::vector<std::string> roots;
    for (auto path : paths) {
        while (path.size() > 1 && path.ends_with('/')) {
            path.pop_back();
        }
        if (std::ranges::find(roots, path) == roots.end()) {
            roots.push_back(std::move(path));
        }
    }
    return roots;
}

std::vector<std::string> new_roots(asio_inotify::tree_snapshot const& saved,
                                   std::vector<std::string> const& paths)
{
    std::vector<std::string> result;
    for (auto& root : roots_of(paths)) {
        auto const saved_path = saved_path_of(saved, root);
        std::error_code ec;
        if (!saved_path) {
            result.push_back(std::move(root));
        } else if (std::filesystem::absolute(root, ec) != *saved_path &&
                   !std::filesystem::equivalent(root, *saved_path, ec)) {
            // A relative path in a different working directory.
            throw failure("cannot watch", root, "is in the snapshot, as " + saved_path->native());
        }
    }
    return result;
}

} // namespace asio_watch

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_TREE_MODELLED_TREE_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_TREE_MODELLED_TREE_HPP

#include "support/file/path_map.hpp"
#include "support/tree/describe_change.hpp"
#include "support/tree/recording_port.hpp"

#include "tree/model/tree_model.hpp"

#include <asio_inotify/tree_change_batch.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

/// A model of trees on a port, and the tree of a user who replays its changes.
template <class Port>
struct modelled_tree_on
{
    using dir_id = asio_inotify::detail::dir_id;
    using entry_id = asio_inotify::detail::entry_id;

    explicit modelled_tree_on(asio_inotify::tree_options given = {})
        : options(std::move(given))
        , model(port, options)
    {}

    dir_id add_root(std::string const& path)
    {
        auto& root = model.make_root(path, absolute(path), absolute(path));
        model.start_reporting(root);
        replayed.emplace(path, true);
        return root.directory;
    }

    static std::string absolute(std::string const& path)
    {
        return path.starts_with('/') ? path : "/some/where/" + path;
    }

    [[nodiscard]] entry_id entry_of(dir_id id) { return model.directory(id).entry; }

    /// The entry that has a path, found by its names.
    [[nodiscard]] entry_id find(std::string const& path)
    {
        for (auto const& root : model.roots()) {
            if (path == root.path) {
                return entry_of(root.directory);
            }
            if (!is_path_within(path, root.path)) {
                continue;
            }
            auto rest = std::string_view(path).substr(path_in(root.path, "").size());
            auto id = root.directory;
            for (;;) {
                auto const end = rest.find('/');
                auto const entry = model.index.find(id, rest.substr(0, end));
                if (end == std::string_view::npos || entry == 0) {
                    return entry;
                }
                id = model.index.entry(entry).directory();
                rest.remove_prefix(end + 1);
            }
        }
        return 0;
    }

    [[nodiscard]] dir_id find_directory(std::string const& path)
    {
        return model.index.entry(find(path)).directory();
    }

    entry_id create(std::string const& parent, std::string_view name, bool is_directory)
    {
        return model.create(find_directory(parent), name, is_directory, false);
    }

    void collect(dir_id id, std::string const& path, path_map& to)
    {
        to.emplace(path, true);
        auto& index = model.index;
        for (auto at = index.directory(id).first_child; at != 0; at = index.entry(at).next) {
            auto const below = path_in(path, std::string(index.entry(at).name()));
            if (auto const directory = index.entry(at).directory(); directory != 0) {
                collect(directory, below, to);
            } else {
                to.emplace(below, false);
            }
        }
    }

    /// All that the model holds.
    [[nodiscard]] path_map contents()
    {
        path_map result;
        for (auto const& root : model.roots()) {
            collect(root.directory, root.path, result);
        }
        return result;
    }

    /// Apply the changes that were reported since the last call.
    std::size_t replay()
    {
        if (model.changes().size() == 0) {
            return 0;
        }
        auto const batch = model.changes().take();
        for (auto const& change : batch) {
            test::replay(replayed, change);
        }
        return batch.size();
    }

    /// The changes since the last call as text, without the path of a root.
    [[nodiscard]] std::vector<std::string> take_changes(std::string_view root = {})
    {
        std::vector<std::string> all;
        if (model.changes().size() == 0) {
            return all;
        }
        auto const batch = model.changes().take();
        for (auto const& change : batch) {
            all.push_back(describe(change, root));
        }
        return all;
    }

    Port port;
    asio_inotify::tree_options options;
    asio_inotify::detail::tree_model model;
    path_map replayed;
};

using modelled_tree = modelled_tree_on<recording_port>;

} // namespace test

#endif

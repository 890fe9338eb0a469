//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_TREE_ENGINE_PARTS_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_TREE_ENGINE_PARTS_HPP

#include "support/tree/modelled_tree.hpp"
#include "support/tree/named_port.hpp"

#include "tree/engine/entry_changes.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace test {

/// A tree on a named_port, and the parts of the engine below those that apply events.
/** The root is "/r", with the watch descriptor 1. */
struct engine_parts
{
    using dir_id = asio_inotify::detail::dir_id;
    using tree_directory = asio_inotify::detail::tree_directory;

    explicit engine_parts(asio_inotify::tree_options given = {})
        : tree(std::move(given))
        , root(tree.add_root("/r"))
    {
        be_watched(root, "/r", 1);
    }

    /// A directory in the model and on disk. @param wd  0: it has no watch yet.
    dir_id add_directory(std::string const& parent, std::string const& name, int wd)
    {
        auto const id = tree.model.index.entry(tree.create(parent, name, true)).directory();
        if (wd != 0) {
            be_watched(id, path_in(parent, name), wd);
        } else {
            tree.port.put_directory(path_in(parent, name), 1000 + id);
        }
        static_cast<void>(tree.take_changes());
        return id;
    }

    void add_file(std::string const& parent, std::string const& name)
    {
        tree.create(parent, name, false);
        tree.port.put_file(path_in(parent, name));
        static_cast<void>(tree.take_changes());
    }

    void be_watched(dir_id id, std::string const& path, int wd)
    {
        auto& d = tree.model.directory(id);
        d.inode = static_cast<std::uint64_t>(100 + wd);
        be_on(id, named_port::disk);
        tree.model.assign_watch(id, wd);
        tree.port.put_directory(path, d.inode);
        tree.port.watches[d.inode] = wd;
    }

    /// A directory is on the filesystem of that device.
    void be_on(dir_id id, std::uint64_t device)
    {
        tree.model.index.set_device(id, filesystems.add(device, 0));
    }

    /// An object on disk has a different name now; the model does not know it.
    void move_on_disk(std::string const& from, std::string const& to)
    {
        auto node = tree.port.names.extract(from);
        node.key() = to;
        tree.port.names.erase(to);
        tree.port.names.insert(std::move(node));
    }

    [[nodiscard]] std::vector<std::string> changes() { return tree.take_changes("/r"); }

    void retry_requested()
    {
        while (coverage.has_requested()) {
            coverage.retry_requested();
        }
    }

    /// What the agenda has for a directory: "verify list deep", with '*' if it is queued.
    [[nodiscard]] std::string work_of(dir_id id)
    {
        auto const& d = tree.model.directory(id);
        std::string text = d.is(tree_directory::queued) ? "*" : "";
        text += d.is(tree_directory::verify) ? "verify " : "";
        text += d.is(tree_directory::list) ? "list " : "";
        text += d.is(tree_directory::deep) ? "deep " : "";
        return text;
    }

    void forget_work()
    {
        while (agenda.has_work()) {
            agenda.begin_listing(agenda.take().directory);
        }
    }

    modelled_tree_on<named_port> tree;
    asio_inotify::tree_counters counters;
    asio_inotify::detail::agenda agenda{tree.model};
    asio_inotify::detail::recent_directories recent{tree.model};
    asio_inotify::detail::filesystem_table filesystems{tree.port, tree.model.index};
    asio_inotify::detail::directory_access access{tree.port, tree.options, tree.model, filesystems};
    asio_inotify::detail::rescan rescan{tree.model, agenda, 0};
    asio_inotify::detail::coverage coverage{tree.port, tree.model, agenda, filesystems};
    asio_inotify::detail::link_tracker links{tree.port, tree.options, tree.model, agenda,
                                             recent,    filesystems,  access,     coverage};
    asio_inotify::detail::restoration restoration{tree.port, tree.model, agenda, access};
    asio_inotify::detail::directory_lister lister{tree.port, tree.options, tree.model,  agenda,
                                                  recent,    filesystems,  access,      links,
                                                  coverage,  rescan,       restoration, counters};
    asio_inotify::detail::entry_changes entries{tree.port, tree.options, tree.model, agenda, recent,
                                                access,    links,        lister,     rescan};
    dir_id root;
};

} // namespace test

#endif

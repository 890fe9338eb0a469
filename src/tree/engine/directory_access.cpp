//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/engine/directory_access.hpp"

#include "tree/engine/errors.hpp"

#include <string>

namespace asio_inotify::detail {

// If descriptors are used up, again without those of the directories that are kept open.
template <class Open>
int directory_access::open_again(int spared, boost::system::error_code& ec, Open open)
{
    int directory = open();
    if (directory < 0 && is_out_of_descriptors(ec) && opened_.close_others(spared)) {
        directory = open();
    }
    return directory;
}

int directory_access::open_root(std::string_view path, boost::system::error_code& ec)
{
    return open_again(-1, ec, [&] { return port_.open_path(path, true, ec); });
}

// A link that others have put into a path below a root must not lead out of the tree: it could
// wake an automount, or wait for a server.
int directory_access::open_place(dir_id id, boost::system::error_code& ec)
{
    ec.clear();
    if (options_.follow_symlinks) {
        auto const& path = model_.path_to_open(id);
        return path.empty() ? -1 : open_root(path, ec);
    }
    auto const [top, rest] = model_.path_below_root(id);
    if (top.empty()) {
        return -1;
    }
    return open_again(-1, ec,
                      [&, top = top, rest = rest] { return port_.open_below(top, rest, ec); });
}

int directory_access::open_child(int parent, char const* name, bool follow,
                                 boost::system::error_code& ec)
{
    return open_again(parent, ec, [&] { return port_.open_child(parent, name, follow, ec); });
}

int directory_access::open(dir_id id, boost::system::error_code& ec)
{
    ec.clear();
    auto const& d = model_.directory(id);
    if (d.wd == 0) {
        // One that is still open is that of before: a root can have been lost since then.
        return -1;
    }
    if (auto const opened = opened_.use(id); opened >= 0) {
        return opened;
    }
    held_directory held(port_, open_place(id, ec));
    if (held.get() < 0) {
        return -1;
    }
    auto const status = port_.identify(held.get(), ec);
    if (ec || !filesystems_.is_same(d, status)) {
        return -1;
    }
    auto const opened = held.release();
    opened_.put(id, opened);
    return opened;
}

bool directory_access::is_at(dir_id id, dir_id parent, std::string_view name)
{
    boost::system::error_code ec;
    auto const from = open(parent, ec);
    if (from < 0) {
        return false;
    }
    auto const status = port_.look(from, std::string(name).c_str(), false, ec);
    return !ec && filesystems_.is_same(model_.directory(id), status);
}

std::optional<bool> directory_access::is_taken(dir_id parent, std::string_view name)
{
    boost::system::error_code ec;
    auto const from = open(parent, ec);
    if (from < 0) {
        return std::nullopt;
    }
    auto const status = port_.look(from, std::string(name).c_str(), false, ec);
    return ec ? !says_nothing_there(ec) : !status.is_whiteout || !options_.find_whiteouts;
}

std::optional<bool> directory_access::is_directory(int parent, char const* name,
                                                   boost::system::error_code& ec)
{
    ec.clear();
    auto status = port_.look(parent, name, options_.follow_symlinks, ec);
    if (ec && options_.follow_symlinks) {
        // A link that leads nowhere is an entry, too.
        status = port_.look(parent, name, false, ec);
    }
    if (ec) {
        if (says_nothing_there(ec)) {
            ec.clear();
        }
        return std::nullopt;
    }
    return status.is_directory();
}

bool directory_access::is_in_place(dir_id id, file_status const& status)
{
    boost::system::error_code ec;
    held_directory held(port_, open_place(id, ec));
    if (held.get() < 0) {
        return false;
    }
    auto const there = port_.identify(held.get(), ec);
    return !ec && there.inode == status.inode && there.device == status.device;
}

} // namespace asio_inotify::detail

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_TREE_NAMED_PORT_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_TREE_NAMED_PORT_HPP

#include "support/tree/recording_port.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <dirent.h>

namespace test {

/// A world with the names that a test gives it, and with the answers that it prepares.
class named_port : public recording_port
{
public:
    static constexpr std::uint64_t disk = 0x801;

    void put_directory(std::string const& path, std::uint64_t inode)
    {
        names[path] = {.kind = asio_inotify::detail::file_kind::directory,
                       .device = disk,
                       .inode = inode,
                       .links = 2};
    }

    void put_file(std::string const& path, std::uint64_t inode = 1)
    {
        names[path] = {.kind = asio_inotify::detail::file_kind::file,
                       .device = disk,
                       .inode = inode,
                       .links = 1};
    }

    /// A symbolic link at a path; the target is a path, too.
    void put_link(std::string const& path, std::string const& target, std::uint64_t inode = 2)
    {
        names[path] = {.kind = asio_inotify::detail::file_kind::symbolic_link,
                       .device = disk,
                       .inode = inode,
                       .links = 1};
        targets[path] = target;
    }

    /// Append an entry to the next answer of list().
    void list_next(std::string_view name, bool is_directory, std::uint64_t inode = 1)
    {
        // struct linux_dirent64: inode 8, offset 8, record length 2, type 1, name.
        constexpr std::size_t name_at = 19;
        auto const start = listing.size();
        auto const length = static_cast<std::uint16_t>((name_at + name.size() + 1 + 7) / 8 * 8);
        listing.resize(start + length);
        auto* const record = listing.data() + start;
        std::memcpy(record, &inode, sizeof inode);
        std::memcpy(record + 16, &length, sizeof length);
        record[18] = std::byte{static_cast<unsigned char>(is_directory ? DT_DIR : DT_REG)};
        std::memcpy(record + name_at, name.data(), name.size());
    }

    directory_fd open_path(std::string_view path, bool, error_code& ec) override
    {
        return open(std::string(path), ec);
    }

    directory_fd open_below(std::string_view top, std::string_view rest, error_code& ec) override
    {
        opened_below.emplace_back(top, rest);
        return open(rest.empty() ? std::string(top) : std::string(top).append("/").append(rest),
                    ec);
    }

    directory_fd open_child(directory_fd parent, char const* name, bool, error_code& ec) override
    {
        return open(path(parent, name), ec);
    }

    file_status identify(directory_fd directory, error_code& ec) override
    {
        return status(opened.at(directory), ec);
    }

    file_status look(directory_fd parent, char const* name, bool follow, error_code& ec) override
    {
        auto const at = path(parent, name);
        if (auto const failure = look_failures.find(at); failure != look_failures.end()) {
            ec = failure->second;
            return {};
        }
        return status(follow ? target_of(at) : at, ec);
    }

    std::size_t list(directory_fd, std::byte* data, std::size_t size, error_code& ec) override
    {
        ec = list_failure;
        auto const given = ec ? 0 : (std::min)(size, listing.size());
        std::copy_n(listing.begin(), given, data);
        listing.clear();
        return given;
    }

    std::string canonical_path(directory_fd directory) override { return opened.at(directory); }

    directory_fd open_within(directory_fd parent, char const* name) override
    {
        error_code ec;
        return open(path(parent, name), ec);
    }

    int add(directory_fd directory, std::uint32_t, error_code& ec) override
    {
        return watch(status(opened.at(directory), ec), ec);
    }

    int add_child(directory_fd parent, char const* name, std::uint32_t, error_code& ec) override
    {
        return watch(status(path(parent, name), ec), ec);
    }

    std::size_t read(std::byte* data, std::size_t size, error_code&) override
    {
        auto const given = (std::min)(size, queued.size());
        std::copy_n(queued.begin(), given, data);
        queued.clear();
        return given;
    }

    std::vector<std::string> take_suspects() override { return std::exchange(suspects, {}); }
    std::vector<asio_inotify::detail::link_id> take_suspect_links() override
    {
        return std::exchange(suspect_links, {});
    }
    error_code link_guard_failure(asio_inotify::detail::link_id) noexcept override
    {
        return link_failure;
    }
    error_code guard_failure(std::string const& absolute) noexcept override
    {
        auto const at = guard_failures.find(absolute);
        return at != guard_failures.end() ? at->second : error_code();
    }
    asio_inotify::detail::filesystem_traits traits(directory_fd) noexcept override
    {
        return filesystem;
    }
    bool mounts_changed() override { return std::exchange(has_new_mounts, false); }
    std::vector<mount> mounts(boost::system::error_code& ec) override
    {
        ec.assign(mounts_failure, boost::system::system_category());
        return mounts_failure == 0 ? mounted : std::vector<mount>();
    }
    clock::time_point now() noexcept override { return time; }
    void guard(std::string const& absolute) override { guarded.push_back("+" + absolute); }
    void unguard(std::string const& absolute) noexcept override
    {
        guarded.push_back("-" + absolute);
    }

    void guard_link(asio_inotify::detail::link_id id, std::string const& absolute) override
    {
        guarded_links[id] = absolute;
    }
    void unguard_link(asio_inotify::detail::link_id id) noexcept override
    {
        guarded_links.erase(id);
    }

    std::map<std::string, file_status> names;
    // Where the symbolic links among them lead.
    std::map<std::string, std::string> targets;
    std::map<std::string, error_code> look_failures;
    std::map<std::string, error_code> open_failures;
    std::map<directory_fd, std::string> opened;
    std::vector<std::pair<std::string, std::string>> opened_below;
    // The watch descriptors by the inodes.
    std::map<std::uint64_t, int> watches;
    // The records of the next read().
    std::vector<std::byte> queued;
    std::vector<std::string> suspects;
    std::map<std::string, error_code> guard_failures;
    std::vector<std::byte> listing;
    error_code list_failure;
    asio_inotify::detail::filesystem_traits filesystem;
    bool has_new_mounts = false;
    std::vector<mount> mounted;
    // The errno of mounts().
    int mounts_failure = 0;
    clock::time_point time{};
    std::vector<std::string> guarded;
    std::map<asio_inotify::detail::link_id, std::string> guarded_links;
    std::vector<asio_inotify::detail::link_id> suspect_links;
    // That of all links.
    error_code link_failure;

private:
    [[nodiscard]] std::string path(directory_fd parent, char const* name) const
    {
        return opened.at(parent) + '/' + name;
    }

    [[nodiscard]] std::string target_of(std::string const& path) const
    {
        auto const at = names.find(path);
        bool const is_link =
            at != names.end() && at->second.kind == asio_inotify::detail::file_kind::symbolic_link;
        return is_link ? targets.at(path) : path;
    }

    file_status status(std::string const& path, error_code& ec)
    {
        auto const at = names.find(path);
        if (at == names.end()) {
            ec.assign(ENOENT, boost::system::system_category());
            return {};
        }
        ec.clear();
        return at->second;
    }

    directory_fd open(std::string const& given, error_code& ec)
    {
        if (auto const failure = open_failures.find(given); failure != open_failures.end()) {
            ec = failure->second;
            return -1;
        }
        auto const path = target_of(given);
        auto const found = status(path, ec);
        if (ec || !found.is_directory()) {
            ec.assign(ENOENT, boost::system::system_category());
            return -1;
        }
        auto const directory = next_handle_++;
        opened.emplace(directory, path);
        return directory;
    }

    int watch(file_status const& status, error_code& ec)
    {
        if (ec) {
            return -1;
        }
        auto const [at, is_new] = watches.try_emplace(status.inode, next_wd_);
        next_wd_ += is_new ? 1 : 0;
        return at->second;
    }

    directory_fd next_handle_ = 100;
    int next_wd_ = 50;
};

} // namespace test

#endif

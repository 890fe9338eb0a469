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

    handle open_path(std::string_view path, bool, error_code& ec) override
    {
        return open(std::string(path), ec);
    }

    handle open_child(handle parent, char const* name, bool, error_code& ec) override
    {
        return open(path(parent, name), ec);
    }

    file_status identify(handle directory, error_code& ec) override
    {
        return status(opened.at(directory), ec);
    }

    file_status look(handle parent, char const* name, bool, error_code& ec) override
    {
        return status(path(parent, name), ec);
    }

    std::size_t list(handle, std::byte* data, std::size_t size, error_code& ec) override
    {
        ec = list_failure;
        auto const given = ec ? 0 : (std::min)(size, listing.size());
        std::copy_n(listing.begin(), given, data);
        listing.clear();
        return given;
    }

    asio_inotify::detail::filesystem_traits traits(handle) noexcept override { return filesystem; }
    bool mounts_changed() override { return std::exchange(has_new_mounts, false); }
    std::vector<mount> mounts() override { return mounted; }
    clock::time_point now() noexcept override { return time; }
    void guard(std::string const& absolute) override { guarded.push_back("+" + absolute); }
    void unguard(std::string const& absolute) noexcept override
    {
        guarded.push_back("-" + absolute);
    }

    std::map<std::string, file_status> names;
    std::map<handle, std::string> opened;
    std::vector<std::byte> listing;
    error_code list_failure;
    asio_inotify::detail::filesystem_traits filesystem;
    bool has_new_mounts = false;
    std::vector<mount> mounted;
    clock::time_point time{};
    std::vector<std::string> guarded;

private:
    [[nodiscard]] std::string path(handle parent, char const* name) const
    {
        return opened.at(parent) + '/' + name;
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

    handle open(std::string const& path, error_code& ec)
    {
        auto const found = status(path, ec);
        if (ec || !found.is_directory()) {
            ec.assign(ENOENT, boost::system::system_category());
            return -1;
        }
        auto const directory = next_handle_++;
        opened.emplace(directory, path);
        return directory;
    }

    handle next_handle_ = 100;
};

} // namespace test

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_TREE_RECORDING_PORT_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_TREE_RECORDING_PORT_HPP

#include "tree/port/tree_port.hpp"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace test {

/// A world in which there is nothing; notes what was given back to it.
class recording_port : public asio_inotify::detail::tree_port
{
public:
    using error_code = boost::system::error_code;
    using file_status = asio_inotify::detail::file_status;

    std::size_t read(std::byte*, std::size_t, error_code&) override { return 0; }
    directory_fd open_path(std::string_view, bool, error_code& ec) override { return nothing(ec); }
    directory_fd open_below(std::string_view, std::string_view, error_code& ec) override
    {
        return nothing(ec);
    }
    directory_fd open_child(directory_fd, char const*, bool, error_code& ec) override
    {
        return nothing(ec);
    }
    directory_fd open_within(directory_fd, char const*) override { return -1; }
    void close(directory_fd directory) noexcept override { closed.push_back(directory); }
    file_status identify(directory_fd, error_code&) override { return {}; }
    file_status look(directory_fd, char const*, bool, error_code&) override { return {}; }
    std::size_t list(directory_fd, std::byte*, std::size_t, error_code&) override { return 0; }
    void rewind(directory_fd) noexcept override {}
    int add(directory_fd, std::uint32_t, error_code& ec) override { return nothing(ec); }
    int add_child(directory_fd, char const*, std::uint32_t, error_code& ec) override
    {
        return nothing(ec);
    }
    int add_at(int, directory_fd, std::uint32_t, error_code& ec) override { return nothing(ec); }
    void remove(int wd) noexcept override { removed.push_back(wd); }
    std::string canonical_path(directory_fd) override { return {}; }
    asio_inotify::detail::filesystem_traits traits(directory_fd) noexcept override { return {}; }
    bool mounts_changed() override { return false; }
    std::vector<mount> mounts(boost::system::error_code&) override { return {}; }
    clock::time_point now() noexcept override { return {}; }
    std::int64_t file_time() noexcept override { return 0; }

    std::vector<directory_fd> closed;
    std::vector<int> removed;

private:
    static int nothing(error_code& ec)
    {
        ec.assign(ENOENT, boost::system::system_category());
        return -1;
    }
};

} // namespace test

#endif

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
    handle open_path(std::string_view, bool, error_code& ec) override { return nothing(ec); }
    handle open_child(handle, char const*, bool, error_code& ec) override { return nothing(ec); }
    handle open_within(handle, char const*) override { return -1; }
    void close(handle directory) noexcept override { closed.push_back(directory); }
    file_status identify(handle, error_code&) override { return {}; }
    file_status look(handle, char const*, bool, error_code&) override { return {}; }
    std::size_t list(handle, std::byte*, std::size_t, error_code&) override { return 0; }
    void rewind(handle) noexcept override {}
    int add(handle, std::uint32_t, error_code& ec) override { return nothing(ec); }
    int add_child(handle, char const*, std::uint32_t, error_code& ec) override
    {
        return nothing(ec);
    }
    int add_at(int, handle, std::uint32_t, error_code& ec) override { return nothing(ec); }
    void remove(int wd) noexcept override { removed.push_back(wd); }
    std::string path_of(handle) override { return {}; }
    asio_inotify::detail::filesystem_traits traits(handle) noexcept override { return {}; }
    bool mounts_changed() override { return false; }
    std::vector<mount> mounts() override { return {}; }
    clock::time_point now() noexcept override { return {}; }
    std::int64_t file_time() noexcept override { return 0; }

    std::vector<handle> closed;
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

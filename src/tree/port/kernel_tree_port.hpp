//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_PORT_KERNEL_TREE_PORT_HPP
#define ASIO_INOTIFY_SRC_TREE_PORT_KERNEL_TREE_PORT_HPP

#include "tree/port/path_guard.hpp"
#include "tree/port/tree_port.hpp"

#include "system/mounts.hpp"
#include "system/unique_fd.hpp"
#include "system/wait_set.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asio_inotify::detail {

/// The kernel as a tree_engine sees it: an inotify instance, directories, and the descriptors to
/// wait for.
class kernel_tree_port final : public tree_port
{
public:
    void open(boost::system::error_code& ec);

    /// Readable when something happens in one of the trees or to one of their roots.
    [[nodiscard]] wait_set& waits() noexcept { return waits_; }

    /// The inotify instance of the trees.
    [[nodiscard]] int native_handle() const noexcept { return instance_.get(); }

    std::size_t read(std::byte* data, std::size_t size, boost::system::error_code& ec) override;
    directory_fd open_path(std::string_view path, bool follow,
                           boost::system::error_code& ec) override;
    directory_fd open_below(std::string_view top, std::string_view rest,
                            boost::system::error_code& ec) override;
    directory_fd open_child(directory_fd parent, char const* name, bool follow,
                            boost::system::error_code& ec) override;
    directory_fd open_within(directory_fd parent, char const* name) override;
    void close(directory_fd directory) noexcept override;
    file_status identify(directory_fd directory, boost::system::error_code& ec) override;
    file_status look(directory_fd parent, char const* name, bool follow,
                     boost::system::error_code& ec) override;
    std::size_t list(directory_fd directory, std::byte* data, std::size_t size,
                     boost::system::error_code& ec) override;
    void rewind(directory_fd directory) noexcept override;
    int add(directory_fd directory, std::uint32_t native_mask,
            boost::system::error_code& ec) override;
    int add_child(directory_fd parent, char const* name, std::uint32_t native_mask,
                  boost::system::error_code& ec) override;
    int add_at(int wd, directory_fd directory, std::uint32_t native_mask,
               boost::system::error_code& ec) override;
    void number_from(int wd) noexcept override;
    void remove(int wd) noexcept override;
    std::string canonical_path(directory_fd directory) override;
    filesystem_traits traits(directory_fd directory) noexcept override;
    void guard(std::string const& absolute) override;
    void unguard(std::string const& absolute) noexcept override;
    void guard_link(link_id id, std::string const& absolute) override;
    void unguard_link(link_id id) noexcept override;
    void suspect_all() noexcept override;
    std::vector<std::string> take_suspects() override;
    std::vector<link_id> take_suspect_links() override;
    boost::system::error_code guard_failure(std::string const& absolute) noexcept override;
    boost::system::error_code link_guard_failure(link_id id) noexcept override;
    std::optional<clock::time_point> guard_deadline() noexcept override;
    bool mounts_changed() override;
    std::vector<mount> mounts(boost::system::error_code& ec) override;
    clock::time_point now() noexcept override;
    std::int64_t file_time() noexcept override;

private:
    [[nodiscard]] bool is_confining_refused(int error) noexcept;

    unique_fd instance_;
    // The kernel has openat2(2), and no sandbox refuses it.
    bool can_confine_ = detail::can_confine();
    mount_monitor mounts_;
    wait_set waits_;
    path_guard guard_{waits_};
};

} // namespace asio_inotify::detail

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_SIMULATION_SIMULATED_KERNEL_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_SIMULATION_SIMULATED_KERNEL_HPP

#include "tree/port/tree_port.hpp"

#include "support/simulation/simulated_world.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace test {

/// What a call of the port is, for those who look at it or let it fail.
enum class port_call : std::uint8_t
{
    read,
    open,
    close,
    identify,
    look,
    list,
    rewind,
    add,
    remove,
    mounts
};

/// A kernel for the tree engine: the port to a simulated world.
class simulated_kernel : public asio_inotify::detail::tree_port
{
public:
    using error_code = boost::system::error_code;
    using file_status = asio_inotify::detail::file_status;

    simulated_world world;

    /// What the call is about to look at: a path, or a directory and maybe a name in it.
    struct subject
    {
        std::string_view path{};
        simulated_world::node const* directory = nullptr;
        std::string_view name{};
    };
    [[nodiscard]] subject const& looks_at() const { return looks_at_; }

    /// Called before each call: the moment in which the world can change. It may throw, except
    /// before what cannot fail: close, rewind and remove.
    std::function<void(port_call)> before;

    /// Asked before each call that can fail: an errno with which it fails, or 0.
    std::function<int(port_call)> fail;

    /// So many entries are given by one call of list, at most.
    std::size_t entries_at_once = (std::numeric_limits<std::size_t>::max)();

    /// A listing gives what there was when it began.
    /** POSIX leaves open whether an entry that appears or vanishes in the meantime is listed. */
    bool lists_what_was = false;

    /// Listings do not say what an entry is.
    bool hides_types = false;

    /// Of those filesystems that are not remote.
    bool is_plain = false;

    clock::time_point time{};

    /// A hash of all answers up to now. All that an engine does follows from the answers it got.
    [[nodiscard]] std::uint64_t answers() const { return answers_.value(); }

    /// True if the engine would be woken.
    [[nodiscard]] bool has_something() const;

    [[nodiscard]] std::size_t open_handles() const { return handles_.size(); }

    /// The process that watches ends, and another one begins. @pre No directory is open.
    void restart()
    {
        world.inotify.restart();
        guarded_.clear();
        guarded_links_.clear();
    }

    /// Everything on which later behaviour depends, beside the settings.
    void describe(state_hash& state) const;

    // The port.
    std::size_t read(std::byte* data, std::size_t size, error_code& ec) override;
    directory_fd open_path(std::string_view path, bool follow, error_code& ec) override;
    directory_fd open_below(std::string_view top, std::string_view rest, error_code& ec) override;
    directory_fd open_child(directory_fd parent, char const* name, bool follow,
                            error_code& ec) override;
    directory_fd open_within(directory_fd parent, char const* name) override;
    void close(directory_fd directory) noexcept override;
    file_status identify(directory_fd directory, error_code& ec) override;
    file_status look(directory_fd parent, char const* name, bool follow, error_code& ec) override;
    std::size_t list(directory_fd directory, std::byte* data, std::size_t size,
                     error_code& ec) override;
    void rewind(directory_fd directory) noexcept override;
    int add(directory_fd directory, std::uint32_t native_mask, error_code& ec) override;
    int add_child(directory_fd parent, char const* name, std::uint32_t native_mask,
                  error_code& ec) override;
    int add_at(int wd, directory_fd directory, std::uint32_t native_mask, error_code& ec) override;
    void remove(int wd) noexcept override;
    std::string canonical_path(directory_fd directory) override
    {
        return world.path_of(*handles_.at(directory).what.what);
    }
    asio_inotify::detail::filesystem_traits traits(directory_fd directory) noexcept override;
    void guard(std::string const& absolute) override;
    void unguard(std::string const& absolute) noexcept override;
    void guard_link(asio_inotify::detail::link_id id, std::string const& absolute) override;
    void unguard_link(asio_inotify::detail::link_id id) noexcept override;
    [[nodiscard]] std::vector<std::string> take_suspects() override;
    [[nodiscard]] std::vector<asio_inotify::detail::link_id> take_suspect_links() override;
    bool mounts_changed() override;
    std::vector<mount> mounts(error_code& ec) override;
    [[nodiscard]] clock::time_point now() noexcept override { return time; }
    [[nodiscard]] std::int64_t file_time() noexcept override { return world.time; }

private:
    struct entry
    {
        std::int64_t position;
        std::uint64_t inode;
        std::string name;
        simulated_world::kind type;
    };
    struct open_directory
    {
        simulated_world::place what;
        bool begun = false;
        /// Behind which entry the listing goes on. The first two are "." and "..".
        std::int64_t position = 0;
        int dots = 0;
        std::vector<entry> were;
    };

    bool begin(port_call call, subject const& what, error_code& ec);
    void answer(std::string_view bytes) { answers_.add(bytes); }
    void answer(std::uint64_t value) { answers_.add(value); }
    directory_fd open(int failure, simulated_world::place const& found, error_code& ec);
    int add(directory_fd directory, std::uint32_t native_mask, int at, error_code& ec);
    int watch(simulated_world::node const& n, std::uint32_t native_mask, int at, error_code& ec);
    std::vector<entry> left_of(open_directory& d) const;
    [[nodiscard]] file_status status(simulated_world::node const& n) const;

    /// What is at a path: 0 if nothing is.
    [[nodiscard]] simulated_inotify::object object_at(std::string const& path,
                                                      bool follow = true) const;

    struct guarded_link
    {
        std::string path;
        simulated_inotify::object itself;
        simulated_inotify::object target;

        friend bool operator==(guarded_link const&, guarded_link const&) = default;
    };
    [[nodiscard]] guarded_link link_at(std::string const& path) const
    {
        return {path, object_at(path, false), object_at(path)};
    }

    subject looks_at_;
    state_hash answers_;
    std::map<directory_fd, open_directory> handles_;
    std::map<std::string, simulated_inotify::object> guarded_;
    std::map<asio_inotify::detail::link_id, guarded_link> guarded_links_;
};

} // namespace test

#endif

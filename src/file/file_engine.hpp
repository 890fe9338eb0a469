//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_FILE_FILE_ENGINE_HPP
#define ASIO_INOTIFY_SRC_FILE_FILE_ENGINE_HPP

#include "file/file_entry.hpp"
#include "file/file_port.hpp"
#include "file/settling.hpp"
#include "paths/path_resolver.hpp"
#include "paths/retry_timer.hpp"
#include "paths/set_by_key.hpp"

#include <asio_inotify/detail/step_result.hpp>
#include <asio_inotify/file_change_batch.hpp>
#include <asio_inotify/file_watch_options.hpp>
#include <asio_inotify/file_watcher_counters.hpp>
#include <asio_inotify/path_ref.hpp>

#include <boost/assert.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asio_inotify::detail {

/// Keeps the last reported state of each path, and reports how the state differs now.
/** A step may throw std::bad_alloc: then call @ref start_over, and continue. */
class file_engine
{
public:
    explicit file_engine(file_port& port);
    file_engine(file_engine const&) = delete;
    file_engine& operator=(file_engine const&) = delete;
    ~file_engine();

    /// Start to watch a path. Strong exception safety.
    void add(path_ref const& path, file_watch_options const& options,
             boost::system::error_code& ec);

    void remove(std::string_view path, boost::system::error_code& ec) noexcept;

    /// Null if the path is not watched.
    [[nodiscard]] file_entry const* find(std::string_view path) const noexcept
    {
        return find_in(entries_, path);
    }

    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
    [[nodiscard]] std::vector<std::string> paths() const;
    [[nodiscard]] std::size_t watches() const noexcept { return resolver_.objects().size(); }
    [[nodiscard]] file_watcher_counters counters() const noexcept;

    /// Work for about a millisecond.
    [[nodiscard]] step_result step(boost::system::error_code& ec);

    /// The changes that the last step found. @pre It returned deliver.
    [[nodiscard]] file_change_batch take_batch() noexcept
    {
        BOOST_ASSERT(changes_ && !has_changes_ && is_ready_);
        is_ready_ = false;
        return batch_access::make<file_change_batch>(changes_);
    }

    /// Check all paths again, as events were lost or work was left undone.
    void start_over() noexcept;

private:
    using time_point = file_port::time_point;

    struct key_of
    {
        [[nodiscard]] std::string_view operator()(std::string_view path) const noexcept
        {
            return path;
        }
        [[nodiscard]] std::string_view operator()(file_entry const* entry) const noexcept
        {
            return text_of(*entry);
        }
    };

    class unfinished_entry;

    [[nodiscard]] char const* absolute(path_ref const& path, boost::system::error_code& ec);
    [[nodiscard]] name_node& node_of(std::string_view path);
    void watch(file_entry& entry, char const* path, boost::system::error_code& ec);
    void forget(file_entry& entry) noexcept;
    void wake_for_marked_names() noexcept;
    [[nodiscard]] static file_state state_of(file_entry const& entry) noexcept;
    void accept(file_entry& entry, file_state const& state) noexcept;
    [[nodiscard]] std::optional<file_change_kind> compare(file_entry& entry,
                                                          file_state const& now) const noexcept;
    void check(file_entry& entry, time_point now);
    void check_all(time_point now);
    void report(file_entry& entry, file_change_kind kind, file_state const& state);
    void apply_events(std::size_t size) noexcept;
    [[nodiscard]] file_change_storage& writable_storage();
    void copy_paths();
    void arm(time_point now) noexcept;

    file_port* port_;
    path_resolver resolver_;
    set_by_key<file_entry, key_of> entries_;
    settling_entries settling_;
    std::size_t with_settling_ = 0;
    std::vector<std::byte> buffer_;
    std::string absolute_path_;
    // The directory of the file that was added last: the next one often is in the same.
    std::string last_directory_;
    name_node* last_node_ = nullptr;
    storage_owner<file_change_storage> changes_;
    // The changes are still to be delivered.
    bool has_changes_ = false;
    // They and copies of their paths are a batch that is still to be taken.
    bool is_ready_ = false;
    retry_timer retry_;
    file_watcher_counters counters_;
};

} // namespace asio_inotify::detail

#endif

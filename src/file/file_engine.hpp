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
#include "file/path_resolver.hpp"
#include "file/pointer_table.hpp"
#include "file/settling.hpp"

#include <asio_inotify/detail/step_result.hpp>
#include <asio_inotify/file_change_batch.hpp>
#include <asio_inotify/file_watch_options.hpp>
#include <asio_inotify/file_watcher_counters.hpp>
#include <asio_inotify/path_ref.hpp>

#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asio_inotify::detail {

/// Keeps the last reported state of each path, and finds what is different now.
/** Everything it does may throw std::bad_alloc; then call @ref doubt, and go on. */
class file_engine
{
public:
    explicit file_engine(file_port& port);
    file_engine(file_engine const&) = delete;
    file_engine& operator=(file_engine const&) = delete;
    ~file_engine();

    /// Strong exception safety.
    void add(path_ref path, file_watch_options const& options, boost::system::error_code& ec);

    void remove(std::string_view path, boost::system::error_code& ec) noexcept;

    /// Null if the path is not watched.
    [[nodiscard]] file_entry const* find(std::string_view path) const noexcept
    {
        return entries_.find(path);
    }

    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
    [[nodiscard]] std::size_t watches() const noexcept { return resolver_.objects().size(); }
    [[nodiscard]] file_watcher_counters counters() const noexcept;

    /// Do for about a millisecond what there is to do.
    [[nodiscard]] step_result step(boost::system::error_code& ec);

    /// What was found. @pre The last step said so.
    [[nodiscard]] file_change_batch take_batch() noexcept { return file_change_batch(changes_); }

    /// Look at everything again, as something may have gone wrong.
    void doubt() noexcept;

private:
    using time_point = file_port::time_point;

    struct traits
    {
        [[nodiscard]] static std::size_t hash(std::string_view path) noexcept
        {
            return std::hash<std::string_view>()(path);
        }
        [[nodiscard]] static std::size_t hash(file_entry const& entry) noexcept
        {
            return hash(text_of(entry));
        }
        [[nodiscard]] static bool matches(file_entry const& entry, std::string_view path) noexcept
        {
            return text_of(entry) == path;
        }
    };

    class unfinished_entry;

    [[nodiscard]] char const* absolute(path_ref path, boost::system::error_code& ec);
    [[nodiscard]] name_node& node_of(std::string_view way);
    void watch(file_entry& entry, char const* way, boost::system::error_code& ec);
    void forget(file_entry& entry) noexcept;
    [[nodiscard]] static file_state state_of(file_entry const& entry) noexcept;
    void accept(file_entry& entry, file_state const& state) noexcept;
    [[nodiscard]] std::optional<file_change_kind> compare(file_entry& entry,
                                                          file_state const& now) const noexcept;
    void check(file_entry& entry, time_point now);
    void check_all(time_point now);
    void report(file_entry& entry, file_change_kind what, file_state const& state);
    void note_events(std::size_t size) noexcept;
    [[nodiscard]] file_change_storage& fresh_storage();
    void keep_paths();
    void arm(time_point now) noexcept;

    file_port* port_;
    path_resolver resolver_;
    pointer_table<file_entry, traits> entries_;
    settling_entries settling_;
    std::size_t with_settling_ = 0;
    std::vector<std::byte> buffer_;
    std::string way_;
    // Where the last file was added: the next one often is in the same directory.
    std::string last_directory_;
    name_node* last_node_ = nullptr;
    file_change_owner changes_;
    bool has_changes_ = false;
    time_point retry_at_ = (time_point::max)();
    std::chrono::seconds retry_after_;
    file_watcher_counters counters_;
};

} // namespace asio_inotify::detail

#endif

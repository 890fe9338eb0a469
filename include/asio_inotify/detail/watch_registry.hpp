//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_WATCH_REGISTRY_HPP
#define ASIO_INOTIFY_DETAIL_WATCH_REGISTRY_HPP

#include <asio_inotify/add_options.hpp>
#include <asio_inotify/detail/instance_access.hpp>
#include <asio_inotify/detail/kernel_cursor.hpp>
#include <asio_inotify/detail/operation_lease.hpp>
#include <asio_inotify/detail/watch_record.hpp>
#include <asio_inotify/event_mask.hpp>
#include <asio_inotify/path_ref.hpp>
#include <asio_inotify/watch_descriptor.hpp>
#include <asio_inotify/watch_report.hpp>
#include <asio_inotify/watch_set_counters.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace asio_inotify {

struct saved_watch;

} // namespace asio_inotify

namespace asio_inotify::detail {

class event_stream;
class watch_read_buffer;
class watch_table;

/// How to look up the path of a saved watch.
enum class path_kind
{
    /// As the options of the watch say.
    by_options,
    /// It is the path of an open descriptor below /proc.
    held_object
};

// The watches of a set: adds, changes and removes them in the kernel and in the table together, and
// joins the events that are read with them. The part of a set that does not depend on its executor;
// the set shares it with its operations. number_recycler, set_restorer and the functions of
// set_saving.hpp work on it.
class ASIO_INOTIFY_DECL watch_registry : public operation_state
{
public:
    watch_registry();
    watch_registry(watch_registry const&) = delete;
    watch_registry& operator=(watch_registry const&) = delete;
    ~watch_registry();

    watch_descriptor add(instance_access const& instance, path_ref const& path, event_mask mask,
                         add_options options, boost::system::error_code& ec);

    void add_at(instance_access const& instance, watch_descriptor wanted, path_ref const& path,
                event_mask mask, add_options options, boost::system::error_code& ec);

    /// Add the watch of a snapshot with its number.
    /** @param path  Names the inode; the set knows the watch by `watch.path`. */
    void add_saved(instance_access const& instance, saved_watch const& watch, char const* path,
                   path_kind kind, boost::system::error_code& ec);

    void set_mask(instance_access const& instance, watch_descriptor wd, event_mask mask,
                  boost::system::error_code& ec);

    void remove(instance_access const& instance, watch_descriptor wd,
                boost::system::error_code& ec);

    /// The watch on the inode that a path names; 0 if it has none, or one outside the set.
    /** Makes a silent watch for a moment if it has none, under a number that is not used again. */
    [[nodiscard]] int probe_watch(instance_access const& instance, char const* path,
                                  add_options lookup, boost::system::error_code& ec);

    [[nodiscard]] watch_record const* find(watch_descriptor wd) const noexcept;
    [[nodiscard]] watch_record const* find(std::string_view path) const noexcept;
    /// The first live watch from `position` on, which moves to it; null behind the last one.
    [[nodiscard]] watch_record const* live_from(std::size_t& position) const noexcept;
    [[nodiscard]] std::size_t size() const noexcept;
    [[nodiscard]] watch_set_counters const& counters() const noexcept;

    /// A read begins: views of watches that are gone become invalid. After an overflow the watches
    /// are compared with the kernel's, and missing ones reported through the backlog.
    /** If the comparison fails, this read fails. The read that delivered the overflow could not:
     * its events would have been lost. */
    void begin_read(instance_access const& instance, boost::system::error_code& ec);

    /// After a read, before @ref finish_read: see event_stream::hold_after_restore.
    [[nodiscard]] bool hold_after_restore(instance_access const& instance, std::byte const* data,
                                          std::size_t size) noexcept;

    /// Put records that were read before everything else: the next read gives them first.
    /** @returns False if there is no memory for them. */
    [[nodiscard]] bool put_back(instance_access const& instance, std::byte const* data,
                                std::size_t size) noexcept;

    /// The set is open: notice restores by CRIU from now on, if a descriptor is left.
    void notice_restores() noexcept;
    [[nodiscard]] bool notices_restores() const noexcept;

    /// The report of the revalidation after the last restore that was noticed, once.
    [[nodiscard]] std::optional<watch_report> take_restore_report() noexcept
    {
        return std::exchange(restore_report_, std::nullopt);
    }

    /// Complete an outstanding read, which has to report the end of missing watches.
    void wake_read(instance_access const& instance, boost::system::error_code& ec);

    /// The objects of watches that were entered without an addition are not known yet.
    void note_unknown_objects() noexcept { has_unknown_objects_ = true; }

    /// Join the records that a read gave with their watches.
    /** @returns The bytes that are left; 0 if all records were of watches that are gone. */
    [[nodiscard]] std::size_t finish_read(watch_read_buffer const& buffer, std::size_t size);

    /// The set was closed: operations that still share the registry must not read any more.
    void close() noexcept { is_closed_ = true; }
    [[nodiscard]] bool is_closed() const noexcept { return is_closed_; }

    /// The instance was made or changed elsewhere: its cursor is unknown.
    void forget_cursor() noexcept { cursor_.forget(); }

    [[nodiscard]] watch_table& table() noexcept { return *table_; }
    [[nodiscard]] watch_table const& table() const noexcept { return *table_; }
    [[nodiscard]] event_stream& events() noexcept { return *events_; }
    [[nodiscard]] event_stream const& events() const noexcept { return *events_; }

private:
    // A watch for the kernel, and for the table.
    struct addition
    {
        char const* path;
        std::uint32_t native_mask;
        std::string_view known_path;
        std::uint32_t lasting_mask;
    };

    [[nodiscard]] static addition new_watch(path_ref const& path, event_mask mask,
                                            add_options options) noexcept;
    void add_number(int fd, int wanted, addition const& what, boost::system::error_code& ec);
    [[nodiscard]] claim_result claim_number(int fd, int wanted, addition const& what,
                                            boost::system::error_code& ec);
    void identify_object(int wd, addition const& what) noexcept;
    watch_descriptor add_unnumbered(int fd, addition const& what, boost::system::error_code& ec);
    [[nodiscard]] int make_silent_watch(int fd, char const* path, add_options lookup,
                                        boost::system::error_code& ec);
    void remove_stray(int fd, int wd);
    void revalidate_after_restore(instance_access const& instance, boost::system::error_code& ec);
    void identify_objects() noexcept;

    std::unique_ptr<watch_table> table_;
    std::unique_ptr<event_stream> events_;
    kernel_cursor cursor_{1};
    std::optional<watch_report> restore_report_;
    bool revalidation_failed_ = false;
    bool has_unknown_objects_ = false;
    bool is_closed_ = false;
};

} // namespace asio_inotify::detail

#endif

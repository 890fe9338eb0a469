//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_WATCH_REGISTRY_HPP
#define ASIO_INOTIFY_DETAIL_WATCH_REGISTRY_HPP

#include <asio_inotify/add_options.hpp>
#include <asio_inotify/detail/read_backlog.hpp>
#include <asio_inotify/detail/watch_record.hpp>
#include <asio_inotify/event_mask.hpp>
#include <asio_inotify/path_ref.hpp>
#include <asio_inotify/watch_descriptor.hpp>
#include <asio_inotify/watch_set_counters.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace asio_inotify {

class snapshot;
class watch_event_batch;
struct saved_watch;
struct watch_report;
enum class watch_outcome;

} // namespace asio_inotify

namespace asio_inotify::detail {

class watch_table;

/// Of a buffer for reading from a set: how much of it takes the kernel's records. Behind it there
/// is room for a pointer to the watch of each record, of which none is shorter than 16 bytes.
[[nodiscard]] constexpr std::size_t room_for_records(std::size_t buffer_size) noexcept
{
    constexpr std::size_t shortest = 16;
    return buffer_size / (shortest + sizeof(watch_record const*)) * shortest;
}

/// What a path stands for when a watch is made again.
enum class path_kind
{
    /// The options of the watch say how to look it up.
    by_options,
    /// The object is held by a descriptor, and this is its path below /proc.
    held_object
};

// What a watch set does that does not depend on its executor: it keeps the table of the watches
// and the kernel's one the same.
class ASIO_INOTIFY_DECL watch_registry
{
public:
    watch_registry();
    watch_registry(watch_registry const&) = delete;
    watch_registry& operator=(watch_registry const&) = delete;
    ~watch_registry();

    watch_descriptor add(int fd, path_ref path, event_mask mask, add_options options,
                         boost::system::error_code& ec);

    void add_at(int fd, watch_descriptor wanted, path_ref path, event_mask mask,
                add_options options, boost::system::error_code& ec);

    void set_mask(int fd, watch_descriptor wd, event_mask mask, boost::system::error_code& ec);

    void remove(int fd, watch_descriptor wd, boost::system::error_code& ec);

    [[nodiscard]] watch_record const* find(watch_descriptor wd) const noexcept;
    [[nodiscard]] watch_record const* find(std::string_view path) const noexcept;
    [[nodiscard]] watch_record const* live_from(std::size_t& position) const noexcept;
    [[nodiscard]] std::size_t size() const noexcept;
    [[nodiscard]] watch_set_counters const& counters() const noexcept { return counters_; }

    /// The set was closed: who still shares the registry is not to read any more.
    void close() noexcept { closed_ = true; }
    [[nodiscard]] bool is_closed() const noexcept { return closed_; }

    /// Views of watches that are gone are not valid any more.
    void begin_read() noexcept;

    /// Join the records at `data` with their watches.
    /** @returns The bytes that are left; 0 if all of them were of watches that are gone. */
    [[nodiscard]] std::size_t finish_read(std::byte* data, std::size_t capacity, std::size_t size);

    /// What `finish_read` found is to be compared with the kernel: a look at it costs some 4
    /// microseconds for each watch.
    [[nodiscard]] bool must_reconcile() const noexcept { return overflowed_ || !missing_.empty(); }

    /// Something waits until the stream of events was read up to a position that is too far.
    [[nodiscard]] bool waits_too_long() const noexcept { return waits_too_long_; }

    /// If nothing is queued, the position was reached. @pre No read is outstanding.
    void look_at_queue(int fd, read_backlog const& left) noexcept;

    /// Find the watches whose end the kernel could not report, and report it.
    /** @param left  Takes the events of their ends, to be delivered by the next read. */
    void reconcile(int fd, read_backlog& left, boost::system::error_code& ec);

    /// Begin to make the numbers of watches that are gone free again: a barrier has to follow.
    /** @returns What to give to `end_recycle`; 0 if there is no such number. */
    [[nodiscard]] std::uint64_t begin_recycle(int fd);

    /// No barrier will follow. Nothing for 0.
    void abandon_recycle(std::uint64_t ticket) noexcept;

    /// The barrier has passed, or `ec` says why not.
    /** @returns How many numbers are free as soon as the events that are queued now are read. */
    std::size_t end_recycle(int fd, read_backlog const& left, bool no_read_outstanding,
                            std::uint64_t ticket, boost::system::error_code& ec);

    /// The watches that the kernel has, with what they are on.
    [[nodiscard]] snapshot save(int fd, boost::system::error_code& ec) const;

    /// Choose where numbers begin. @pre There was no watch yet.
    void start_at(watch_descriptor next);

    /// Make a watch again.
    /** @param path  Where to find its object; the path of `watch` is what the set knows it by. */
    void add_saved(int fd, saved_watch const& watch, char const* path, path_kind kind,
                   boost::system::error_code& ec);

    /// Compare with the kernel; give kinds of events and options back that got lost there.
    [[nodiscard]] watch_report revalidate(int fd, read_backlog const& left,
                                          bool no_read_outstanding, boost::system::error_code& ec);

    /// Enter the watches of an instance that was made elsewhere, and hold its events.
    /** Blocks for a barrier. On failure nothing was read. @pre There was no watch yet. */
    [[nodiscard]] watch_report adopt(int fd, read_backlog& left, snapshot const& known,
                                     boost::system::error_code& ec);

    /// All that the kernel does not know, for another object to go on with.
    [[nodiscard]] std::string release(read_backlog const& left, watch_event_batch unread,
                                      boost::system::error_code& ec) const;

    /// Go on with what another object released. @pre There was no watch yet.
    void assign(int fd, std::string_view state, read_backlog& left, boost::system::error_code& ec);

private:
    // What is added, and what the set knows of it.
    struct addition
    {
        char const* path;
        std::uint32_t native_mask;
        std::string_view known_path;
        std::uint32_t lasting_mask;
    };

    [[nodiscard]] static addition new_watch(path_ref path, event_mask mask,
                                            add_options options) noexcept;
    void add_number(int fd, int wanted, addition const& what, boost::system::error_code& ec);
    watch_descriptor add_any(int fd, path_ref path, std::uint32_t native_mask,
                             boost::system::error_code& ec);
    void drop_stray(int fd, int wd);
    void set_cursor(int fd, int wanted, boost::system::error_code& ec);
    [[nodiscard]] int which_watch(int fd, char const* path, add_options lookup,
                                  boost::system::error_code& ec);
    [[nodiscard]] watch_outcome look_at(int fd, watch_record const& record,
                                        boost::system::error_code& reason);
    [[nodiscard]] watch_descriptor next_number() const noexcept;
    void drain(int fd, read_backlog& left, boost::system::error_code& ec);
    void find_missing(int fd, read_backlog const& left, boost::system::error_code& ec);
    [[nodiscard]] std::uint64_t end_of_queue(int fd, read_backlog const& left,
                                             bool no_read_outstanding,
                                             boost::system::error_code& ec);
    void set_missing(int fd, read_backlog const& left, bool no_read_outstanding,
                     std::vector<int> missing, boost::system::error_code& ec);
    void report_missing(read_backlog& left);

    static constexpr int unknown = 0;

    std::unique_ptr<watch_table> table_;
    watch_set_counters counters_;
    // The number that the kernel gives to the next watch if it is not told another one.
    int kernel_cursor_ = 1;
    // How many bytes of the stream of events were joined.
    std::uint64_t position_ = 0;
    // A read was outstanding when a position behind what is queued was noted. What it has taken off
    // the queue comes before that, and is not joined yet.
    bool read_on_its_way_ = false;
    // It was added to all positions, and perhaps had not taken it by then.
    bool waits_too_long_ = false;
    // An overflow was read, and the watches were not compared with the kernel's since.
    bool overflowed_ = false;
    bool comparison_failed_ = false;
    bool closed_ = false;
    // Watches that the kernel had no more after an overflow. If the events of their ends were not
    // lost, they are joined before the stream reaches the position.
    std::vector<int> missing_;
    std::uint64_t missing_known_at_ = 0;
};

} // namespace asio_inotify::detail

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_TREE_ENGINE_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_TREE_ENGINE_HPP

#include "tree/engine/event_queue.hpp"
#include "tree/engine/open_directories.hpp"
#include "tree/model/tree_model.hpp"
#include "tree/port/tree_port.hpp"

#include <asio_inotify/detail/step_result.hpp>
#include <asio_inotify/tree_counters.hpp>
#include <asio_inotify/tree_options.hpp>
#include <asio_inotify/tree_snapshot.hpp>

#include <boost/system/error_code.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace asio_inotify::detail {

// Keeps trees equal to those on disk, and tells how. All that it knows of the world comes through
// a port; it never waits.
//
// Why the trees become equal: a directory is watched first and listed then. For each name in it,
// the last event that is still queued decides whether the name is there, and of a name without an
// event the listing tells the truth. So it does no harm that events and listings overlap. What is
// found to contradict (a directory that is not where it should be, a watch that is another's, an
// event that was lost) leads to another listing of the directory in question, and to nothing else.
class tree_engine
{
public:
    using time_point = tree_port::clock::time_point;

    tree_engine(tree_port& port, tree_options options);
    ~tree_engine();

    tree_engine(tree_engine const&) = delete;
    tree_engine& operator=(tree_engine const&) = delete;

    /// Begin to watch a directory and all beneath it.
    /**
     * @param path       As the user knows it.
     * @param absolute   Where it is looked for at any time.
     * @param canonical  The same without symbolic links, as mounts are named.
     */
    void add_root(std::string path, std::string absolute, std::string canonical,
                  boost::system::error_code& ec);
    void remove_root(std::string_view path, boost::system::error_code& ec);

    /// The trees as they were told.
    [[nodiscard]] tree_snapshot save(boost::system::error_code& ec);

    /// Go on with trees that were saved; what is different is told in a rescan.
    /** @param canonical  The paths of the roots without symbolic links. */
    void restore(tree_snapshot const& saved, std::vector<std::string> const& canonical,
                 boost::system::error_code& ec);

    /// Do what there is to do, for the time of a slice.
    [[nodiscard]] step_result step(boost::system::error_code& ec);

    /// Watch what is beneath new roots, for the time of a slice, and nothing else.
    /** @returns again, or deliver when all is watched; wait on failure. */
    [[nodiscard]] step_result scan(boost::system::error_code& ec);

    /// After memory was lacking in the middle of something: compare everything with what is on
    /// disk.
    void start_over() noexcept;

    /// The changes to deliver. @pre The last step had the result deliver.
    [[nodiscard]] storage_owner<tree_change_storage> take() noexcept
    {
        return model_.changes().take();
    }

    /// When there is something to do even if nothing happens.
    [[nodiscard]] std::optional<time_point> deadline() const noexcept { return deadline_; }

    /// True if there is something to deliver.
    [[nodiscard]] bool has_changes() const noexcept { return model_.changes().size() != 0; }

    /// True if there is nothing to do until something happens, or the deadline.
    [[nodiscard]] bool is_idle() const noexcept { return idle_; }

    /// True while there are roots beneath which not everything is watched yet.
    [[nodiscard]] bool is_scanning() const noexcept { return scanning_; }

    [[nodiscard]] tree_counters counters() const noexcept;

    /// The directories that cannot be watched, and why.
    [[nodiscard]] std::vector<std::pair<std::string, boost::system::error_code>> uncovered();

private:
    enum class progress
    {
        all_done,
        // The second half of a rename is waited for.
        held,
        batch_full,
        slice_over
    };

    enum class outcome
    {
        done,
        // Nothing was done, as a later event is needed that can be queued already.
        needs_more,
        // The same, and it may still be on its way.
        needs_time
    };

    // The directory that is being listed.
    struct listing
    {
        dir_id directory = 0;
        int handle = -1;
        // There were entries before: those that are not listed are gone.
        bool compares = false;
        // The directories in it are to be looked at as well.
        bool deep = false;
        // Files may have been written to unseen.
        bool looks_at_files = false;
        // The time from which on.
        std::int64_t since = 0;
        // All is listed, and the entries with another mark are being removed.
        bool sweeping = false;
        bool has_directories = false;
        // There were no entries, and those of one call of the kernel have different names.
        bool is_first = false;
    };

    // The last renames, as late events can have the name before (kernel note 4.27).
    struct passed_rename
    {
        dir_id from = 0;
        std::string name;
        dir_id to = 0;
        std::string new_name;
    };

    // An entry that came by the name of another one, or from where nothing is watched.
    struct arrival
    {
        dir_id directory = 0;
        std::string name;
        // Where it was before, if that is known.
        dir_id from = 0;
        std::string old_name;
    };

    // Two renames in opposite directions.
    struct exchange_records
    {
        queued_event from;
        queued_event to;
        queued_event back;
        queued_event end;
    };

    enum class exchange_state
    {
        // A rename over an entry, and one back.
        not_one,
        // Of the entries that there are.
        both,
        // Of one of them; the other one came there by it.
        only_one,
        only_other,
        // Both came there by it.
        seen,
        // Events that were not read yet may tell.
        unknown
    };

    // Whether there was an entry by the name that both renames have to do with.
    struct look_for_exchange
    {
        // The last one of the records.
        std::uint64_t at = 0;
        bool exists = false;
    };

    // A watch of a directory that was not open.
    struct named_watch
    {
        int wd = 0;
        // What has the name now.
        std::uint64_t device = 0;
        std::uint64_t inode = 0;
    };

    // Ends a watch that no directory was given.
    struct unused_watch
    {
        tree_engine& engine;
        int const& wd;

        ~unused_watch()
        {
            if (wd > 0 && engine.model_.find_watch(wd) == 0) {
                engine.port_.remove(wd);
            }
        }
    };

    struct nested_root
    {
        std::string path;
        std::string absolute;
        std::string canonical;
    };

    [[nodiscard]] bool is_full() const noexcept
    {
        return model_.changes().size() >= options_.batch_size;
    }
    [[nodiscard]] tree_directory& directory(dir_id id) noexcept { return model_.directory(id); }
    [[nodiscard]] std::string_view name_of(dir_id id) noexcept
    {
        return model_.index.entry(directory(id).entry).name();
    }

    // Events: tree_events.cpp.
    [[nodiscard]] progress process_events(time_point slice_end, boost::system::error_code& ec);
    [[nodiscard]] bool read_more(boost::system::error_code& ec);
    [[nodiscard]] dir_id find_watched(int wd);
    [[nodiscard]] unsigned touch_known_files(unsigned most);
    [[nodiscard]] outcome apply_front(outcome given_up);
    void apply_entry_event(queued_event const& event, dir_id id);
    void apply_own_event(queued_event const& event, dir_id id);
    void touch(queued_event const& event, dir_id id, tree_change_mask what);
    void remember_write(dir_id id, entry_id entry, std::string_view name);
    void arrive(dir_id parent, std::string_view name, bool is_directory, bool moved);
    void arrived(dir_id id) noexcept;
    void note_gone(dir_id parent, std::string_view name);
    void depart(dir_id parent, std::string_view name);
    void filesystem_ended(dir_id id);
    void unmounted(dir_id id);
    void overflowed();

    // Renames: tree_renames.cpp.
    [[nodiscard]] outcome apply_rename(queued_event const& from, outcome given_up);
    [[nodiscard]] outcome find_exchange(queued_event const& from, queued_event const& to,
                                        outcome given_up);
    [[nodiscard]] std::pair<bool, outcome> find_unmoved(dir_id from_id, queued_event const& from,
                                                        dir_id to_id, queued_event const& to,
                                                        outcome given_up);
    [[nodiscard]] bool is_at(dir_id id, dir_id parent, std::string_view name);
    [[nodiscard]] exchange_state examine_exchange(exchange_records const& records, dir_id a,
                                                  dir_id b, bool has_all);
    void rename(dir_id from, std::string_view name, dir_id to, std::string_view new_name,
                bool is_directory, bool keeps_old);
    void move(dir_id from, std::string_view name, dir_id to, std::string_view new_name,
              bool is_directory, bool is_uncertain);
    [[nodiscard]] bool was_written_early(dir_id id, std::string_view name,
                                         entry_id replaced) const noexcept;
    void remember_rename(dir_id from, std::string_view name, dir_id to, std::string_view new_name);
    void remember_arrival(dir_id id, std::string_view name, dir_id from, std::string_view old_name);
    [[nodiscard]] arrival take_arrival(dir_id id, std::string_view name);
    void look_for_second(exchange_records const& records);
    [[nodiscard]] bool may_exist(dir_id id, std::string_view name);
    void look_for(dir_id id, std::string_view name);

    // What there is to do: tree_scan.cpp, tree_watching.cpp, tree_listing.cpp.
    static constexpr std::size_t entries_at_a_time = 256;
    void push(dir_id id, unsigned flags) noexcept;
    [[nodiscard]] bool has_work() const noexcept
    {
        return listing_.directory != 0 || work_ != 0 || model_.has_removed();
    }
    [[nodiscard]] bool work();
    void work_for_a_while(time_point slice_end);
    void visit(dir_id id);
    void probe(dir_id id);
    [[nodiscard]] static bool says_gone(boost::system::error_code const& ec) noexcept;
    [[nodiscard]] int handle_of(dir_id id, boost::system::error_code& ec);
    void missing(dir_id id, boost::system::error_code const& ec);
    void uncover(dir_id id, boost::system::error_code const& ec);
    void watch(dir_id id, int handle, file_status const& status, int known_wd = 0);
    [[nodiscard]] dir_id settle_owners(dir_id id, int handle, file_status const& status, int& wd,
                                       boost::system::error_code& ec);
    [[nodiscard]] bool is_in_place(dir_id id, file_status const& status);
    [[nodiscard]] dir_id replace(dir_id id);
    void begin_listing(dir_id id, int handle, bool looks_at_files);
    [[nodiscard]] std::size_t listed_at_once() const noexcept
    {
        // Looking at each file takes longer than listing it.
        return listing_.looks_at_files ? listed_.size() / 8 : listed_.size();
    }
    void continue_listing();
    void take_listed(std::size_t listed);
    void listed_all();
    void end_listing(bool keep) noexcept;
    void compare_all() noexcept;
    void begin_sweep(dir_id id);
    void sweep();
    void set_mark(entry_id id, bool mark) noexcept;
    void list_entry(dir_id id, listed_entry const& entry);
    [[nodiscard]] bool look_at_type(int handle, char const* name, bool& is_directory);
    void note_listing(dir_id id);
    void forget_listed() noexcept;
    void look_at_file(dir_id id, listed_entry const& entry);
    [[nodiscard]] bool is_remote(tree_directory const& d) const noexcept;
    [[nodiscard]] filesystem_traits traits(tree_directory const& d) const noexcept;
    [[nodiscard]] bool is_same(tree_directory const& d, file_status const& status) const noexcept;
    [[nodiscard]] bool is_new(tree_directory const& d) const noexcept;
    void take_new(dir_id id, int wd, std::uint64_t inode);
    [[nodiscard]] bool watch_leaf(dir_id id, int parent, named_watch& watched);
    [[nodiscard]] bool watch_plain(dir_id id, int parent);
    [[nodiscard]] bool is_leaf(int handle, file_status const& status);
    [[nodiscard]] std::uint16_t device_number(std::uint64_t device, int handle);
    [[nodiscard]] bool begins_filesystem(dir_id id) noexcept;
    void filesystem_found(dir_id id, int handle);
    void rescan();
    [[nodiscard]] bool retry_uncovered();
    void retry_beneath(dir_id id);

    // Roots and mounts: tree_roots.cpp.
    void probe_root(dir_id id);
    void lose(tree_root& root);
    void announce();
    void tell_uncovered(dir_id id);
    void absorb_roots();
    [[nodiscard]] bool walk_existing(time_point slice_end);
    void know_mounts();
    void look_at_mounts();
    void compare_mounts();
    void look_beneath_mounts();
    void look_at_suspects();
    [[nodiscard]] dir_id find_directory(dir_id root, std::string_view rest);

    // Trees that outlive the engine: tree_saving.cpp.
    void save_tree(tree_root const& root, std::vector<saved_entry>& entries);
    void end_restoring() noexcept;
    void forget_restored() noexcept;
    [[nodiscard]] std::uint16_t saved_device(std::uint64_t device);
    [[nodiscard]] int add_watch(dir_id id, int handle, file_status const& status,
                                boost::system::error_code& ec);
    [[nodiscard]] int add_new_watch(int handle, boost::system::error_code& ec);
    [[nodiscard]] std::uint64_t inode_of(entry_id id) noexcept;
    [[nodiscard]] bool is_watched(entry_id id) noexcept;
    void look_again(dir_id parent, entry_id id) noexcept;
    [[nodiscard]] entry_id find_elsewhere(dir_id id, listed_entry const& listed, bool is_directory,
                                          std::uint64_t& left);
    [[nodiscard]] entry_id find_moved(dir_id id, listed_entry const& listed, bool is_directory);
    [[nodiscard]] entry_id find_exchanged(dir_id id, entry_id known, listed_entry const& listed,
                                          bool is_directory);

    tree_port& port_;
    tree_options options_;
    tree_model model_;
    event_queue queue_;
    open_directories opened_;
    std::uint32_t watch_mask_;

    listing listing_;
    // The names that have left the directory since its listing was begun.
    std::set<std::string, std::less<>> gone_while_listing_;
    // Those with the flag `recent`.
    std::vector<dir_id> recently_listed_;
    dir_id work_ = 0;
    // Those whose entries are swept at the end of a rescan, as some will be found elsewhere.
    std::vector<dir_id> to_sweep_;
    std::array<std::byte, 32 * std::size_t{1024}> listed_;

    std::array<passed_rename, 8> renames_;
    std::size_t next_rename_ = 0;

    // The last files that were written to, by their name if there was none.
    struct early_write
    {
        dir_id directory = 0;
        entry_id entry = 0;
        std::string name;
    };
    std::array<early_write, 8> writes_;
    std::size_t next_write_ = 0;

    std::array<arrival, 16> arrivals_;
    std::size_t next_arrival_ = 0;
    look_for_exchange looked_for_;

    struct known_device
    {
        std::uint64_t device;
        // Nothing if it is known from a snapshot alone.
        std::optional<filesystem_traits> traits;
    };
    std::vector<known_device> devices_;
    // Where remote filesystems begin in trees that were not announced yet. Some may be gone.
    std::vector<dir_id> found_remote_;
    // Some may not be so any more.
    std::unordered_map<dir_id, boost::system::error_code> uncovered_;
    std::size_t retry_count_ = 0;
    bool retry_failed_ = false;
    std::uint64_t retried_at_ended_ = 0;
    std::chrono::seconds retry_delay_{1};
    std::optional<time_point> retry_at_;

    // What is known of restored trees while they are compared with what is on disk.
    struct saved_facts
    {
        // Where which inode was.
        std::unordered_map<std::uint64_t, std::pair<dir_id, std::string>> places;
        std::unordered_map<dir_id, int> numbers;
        // For directories that had no number; 0 if there is none left.
        int next_number = 1;
    };
    saved_facts saved_;
    bool restoring_ = false;

    std::vector<nested_root> nested_;
    std::vector<tree_port::mount> mounts_;
    // Where something was mounted or unmounted.
    struct changed_mount
    {
        std::string path;
        bool is_gone;
        bool was_unplaced = false;
    };
    std::vector<changed_mount> changed_mounts_;
    // In the trees by their paths, but in no directory that is known: one above can have its name
    // by a rename that the kernel is just about to tell. They are looked for once more.
    struct unplaced_mount
    {
        std::string path;
        time_point when;
    };
    std::vector<unplaced_mount> unplaced_mounts_;
    // Of which the kernel's events have told.
    std::vector<dir_id> told_unmounts_;
    bool scanning_ = false;
    bool rescanning_ = false;
    // All directories are being gone through, from the roots down.
    bool comparing_all_ = false;
    // Of the walk over what there was: the root and the entry that comes next.
    std::vector<dir_id> to_walk_;
    // The roots in it that the user has already.
    std::vector<std::string> known_;
    entry_id walked_ = 0;

    // When the queue was known to be empty last, and when before the rescan.
    std::int64_t complete_at_ = 0;
    std::int64_t changes_since_ = 0;
    std::optional<time_point> deadline_;
    bool idle_ = false;
    tree_counters counters_;
};

} // namespace asio_inotify::detail

#endif

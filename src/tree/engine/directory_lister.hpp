//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_DIRECTORY_LISTER_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_DIRECTORY_LISTER_HPP

#include "tree/engine/coverage.hpp"
#include "tree/engine/directory_access.hpp"
#include "tree/engine/link_tracker.hpp"
#include "tree/engine/recent_directories.hpp"
#include "tree/engine/rescan.hpp"
#include "tree/engine/restoration.hpp"

#include <asio_inotify/tree_counters.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace asio_inotify::detail {

// Lists one directory at a time, some entries at each call, and compares them with the index. Every
// entry that is listed gets the mark of its directory, which changes with each listing; an entry
// with the other mark at the end is gone and is swept. The only writer of the flags `mark` and
// `unsettled` of a directory.
class directory_lister
{
public:
    directory_lister(tree_port& port, tree_options const& options, tree_model& model, agenda& work,
                     recent_directories& recent, filesystem_table const& filesystems,
                     directory_access& access, link_tracker& links, coverage& covered,
                     rescan const& scan, restoration& restored, tree_counters& counters) noexcept;
    directory_lister(directory_lister const&) = delete;
    directory_lister& operator=(directory_lister const&) = delete;
    ~directory_lister() { stop(); }

    /// Begin to list an open directory, or put it on the agenda if another one is being listed.
    /** Takes ownership of the descriptor.
     * @param checks_files  Files may have been written to without an event. */
    void begin(dir_id id, int directory, bool checks_files);

    /// Read the first entries of a directory before its listing begins.
    /** @returns How many bytes; they are in @ref bytes until the next call of another function. */
    [[nodiscard]] std::size_t read_ahead(int directory, boost::system::error_code& ec);
    [[nodiscard]] std::span<std::byte const> bytes(std::size_t size) const noexcept
    {
        return std::span(buffer_).first(size);
    }

    /// Begin to list a directory that has no entries in the index, with what was read ahead.
    void begin_new(dir_id id, int directory, std::size_t read);

    /// Begin to remove the entries that were not listed.
    void begin_sweep(dir_id id) noexcept;

    /// Continue the listing or sweep. @pre `is_active()`
    void resume();

    /// True if a directory is being listed or swept.
    [[nodiscard]] bool is_active() const noexcept { return listing_.directory != 0; }

    /// The directory that is being listed and is open; 0 if there is none.
    [[nodiscard]] dir_id open_directory() const noexcept
    {
        return listing_.descriptor >= 0 ? listing_.directory : 0;
    }

    /// True if an entry is known to be gone: its directory was listed to the end without it.
    [[nodiscard]] bool is_missing(dir_id parent, tree_entry const& entry) const noexcept;

    /// A name has left a directory by an event. A listing that was begun before can still have it:
    /// filesystems may list what was there at the beginning.
    void note_departure(dir_id parent, std::string_view name);

    /// Give up what is being listed; it is not put on the agenda again.
    void stop() noexcept
    {
        if (is_active()) {
            end(false);
        }
    }

private:
    // A listing can end at the place of an entry for which the buffer had no room.
    static constexpr std::size_t longest_record = 280;

    struct listing
    {
        dir_id directory = 0;
        // Its watch.
        int watch = 0;
        int descriptor = -1;
        // There were entries before: those that are not listed are gone.
        bool compares = false;
        // The directories in it are compared as well.
        bool deep = false;
        bool checks_files = false;
        bool has_long_path = false;
        // Files whose status changed since that time are reported as modified.
        std::int64_t since = 0;
        // The listing is complete, and entries with the other mark are being removed.
        bool is_sweeping = false;
        bool has_directories = false;
        // Why an entry could not be looked up.
        boost::system::error_code failure{};
        // The index had no entries, and those of one system call have different names.
        bool is_first_read = false;
    };

    // Calling fstatat for each file takes longer than listing it, and so does writing long paths.
    [[nodiscard]] std::size_t room() const noexcept
    {
        if (listing_.has_long_path) {
            return longest_record;
        }
        return listing_.checks_files ? buffer_.size() / 8 : buffer_.size();
    }
    void flip_mark(dir_id id);
    void take(std::size_t read);
    void complete();
    void sweep();
    void failed(boost::system::error_code const& ec);
    void end(bool keeps_open) noexcept;

    void take_entry(dir_id id, listed_entry const& listed);
    // The entry of the listed name, after the restoration had its say; `has_moved` if it came here.
    [[nodiscard]] entry_id find_known(dir_id id, listed_entry const& listed, bool is_directory,
                                      bool& has_moved);
    void compare_file(dir_id id, entry_id known, listed_entry const& listed, bool is_new,
                      bool has_moved);
    void compare_directory(dir_id below, bool is_new) noexcept;
    void report_missed_write(dir_id id, listed_entry const& listed);

    tree_port& port_;
    tree_options const& options_;
    tree_model& model_;
    agenda& agenda_;
    recent_directories& recent_;
    filesystem_table const& filesystems_;
    directory_access& access_;
    link_tracker& links_;
    coverage& coverage_;
    rescan const& rescan_;
    restoration& restoration_;
    tree_counters& counters_;

    listing listing_;
    // The names that have left the directory since its listing began.
    std::set<std::string, std::less<>> departed_;
    std::array<std::byte, 32 * std::size_t{1024}> buffer_;
};

} // namespace asio_inotify::detail

#endif

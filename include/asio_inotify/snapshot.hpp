//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SNAPSHOT_HPP
#define ASIO_INOTIFY_SNAPSHOT_HPP

#include <asio_inotify/detail/config.hpp>
#include <asio_inotify/saved_watch.hpp>
#include <asio_inotify/watch_descriptor.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace asio_inotify {

namespace detail {
class set_snapshot_reader;
} // namespace detail

/// The watches of a @ref basic_watch_set as a value, to save and restore them.
/**
 * Comes from @ref save, from its text form, or from your own list of watches;
 * @ref restore takes it. Contains the watches in ascending order of their watch
 * descriptors, each descriptor once, and the next watch descriptor.
 *
 * The text form is lines of printable ASCII, so that it survives editors, logs and mail. Equal
 * snapshots have equal texts. `docs/snapshot-format.md` describes the format.
 *
 * @par Thread Safety
 * A value: distinct objects safe, shared objects unsafe.
 */
class ASIO_INOTIFY_DECL snapshot
{
public:
    /// Construct the snapshot of an empty set.
    snapshot() = default;

    /// Construct from watches in any order.
    /**
     * @param watches  The watches.
     * @param next     The watch descriptor from which the next `add` searches for a free one; not
     *                 valid if all up to `INT_MAX` were used.
     * @throws boost::system::system_error whose text names the watch, with
     *         @ref error::watch_descriptor_out_of_range; @ref error::watch_descriptor_in_use for a
     *         duplicate watch descriptor; @ref error::invalid_event_mask for bits that are not
     *         event kinds; @ref error::invalid_add_options for options that are not persistent;
     *         @ref error::path_contains_null; @ref error::malformed_snapshot for a file handle of
     *         more than 128 bytes, of a negative type, or with a type but without bytes.
     */
    explicit snapshot(std::vector<saved_watch> watches,
                      watch_descriptor next = watch_descriptor::lowest());

    /// The watches, in ascending order of their watch descriptors.
    [[nodiscard]] std::vector<saved_watch> const& watches() const noexcept { return watches_; }

    /// Find a watch by its descriptor; null if there is none. Binary search, O(log n).
    [[nodiscard]] saved_watch const* find(watch_descriptor wd) const noexcept;

    /// The watch descriptor from which the next `add` searches; not valid if all were used.
    [[nodiscard]] watch_descriptor next() const noexcept { return next_; }

    /// Format the text form.
    [[nodiscard]] std::string to_text() const;

    /// Parse the text form.
    /**
     * @param text  The whole text. It need not outlive the call.
     * @param ec    Set to the cause on failure, cleared otherwise.
     * @param line  The number of the erroneous line, from 1; 0 on success.
     * @returns The snapshot; an empty one on failure.
     *
     * @par Errors
     * @ref error::unsupported_snapshot_version if a later version of the library wrote the text;
     * @ref error::truncated_snapshot if the text is incomplete; @ref error::malformed_snapshot for
     * any other text that @ref to_text cannot have written.
     */
    [[nodiscard]] static snapshot from_text(std::string_view text, boost::system::error_code& ec,
                                            std::size_t& line);

    /// Parse the text form, without the line number.
    [[nodiscard]] static snapshot from_text(std::string_view text, boost::system::error_code& ec);

    /// Parse the text form; throws on failure.
    /** @throws boost::system::system_error; its text contains the line number. */
    [[nodiscard]] static snapshot from_text(std::string_view text);

    /// True if the watches and the next watch descriptor are equal.
    friend bool operator==(snapshot const&, snapshot const&) = default;

private:
    friend class detail::set_snapshot_reader;

    std::vector<saved_watch> watches_;
    watch_descriptor next_ = watch_descriptor::lowest();
};

} // namespace asio_inotify

#endif

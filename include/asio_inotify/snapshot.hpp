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

/// A set of watches as a value: what to save, to check, and to restore.
/**
 * Made by @ref basic_watch_set::save, read from its text, or put together by hand; given to
 * @ref basic_watch_set::restore. Holds the watches in ascending order of their numbers, no number
 * twice, and the number that is next.
 *
 * The text is printable ASCII in lines, so that it survives editors, logs and mail, and the same
 * for equal snapshots; `docs/snapshot-format.md` describes it.
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
     * @param next     Where the search for the number of the next watch begins; not valid if
     *                 every number up to `INT_MAX` has been given.
     * @throws boost::system::system_error naming the watch, with
     *         @ref error::watch_descriptor_out_of_range; @ref error::watch_descriptor_in_use for a
     *         number that is there twice; @ref error::invalid_event_mask for bits that are no kind
     *         of event; @ref error::invalid_add_options for options that do not last;
     *         @ref error::path_contains_null; @ref error::malformed_snapshot for a file handle of
     *         more than 128 bytes, of a negative type, or with a type but without bytes.
     */
    explicit snapshot(std::vector<saved_watch> watches,
                      watch_descriptor next = watch_descriptor::lowest());

    /// The watches, in ascending order of their numbers.
    [[nodiscard]] std::vector<saved_watch> const& watches() const noexcept { return watches_; }

    /// The watch with a number; null if there is none. A binary search.
    [[nodiscard]] saved_watch const* find(watch_descriptor wd) const noexcept;

    /// Where the search for the number of the next watch begins; not valid if there is none left.
    [[nodiscard]] watch_descriptor next() const noexcept { return next_; }

    /// The text form.
    [[nodiscard]] std::string to_text() const;

    /// Read the text form.
    /**
     * @param text  The whole text. It need not outlive the call.
     * @param ec    Why it is refused; cleared otherwise.
     * @param line  The number of the line that is refused, from 1; 0 on success.
     * @returns The snapshot; an empty one on failure.
     *
     * @par Errors
     * @ref error::unsupported_snapshot_version for the text of a later version;
     * @ref error::truncated_snapshot if the text ends too soon; @ref error::malformed_snapshot for
     * everything else that @ref to_text does not write.
     */
    [[nodiscard]] static snapshot from_text(std::string_view text, boost::system::error_code& ec,
                                            std::size_t& line);

    /// The same without the number of the line.
    [[nodiscard]] static snapshot from_text(std::string_view text, boost::system::error_code& ec);

    /// The same, throwing.
    /** @throws boost::system::system_error naming the line. */
    [[nodiscard]] static snapshot from_text(std::string_view text);

    /// True for the same watches and the same next number.
    friend bool operator==(snapshot const&, snapshot const&) = default;

private:
    std::vector<saved_watch> watches_;
    watch_descriptor next_ = watch_descriptor::lowest();
};

} // namespace asio_inotify

#endif

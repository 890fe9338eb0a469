//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_ENGINE_RESCAN_HPP
#define ASIO_INOTIFY_SRC_TREE_ENGINE_RESCAN_HPP

#include "tree/engine/agenda.hpp"

#include <cstdint>

namespace asio_inotify::detail {

/// Why everything is compared with the disk. Each includes what the ones before require.
enum class rescan_cause : std::uint8_t
{
    /// Events were lost.
    lost_events,
    /// The user requests it. Somebody else can have changed the watches: one with the same watch
    /// descriptor can be on a different directory.
    request,
    /// CRIU has restored the process. A directory at its path counts as the same one even if the
    /// identities of all have changed, as in a copy.
    restored
};

// The comparison of all trees with the disk after events were lost, and the time from which on a
// file may have been written to without an event.
class rescan
{
public:
    /** @param now  The time with which files are marked now (tree_port::file_time). */
    rescan(tree_model& model, agenda& work, std::int64_t now) noexcept
        : model_(model)
        , agenda_(work)
        , complete_at_(now)
    {}

    /// Compare everything with the disk; the user gets `rescan_begin` if changes are reported yet.
    void start(rescan_cause cause = rescan_cause::lost_events);

    /// The same without a word to the user: after an exception in the middle of something.
    void compare_all() noexcept;

    /// No directory is left on the agenda.
    void all_compared() noexcept
    {
        is_comparing_all_ = false;
        cause_ = rescan_cause::lost_events;
        ignores_identities_ = false;
    }

    /// Report `rescan_end`.
    void finish();

    /// True between `rescan_begin` and `rescan_end`.
    [[nodiscard]] bool is_reported() const noexcept { return is_reported_; }

    /// True while the comparison goes through all directories, from the roots down.
    [[nodiscard]] bool is_comparing_all() const noexcept { return is_comparing_all_; }

    /// True if a directory can be a different one although it has the watch of the known one.
    [[nodiscard]] bool compares_identities() const noexcept
    {
        return cause_ != rescan_cause::lost_events;
    }

    [[nodiscard]] bool is_after_restore() const noexcept
    {
        return cause_ == rescan_cause::restored;
    }

    /// The identity of a root is different after a restore: those of all directories can be.
    void ignore_identities() noexcept { ignores_identities_ = true; }
    [[nodiscard]] bool ignores_identities() const noexcept { return ignores_identities_; }

    /// The queue was empty at that time, so that everything before was reported.
    void complete_at(std::int64_t time) noexcept { complete_at_ = time; }

    /// The last moment at which the trees were known to equal those on disk.
    [[nodiscard]] std::int64_t known_since() const noexcept
    {
        return is_reported_ ? since_ : complete_at_;
    }

    /// Files whose status changed at this time or later may have been written to without an event.
    [[nodiscard]] std::int64_t writes_missed_since() const noexcept
    {
        return is_reported_ ? since_ : 0;
    }

private:
    tree_model& model_;
    agenda& agenda_;
    bool is_reported_ = false;
    bool is_comparing_all_ = false;
    bool ignores_identities_ = false;
    rescan_cause cause_ = rescan_cause::lost_events;
    // When the queue was known to be empty last.
    std::int64_t complete_at_;
    // The same, before the rescan.
    std::int64_t since_ = 0;
};

} // namespace asio_inotify::detail

#endif

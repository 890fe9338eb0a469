//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TREE_CHANGE_HPP
#define ASIO_INOTIFY_TREE_CHANGE_HPP

#include <asio_inotify/tree_change_mask.hpp>

#include <boost/system/error_code.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace asio_inotify {

class tree_change_batch;

/// What an entry of a tree is.
enum class tree_entry_type : std::uint8_t
{
    /// Whatever is no directory: a symbolic link is one, unless links are followed.
    file,
    /// A directory.
    directory
};

/// "file" or "dir".
[[nodiscard]] constexpr std::string_view to_string(tree_entry_type type) noexcept
{
    return type == tree_entry_type::directory ? "dir" : "file";
}

namespace detail {

/// One change, whose paths are in the text of its batch.
struct tree_change_record
{
    tree_change_mask what;
    tree_entry_type type;
    bool replaced;
    bool synthetic;
    // Counted from 1 in the errors of the batch; 0 for none.
    std::uint32_t error;
    std::uint32_t path_size;
    std::uint32_t old_path_size;
    // The old path follows, behind a null byte.
    std::size_t path_at;
};

/// What a batch is made of.
struct tree_change_storage
{
    std::vector<tree_change_record> records;
    std::vector<char> text;
    std::vector<boost::system::error_code> errors;
    std::atomic<int> owners{0};
};

} // namespace detail

/// One change of a tree, in a batch.
/** A view: valid as long as a copy of its @ref tree_change_batch lives, and so are the paths it
 * gives. */
class tree_change
{
public:
    /// What happened: a single kind.
    [[nodiscard]] tree_change_mask what() const noexcept { return record_->what; }

    /// True if what happened is one of these kinds.
    [[nodiscard]] bool is(tree_change_mask kinds) const noexcept
    {
        return any(record_->what & kinds);
    }

    /// What the entry is.
    [[nodiscard]] tree_entry_type type() const noexcept { return record_->type; }

    /// True if the entry is a directory.
    [[nodiscard]] bool is_directory() const noexcept
    {
        return record_->type == tree_entry_type::directory;
    }

    /// The path as it is at this place of the stream: that of the root as it was given, and the
    /// names beneath it. Any bytes but zero; a null byte follows. Empty for `rescan_begin` and
    /// `rescan_end`.
    [[nodiscard]] std::string_view path() const noexcept
    {
        return {storage_->text.data() + record_->path_at, record_->path_size};
    }

    /// The path before, for `renamed`; the other one's path, for `exchanged`; else empty.
    [[nodiscard]] std::string_view old_path() const noexcept
    {
        return {storage_->text.data() + record_->path_at + record_->path_size + 1,
                record_->old_path_size};
    }

    /// True for a `renamed` that took the place of another entry, which is gone now.
    [[nodiscard]] bool replaced() const noexcept { return record_->replaced; }

    /// True if the change was found by looking, and not told by the kernel.
    /** A file that is `created` so may have been written to before; that is not reported again.
     *
     * Only of what happened to an entry: never of `unmounted`, `root_lost`, `root_found`,
     * `uncovered`, `covered`, `rescan_begin` and `rescan_end`. */
    [[nodiscard]] bool synthetic() const noexcept { return record_->synthetic; }

    /// Why, for `uncovered`.
    [[nodiscard]] boost::system::error_code error() const noexcept
    {
        return record_->error == 0 ? boost::system::error_code()
                                   : storage_->errors[record_->error - 1];
    }

private:
    friend class tree_change_batch;

    tree_change(detail::tree_change_record const* record,
                detail::tree_change_storage const* storage) noexcept
        : record_(record)
        , storage_(storage)
    {}

    detail::tree_change_record const* record_;
    detail::tree_change_storage const* storage_;
};

} // namespace asio_inotify

#endif

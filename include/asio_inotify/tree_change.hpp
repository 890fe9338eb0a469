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

/// The type of an entry of a tree.
enum class tree_entry_type : std::uint8_t
{
    /// Anything but a directory. Includes symbolic links, unless links are followed.
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

/// One change. Its paths are in the text of the batch.
struct tree_change_record
{
    tree_change_mask what;
    tree_entry_type type;
    bool replaced;
    bool synthetic;
    // Index + 1 into the errors of the batch; 0 for none.
    std::uint32_t error;
    std::uint32_t path_size;
    std::uint32_t old_path_size;
    // Offset in the text; a null byte and the old path follow the path.
    std::size_t path_at;
};

/// The contents of a batch, shared by its copies.
struct tree_change_storage
{
    std::vector<tree_change_record> records;
    std::vector<char> text;
    std::vector<boost::system::error_code> errors;
    std::atomic<int> owners{0};
};

} // namespace detail

/// One change of a tree, in a batch.
/** A view: valid, as are its paths, while a copy of its @ref tree_change_batch exists. */
class tree_change
{
public:
    /// What happened: a single kind of change.
    [[nodiscard]] tree_change_mask what() const noexcept { return record_->what; }

    /// True if what happened is one of the kinds.
    [[nodiscard]] bool is(tree_change_mask kinds) const noexcept
    {
        return any(record_->what & kinds);
    }

    /// The type of the entry.
    [[nodiscard]] tree_entry_type type() const noexcept { return record_->type; }

    /// True if the entry is a directory.
    [[nodiscard]] bool is_directory() const noexcept
    {
        return record_->type == tree_entry_type::directory;
    }

    /// The path of the entry after this change and all changes before it.
    /** The path of the root as you passed it, then the names below it. Any bytes except zero; a
     * null byte follows. Empty for `rescan_begin` and `rescan_end`. */
    [[nodiscard]] std::string_view path() const noexcept
    {
        return {storage_->text.data() + record_->path_at, record_->path_size};
    }

    /// For `renamed` the path before, for `exchanged` the path of the other entry; else empty.
    [[nodiscard]] std::string_view old_path() const noexcept
    {
        return {storage_->text.data() + record_->path_at + record_->path_size + 1,
                record_->old_path_size};
    }

    /// True for a `renamed` that replaced an existing entry.
    [[nodiscard]] bool replaced() const noexcept { return record_->replaced; }

    /// True if the change was found by scanning and not reported by a kernel event.
    /** A file with a synthetic `created` may already have content; no `modified` follows for that.
     *
     * Always false for `unmounted`, `root_lost`, `root_found`, `uncovered`, `covered`,
     * `path_unguarded`, `path_guarded`, `rescan_begin` and `rescan_end`. */
    [[nodiscard]] bool synthetic() const noexcept { return record_->synthetic; }

    /// For `uncovered` and `path_unguarded`, why a directory cannot be watched, or why not all changes
    /// in it are reported; else success.
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

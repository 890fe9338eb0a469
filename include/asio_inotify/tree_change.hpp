//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TREE_CHANGE_HPP
#define ASIO_INOTIFY_TREE_CHANGE_HPP

#include <asio_inotify/detail/shared_change.hpp>
#include <asio_inotify/tree_change_mask.hpp>

#include <boost/system/error_code.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace asio_inotify {

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

/// Write "file" or "dir".
template <class Traits>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& to,
                                             tree_entry_type type)
{
    return detail::stream_name(to, to_string(type));
}

namespace detail {

struct tree_change_record
{
    tree_change_mask kind;
    tree_entry_type type;
    bool replaced;
    bool synthetic;
    // Index + 1 into the errors of the text; 0 for none.
    std::uint32_t error;
    std::uint32_t path_size;
    std::uint32_t old_path_size;
    // Offset in the text; a null byte and the old path follow the path.
    std::size_t path_at;
};

struct tree_change_text : change_text
{
    std::vector<char> text{};
    std::vector<boost::system::error_code> errors{};
};

} // namespace detail

/// One change of a tree.
/**
 * A copy shares the ownership of the paths with its @ref tree_change_batch. A change in a batch
 * lives as long as that.
 *
 * @par Thread Safety
 * Distinct objects: safe, also copies of one change. Shared objects: unsafe.
 */
class tree_change : private detail::shared_change<detail::tree_change_record, detail::tree_change_text>
{
public:
    /// What happened.
    [[nodiscard]] tree_change_kind kind() const noexcept
    {
        return static_cast<tree_change_kind>(
            std::countr_zero(static_cast<std::uint32_t>(record().kind)));
    }

    /// True if what happened is one of the kinds.
    [[nodiscard]] bool is(tree_change_mask kinds) const noexcept
    {
        return any(record().kind & kinds);
    }

    /// The type of the entry.
    [[nodiscard]] tree_entry_type type() const noexcept { return record().type; }

    /// True if the entry is a directory.
    [[nodiscard]] bool is_directory() const noexcept
    {
        return record().type == tree_entry_type::directory;
    }

    /// The path of the entry after this change and all changes before it.
    /** The path of the root as you passed it, then the names below it. Any bytes except zero; a
     * null byte follows. Empty for `rescan_begin` and `rescan_end`. Valid while the change is. */
    [[nodiscard]] std::string_view path() const noexcept
    {
        return {text().text.data() + record().path_at, record().path_size};
    }

    /// For `renamed` the path before, for `exchanged` the path of the other entry; else empty.
    [[nodiscard]] std::string_view old_path() const noexcept
    {
        return {text().text.data() + record().path_at + record().path_size + 1,
                record().old_path_size};
    }

    /// True for a `renamed` that replaced an existing entry.
    [[nodiscard]] bool replaced() const noexcept { return record().replaced; }

    /// True if the change was found by scanning and not reported by a kernel event.
    /** A file with a synthetic `created` may already have content; no `modified` follows for that.
     *
     * Always false for `unmounted`, `root_lost`, `root_found`, `uncovered`, `covered`,
     * `path_unguarded`, `path_guarded`, `rescan_begin` and `rescan_end`. */
    [[nodiscard]] bool synthetic() const noexcept { return record().synthetic; }

    /// For `uncovered` and `path_unguarded`, why a directory cannot be watched, or why not all changes
    /// in it are reported; else success.
    [[nodiscard]] boost::system::error_code error() const noexcept
    {
        return record().error == 0 ? boost::system::error_code()
                                   : text().errors[record().error - 1];
    }

private:
    template <class Change>
    friend class detail::batched_change;

    using shared_change::shared_change;
};

} // namespace asio_inotify

#endif

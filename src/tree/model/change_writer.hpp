//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_MODEL_CHANGE_WRITER_HPP
#define ASIO_INOTIFY_SRC_TREE_MODEL_CHANGE_WRITER_HPP

#include "tree/model/name_bytes.hpp"

#include <asio_inotify/detail/storage_owner.hpp>
#include <asio_inotify/tree_change_batch.hpp>

#include <boost/system/error_code.hpp>

#include <boost/assert.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace asio_inotify::detail {

/// A path in two parts: that of a directory, and a name in it; or a whole one and no name.
struct split_path
{
    std::string_view directory;
    std::string_view name;
};

// Collects changes into batches. The memory of a batch that the user has dropped is reused.
class change_writer
{
public:
    /// So many bytes of paths fill a batch: one path can have megabytes.
    static constexpr std::size_t most_bytes = std::size_t{1} << 20;

    explicit change_writer(tree_change_mask wanted) noexcept
        : wanted_(wanted)
    {}

    /// True if changes of the kind are collected.
    [[nodiscard]] bool wants(tree_change_mask kind) const noexcept { return any(kind & wanted_); }

    /// Nothing is added if the kind is not wanted. @throws std::bad_alloc, without effect then.
    void add(tree_change_mask kind, tree_entry_type type, split_path const& path,
             split_path const& old_path, bool replaced, bool synthetic,
             boost::system::error_code const& ec = {});

    /// Something happened to an entry: the fast path for most changes.
    /** @pre The kind is wanted. @throws std::bad_alloc, without effect then.
     * @param prefix  The path of the directory with a separator at its end. */
    void add_entry(tree_change_mask kind, tree_entry_type type, std::string_view prefix,
                   std::string_view name, bool synthetic)
    {
        BOOST_ASSERT(wants(kind));
        auto const size = prefix.size() + name.size();
        // Two null bytes: one for the old path, which is empty.
        auto const at = prepare(size + 2);
        auto& storage = *current_.get();
        auto* const to = storage.text.data() + at;
        copy_name(to, prefix.data(), prefix.size());
        copy_name(to + prefix.size(), name.data(), name.size());
        to[size] = 0;
        to[size + 1] = 0;
        storage.changes.emplace_back(
            tree_change_record{kind, type, false, synthetic, 0, static_cast<std::uint32_t>(size), 0,
                               at},
            &storage);
        text_size_ = at + size + 2;
        ++total_;
    }

    /// How many changes were collected since they were taken.
    [[nodiscard]] std::size_t size() const noexcept
    {
        return current_.get() != nullptr ? current_->changes.size() : 0;
    }

    /// True if a batch has so many changes, or so many bytes of paths.
    [[nodiscard]] bool is_full(std::size_t most) const noexcept
    {
        return size() >= most || (size() != 0 && text_size_ >= most_bytes);
    }

    /// How many bytes of paths were written since the beginning.
    [[nodiscard]] std::uint64_t total_bytes() const noexcept { return taken_bytes_ + text_size_; }

    /// How many changes were collected since the beginning.
    [[nodiscard]] std::uint64_t total() const noexcept { return total_; }

    /// The changes that were collected. @pre There are some.
    [[nodiscard]] tree_change_batch take() noexcept;

private:
    // Make room for so much text. @returns Where it begins.
    std::size_t prepare(std::size_t size)
    {
        if (current_.get() == nullptr) {
            begin();
        }
        if (current_->text.size() - text_size_ < size) {
            enlarge_text(size);
        }
        return text_size_;
    }
    void begin();
    void enlarge_text(std::size_t size);

    tree_change_mask wanted_;
    storage_owner<tree_change_storage> current_;
    // The batch that was taken last: reused when the user has dropped it.
    storage_owner<tree_change_storage> given_;
    // How much of the text is used. The string is larger, as growing it for each change would fill
    // the new part with zeros first, which takes longer than writing it.
    std::size_t text_size_ = 0;
    std::uint64_t taken_bytes_ = 0;
    std::uint64_t total_ = 0;
};

} // namespace asio_inotify::detail

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/model/change_writer.hpp"

#include <boost/assert.hpp>

#include <algorithm>
#include <utility>

namespace asio_inotify::detail {
namespace {

constexpr bool needs_separator(split_path const& path) noexcept
{
    return !path.name.empty() && !path.directory.empty() && path.directory.back() != '/';
}

constexpr std::size_t size_of(split_path const& path) noexcept
{
    return path.directory.size() + (needs_separator(path) ? 1 : 0) + path.name.size();
}

char* put(char* to, split_path const& path) noexcept
{
    to = std::copy(path.directory.begin(), path.directory.end(), to);
    if (needs_separator(path)) {
        *to++ = '/';
    }
    to = std::copy(path.name.begin(), path.name.end(), to);
    *to++ = 0;
    return to;
}

} // namespace

void change_writer::begin()
{
    if (is_only_owner(given_)) {
        given_->changes.clear();
        given_->errors.clear();
        current_ = std::move(given_);
    } else {
        current_ = storage_owner<tree_change_storage>(new tree_change_storage);
    }
    text_size_ = 0;
}

void change_writer::enlarge_text(std::size_t size)
{
    constexpr std::size_t least = 4096;
    auto& text = current_->text;
    text.resize((std::max)({least, 2 * text.size(), text_size_ + size}));
}

void change_writer::add(tree_change_mask kind, tree_entry_type type, split_path const& path,
                        split_path const& old_path, bool replaced, bool synthetic,
                        boost::system::error_code const& ec)
{
    if (!wants(kind)) {
        return;
    }
    auto const at = prepare(size_of(path) + size_of(old_path) + 2);
    auto& storage = *current_.get();
    auto const size = size_of(path);
    auto const old_size = size_of(old_path);
    put(put(storage.text.data() + at, path), old_path);
    std::uint32_t error = 0;
    if (ec) {
        storage.errors.push_back(ec);
        error = static_cast<std::uint32_t>(storage.errors.size());
    }
    storage.changes.emplace_back(
        tree_change_record{kind, type, replaced, synthetic, error, static_cast<std::uint32_t>(size),
                           static_cast<std::uint32_t>(old_size), at},
        &storage);
    text_size_ += size + old_size + 2;
    ++total_;
}

tree_change_batch change_writer::take() noexcept
{
    BOOST_ASSERT(size() != 0);
    given_ = std::move(current_);
    taken_bytes_ += std::exchange(text_size_, 0);
    return batch_access::make<tree_change_batch>(given_);
}

} // namespace asio_inotify::detail

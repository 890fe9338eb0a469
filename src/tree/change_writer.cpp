//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "change_writer.hpp"

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

void change_writer::prepare()
{
    if (current_.get() != nullptr) {
        return;
    }
    if (given_.is_only()) {
        given_->records.clear();
        given_->text.clear();
        given_->errors.clear();
        current_ = std::move(given_);
    } else {
        current_ = storage_owner<tree_change_storage>(new tree_change_storage);
    }
}

void change_writer::add(tree_change_mask kind, tree_entry_type type, split_path const& path,
                        split_path const& old_path, bool replaced, bool synthetic,
                        boost::system::error_code const& ec)
{
    if (!wants(kind)) {
        return;
    }
    prepare();
    auto& storage = *current_.get();
    auto const at = storage.text.size();
    auto const size = size_of(path);
    auto const old_size = size_of(old_path);
    storage.text.resize(at + size + old_size + 2);
    put(put(storage.text.data() + at, path), old_path);
    std::uint32_t error = 0;
    if (ec) {
        storage.errors.push_back(ec);
        error = static_cast<std::uint32_t>(storage.errors.size());
    }
    storage.records.push_back(
        {kind, type, replaced, synthetic, error, at, size, at + size + 1, old_size});
    ++total_;
}

storage_owner<tree_change_storage> change_writer::take() noexcept
{
    given_ = std::move(current_);
    return given_;
}

} // namespace asio_inotify::detail

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/model/root_table.hpp"

#include <asio_inotify/detail/scope_guard.hpp>

#include <boost/assert.hpp>

#include <algorithm>
#include <utility>

namespace asio_inotify::detail {

tree_root& root_table::add(tree_root root)
{
    BOOST_ASSERT(find(root.directory) == nullptr && find(root.path) == nullptr);
    auto const at = roots_.insert(roots_.end(), std::move(root));
    scope_guard undo([&] { forget(at); });
    by_directory_.emplace(at->directory, at);
    by_path_.emplace(at->path, at);
    by_absolute_.emplace(at->absolute, at);
    by_canonical_.add(at->canonical, at->directory);
    undo.dismiss();
    return *at;
}

void root_table::erase(tree_root const& root) noexcept
{
    forget(by_directory_.find(root.directory)->second);
}

// Some tables do not have it if memory ended while it was added.
void root_table::forget(list::iterator root) noexcept
{
    by_directory_.erase(root->directory);
    by_path_.erase(root->path);
    auto const [first, last] = by_absolute_.equal_range(root->absolute);
    auto const found =
        std::find_if(first, last, [&](auto const& each) { return each.second == root; });
    if (found != last) {
        by_absolute_.erase(found);
    }
    by_canonical_.remove(root->canonical, root->directory);
    roots_.erase(root);
}

tree_root* root_table::find(dir_id directory) noexcept
{
    auto const at = by_directory_.find(directory);
    return at == by_directory_.end() ? nullptr : &*at->second;
}

tree_root* root_table::find(std::string_view path) noexcept
{
    auto const at = by_path_.find(path);
    return at == by_path_.end() ? nullptr : &*at->second;
}

} // namespace asio_inotify::detail

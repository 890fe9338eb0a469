//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "tree/model/exclusions.hpp"

#include "values/callback_failure.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <string>

namespace asio_inotify::detail {
namespace {

bool is_for_paths(std::string const& glob) noexcept
{
    return glob.find('/') != std::string::npos;
}

} // namespace

exclusions::exclusions(tree_options const& options)
    : options_(options)
    , exist_(!options.exclude.empty() || options.prune)
    , depend_on_path_(options.prune || std::ranges::any_of(options.exclude, is_for_paths))
{}

bool exclusions::match_name(char const* name) const noexcept
{
    return std::ranges::any_of(options_.exclude, [name](std::string const& glob) {
        return !is_for_paths(glob) && ::fnmatch(glob.c_str(), name, 0) == 0;
    });
}

bool exclusions::match_path(char const* below_root) const noexcept
{
    return std::ranges::any_of(options_.exclude, [below_root](std::string const& glob) {
        auto const* const pattern = glob.c_str() + (glob.starts_with('/') ? 1 : 0);
        return is_for_paths(glob) && ::fnmatch(pattern, below_root, FNM_PATHNAME) == 0;
    });
}

bool exclusions::prune(std::string_view path, tree_entry_type type) const
{
    return options_.prune && call_user_function([&] { return options_.prune(path, type); });
}

} // namespace asio_inotify::detail

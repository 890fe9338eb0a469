//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_TREE_MODEL_EXCLUSIONS_HPP
#define ASIO_INOTIFY_SRC_TREE_MODEL_EXCLUSIONS_HPP

#include <asio_inotify/tree_options.hpp>

#include <string_view>

namespace asio_inotify::detail {

// Which entries the options exclude: by their name alone, which stays true when a directory above
// is renamed, or by their path.
class exclusions
{
public:
    explicit exclusions(tree_options const& options);

    /// True if some entries may be excluded.
    [[nodiscard]] bool exist() const noexcept { return exist_; }

    /// True if an entry may be excluded at one path, and not at another one where it has the same
    /// name.
    [[nodiscard]] bool depend_on_path() const noexcept { return depend_on_path_; }

    /// A glob without a '/' matches the name.
    [[nodiscard]] bool match_name(char const* name) const noexcept;

    /// A glob with a '/' matches the path below the root.
    [[nodiscard]] bool match_path(char const* below_root) const noexcept;

    /// The function of the user wants no entry of that type at this path. @throws callback_failure
    [[nodiscard]] bool prune(std::string_view path, tree_entry_type type) const;

private:
    tree_options const& options_;
    bool exist_;
    bool depend_on_path_;
};

} // namespace asio_inotify::detail

#endif

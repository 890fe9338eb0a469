//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_TREE_APPLIED_RENAME_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_TREE_APPLIED_RENAME_HPP

#include "support/tree/engine_parts.hpp"

#include "tree/engine/event_bits.hpp"
#include "tree/engine/rename_applier.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

/// Verdicts on renames that are applied. The root "/r" and the directory "/r/t", whose watch
/// descriptor is 2.
struct applied_rename : engine_parts
{
    using queued_event = asio_inotify::detail::queued_event;
    using rename_verdict = asio_inotify::detail::rename_verdict;
    using kind = rename_verdict::kind;
    using old_entry = rename_verdict::old_entry;
    using swapped = rename_verdict::swapped;

    explicit applied_rename(asio_inotify::tree_options given = {})
        : engine_parts(std::move(given))
    {}

    static queued_event event(int wd, std::uint32_t mask, std::string_view name, bool is_directory)
    {
        return {wd, mask | (is_directory ? 0x40000000U : 0), 7, name, 0};
    }

    /// "/r/`from`" has become "/r/t/`to`".
    void move(std::string_view from, std::string_view to, bool is_directory = false,
              old_entry old = old_entry::renamed)
    {
        rename_verdict verdict{kind::moved, root, target};
        verdict.to = event(2, asio_inotify::detail::moved_to_bit, to, is_directory);
        verdict.old = old;
        applier.apply(event(1, asio_inotify::detail::moved_from_bit, from, is_directory), verdict);
    }

    /// "/r/t/`from`" has become "/r/`to`".
    void move_back(std::string_view from, std::string_view to)
    {
        rename_verdict verdict{kind::moved, target, root};
        verdict.to = event(1, asio_inotify::detail::moved_to_bit, to, false);
        applier.apply(event(2, asio_inotify::detail::moved_from_bit, from, false), verdict);
    }

    void move_out(std::string_view from)
    {
        applier.apply(event(1, asio_inotify::detail::moved_from_bit, from, false),
                      {kind::moved_out, root});
    }

    /// "/r/a" and "/r/t/b" have changed places.
    void exchange(swapped which, bool is_directory = false, bool is_target_unknown = false)
    {
        rename_verdict verdict{kind::exchanged, root, target};
        verdict.to = event(2, asio_inotify::detail::moved_to_bit, "b", is_directory);
        verdict.back = event(2, asio_inotify::detail::moved_from_bit, "b", is_directory);
        verdict.end = event(1, asio_inotify::detail::moved_to_bit, "a", is_directory);
        verdict.which = which;
        verdict.is_target_unknown = is_target_unknown;
        applier.apply(event(1, asio_inotify::detail::moved_from_bit, "a", is_directory), verdict);
    }

    void expect(std::vector<std::string> const& expected)
    {
        BOOST_TEST(changes() == expected, boost::test_tools::per_element());
    }

    dir_id directory(std::string const& path) { return tree.find_directory(path); }

    asio_inotify::detail::recent_history history;
    asio_inotify::detail::rename_applier applier{tree.model, agenda,  recent, lister,
                                                 entries,    history, rescan};
    dir_id target = add_directory("/r", "t", 2);
};

} // namespace test

#endif

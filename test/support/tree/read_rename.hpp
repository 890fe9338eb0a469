//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_TREE_READ_RENAME_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_TREE_READ_RENAME_HPP

#include "support/make_records.hpp"
#include "support/tree/engine_parts.hpp"

#include "tree/engine/event_bits.hpp"
#include "tree/engine/rename_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <sstream>
#include <string>
#include <utility>

namespace test {

/// "1 from 7 a, 2 to 7 b dir, 5 self, 2 create z, 6 ignored": a watch descriptor, the kind, the
/// cookie if it is a rename, and the name.
inline record_maker records_of(std::string const& text)
{
    static std::map<std::string, std::uint32_t> const kinds{
        {"from", asio_inotify::detail::moved_from_bit},
        {"to", asio_inotify::detail::moved_to_bit},
        {"self", asio_inotify::detail::move_self_bit},
        {"create", asio_inotify::detail::created_bit},
        {"delete", asio_inotify::detail::deleted_bit},
        {"ignored", 0x8000},
        {"modify", asio_inotify::detail::modified_bit},
        {"attrib", asio_inotify::detail::attributes_bit},
    };
    record_maker made;
    std::istringstream all(text);
    for (std::string record; std::getline(all, record, ',');) {
        std::istringstream words(record);
        int wd = 0;
        std::string kind;
        std::uint32_t cookie = 0;
        std::string name;
        std::string is_directory;
        words >> wd >> kind;
        if (kind == "from" || kind == "to") {
            words >> cookie;
        }
        words >> name >> is_directory;
        made.add(wd, kinds.at(kind) | (is_directory.empty() ? 0 : 0x40000000U), cookie, name);
    }
    return made;
}

/// Verdicts of a rename_reader on events. The root "/r" has the watch descriptor 1, and the
/// directory "/r/t" has 2.
struct read_rename : engine_parts
{
    using evidence = asio_inotify::detail::evidence;
    using rename_verdict = asio_inotify::detail::rename_verdict;

    explicit read_rename(asio_inotify::tree_options given = {})
        : engine_parts(std::move(given))
    {}

    void read(std::string const& text)
    {
        auto const made = records_of(text);
        auto const room = queue.room();
        std::memcpy(room.data(), made.bytes().data(), made.size());
        queue.append(made.size(), {});
    }

    /// The verdict on the first event of the queue as text.
    std::string verdict(evidence known)
    {
        using kind = rename_verdict::kind;
        auto const v = reader.read(queue.front(), known);
        switch (v.what) {
        case kind::needs_queue:
            return "needs queue";
        case kind::needs_time:
            return "needs time";
        case kind::moved_out:
            BOOST_TEST(v.source == root);
            return "moved out";
        case kind::moved:
            BOOST_TEST((v.to && !v.back && !v.end));
            return v.old == rename_verdict::old_entry::renamed ? "moved"
                   : v.old == rename_verdict::old_entry::newer ? "moved, newer"
                                                               : "moved, gone";
        case kind::exchanged:
            break;
        }
        BOOST_TEST((v.to && v.back && v.end));
        std::string const text = v.which == rename_verdict::swapped::both          ? "both"
                                 : v.which == rename_verdict::swapped::only_first  ? "only first"
                                 : v.which == rename_verdict::swapped::only_second ? "only second"
                                                                                   : "none";
        return "exchanged " + text + (v.is_target_unknown ? ", unknown" : "");
    }

    /// The verdicts with all that was read, with the whole queue and after the grace time.
    void expect(std::string const& of_read, std::string const& of_queue, std::string const& of_time)
    {
        BOOST_TEST(verdict(evidence::read) == of_read);
        BOOST_TEST(verdict(evidence::queue) == of_queue);
        BOOST_TEST(verdict(evidence::time) == of_time);
    }

    void expect(std::string const& always) { expect(always, always, always); }

    asio_inotify::detail::event_queue queue{1024 * std::size_t{1024}};
    asio_inotify::detail::rename_reader reader{tree.options, tree.model, recent, queue, access};
    dir_id target = add_directory("/r", "t", 2);
};

} // namespace test

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/detail/watch_read_buffer.hpp>

#include <asio_inotify/detail/watch_record.hpp>
#include <asio_inotify/event_buffer.hpp>
#include <asio_inotify/watch_event_batch.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <cstddef>
#include <vector>

BOOST_AUTO_TEST_SUITE(watch_read_buffer)

namespace lib = asio_inotify;
namespace asio = boost::asio;

using buffer_under_test = lib::detail::watch_read_buffer;
using lib::detail::watch_pointer_reader;
using lib::detail::watch_pointer_writer;
using lib::detail::watch_record;

constexpr std::size_t record_size = sizeof(lib::detail::event_header);
constexpr std::size_t pointer_size = sizeof(watch_record const*);

BOOST_AUTO_TEST_CASE(there_is_a_pointer_for_each_of_the_shortest_records)
{
    std::vector<std::byte> memory(2000);
    for (std::size_t size = 0; size != memory.size(); ++size) {
        buffer_under_test const parts(asio::buffer(memory.data(), size));
        auto const records = parts.capacity() / record_size;
        BOOST_REQUIRE((parts.data() == memory.data()));
        BOOST_REQUIRE((parts.watches() == memory.data() + parts.capacity()));
        BOOST_REQUIRE_EQUAL(parts.capacity() % record_size, 0U);
        BOOST_REQUIRE_LE(parts.capacity() + records * pointer_size, size);
        // One more would not fit.
        BOOST_REQUIRE_GT((records + 1) * (record_size + pointer_size), size);
        BOOST_REQUIRE((parts.records().data() == parts.data()));
        BOOST_REQUIRE_EQUAL(parts.records().size(), parts.capacity());
    }
}

BOOST_AUTO_TEST_CASE(the_smallest_buffer_for_a_set_takes_an_event_with_any_name)
{
    std::array<std::byte, lib::minimum_watch_buffer_size> memory{};
    BOOST_TEST(buffer_under_test(asio::buffer(memory)).capacity() >= lib::minimum_buffer_size);
    BOOST_TEST(buffer_under_test(asio::buffer(memory.data(), memory.size() - 1)).capacity() <
               lib::minimum_buffer_size);
}

BOOST_AUTO_TEST_CASE(an_empty_buffer_has_no_room)
{
    buffer_under_test const parts{asio::mutable_buffer()};
    BOOST_TEST(parts.capacity() == 0U);
    BOOST_TEST((parts.watches() == nullptr));
}

BOOST_AUTO_TEST_CASE(pointers_are_read_as_they_were_written_at_any_alignment)
{
    std::array<watch_record, 3> records;
    for (std::size_t offset = 0; offset != 2 * pointer_size; ++offset) {
        std::vector<std::byte> memory(offset + 4 * pointer_size + 1, std::byte{0x5a});
        watch_pointer_writer writer(memory.data() + offset);
        writer.append(&records[2]);
        writer.append(nullptr);
        writer.append(&records[0]);
        watch_pointer_reader reader(memory.data() + offset);
        BOOST_REQUIRE((reader.get() == &records[2]));
        BOOST_REQUIRE((reader.get() == &records[2]));
        reader.advance();
        BOOST_REQUIRE((reader.get() == nullptr));
        reader.advance();
        BOOST_REQUIRE((reader.get() == &records[0]));
        for (std::size_t at = 0; at != offset; ++at) {
            BOOST_REQUIRE((memory[at] == std::byte{0x5a}));
        }
        BOOST_REQUIRE((memory[offset + 3 * pointer_size] == std::byte{0x5a}));
    }
}

BOOST_AUTO_TEST_SUITE_END()

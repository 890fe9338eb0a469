//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/printing.hpp"
#include "support/seed.hpp"
#include "support/skipping.hpp"
#include "support/temp_directory.hpp"

#include <asio_inotify.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace asio = boost::asio;
using namespace asio_inotify;

namespace {

/// What an instance promises, said a second time: every number, every failure, every event.
class model
{
public:
    explicit model(std::size_t files)
        : wd_of_(files, 0)
    {}

    struct result
    {
        int wd;
        boost::system::error_code ec;
    };

    result add(std::size_t file)
    {
        if (wd_of_[file] != 0) {
            return {wd_of_[file], {}};
        }
        return {make(file, first_free(cursor_)), {}};
    }

    result add_at(int wanted, std::size_t file)
    {
        if (wanted < 1) {
            return {0, error::watch_descriptor_out_of_range};
        }
        if (live_.contains(wanted)) {
            return {0, error::watch_descriptor_in_use};
        }
        if (wd_of_[file] != 0) {
            return {0, {EEXIST, boost::system::system_category()}};
        }
        return {make(file, wanted), {}};
    }

    boost::system::error_code remove(int wd)
    {
        auto const found = live_.find(wd);
        if (found == live_.end()) {
            return error::no_such_watch;
        }
        wd_of_[found->second] = 0;
        live_.erase(found);
        expected_.push_back(std::to_string(wd) + " ignored");
        return {};
    }

    void set_next(int wd) { cursor_ = wd; }

    void written(std::size_t file)
    {
        if (wd_of_[file] != 0) {
            expected_.push_back(std::to_string(wd_of_[file]) + " modify");
            expected_.push_back(std::to_string(wd_of_[file]) + " close_write");
        }
    }

    [[nodiscard]] std::deque<std::string>& expected() { return expected_; }
    [[nodiscard]] std::map<int, std::size_t> const& live() const { return live_; }

private:
    int first_free(int from) const
    {
        while (live_.contains(from)) {
            from = from == INT_MAX ? 1 : from + 1;
        }
        return from;
    }

    int make(std::size_t file, int wd)
    {
        wd_of_[file] = wd;
        live_[wd] = file;
        cursor_ = wd == INT_MAX ? 1 : wd + 1;
        return wd;
    }

    std::vector<int> wd_of_;
    std::map<int, std::size_t> live_;
    std::deque<std::string> expected_;
    int cursor_ = 1;
};

std::string text(event_view e)
{
    return std::to_string(e.wd().value()) + ' ' +
           (e.is_ignored() ? "ignored" : to_string(e.mask()));
}

} // namespace

BOOST_AUTO_TEST_SUITE(watch_numbers_storm)

// Numbers come from a small range, so that conflicts are frequent, and from around INT_MAX.
BOOST_AUTO_TEST_CASE(random_operations_do_exactly_what_is_promised)
{
    constexpr std::size_t files = 24;
    constexpr int operations = 30000;
    std::mt19937_64 random(test::seed());
    auto const below = [&](std::uint64_t n) { return random() % n; };
    auto const some_wd = [&] {
        auto const near = static_cast<int>(below(40));
        return below(20) == 0 ? INT_MAX - near / 4 : near;
    };

    test::temp_directory dir;
    std::vector<std::string> paths;
    for (std::size_t i = 0; i != files; ++i) {
        paths.push_back(dir.write(std::to_string(i)).string());
    }
    asio::io_context context;
    asio_inotify::inotify in{context};
    in.open();
    if (!in.supports_set_next()) {
        test::print_skipped("the kernel does not let numbers be chosen");
        return;
    }
    model expected(files);
    alignas(16) std::byte bytes[4096]; // NOLINT
    bool reading = false;
    auto const check = [&](event_batch batch) {
        for (auto e : batch) {
            BOOST_REQUIRE(!expected.expected().empty());
            BOOST_REQUIRE_EQUAL(text(e), expected.expected().front());
            expected.expected().pop_front();
        }
    };
    auto const start_read = [&] {
        reading = true;
        auto const size = minimum_buffer_size + below(3) * 64;
        in.async_read_events(asio::buffer(bytes, size),
                             [&](boost::system::error_code ec, event_batch batch) {
                                 BOOST_TEST(!ec);
                                 reading = false;
                                 check(batch);
                             });
    };
    auto const drain = [&] {
        // One read can be outstanding already; it then takes what it finds, like the others.
        while (!expected.expected().empty() || in.available() != 0) {
            if (!reading) {
                start_read();
            }
            context.restart();
            context.run_one();
        }
    };

    auto mask = event_mask::modify | event_mask::close_write;
    for (int i = 0; i != operations; ++i) {
        auto const file = below(files);
        boost::system::error_code ec;
        switch (below(9)) {
        case 0: {
            auto const wd = in.add(paths[file], mask, ec);
            auto const wanted = expected.add(file);
            BOOST_REQUIRE_EQUAL(ec, wanted.ec);
            BOOST_REQUIRE_EQUAL(wd.value(), wanted.wd);
            break;
        }
        case 1:
        case 2:
        case 3: {
            auto const wd = some_wd();
            in.add_at(watch_descriptor{wd}, paths[file], mask, ec);
            BOOST_REQUIRE_EQUAL(ec, expected.add_at(wd, file).ec);
            break;
        }
        case 4: {
            auto const wd = some_wd();
            in.remove(watch_descriptor{wd}, ec);
            BOOST_REQUIRE_EQUAL(ec, expected.remove(wd));
            break;
        }
        case 5:
            if (auto const wd = some_wd(); wd > 0) {
                in.set_next_watch_descriptor(watch_descriptor{wd});
                expected.set_next(wd);
            }
            break;
        case 6: {
            auto const wd = 1 + static_cast<int>(below(40));
            in.add_at(watch_descriptor{wd}, dir / "missing", mask, ec);
            BOOST_REQUIRE(expected.live().contains(wd)
                              ? ec == error::watch_descriptor_in_use
                              : ec == boost::system::errc::no_such_file_or_directory);
            in.add(dir / "missing", mask, ec);
            BOOST_REQUIRE(ec == boost::system::errc::no_such_file_or_directory);
            break;
        }
        case 7: {
            int const fd = ::open(paths[file].c_str(), O_WRONLY | O_CLOEXEC);
            BOOST_REQUIRE(::write(fd, "x", 1) == 1);
            ::close(fd);
            expected.written(file);
            break;
        }
        default:
            if (below(4) == 0) {
                drain();
            } else if (!reading) {
                start_read();
            }
            break;
        }
    }
    drain();
    for (auto const& [wd, file] : expected.live()) {
        boost::system::error_code ec;
        BOOST_TEST(in.add(paths[file], mask, ec).value() == wd);
    }
    in.close();
}

BOOST_AUTO_TEST_SUITE_END()

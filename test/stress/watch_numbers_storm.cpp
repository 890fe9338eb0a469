//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/long_run.hpp"
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

// An instance and its model. Numbers come from a small range, so that conflicts are frequent, and
// from around INT_MAX.
class instance_beside_model
{
public:
    static constexpr std::size_t files = 24;

    explicit instance_beside_model(std::uint64_t seed)
        : random_(seed)
    {
        for (std::size_t i = 0; i != files; ++i) {
            paths_.push_back(dir_.write(std::to_string(i)).string());
        }
        in_.open();
    }

    [[nodiscard]] bool supports_set_next() { return in_.supports_set_next(); }

    void step()
    {
        using operation = void (instance_beside_model::*)();
        static constexpr operation operations[] = {
            &instance_beside_model::add,          &instance_beside_model::add_at,
            &instance_beside_model::add_at,       &instance_beside_model::add_at,
            &instance_beside_model::remove,       &instance_beside_model::set_next,
            &instance_beside_model::add_missing,  &instance_beside_model::write,
            &instance_beside_model::read_or_drain};
        file_ = below(files);
        (this->*operations[below(std::size(operations))])();
    }

    // One read can be outstanding already; it then takes what it finds, like the others.
    void drain()
    {
        while (!model_.expected().empty() || in_.available() != 0) {
            if (!reading_) {
                start_read();
            }
            context_.restart();
            context_.run_one();
        }
    }

    void expect_live_watches()
    {
        for (auto const& [wd, file] : model_.live()) {
            boost::system::error_code ec;
            BOOST_TEST(in_.add(paths_[file], mask, ec).value() == wd);
        }
    }

private:
    static constexpr auto mask = event_mask::modify | event_mask::close_write;

    std::uint64_t below(std::uint64_t n) { return random_() % n; }

    int some_wd()
    {
        auto const near = static_cast<int>(below(40));
        return below(20) == 0 ? INT_MAX - near / 4 : near;
    }

    void start_read()
    {
        reading_ = true;
        auto const size = minimum_buffer_size + below(3) * 64;
        in_.async_read_events(asio::buffer(bytes_, size),
                              [this](boost::system::error_code ec, event_batch batch) {
                                  BOOST_TEST(!ec);
                                  reading_ = false;
                                  check(batch);
                              });
    }

    void check(event_batch batch)
    {
        for (auto e : batch) {
            BOOST_REQUIRE(!model_.expected().empty());
            BOOST_REQUIRE_EQUAL(text(e), model_.expected().front());
            model_.expected().pop_front();
        }
    }

    void add()
    {
        boost::system::error_code ec;
        auto const wd = in_.add(paths_[file_], mask, ec);
        auto const wanted = model_.add(file_);
        BOOST_REQUIRE_EQUAL(ec, wanted.ec);
        BOOST_REQUIRE_EQUAL(wd.value(), wanted.wd);
    }

    void add_at()
    {
        auto const wd = some_wd();
        boost::system::error_code ec;
        in_.add_at(watch_descriptor{wd}, paths_[file_], mask, ec);
        BOOST_REQUIRE_EQUAL(ec, model_.add_at(wd, file_).ec);
    }

    void remove()
    {
        auto const wd = some_wd();
        boost::system::error_code ec;
        in_.remove(watch_descriptor{wd}, ec);
        BOOST_REQUIRE_EQUAL(ec, model_.remove(wd));
    }

    void set_next()
    {
        if (auto const wd = some_wd(); wd > 0) {
            in_.set_next_watch_descriptor(watch_descriptor{wd});
            model_.set_next(wd);
        }
    }

    void add_missing()
    {
        auto const wd = 1 + static_cast<int>(below(40));
        boost::system::error_code ec;
        in_.add_at(watch_descriptor{wd}, dir_ / "missing", mask, ec);
        BOOST_REQUIRE(model_.live().contains(wd)
                          ? ec == error::watch_descriptor_in_use
                          : ec == boost::system::errc::no_such_file_or_directory);
        in_.add(dir_ / "missing", mask, ec);
        BOOST_REQUIRE(ec == boost::system::errc::no_such_file_or_directory);
    }

    void write()
    {
        int const fd = ::open(paths_[file_].c_str(), O_WRONLY | O_CLOEXEC);
        BOOST_REQUIRE(::write(fd, "x", 1) == 1);
        ::close(fd);
        model_.written(file_);
    }

    void read_or_drain()
    {
        if (below(4) == 0) {
            drain();
        } else if (!reading_) {
            start_read();
        }
    }

    std::mt19937_64 random_;
    test::temp_directory dir_;
    std::vector<std::string> paths_;
    asio::io_context context_;
    alignas(16) std::byte bytes_[4096] = {};
    inotify in_{context_};
    model model_{files};
    bool reading_ = false;
    std::size_t file_ = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(watch_numbers_storm)

BOOST_AUTO_TEST_CASE(random_operations_keep_every_promise)
{
    auto const operations = test::operation_count(30000, 1'000'000);
    instance_beside_model both(test::seed());
    if (!both.supports_set_next()) {
        test::print_skipped("the kernel does not let numbers be chosen");
        return;
    }
    for (std::size_t i = 0; i != operations; ++i) {
        both.step();
    }
    both.drain();
    both.expect_live_watches();
}

BOOST_AUTO_TEST_SUITE_END()

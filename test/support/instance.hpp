//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_INSTANCE_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_INSTANCE_HPP

#include "support/printing.hpp"
#include "support/temp_directory.hpp"

#include <asio_inotify.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <linux/types.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>

namespace test {

namespace asio = boost::asio;
using asio_inotify::add_options;
using asio_inotify::error;
using asio_inotify::event_mask;
using asio_inotify::watch_descriptor;
using error_code = boost::system::error_code;

/// The kernel's account of an instance: flags, and for each watch number, inode and mask.
inline std::string kernel_account(int fd)
{
    std::ifstream file("/proc/self/fdinfo/" + std::to_string(fd));
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The live numbers of an instance, by a way of the test's own, ascending.
inline std::vector<int> live(int fd)
{
    std::ifstream file("/proc/self/fdinfo/" + std::to_string(fd));
    std::vector<int> numbers;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("inotify wd:")) {
            numbers.push_back(std::stoi(line.substr(11), nullptr, 16));
        }
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

/// How many descriptors the process has open.
inline std::ptrdiff_t open_descriptors()
{
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

/// "wd kind name", for comparisons that show what is wrong.
template <class Event>
std::string describe(Event const& e)
{
    auto text = std::to_string(e.wd().value()) + ' ';
    text += e.is_overflow() ? "overflow" : e.is_ignored() ? "ignored" : to_string(e.mask());
    text += e.is_directory() ? "|dir" : "";
    return e.name().empty() ? text : text + ' ' + std::string(e.name());
}

/// Everything that can be read without waiting, read by reads of so many bytes.
inline std::vector<std::string> drain(asio_inotify::inotify& in, std::size_t size = 65536)
{
    std::vector<std::string> seen;
    std::vector<std::byte> memory(size);
    in.non_blocking(true);
    error_code ec;
    for (;;) {
        auto const batch = in.read_events(asio::buffer(memory), ec);
        if (ec) {
            BOOST_TEST(ec == asio::error::would_block);
            in.non_blocking(false);
            return seen;
        }
        BOOST_TEST(!batch.empty());
        for (auto const e : batch) {
            seen.push_back(describe(e));
        }
    }
}

/// Compare what was read with what has to be there, one by one.
inline void expect_events(std::vector<std::string> const& seen,
                          std::vector<std::string> const& expected)
{
    BOOST_TEST(seen == expected, boost::test_tools::per_element());
}

/// The next number that the kernel gives.
inline void set_kernel_cursor(int fd, int number)
{
    constexpr unsigned long set_next = _IOW('I', 0, __s32);
    BOOST_REQUIRE(::ioctl(fd, set_next, static_cast<unsigned long>(number)) == 0);
}

/// Add a watch under a number as somebody else with a duplicate of the descriptor would, so that
/// the object does not know of it.
template <class Inotify>
void add_behind_the_back(Inotify& in, int number, std::filesystem::path const& path)
{
    int const fd = in.native_handle();
    set_kernel_cursor(fd, number);
    BOOST_REQUIRE(::inotify_add_watch(fd, path.c_str(), IN_ALL_EVENTS) == number);
}

/// An open instance and a directory of the test's own.
struct instance
{
    instance() { in.open(); }

    /// A new watch of a new file.
    watch_descriptor add_new() { return in.add(new_file(), event_mask::all); }

    /// A file that did not exist.
    std::filesystem::path new_file() { return dir.write("file" + std::to_string(++files)); }

    [[nodiscard]] std::string account() { return kernel_account(in.native_handle()); }

    temp_directory dir;
    asio::io_context context;
    asio_inotify::inotify in{context};
    int files = 0;
};

inline watch_descriptor wd(int value)
{
    return watch_descriptor{value};
}

} // namespace test

#endif

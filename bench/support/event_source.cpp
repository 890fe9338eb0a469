//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "event_source.hpp"

#include <algorithm>
#include <cstdio>
#include <random>
#include <stdexcept>

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace bench {
namespace {

constexpr std::size_t file_count = 256;
constexpr std::size_t header_size = 16;
// Enough for distinct names.
constexpr std::size_t shortest_name = 3;

std::string make_name(std::size_t number, std::size_t length)
{
    char digits[8];
    std::snprintf(digits, sizeof digits, "%03zx", number);
    std::string name(digits);
    name.resize(length, 'x');
    return name;
}

} // namespace

event_source::event_source(std::size_t record_size, std::uint64_t seed)
    : record_size_(record_size)
{
    if (record_size % 16 != 0 || record_size < header_size || record_size > header_size + 256) {
        throw std::runtime_error("a record has 16 to 272 bytes, in steps of 16");
    }
    // The name and its null byte are padded to a multiple of 16.
    auto const padded = (std::max)(record_size - header_size, std::size_t{16});
    auto const shortest = (std::max)(padded - 16, shortest_name);
    auto const longest = padded - 1;

    std::mt19937_64 random(seed);
    for (std::size_t i = 0; i != file_count; ++i) {
        auto const length = shortest + random() % (longest - shortest + 1);
        paths_.push_back((directory_.path() / make_name(i, length)).string());
    }
    std::shuffle(paths_.begin(), paths_.end(), random);
    for (auto const& path : paths_) {
        // Reading is the cheapest event: nothing becomes dirty.
        auto const& file = files_.emplace_back(check(
            ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOATIME, 0600), "open"));
        check(::pwrite(file.get(), "x", 1, 0), "pwrite");
    }
}

void event_source::watch(int instance) const
{
    if (record_size_ != header_size) {
        check(::inotify_add_watch(instance, directory_.path().c_str(), IN_ACCESS),
              "inotify_add_watch");
        return;
    }
    for (auto const& path : paths_) {
        check(::inotify_add_watch(instance, path.c_str(), IN_ACCESS), "inotify_add_watch");
    }
}

void event_source::fill(int instance, std::size_t events) const
{
    for (std::size_t i = 0; i != events; ++i) {
        fire(i);
    }
    int queued = 0;
    check(::ioctl(instance, FIONREAD, &queued), "ioctl FIONREAD");
    if (static_cast<std::size_t>(queued) != events * record_size_) {
        throw std::runtime_error("the queue holds other events than it was filled with");
    }
}

void event_source::fire(std::size_t n) const
{
    char byte = 0;
    check(::pread(files_[n % file_count].get(), &byte, 1, 0), "pread");
}

} // namespace bench

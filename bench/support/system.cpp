//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "system.hpp"

#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sched.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace bench {

void throw_errno(char const* what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

unique_fd::~unique_fd()
{
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

temporary_directory::temporary_directory()
    : temporary_directory(std::filesystem::temp_directory_path())
{}

temporary_directory::temporary_directory(std::filesystem::path const& above)
{
    auto name = (above / "asio-inotify-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw_errno("mkdtemp");
    }
    path_ = name;
}

temporary_directory::~temporary_directory()
{
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

unique_fd make_instance()
{
    return unique_fd{check(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC), "inotify_init1")};
}

void make_file(std::filesystem::path const& path)
{
    unique_fd const file{
        check(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), "open")};
}

std::size_t queue_limit()
{
    std::size_t limit = 0;
    std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> limit;
    return limit;
}

int pin_to_core(int core)
{
    cpu_set_t set;
    if (core < 0) {
        check(::sched_getaffinity(0, sizeof set, &set), "sched_getaffinity");
        for (core = CPU_SETSIZE - 1; core > 0 && !CPU_ISSET(static_cast<std::size_t>(core), &set);
             --core) {
        }
    }
    CPU_ZERO(&set);
    CPU_SET(static_cast<std::size_t>(core), &set);
    check(::sched_setaffinity(0, sizeof set, &set), "sched_setaffinity");
    return core;
}

undisturbed::undisturbed() noexcept
{
    sched_param priority{};
    priority.sched_priority = 1;
    granted_ = ::sched_setscheduler(0, SCHED_FIFO, &priority) == 0;
}

undisturbed::~undisturbed()
{
    if (granted_) {
        sched_param const priority{};
        ::sched_setscheduler(0, SCHED_OTHER, &priority);
    }
}

} // namespace bench

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "snapshot_file.hpp"

#include "failure.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

namespace asio_watch {
namespace {

// An interrupted call is not made again: the signal wants the program to end, and it may be
// waiting for the other end of a pipe.
void check(bool success)
{
    if (!success) {
        throw std::system_error(errno, std::generic_category());
    }
}

std::string reason(std::system_error const& error)
{
    return error.code().message();
}

class descriptor
{
public:
    explicit descriptor(int fd)
        : fd_(fd)
    {
        check(fd >= 0);
    }
    descriptor(descriptor const&) = delete;
    descriptor& operator=(descriptor const&) = delete;

    ~descriptor()
    {
        if (fd_ >= 0) {
            ::close(fd_);
        }
    }

    [[nodiscard]] int get() const noexcept { return fd_; }

    /// Some filesystems tell only now that there was no room.
    void close() { check(::close(std::exchange(fd_, -1)) == 0); }

private:
    int fd_;
};

std::string read_all(int fd)
{
    std::string text;
    std::array<char, 16384> part;
    for (;;) {
        auto const size = ::read(fd, part.data(), part.size());
        check(size >= 0);
        if (size == 0) {
            return text;
        }
        text.append(part.data(), static_cast<std::size_t>(size));
    }
}

void write_all(int fd, std::string_view text)
{
    while (!text.empty()) {
        auto const written = ::write(fd, text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {
            // An inherited descriptor that somebody made non-blocking.
            pollfd wanted{.fd = fd, .events = POLLOUT, .revents = 0};
            check(::poll(&wanted, 1, -1) >= 0);
        } else {
            check(false);
        }
    }
}

/// Up to the last slash, and that included; empty for a name in the working directory.
std::string directory_of(std::string const& path)
{
    return path.substr(0, path.rfind('/') + 1);
}

std::string in_directory(std::string const& directory)
{
    return directory.empty() ? "." : directory;
}

bool is_in_proc(std::string const& directory)
{
    struct statfs status;
    check(::statfs(in_directory(directory).c_str(), &status) == 0);
    return status.f_type == PROC_SUPER_MAGIC;
}

/// The number of this process's descriptor that a link of /proc stands for.
std::optional<int> descriptor_behind(std::string const& link)
{
    auto const directory = directory_of(link);
    struct stat mine;
    struct stat its;
    if (::stat("/proc/self/fd", &mine) != 0 || ::stat(in_directory(directory).c_str(), &its) != 0 ||
        mine.st_dev != its.st_dev || mine.st_ino != its.st_ino) {
        return std::nullopt;
    }
    // The kernel has nothing but numbers there.
    return std::atoi(link.c_str() + directory.size());
}

std::string target_of(std::string const& link)
{
    std::array<char, PATH_MAX> text;
    auto const size = ::readlink(link.c_str(), text.data(), text.size());
    check(size >= 0);
    std::string target(text.data(), static_cast<std::size_t>(size));
    return target.starts_with('/') ? target : directory_of(link) + target;
}

/// The mode of a file that is made in the ordinary way.
mode_t default_mode()
{
    auto const mask = ::umask(0);
    ::umask(mask);
    return 0666U & ~mask;
}

/// Write to another file, which then takes the place of the one that is wanted.
void replace(std::string const& path, mode_t mode, std::string_view text)
{
    // Not the name and something behind it, which could be too long.
    auto name = directory_of(path) + ".asio-watch.XXXXXX";
    descriptor file(::mkostemp(name.data(), O_CLOEXEC));
    try {
        write_all(file.get(), text);
        check(::fchmod(file.get(), mode) == 0);
        // Otherwise the machine could stop with the new name and without its content.
        check(::fsync(file.get()) == 0);
        file.close();
        check(std::rename(name.c_str(), path.c_str()) == 0);
    } catch (...) {
        ::unlink(name.c_str());
        throw;
    }
}

/// Write to what is there. Appended, as it can be a file that others write to as well.
void write_directly(std::string const& path, std::string_view text)
{
    descriptor const file(::open(path.c_str(), O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC));
    write_all(file.get(), text);
}

/// Write to a descriptor of this process, behind what went there before.
/** To open it by its link would begin at the start of a file, and is not possible for a socket. */
void write_to_descriptor(int fd, std::string_view text)
{
    descriptor const file(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
    write_all(file.get(), text);
}

void write_text(std::string path, std::string_view text)
{
    // As many links as the kernel follows.
    for (int links = 0; links <= 40; ++links) {
        struct stat status;
        if (::lstat(path.c_str(), &status) != 0) {
            check(errno == ENOENT);
            replace(path, default_mode(), text);
            return;
        }
        if (S_ISREG(status.st_mode)) {
            replace(path, status.st_mode & 07777U, text);
            return;
        }
        if (!S_ISLNK(status.st_mode)) {
            write_directly(path, text);
            return;
        }
        if (is_in_proc(directory_of(path))) {
            // Such a link is more than the path that it shows.
            if (auto const fd = descriptor_behind(path)) {
                write_to_descriptor(*fd, text);
            } else {
                write_directly(path, text);
            }
            return;
        }
        path = target_of(path);
    }
    errno = ELOOP;
    check(false);
}

std::string read_text(std::string const& path)
{
    try {
        descriptor const file(::open(path.c_str(), O_RDONLY | O_NOCTTY | O_CLOEXEC));
        return read_all(file.get());
    } catch (std::system_error const& error) {
        throw failure("cannot restore", path, reason(error));
    }
}

/// @param other      How the text of the other kind of snapshot begins.
/// @param why_other  What is wrong with it.
template <class Snapshot>
Snapshot read(std::string const& path, std::string_view other, std::string const& why_other)
{
    auto const text = read_text(path);
    boost::system::error_code ec;
    std::size_t line = 0;
    auto saved = Snapshot::from_text(text, ec, line);
    if (ec) {
        throw failure("cannot restore", path,
                      "line " + std::to_string(line) + ": " +
                          (text.starts_with(other) ? why_other : ec.message()));
    }
    return saved;
}

} // namespace

asio_inotify::snapshot read_snapshot(std::string const& path)
{
    return read<asio_inotify::snapshot>(path, "asio-inotify tree ",
                                        "snapshot is one of trees, which goes with --recursive");
}

asio_inotify::tree_snapshot read_tree_snapshot(std::string const& path)
{
    return read<asio_inotify::tree_snapshot>(
        path, "asio-inotify snapshot ",
        "snapshot is one of single watches, which does not go with --recursive");
}

void write_snapshot(std::string const& path, std::string_view text)
{
    try {
        write_text(path, text);
    } catch (std::system_error const& error) {
        throw failure("cannot save", path, reason(error));
    }
}

} // namespace asio_watch

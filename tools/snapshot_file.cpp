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

// An interrupted call is not retried: the signal asks the program to end, and the call may be
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

    /// Some filesystems report a full disk only here.
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
            // An inherited descriptor on which another process has set O_NONBLOCK.
            pollfd wanted{.fd = fd, .events = POLLOUT, .revents = 0};
            check(::poll(&wanted, 1, -1) >= 0);
        } else {
            check(false);
        }
    }
}

/// The path up to and including the last slash; empty for a name in the working directory.
std::string directory_of(std::string const& path)
{
    return path.substr(0, path.rfind('/') + 1);
}

std::string directory_or_dot(std::string const& directory)
{
    return directory.empty() ? "." : directory;
}

bool is_in_proc(std::string const& directory)
{
    struct statfs status;
    check(::statfs(directory_or_dot(directory).c_str(), &status) == 0);
    return status.f_type == PROC_SUPER_MAGIC;
}

/// The descriptor of this process to which a link in /proc/self/fd refers.
std::optional<int> descriptor_of_link(std::string const& link)
{
    auto const directory = directory_of(link);
    struct stat own_fds;
    struct stat parent;
    if (::stat("/proc/self/fd", &own_fds) != 0 ||
        ::stat(directory_or_dot(directory).c_str(), &parent) != 0 ||
        own_fds.st_dev != parent.st_dev || own_fds.st_ino != parent.st_ino) {
        return std::nullopt;
    }
    // All names in that directory are numbers.
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

/// The mode that open(2) gives a new file: 0666 without the umask.
mode_t default_mode()
{
    auto const mask = ::umask(0);
    ::umask(mask);
    return 0666U & ~mask;
}

/// Atomic replace: write to a temporary file, then rename it.
void replace_file(std::string const& path, mode_t mode, std::string_view text)
{
    // Not the name with a suffix, which could be too long.
    auto name = directory_of(path) + ".asio-watch.XXXXXX";
    descriptor file(::mkostemp(name.data(), O_CLOEXEC));
    try {
        write_all(file.get(), text);
        check(::fchmod(file.get(), mode) == 0);
        // Without it a crash could leave the new name without its content.
        check(::fsync(file.get()) == 0);
        file.close();
        check(std::rename(name.c_str(), path.c_str()) == 0);
    } catch (...) {
        ::unlink(name.c_str());
        throw;
    }
}

/// Append to the existing file, as other processes may write to it as well.
void write_directly(std::string const& path, std::string_view text)
{
    descriptor const file(::open(path.c_str(), O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC));
    write_all(file.get(), text);
}

/// Write to a descriptor of this process, at its current position.
/** Opening its link instead would start at the beginning of a file, and fails for a socket. */
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
            replace_file(path, default_mode(), text);
            return;
        }
        if (S_ISREG(status.st_mode)) {
            replace_file(path, status.st_mode & 07777U, text);
            return;
        }
        if (!S_ISLNK(status.st_mode)) {
            write_directly(path, text);
            return;
        }
        if (is_in_proc(directory_of(path))) {
            // Such a link leads to an open file, not to the path that readlink returns.
            if (auto const fd = descriptor_of_link(path)) {
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

/// @param other      The first bytes of the other kind of snapshot.
/// @param why_other  The message for that kind.
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

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "system/directory_ops.hpp"
#include "support/process/restricted.hpp"
#include "support/temp_directory.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace fs = std::filesystem;

// Directories that are opened and listed, and what is known of their filesystems.
BOOST_AUTO_TEST_SUITE(directory_ops)

namespace detail = asio_inotify::detail;
using boost::system::error_code;

namespace {

/// An open directory.
struct opened
{
    explicit opened(fs::path const& path)
    {
        error_code ec;
        fd = detail::open_directory(path.native(), true, ec);
        BOOST_TEST_REQUIRE(!ec, path << ": " << ec.message());
    }

    opened(opened const&) = delete;
    opened& operator=(opened const&) = delete;

    ~opened() { detail::close_directory(fd); }

    int fd = -1;
};

std::uint64_t inode_of(int fd)
{
    error_code ec;
    auto const status = detail::status_of(fd, ec);
    BOOST_TEST_REQUIRE(!ec, ec.message());
    return status.inode;
}

bool is_of(fs::path const& path, std::uint32_t magic)
{
    struct ::statfs s;
    return ::statfs(path.c_str(), &s) == 0 && static_cast<std::uint32_t>(s.f_type) == magic;
}

void mount_tmpfs(fs::path const& on)
{
    if (::mount("none", on.c_str(), "tmpfs", 0, "size=1m") != 0) {
        throw test::skipped("cannot mount a tmpfs: " + test::message_of(errno));
    }
}

/// The inode of what an entry is opened as; 0 if it is not opened.
std::uint64_t opens_within(opened const& parent, char const* name)
{
    int const fd = detail::open_directory_within(parent.fd, name);
    if (fd < 0) {
        return 0;
    }
    BOOST_TEST((::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
    auto const inode = inode_of(fd);
    detail::close_directory(fd);
    return inode;
}

// False, and the test is skipped, if the kernel does not know the call or may not be asked.
bool can_open_within(opened const& parent)
{
    int const fd = detail::open_directory_within(parent.fd, ".");
    if (fd < 0 && (errno == ENOSYS || errno == EPERM)) {
        test::print_skipped("no openat2: " + test::message_of(errno));
        return false;
    }
    BOOST_TEST_REQUIRE(fd >= 0, test::message_of(errno));
    detail::close_directory(fd);
    return true;
}

} // namespace

BOOST_AUTO_TEST_CASE(opened_within_a_filesystem)
{
    test::temp_directory const dir;
    fs::create_directory(dir / "child");
    fs::create_directory_symlink("child", dir / "link");
    fs::create_directory_symlink(".", dir / "circle");
    dir.write("file");
    BOOST_TEST_REQUIRE(::mkfifo((dir / "fifo").c_str(), 0600) == 0);
    opened const parent(dir.path());
    if (!can_open_within(parent)) {
        return;
    }
    BOOST_TEST(opens_within(parent, "child") == inode_of(opened(dir / "child").fd));
    for (auto const* const name : {"link", "circle", "file", "fifo", "missing", ""}) {
        BOOST_TEST(opens_within(parent, name) == 0U, name);
    }
}

BOOST_AUTO_TEST_CASE(no_mount_is_crossed)
{
    test::run_in_child([] {
        test::enter_mount_namespace();
        test::temp_directory const dir;
        for (auto const* const name : {"other", "same", "child"}) {
            fs::create_directory(dir / name);
        }
        opened const parent(dir.path());
        if (!can_open_within(parent)) {
            throw test::skipped("no openat2");
        }
        BOOST_TEST(opens_within(parent, "other") != 0U);
        BOOST_TEST(opens_within(parent, "same") != 0U);
        mount_tmpfs(dir / "other");
        // The device is that of the parent.
        BOOST_TEST_REQUIRE(::mount((dir / "child").c_str(), (dir / "same").c_str(), nullptr,
                                   MS_BIND, nullptr) == 0);
        BOOST_TEST(opens_within(parent, "other") == 0U);
        BOOST_TEST(opens_within(parent, "same") == 0U);
        BOOST_TEST(opens_within(parent, "child") != 0U);
        // The other function is for those.
        error_code ec;
        int const fd = detail::open_directory_at(parent.fd, "same", false, ec);
        BOOST_TEST_REQUIRE(!ec, ec.message());
        BOOST_TEST(inode_of(fd) == inode_of(opened(dir / "child").fd));
        detail::close_directory(fd);
        BOOST_TEST(::umount((dir / "same").c_str()) == 0);
        BOOST_TEST(::umount((dir / "other").c_str()) == 0);
    });
}

BOOST_AUTO_TEST_CASE(traits_of_filesystems)
{
    test::run_in_child([] {
        opened const proc("/proc");
        auto const unknown = detail::traits_of(proc.fd);
        BOOST_TEST((unknown.unreported == detail::blind_spot::kernel));
        BOOST_TEST(!unknown.is_plain);
        BOOST_TEST(unknown.end_of_listing == 0);
        test::temp_directory const dir;
        if (is_of(dir.path(), EXT4_SUPER_MAGIC)) {
            auto const ext4 = detail::traits_of(opened(dir.path()).fd);
            BOOST_TEST((ext4.unreported == detail::blind_spot::none));
            BOOST_TEST(ext4.is_plain);
            BOOST_TEST(ext4.end_of_listing == 0x7fffffffffffffff);
        }
        test::enter_mount_namespace();
        mount_tmpfs(dir.path());
        auto const tmpfs = detail::traits_of(opened(dir.path()).fd);
        BOOST_TEST(::umount(dir.path().c_str()) == 0);
        BOOST_TEST((tmpfs.unreported == detail::blind_spot::none));
        BOOST_TEST(tmpfs.is_plain);
        BOOST_TEST(tmpfs.end_of_listing == 0x7fffffff);
    });
}

BOOST_AUTO_TEST_CASE(filesystems_that_the_kernel_makes)
{
    struct known
    {
        char const* path;
        detail::blind_spot expected;
    };
    using detail::blind_spot;
    for (auto const& [path, expected] :
         {known{"/proc", blind_spot::kernel}, known{"/sys", blind_spot::kernel},
          known{"/sys/fs/cgroup/unified", blind_spot::kernel},
          known{"/sys/fs/cgroup/memory", blind_spot::kernel},
          known{"/sys/kernel/debug", blind_spot::kernel},
          known{"/sys/kernel/tracing", blind_spot::kernel},
          known{"/sys/fs/bpf", blind_spot::kernel}, known{"/dev/pts", blind_spot::none},
          known{"/dev", blind_spot::none}}) {
        error_code ec;
        int const fd = detail::open_directory(path, true, ec);
        if (fd >= 0) {
            auto const seen = detail::traits_of(fd);
            // Below /sys nothing may be mounted there: then it is a directory of sysfs.
            BOOST_TEST((seen.unreported == expected), path);
            BOOST_TEST((expected == blind_spot::none || !seen.is_plain), path);
            detail::close_directory(fd);
        }
    }
}

namespace {

struct listing
{
    std::multiset<std::string> names{};
    std::uint64_t own_inode = 0;
    // The place of the end stood behind the last entry.
    bool says_end = false;
};

// The end may be behind the last entry of all, and, of a call that had no room for
// more, behind its last one.
listing list_all(opened const& directory, std::size_t buffer_size)
{
    constexpr std::size_t longest_record = 280;
    auto const traits = detail::traits_of(directory.fd);
    listing all;
    std::vector<std::byte> buffer(buffer_size);
    detail::rewind_directory(directory.fd);
    for (;;) {
        error_code ec;
        auto const size = detail::list_directory(directory.fd, buffer.data(), buffer_size, ec);
        BOOST_TEST_REQUIRE(!ec, ec.message());
        if (size == 0) {
            return all;
        }
        BOOST_TEST(!all.says_end, "something follows the end");
        detail::listed_entry entry{};
        for (std::size_t at = 0; at < size;) {
            at += detail::first_entry(buffer.data() + at, entry);
            std::string const name(entry.name, entry.name_size);
            all.names.insert(name);
            all.own_inode = name == "." ? entry.inode : all.own_inode;
            if (entry.next == traits.end_of_listing && entry.next != 0) {
                BOOST_TEST(at == size, "the end is in the middle, after " << name);
                all.says_end = size + longest_record <= buffer_size;
            }
        }
        BOOST_TEST(entry.next == ::lseek(directory.fd, 0, SEEK_CUR));
    }
}

// What an engine does without asking again where a listing has ended.
void expect_listings(fs::path const& place)
{
    test::temp_directory const dir(place);
    opened const directory(dir.path());
    auto const traits = detail::traits_of(directory.fd);
    if (!traits.is_plain) {
        test::print_skipped(place.native() + ": not a filesystem of which something is known");
        return;
    }
    bool ends_are_said = true;
    std::size_t made = 0;
    for (std::size_t const count : {0U, 1U, 3U, 200U, 5000U}) {
        for (; made != count; ++made) {
            dir.write(std::to_string(made) + std::string(made % 50, 'n'), "");
        }
        for (std::size_t const size : {32U * 1024U, 4096U, 1024U, 300U}) {
            BOOST_TEST_CONTEXT(place << ", " << count << " entries, by " << size << " bytes")
            {
                auto const all = list_all(directory, size);
                BOOST_TEST(all.names.size() == count + 2);
                BOOST_TEST(std::set(all.names.begin(), all.names.end()).size() == count + 2);
                BOOST_TEST(all.own_inode == inode_of(directory.fd));
                if (size > 4096 && count <= 200) {
                    // One call, with room for more.
                    ends_are_said = ends_are_said && all.says_end;
                }
            }
        }
    }
    if (traits.end_of_listing != 0 && !ends_are_said) {
        test::print_skipped(place.native() + ": the kernel does not say where a listing ends");
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(listings_on_disk)
{
    expect_listings(fs::temp_directory_path());
}

BOOST_AUTO_TEST_CASE(listings_in_memory)
{
    test::run_in_child([] {
        auto const place = test::place_in_memory();
        if (is_of(place, TMPFS_MAGIC)) {
            expect_listings(place);
            return;
        }
        test::enter_mount_namespace();
        test::temp_directory const mounted;
        mount_tmpfs(mounted.path());
        expect_listings(mounted.path());
        BOOST_TEST(::umount(mounted.path().c_str()) == 0);
    });
}

BOOST_AUTO_TEST_SUITE_END()

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/seed.hpp"
#include "support/simulation/simulated_kernel.hpp"
#include "support/skipping.hpp"
#include "support/temp_directory.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

// The simulated kernel that drives the tree engine does what the real one does: operations,
// watches and reads in the same order on both. Where they differ, the simulation is wrong.
BOOST_AUTO_TEST_SUITE(simulation_matches)

namespace detail = asio_inotify::detail;
using error_code = boost::system::error_code;

namespace {

int result(int returned)
{
    return returned < 0 ? errno : 0;
}

std::vector<std::string> records(std::byte const* data, std::size_t size,
                                 std::map<std::uint32_t, std::size_t>& cookies)
{
    std::vector<std::string> all;
    for (std::size_t at = 0; at != size;) {
        ::inotify_event e;
        std::memcpy(&e, data + at, sizeof e);
        // The numbers of renames are compared by their order, as others rename as well.
        auto const cookie =
            e.cookie == 0 ? 0 : cookies.try_emplace(e.cookie, cookies.size() + 1).first->second;
        all.push_back(std::to_string(e.wd) + ' ' + std::to_string(e.mask) + ' ' +
                      std::to_string(cookie) + ' ' +
                      std::string(reinterpret_cast<char const*>(data + at + sizeof e), e.len));
        at += sizeof e + e.len;
    }
    return all;
}

// A kernel, and how to tell it the same as the other.
struct both
{
    both()
        : fd(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC))
    {
        BOOST_REQUIRE(fd >= 0);
        BOOST_REQUIRE(simulated.world.mkdir("/top") == 0);
    }
    both(both const&) = delete;
    both& operator=(both const&) = delete;
    ~both()
    {
        for (auto const& [number, pair] : files) {
            ::close(pair.first);
        }
        for (auto const& pair : directories) {
            ::close(pair.first);
        }
        ::close(fd);
    }

    std::string real_path(std::string const& path) const { return dir.path().string() + path; }
    static std::string simulated_path(std::string const& path) { return "/top" + path; }

    // Reads of both give the same records, byte by byte but for cookies.
    void read(std::size_t size)
    {
        std::vector<std::byte> one(size);
        std::vector<std::byte> other(size);
        auto const got = ::read(fd, one.data(), size);
        int const failure = got < 0 && errno != EAGAIN ? errno : 0;
        error_code ec;
        auto const simulated_got = simulated.read(other.data(), size, ec);
        BOOST_REQUIRE_EQUAL(ec.value(), failure);
        auto const expected =
            records(one.data(), got < 0 ? 0 : static_cast<std::size_t>(got), real_cookies);
        auto const seen = records(other.data(), simulated_got, simulated_cookies);
        BOOST_TEST(seen == expected, boost::test_tools::per_element());
        BOOST_REQUIRE(seen == expected);
    }

    void read_all()
    {
        do {
            read(4096);
        } while (!simulated.world.inotify.queue().empty());
        read(4096);
    }

    void list(std::size_t at)
    {
        auto const real = directories[at].first;
        auto const handle = directories[at].second;
        std::byte memory[4096];
        auto const names = [&](auto const& list_once) {
            std::set<std::string> all;
            error_code ec;
            while (auto const size = list_once(ec)) {
                for (std::size_t from = 0; from != size;) {
                    detail::listed_entry entry;
                    from += detail::first_entry(memory + from, entry);
                    bool const is_new = all.insert(std::string(entry.name) + ' ' +
                                                   std::to_string(static_cast<int>(entry.type)))
                                            .second;
                    BOOST_TEST(is_new);
                }
            }
            all.insert("error " + std::to_string(ec.value()));
            return all;
        };
        auto const expected = names([&](error_code& ec) {
            return detail::list_directory(real, memory, sizeof memory, ec);
        });
        auto const seen = names(
            [&](error_code& ec) { return simulated.list(handle, memory, sizeof memory, ec); });
        BOOST_TEST(seen == expected, boost::test_tools::per_element());
        detail::rewind_directory(real);
        simulated.rewind(handle);
        error_code ec;
        BOOST_TEST(simulated.identify(handle, ec).links == detail::status_of(real, ec).links);
    }

    test::temp_directory dir;
    int fd;
    test::simulated_kernel simulated;
    std::map<std::uint32_t, std::size_t> real_cookies;
    std::map<std::uint32_t, std::size_t> simulated_cookies;
    /// Descriptors and handles.
    std::vector<std::pair<int, int>> directories;
    /// Of those who write, with the number in the simulation.
    std::map<int, std::pair<int, int>> files;
};

} // namespace

BOOST_AUTO_TEST_CASE(random_operations_do_the_same_on_both)
{
    constexpr int operations = 20000;
    std::mt19937_64 random(test::seed());
    auto const below = [&](std::uint64_t n) { return random() % n; };
    auto const path = [&] {
        std::string p;
        for (auto depth = 1 + below(3); depth != 0; --depth) {
            p += '/';
            p += static_cast<char>('a' + below(3));
            // Names of which the record is longer.
            p += p.back() == 'c' ? "_0123456789abcdef" : "";
        }
        return p;
    };
    auto const mask = [&]() -> std::uint32_t {
        constexpr std::uint32_t some[] = {IN_ALL_EVENTS,
                                          IN_CREATE | IN_DELETE | IN_MOVE | IN_MOVE_SELF |
                                              IN_ATTRIB | IN_MODIFY | IN_CLOSE_WRITE |
                                              IN_EXCL_UNLINK,
                                          IN_MOVED_TO,
                                          IN_MOVED_FROM | IN_CREATE,
                                          IN_ALL_EVENTS | IN_EXCL_UNLINK,
                                          IN_DELETE_SELF | IN_MODIFY | IN_ATTRIB};
        constexpr std::uint32_t how[] = {0, 0, IN_MASK_ADD, IN_MASK_CREATE};
        return some[below(std::size(some))] | how[below(std::size(how))];
    };
    // NOLINTNEXTLINE: system calls as they are
    both b;
    auto& world = b.simulated.world;
    for (int i = 0; i != operations; ++i) {
        auto const from = path();
        auto const to = path();
        auto const real = b.real_path(from);
        auto const real_to = b.real_path(to);
        auto const sim = both::simulated_path(from);
        auto const sim_to = both::simulated_path(to);
        auto const what = below(24);
        BOOST_TEST_INFO_SCOPE("step " << i << ", what " << what << ", " << from << ", " << to);
        int expected = 0;
        int seen = 0;
        switch (what) {
        case 0:
        case 1:
            expected = result(::mknod(real.c_str(), S_IFREG | 0644, 0));
            seen = world.create(sim);
            break;
        case 2:
        case 3:
        case 4:
            expected = result(::mkdir(real.c_str(), 0755));
            seen = world.mkdir(sim);
            break;
        case 5:
            expected = result(::symlink(real_to.c_str(), real.c_str()));
            seen = world.symlink(sim_to, sim);
            break;
        case 6:
            expected = result(::truncate(real.c_str(), i));
            seen = world.write(sim);
            break;
        case 7: {
            int const file = ::open(real.c_str(), O_WRONLY | O_CLOEXEC);
            expected = result(file);
            if (file >= 0) {
                BOOST_REQUIRE(::write(file, "x", 1) == 1);
                ::close(file);
            }
            seen = world.write_close(sim);
            break;
        }
        case 8:
            expected = result(::chmod(real.c_str(), 0755));
            seen = world.chmod(sim);
            break;
        case 9:
            expected = result(::unlink(real.c_str()));
            seen = world.unlink(sim);
            break;
        case 10:
        case 11:
            expected = result(::rmdir(real.c_str()));
            seen = world.rmdir(sim);
            break;
        case 12:
            expected = result(::link(real.c_str(), real_to.c_str()));
            seen = world.link_to(sim, sim_to);
            break;
        case 13:
        case 14:
        case 15:
            expected = result(::rename(real.c_str(), real_to.c_str()));
            seen = world.rename(sim, sim_to);
            break;
        case 16:
            expected = result(
                ::renameat2(AT_FDCWD, real.c_str(), AT_FDCWD, real_to.c_str(), RENAME_EXCHANGE));
            seen = world.exchange(sim, sim_to);
            break;
        case 17: {
            test::simulated_world::place found;
            bool const is_directory = world.walk(sim, true, found) == 0 &&
                                      found.what->type == test::simulated_world::kind::directory;
            if (b.files.size() < 5 && !is_directory) {
                int const file = ::open(real.c_str(), O_WRONLY | O_CLOEXEC);
                expected = result(file);
                int const held = world.hold(sim);
                seen = held < 0 ? -held : 0;
                if (file >= 0 && held >= 0) {
                    b.files[held] = {file, held};
                }
            }
            break;
        }
        case 18:
            if (!b.files.empty()) {
                auto const at =
                    std::next(b.files.begin(), static_cast<std::ptrdiff_t>(below(b.files.size())));
                auto const [file, held] = at->second;
                if (below(2) == 0) {
                    BOOST_REQUIRE(::write(file, "x", 1) == 1);
                    seen = world.write_held(held);
                } else {
                    ::close(file);
                    seen = world.release(held);
                    b.files.erase(at);
                }
            }
            break;
        case 19: {
            auto const bits = mask();
            int const wd = ::inotify_add_watch(b.fd, real.c_str(), bits);
            expected = wd < 0 ? -errno : wd;
            test::simulated_world::place found;
            int const failure = world.walk(sim, true, found);
            seen = failure != 0 ? -failure : world.inotify.add(found.what->id, bits);
            break;
        }
        case 20: {
            auto const live = world.inotify.live();
            int const wd = live.empty() || below(5) == 0 ? static_cast<int>(below(1000))
                                                         : live[below(live.size())];
            if (below(3) == 0) {
                expected = ::inotify_rm_watch(b.fd, wd) == 0 ? 1 : 0;
                seen = world.inotify.remove(wd) ? 1 : 0;
            }
            break;
        }
        case 21: {
            error_code real_ec;
            error_code ec;
            if (b.directories.size() < 4) {
                bool const follow = below(2) == 0;
                int const real_handle = detail::open_directory(real, follow, real_ec);
                int const handle = b.simulated.open_path(sim, follow, ec);
                if (real_handle >= 0 && handle >= 0) {
                    b.directories.emplace_back(real_handle, handle);
                }
            } else {
                auto const [real_handle, handle] = b.directories.front();
                b.directories.erase(b.directories.begin());
                detail::close_directory(real_handle);
                b.simulated.close(handle);
            }
            expected = real_ec.value();
            seen = ec.value();
            break;
        }
        case 22:
            if (!b.directories.empty()) {
                auto const at = below(b.directories.size());
                auto const [real_handle, handle] = b.directories[at];
                auto const name = std::string(1, static_cast<char>('a' + below(3)));
                bool const follow = below(2) == 0;
                error_code real_ec;
                error_code ec;
                switch (below(3)) {
                case 0:
                    b.list(at);
                    break;
                case 1: {
                    auto const one = detail::status_at(real_handle, name.c_str(), follow, real_ec);
                    auto const other = b.simulated.look(handle, name.c_str(), follow, ec);
                    BOOST_REQUIRE(one.kind == other.kind);
                    break;
                }
                default: {
                    auto const bits = std::uint32_t{IN_ALL_EVENTS};
                    auto const link = "/proc/self/fd/" + std::to_string(real_handle);
                    expected = ::inotify_add_watch(b.fd, link.c_str(), bits | IN_MASK_ADD);
                    seen = b.simulated.add(handle, bits, ec);
                    break;
                }
                }
                BOOST_REQUIRE_EQUAL(ec.value(), real_ec.value());
            }
            break;
        default:
            if (below(5) == 0) {
                b.read_all();
            } else {
                b.read(16 + below(200));
            }
            break;
        }
        BOOST_REQUIRE_EQUAL(seen, expected);
        BOOST_REQUIRE_EQUAL(world.inotify.live().size(), world.inotify.watch_count());
    }
    b.read_all();
}

// What is lost, and that it is told once.
BOOST_AUTO_TEST_CASE(overflows_are_the_same_on_both)
{
    std::size_t limit = 0;
    std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> limit;
    if (limit > 100000) {
        test::print_skipped("max_queued_events is too high");
        return;
    }
    both b;
    auto& world = b.simulated.world;
    world.inotify.queue_limit = limit;
    constexpr std::uint32_t mask = IN_ALL_EVENTS;
    BOOST_REQUIRE(::inotify_add_watch(b.fd, b.dir.path().c_str(), mask) == 1);
    test::simulated_world::place top;
    BOOST_REQUIRE(world.walk("/top", true, top) == 0);
    BOOST_REQUIRE(world.inotify.add(top.what->id, mask) == 1);
    BOOST_REQUIRE(::mkdir(b.real_path("/d").c_str(), 0755) == 0);
    BOOST_REQUIRE(world.mkdir("/top/d") == 0);
    BOOST_REQUIRE(::inotify_add_watch(b.fd, b.real_path("/d").c_str(), mask) == 2);
    test::simulated_world::place d;
    BOOST_REQUIRE(world.walk("/top/d", true, d) == 0);
    BOOST_REQUIRE(world.inotify.add(d.what->id, mask) == 2);
    auto const fill = [&](std::size_t records) {
        auto const file = b.real_path("/f");
        for (std::size_t i = 0; i < records; i += 2) {
            ::mknod(file.c_str(), S_IFREG | 0644, 0);
            ::unlink(file.c_str());
            world.create("/top/f");
            world.unlink("/top/f");
        }
    };
    fill(limit + 100);
    BOOST_TEST(world.inotify.is_overflow_queued());
    // Its end is lost.
    BOOST_REQUIRE(::rmdir(b.real_path("/d").c_str()) == 0);
    BOOST_REQUIRE(world.rmdir("/top/d") == 0);
    b.read(4096);
    fill(limit);
    b.read_all();
    fill(limit + 4);
    b.read(48);
    fill(100);
    b.read_all();
    b.read_all();
}

BOOST_AUTO_TEST_SUITE_END()

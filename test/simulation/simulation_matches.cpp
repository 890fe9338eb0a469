//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/long_run.hpp"
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

// Both kernels, and the same operations on both.
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
    /// Files that are open for writing, with their handles in the simulation.
    std::map<int, std::pair<int, int>> files;
};

// Random operations, each on both kernels.
class random_operations
{
public:
    explicit random_operations(std::uint64_t seed)
        : random_(seed)
    {}

    void step(std::size_t number_of_step)
    {
        using operation = void (random_operations::*)();
        using self = random_operations;
        static constexpr operation operations[] = {&self::create,
                                                   &self::create,
                                                   &self::mkdir,
                                                   &self::mkdir,
                                                   &self::mkdir,
                                                   &self::symlink,
                                                   &self::truncate,
                                                   &self::write_and_close,
                                                   &self::chmod,
                                                   &self::unlink,
                                                   &self::rmdir,
                                                   &self::rmdir,
                                                   &self::link,
                                                   &self::rename,
                                                   &self::rename,
                                                   &self::rename,
                                                   &self::exchange,
                                                   &self::whiteout,
                                                   &self::open_file,
                                                   &self::use_file,
                                                   &self::add_watch,
                                                   &self::remove_watch,
                                                   &self::open_or_close_directory,
                                                   &self::use_directory,
                                                   &self::read};
        auto const from = some_path();
        auto const to = some_path();
        auto const what = below(std::size(operations));
        BOOST_TEST_INFO_SCOPE("step " << number_of_step << ", what " << what << ", " << from << ", "
                                      << to);
        real_ = both_.real_path(from);
        real_to_ = both_.real_path(to);
        simulated_ = both::simulated_path(from);
        simulated_to_ = both::simulated_path(to);
        expected_ = 0;
        seen_ = 0;
        (this->*operations[what])();
        BOOST_REQUIRE_EQUAL(seen_, expected_);
        BOOST_REQUIRE_EQUAL(world_.inotify.live().size(), world_.inotify.watch_count());
    }

    void read_all() { both_.read_all(); }

private:
    std::uint64_t below(std::uint64_t n) { return random_() % n; }

    std::string some_path()
    {
        std::string p;
        for (auto depth = 1 + below(3); depth != 0; --depth) {
            p += '/';
            p += some_name();
            // Names of which the record is longer.
            p += p.back() == 'c' ? "_0123456789abcdef" : "";
        }
        return p;
    }

    std::string some_name() { return std::string(1, static_cast<char>('a' + below(3))); }

    std::uint32_t some_mask()
    {
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
    }

    void create()
    {
        expected_ = result(::mknod(real_.c_str(), S_IFREG | 0644, 0));
        seen_ = world_.create(simulated_);
    }

    void mkdir()
    {
        expected_ = result(::mkdir(real_.c_str(), 0755));
        seen_ = world_.mkdir(simulated_);
    }

    void symlink()
    {
        expected_ = result(::symlink(real_to_.c_str(), real_.c_str()));
        seen_ = world_.symlink(simulated_to_, simulated_);
    }

    void truncate()
    {
        // A different size each time, as truncating to the same size is no change.
        expected_ = result(::truncate(real_.c_str(), ++size_));
        seen_ = world_.write(simulated_);
    }

    void write_and_close()
    {
        int const file = ::open(real_.c_str(), O_WRONLY | O_CLOEXEC);
        expected_ = result(file);
        if (file >= 0) {
            BOOST_REQUIRE(::write(file, "x", 1) == 1);
            ::close(file);
        }
        seen_ = world_.write_close(simulated_);
    }

    void chmod()
    {
        expected_ = result(::chmod(real_.c_str(), 0755));
        seen_ = world_.chmod(simulated_);
    }

    void unlink()
    {
        expected_ = result(::unlink(real_.c_str()));
        seen_ = world_.unlink(simulated_);
    }

    void rmdir()
    {
        expected_ = result(::rmdir(real_.c_str()));
        seen_ = world_.rmdir(simulated_);
    }

    void link()
    {
        expected_ = result(::link(real_.c_str(), real_to_.c_str()));
        seen_ = world_.link_to(simulated_, simulated_to_);
    }

    void rename()
    {
        expected_ = result(::rename(real_.c_str(), real_to_.c_str()));
        seen_ = world_.rename(simulated_, simulated_to_);
    }

    void whiteout()
    {
        expected_ = result(
            ::renameat2(AT_FDCWD, real_.c_str(), AT_FDCWD, real_to_.c_str(), RENAME_WHITEOUT));
        seen_ = world_.rename(simulated_, simulated_to_, true);
    }

    void exchange()
    {
        expected_ = result(
            ::renameat2(AT_FDCWD, real_.c_str(), AT_FDCWD, real_to_.c_str(), RENAME_EXCHANGE));
        seen_ = world_.exchange(simulated_, simulated_to_);
    }

    void open_file()
    {
        test::simulated_world::place found;
        bool const is_directory = world_.walk(simulated_, true, found) == 0 &&
                                  found.what->type == test::simulated_world::kind::directory;
        if (both_.files.size() == 5 || is_directory) {
            return;
        }
        int const file = ::open(real_.c_str(), O_WRONLY | O_CLOEXEC);
        expected_ = result(file);
        int const held = world_.hold(simulated_);
        seen_ = held < 0 ? -held : 0;
        if (file >= 0 && held >= 0) {
            both_.files[held] = {file, held};
        }
    }

    void use_file()
    {
        auto& files = both_.files;
        if (files.empty()) {
            return;
        }
        auto const at = std::next(files.begin(), static_cast<std::ptrdiff_t>(below(files.size())));
        auto const [file, held] = at->second;
        if (below(2) == 0) {
            BOOST_REQUIRE(::write(file, "x", 1) == 1);
            seen_ = world_.write_held(held);
        } else {
            ::close(file);
            seen_ = world_.release(held);
            files.erase(at);
        }
    }

    void add_watch()
    {
        auto const bits = some_mask();
        int const wd = ::inotify_add_watch(both_.fd, real_.c_str(), bits);
        expected_ = wd < 0 ? -errno : wd;
        test::simulated_world::place found;
        int const failure = world_.walk(simulated_, true, found);
        seen_ = failure != 0 ? -failure : world_.inotify.add(found.what->id, bits);
    }

    void remove_watch()
    {
        auto const live = world_.inotify.live();
        int const wd = live.empty() || below(5) == 0 ? static_cast<int>(below(1000))
                                                     : live[below(live.size())];
        if (below(3) == 0) {
            expected_ = ::inotify_rm_watch(both_.fd, wd) == 0 ? 1 : 0;
            seen_ = world_.inotify.remove(wd) ? 1 : 0;
        }
    }

    void open_or_close_directory()
    {
        auto& directories = both_.directories;
        if (directories.size() == 4) {
            auto const [real_handle, handle] = directories.front();
            directories.erase(directories.begin());
            detail::close_directory(real_handle);
            both_.simulated.close(handle);
            return;
        }
        bool const follow = below(2) == 0;
        error_code real_ec;
        error_code ec;
        int const real_handle = detail::open_directory(real_, follow, real_ec);
        int const handle = both_.simulated.open_path(simulated_, follow, ec);
        if (real_handle >= 0 && handle >= 0) {
            directories.emplace_back(real_handle, handle);
        }
        expected_ = real_ec.value();
        seen_ = ec.value();
    }

    void use_directory()
    {
        if (both_.directories.empty()) {
            return;
        }
        auto const at = below(both_.directories.size());
        auto const [real_handle, handle] = both_.directories[at];
        auto const name = some_name();
        bool const follow = below(2) == 0;
        error_code real_ec;
        error_code ec;
        auto const what = below(3);
        if (what == 0) {
            both_.list(at);
        } else if (what == 1) {
            auto const one = detail::status_at(real_handle, name.c_str(), follow, real_ec);
            auto const other = both_.simulated.look(handle, name.c_str(), follow, ec);
            BOOST_REQUIRE(one.kind == other.kind);
        } else {
            auto const bits = std::uint32_t{IN_ALL_EVENTS};
            auto const link = "/proc/self/fd/" + std::to_string(real_handle);
            expected_ = ::inotify_add_watch(both_.fd, link.c_str(), bits | IN_MASK_ADD);
            seen_ = both_.simulated.add(handle, bits, ec);
        }
        BOOST_REQUIRE_EQUAL(ec.value(), real_ec.value());
    }

    void read()
    {
        if (below(5) == 0) {
            both_.read_all();
        } else {
            both_.read(16 + below(200));
        }
    }

    std::mt19937_64 random_;
    both both_;
    test::simulated_world& world_ = both_.simulated.world;
    int size_ = 0;

    // Of the step: the paths on each kernel, and what each one returned.
    std::string real_;
    std::string real_to_;
    std::string simulated_;
    std::string simulated_to_;
    int expected_ = 0;
    int seen_ = 0;
};

} // namespace

BOOST_AUTO_TEST_CASE(random_operations_do_the_same_on_both)
{
    auto const operations = test::operation_count(20000, 1'000'000);
    random_operations both_kernels(test::seed());
    for (std::size_t i = 0; i != operations; ++i) {
        both_kernels.step(i);
    }
    both_kernels.read_all();
}

// The same records are lost, and the overflow is reported once.
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

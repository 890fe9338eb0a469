//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/simulation/simulated_kernel.hpp"
#include "tree/engine/tree_engine.hpp"

#include <asio_inotify/tree_change_batch.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

// What the engine has done: a basic block of its code counts one, a call of the kernel a thousand.
// These are about nanoseconds, but do not depend on the machine.
std::uint64_t work_done = 0;
constexpr std::uint64_t work_of_a_call = 1000;

} // namespace

// The engine of this program is compiled so that it calls this in each basic block.
extern "C" void __sanitizer_cov_trace_pc() noexcept;
extern "C" void __sanitizer_cov_trace_pc() noexcept
{
    ++work_done;
}

// No step does much more than the work of a slice, however large the input is.
namespace {

using asio_inotify::detail::step_result;
using std::chrono::milliseconds;

constexpr milliseconds slice{1};
constexpr std::uint64_t work_of_a_slice = std::chrono::nanoseconds(slice).count();
constexpr std::size_t in_a_directory = 250;

/// A kernel whose clock is the work that was done. A test says what is suspect.
class counting_kernel : public test::simulated_kernel
{
public:
    std::vector<std::string> suspect_paths;
    std::vector<asio_inotify::detail::link_id> suspect_links;
    std::size_t guarded_links = 0;
    // So many suspects are given at once: the time in which the port finds them is limited.
    static constexpr std::size_t suspects_at_once = 1000;

    counting_kernel()
    {
        before = [](test::port_call) { work_done += work_of_a_call; };
    }

    [[nodiscard]] clock::time_point now() noexcept override
    {
        return clock::time_point(std::chrono::nanoseconds(work_done));
    }
    void guard(std::string const&) override {}
    void unguard(std::string const&) noexcept override {}
    void guard_link(asio_inotify::detail::link_id id, std::string const&) override
    {
        guarded_links = (std::max)(guarded_links, std::size_t{id});
    }
    void unguard_link(asio_inotify::detail::link_id) noexcept override {}
    [[nodiscard]] std::vector<std::string> take_suspects() override
    {
        return take_some(suspect_paths);
    }
    [[nodiscard]] std::vector<asio_inotify::detail::link_id> take_suspect_links() override
    {
        return take_some(suspect_links);
    }
    [[nodiscard]] std::optional<clock::time_point> guard_deadline() noexcept override
    {
        return suspect_paths.empty() && suspect_links.empty()
                   ? std::nullopt
                   : std::optional((clock::time_point::min)());
    }

private:
    template <class Suspect>
    static std::vector<Suspect> take_some(std::vector<Suspect>& all)
    {
        auto const left = all.size() - (std::min)(all.size(), suspects_at_once);
        auto const first = all.begin() + static_cast<std::ptrdiff_t>(left);
        std::vector<Suspect> taken(first, all.end());
        all.erase(first, all.end());
        return taken;
    }
};

struct counted_work
{
    counted_work()
    {
        kernel.world.inotify.queue_limit = 1U << 20;
        kernel.world.mkdir("/r");
        kernel.world.mkdir("/o");
        options.slice_time = slice;
    }

    /// The path of one of very many entries.
    std::string place(std::size_t n) const
    {
        return "/r/d" + std::to_string(n / in_a_directory) + "/e" + std::to_string(n);
    }

    template <class Function>
    void make(std::size_t count, Function const& make_one)
    {
        for (std::size_t n = 0; n != count; ++n) {
            auto const path = place(n);
            if (n % in_a_directory == 0) {
                kernel.world.mkdir(path.substr(0, path.rfind('/')));
            }
            BOOST_TEST_REQUIRE(make_one(path) == 0);
        }
    }

    void add_root(std::string const& root)
    {
        boost::system::error_code ec;
        engine->add_root(root, root, root, false, ec);
        BOOST_TEST_REQUIRE(!ec);
    }

    void start()
    {
        engine.emplace(kernel, options);
        add_root("/r");
        work("start");
    }

    /// Directories in one another, without long paths: from the last one up.
    void make_chain(std::string const& path, std::size_t depth)
    {
        for (std::size_t n = 0; n != depth; ++n) {
            kernel.world.mkdir("/new");
            if (n != 0) {
                kernel.world.rename(path, "/new/c");
            }
            kernel.world.rename("/new", path);
        }
    }

    /// The same in reverse: a chain is not to be destroyed at once.
    void remove_chain(std::string const& path)
    {
        engine.reset();
        while (kernel.world.rename(path + "/c", "/new") == 0) {
            kernel.world.rmdir(path);
            kernel.world.rename("/new", path);
        }
    }

    /// Work until the engine waits, and for so long after that.
    void work(char const* what, milliseconds later = milliseconds(100),
              std::uint64_t most = 3 * work_of_a_slice)
    {
        boost::system::error_code ec;
        std::uint64_t longest = 0;
        auto const end = kernel.now() + later;
        for (;;) {
            auto const before = work_done;
            auto const result = engine->step(ec);
            longest = (std::max)(longest, work_done - before);
            BOOST_TEST_REQUIRE(!ec);
            if (result == step_result::deliver) {
                asio_inotify::tree_change_batch const batch(engine->take());
                changes += batch.size();
            } else if (result == step_result::wait) {
                auto const deadline = engine->deadline();
                if (!deadline || *deadline > end) {
                    break;
                }
                auto const due = static_cast<std::uint64_t>(deadline->time_since_epoch().count());
                work_done = (std::max)(work_done, due);
            }
        }
        BOOST_TEST_MESSAGE(what << ": " << longest / 1000 << " us");
        BOOST_TEST_CONTEXT(what)
        {
            BOOST_TEST(longest < most);
        }
    }

    counting_kernel kernel;
    asio_inotify::tree_options options;
    std::optional<asio_inotify::detail::tree_engine> engine;
    std::size_t changes = 0;
};

/// A few and very many.
constexpr std::array<std::size_t, 2> sizes{100, 100'000};

} // namespace

BOOST_AUTO_TEST_SUITE(tree_work)

BOOST_AUTO_TEST_CASE(many_files)
{
    for (auto const count : sizes) {
        counted_work w;
        w.make(count, [&](auto const& path) { return w.kernel.world.create(path); });
        w.start();
        BOOST_TEST(w.engine->counters().entries >= count);
        w.engine->request_rescan(asio_inotify::detail::rescan_cause::restored);
        w.work("a rescan");
        w.kernel.world.rename("/r", "/o/r");
        w.work("the root is lost");
        BOOST_TEST(w.changes >= count);
    }
}

BOOST_AUTO_TEST_CASE(many_directories)
{
    for (auto const count : sizes) {
        counted_work w;
        w.make(count, [&](auto const& path) { return w.kernel.world.mkdir(path); });
        w.start();
        w.engine->request_rescan(asio_inotify::detail::rescan_cause::restored);
        w.work("a rescan");
        w.kernel.world.rename("/r/d0", "/o/d");
        w.work("directories are moved out");
        w.kernel.world.rename("/o/d", "/r/d0");
        w.work("directories are moved in");
        w.kernel.world.rename("/r", "/o/r");
        w.work("the root is lost");
        BOOST_TEST(w.engine->counters().watches == 0U);
    }
}

BOOST_AUTO_TEST_CASE(many_uncovered_directories)
{
    for (auto const count : sizes) {
        counted_work w;
        w.make(count, [&](auto const& path) {
            w.kernel.world.mkdir(path);
            return w.kernel.world.make_readable(path, false);
        });
        w.start();
        w.kernel.world.chmod("/r");
        w.kernel.world.chmod("/r/d0");
        w.work("permissions of directories above", milliseconds(10000));
        w.engine->request_rescan(asio_inotify::detail::rescan_cause::restored);
        w.work("a rescan");
        w.kernel.world.mkdir("/o/r2");
        w.add_root("/o/r2");
        w.work("a root is added");
    }
}

BOOST_AUTO_TEST_CASE(many_links_to_one_directory)
{
    for (auto const count : sizes) {
        counted_work w;
        w.options.follow_symlinks = true;
        w.kernel.world.mkdir("/o/t");
        w.kernel.world.create("/o/t/f");
        w.make(count, [&](auto const& path) { return w.kernel.world.symlink("/o/t", path); });
        w.start();
        w.kernel.world.create("/o/t/g");
        w.kernel.world.write("/o/t/f");
        w.work("events of the target");
        w.kernel.world.rename("/o/t", "/o/u");
        for (std::size_t id = 1; id <= w.kernel.guarded_links; ++id) {
            w.kernel.suspect_links.push_back(static_cast<asio_inotify::detail::link_id>(id));
        }
        w.work("the target is renamed");
    }
}

BOOST_AUTO_TEST_CASE(many_links_to_many_directories)
{
    for (auto const count : sizes) {
        counted_work w;
        w.options.follow_symlinks = true;
        std::size_t made = 0;
        w.make(count, [&](auto const& path) {
            auto const above = "/o/d" + std::to_string(made / in_a_directory);
            w.kernel.world.mkdir(above);
            auto const target = above + "/t" + std::to_string(made++);
            w.kernel.world.mkdir(target);
            return w.kernel.world.symlink(target, path);
        });
        w.start();
        BOOST_TEST(w.engine->counters().directories > count);
        w.kernel.world.mkdir("/r/x");
        w.kernel.world.rename("/r/d0", "/r/x/d");
        w.work("a directory with links is renamed");
        w.kernel.world.mount("/o/d0/t0");
        w.work("a mount at a target", milliseconds(1000));
        w.kernel.world.unmount("/o/d0/t0");
        w.work("an unmount at a target", milliseconds(1000));
        w.kernel.world.rename("/o", "/p");
        for (std::size_t id = 1; id <= w.kernel.guarded_links; ++id) {
            w.kernel.suspect_links.push_back(static_cast<asio_inotify::detail::link_id>(id));
        }
        w.work("all targets are gone");
    }
}

// All that the user has added until then is reported in one step.
constexpr std::uint64_t many_at_once = 80 * work_of_a_slice;

BOOST_AUTO_TEST_CASE(many_roots)
{
    for (auto const count : sizes) {
        counted_work w;
        w.make(count, [&](auto const& path) { return w.kernel.world.mkdir(path); });
        w.engine.emplace(w.kernel, w.options);
        for (std::size_t n = 0; n != count; ++n) {
            w.add_root(w.place(n));
        }
        w.work("start", milliseconds(100), many_at_once);
        BOOST_TEST(w.engine->roots().size() == count);
        w.engine->request_rescan(asio_inotify::detail::rescan_cause::restored);
        w.work("a rescan");
        w.kernel.world.mkdir("/o/m");
        w.kernel.world.mount("/o/m");
        w.work("a mount elsewhere");
        for (std::size_t n = 0; n != count; ++n) {
            w.kernel.suspect_paths.push_back(w.place(n));
        }
        w.work("all may be elsewhere");
        w.kernel.world.mount("/r");
        w.work("a mount over all", milliseconds(1000));
        w.kernel.world.unmount("/r");
        w.work("an unmount", milliseconds(1000));
    }
}

BOOST_AUTO_TEST_CASE(many_roots_in_another_one)
{
    for (auto const count : sizes) {
        counted_work w;
        w.make(count, [&](auto const& path) { return w.kernel.world.mkdir(path); });
        w.engine.emplace(w.kernel, w.options);
        for (std::size_t n = 0; n != count; ++n) {
            w.add_root(w.place(n));
        }
        w.add_root("/r");
        w.work("start", milliseconds(100), many_at_once);
        BOOST_TEST(w.engine->roots().size() == count + 1);
        w.engine->request_rescan(asio_inotify::detail::rescan_cause::restored);
        w.work("a rescan");
    }
}

BOOST_AUTO_TEST_CASE(many_filesystems)
{
    for (auto const count : {std::size_t{100}, std::size_t{5'000}}) {
        counted_work w;
        w.make(count, [&](auto const& path) {
            w.kernel.world.mkdir(path);
            return w.kernel.world.mount(path);
        });
        w.start();
        w.kernel.world.mkdir("/r/m");
        w.kernel.world.mount("/r/m");
        w.work("one more", milliseconds(1000));
        w.kernel.world.mkdir("/r/m/a");
        w.kernel.world.unmount("/r/m");
        w.work("one less", milliseconds(1000));
        for (std::size_t n = 0; n != count; ++n) {
            w.kernel.world.unmount(w.place(n));
        }
        w.work("all are unmounted", milliseconds(1000));
    }
}

BOOST_AUTO_TEST_CASE(deep_directories)
{
    for (auto const depth : {std::size_t{100}, std::size_t{10'000}}) {
        counted_work w;
        w.make_chain("/r/a", depth);
        w.start();
        BOOST_TEST(w.engine->counters().directories == depth + 1);
        w.engine->request_rescan(asio_inotify::detail::rescan_cause::restored);
        w.work("a rescan");
        w.kernel.world.rename("/r/a", "/r/b");
        w.work("it is renamed");
        w.kernel.world.rename("/r/b", "/o/b");
        w.work("it is moved out");
        w.kernel.world.rename("/o/b", "/r/b");
        w.work("it is moved in");
        w.remove_chain("/r/b");
    }
}

// Each directory is at many places.
BOOST_AUTO_TEST_CASE(links_to_deep_directories)
{
    for (auto const depth : {std::size_t{10}, std::size_t{300}}) {
        counted_work w;
        w.options.follow_symlinks = true;
        w.kernel.world.mkdir("/r/l");
        w.make_chain("/o/t", depth);
        for (int n = 0; n != 60; ++n) {
            w.kernel.world.symlink("/o/t", "/r/l/" + std::to_string(n));
        }
        w.start();
        BOOST_TEST(w.engine->counters().directories >= 60 * depth);
        std::string last = "/o/t";
        for (std::size_t n = 1; n != depth; ++n) {
            last += "/c";
        }
        w.kernel.world.mkdir(last + "/d");
        w.work("a directory at the end");
        w.kernel.world.rename(last + "/d", last + "/e");
        w.work("it is renamed");
        w.remove_chain("/o/t");
    }
}

BOOST_AUTO_TEST_SUITE_END()

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/long_run.hpp"
#include "support/sanitizers.hpp"
#include "support/seed.hpp"
#include "support/simulation/simulated_script.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <initializer_list>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

// The tree engine on a simulated kernel, with random sequences of the operations of other
// processes: ASIO_INOTIFY_OPERATIONS of them, or 10^7 in a long run.
BOOST_AUTO_TEST_SUITE(tree_simulation)

namespace {

using test::operation;
using op = operation::kind;

using script = test::simulated_script;
using outcome = test::script_outcome;

// A sanitizer makes them ten times slower.
constexpr std::size_t usual_operations = test::is_sanitized ? 200'000 : 2'000'000;

/// In a process of its own, so that crashes and endless loops can be shrunk as well.
outcome play_in_child(script const& s)
{
    constexpr unsigned seconds = 20;
    std::array<int, 2> ends{};
    BOOST_REQUIRE(::pipe(ends.data()) == 0);
    auto const child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        // The handlers of the test framework are not wanted here.
        for (int const number : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGALRM}) {
            ::signal(number, SIG_DFL);
        }
        ::alarm(seconds);
        auto const result = test::play(s);
        auto text = std::to_string(result.changes) + ' ' + std::to_string(result.overflows) + ' ' +
                    std::to_string(result.performed) + '\n' + result.broken;
        text += result.broken.empty() ? "" : '\n' + result.picture;
        for (std::size_t done = 0; done < text.size();) {
            auto const written = ::write(ends[1], text.data() + done, text.size() - done);
            done += written > 0 ? static_cast<std::size_t>(written) : text.size();
        }
        ::_exit(0);
    }
    ::close(ends[1]);
    std::string text;
    std::array<char, 4096> some{};
    for (ssize_t got = 0; (got = ::read(ends[0], some.data(), some.size())) > 0;) {
        text.append(some.data(), static_cast<std::size_t>(got));
    }
    ::close(ends[0]);
    int status = 0;
    BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
    outcome result;
    if (status != 0) {
        result.broken = WIFSIGNALED(status) ? "ended by signal " + std::to_string(WTERMSIG(status))
                                            : "ended by itself";
        return result;
    }
    std::istringstream lines(text);
    lines >> result.changes >> result.overflows >> result.performed;
    std::getline(lines, result.broken);
    std::getline(lines, result.broken);
    std::getline(lines, result.picture, '\0');
    return result;
}

/// Leave out the operations that the failure does not need.
script shrink(script s)
{
    auto const breaks = [](script const& tried) { return !play_in_child(tried).broken.empty(); };
    for (bool again = true; std::exchange(again, false);) {
        for (auto length = std::max<std::size_t>(s.operations.size() / 2, 1); length != 0;
             length /= 2) {
            for (std::size_t at = 0; at + length <= s.operations.size();) {
                auto tried = s;
                auto const from = tried.operations.begin() + static_cast<std::ptrdiff_t>(at);
                tried.operations.erase(from, from + static_cast<std::ptrdiff_t>(length));
                if (breaks(tried)) {
                    s = std::move(tried);
                    again = true;
                } else {
                    at += length;
                }
            }
        }
        auto const simplify = [&](auto const& change) {
            auto tried = s;
            change(tried);
            if (breaks(tried)) {
                s = std::move(tried);
            }
        };
        simplify([](script& t) { t.entries_at_once = static_cast<std::size_t>(-1); });
        simplify([](script& t) { t.batch_size = 4096; });
        simplify([](script& t) { t.queue_limit = 16384; });
        simplify([](script& t) { t.lists_what_was = false; });
        simplify([](script& t) { t.hides_types = false; });
        simplify([](script& t) { t.reuse_inodes = false; });
        simplify([](script& t) { t.directories_only = false; });
        simplify([](script& t) { t.is_plain = false; });
        simplify([](script& t) { t.follow_symlinks = false; });
        simplify([](script& t) { t.prune = 0; });
        simplify([](script& t) { t.has_both_roots = false; });
        for (std::size_t i = s.exclude.size(); i-- != 0;) {
            simplify([i](script& t) {
                t.exclude.erase(t.exclude.begin() + static_cast<std::ptrdiff_t>(i));
            });
        }
        simplify([](script& t) { t.calls_per_slice = 0; });
        simplify([](script& t) { t.order = test::simulated_world::order::oldest_first; });
        for (std::size_t i = 0; i != s.operations.size(); ++i) {
            simplify([i](script& t) { t.operations[i].split = operation::whole; });
            simplify([i](script& t) { t.operations[i].gap = operation::at_rest; });
            simplify([i](script& t) { t.operations[i].gap = 0; });
        }
    }
    return s;
}

class script_maker
{
public:
    /// @param follows  Symbolic links are followed.
    script_maker(std::uint64_t seed, bool follows)
        : random_(seed)
        , follows_(follows)
    {}

    script make(std::size_t operations)
    {
        script s;
        s.entries_at_once = one_of<std::size_t>({1, 2, 5, static_cast<std::size_t>(-1)});
        s.queue_limit = one_of<std::size_t>({3, 8, 30, 16384, 16384, 16384, 16384});
        s.batch_size = one_of<std::size_t>({1, 3, 4096, 4096});
        s.order = static_cast<test::simulated_world::order>(below(3));
        s.lists_what_was = below(4) == 0;
        s.hides_types = below(5) == 0;
        s.reuse_inodes = below(2) == 0;
        s.calls_per_slice = one_of<std::size_t>({0, 0, 1, 7});
        s.directories_only = below(4) == 0;
        depth_ = 1 + below(4);
        names_ = 1 + below(5);
        busy_ = one_of<std::size_t>({2, 5, 20});
        mounts_ = below(4) == 0;
        limits_ = below(4) == 0;
        splits_ = below(3) == 0;
        s.follow_symlinks = follows_;
        while (s.operations.size() != operations) {
            s.operations.push_back(one());
        }
        s.is_plain = below(2) == 0;
        if (below(3) == 0) {
            exclude_some(s);
        }
        s.has_both_roots = below(4) == 0;
        return s;
    }

private:
    std::uint64_t below(std::uint64_t n) { return random_() % n; }

    template <class T>
    T one_of(std::initializer_list<T> some)
    {
        return *(some.begin() + below(some.size()));
    }

    void exclude_some(script& s)
    {
        for (auto left = below(3); left != 0; --left) {
            s.exclude.emplace_back(
                one_of({"a/b", "/b", "*/c", "a/*", "*/*/a", "b/a/c", "/a/a", "c/?", "b", "c"}));
        }
        s.prune = one_of({0U, 0U, 2U, 4U, 8U});
    }

    std::string path()
    {
        std::string p = below(6) == 0 ? "/o" : "/r";
        for (auto left = 1 + below(depth_); left != 0; --left) {
            p += '/';
            p += static_cast<char>('a' + below(names_));
        }
        return p;
    }

    std::string relative_path()
    {
        std::string p(1, static_cast<char>('a' + below(names_)));
        if (below(3) == 0) {
            p += '/';
            p += static_cast<char>('a' + below(names_));
        }
        for (auto up = below(3); up != 0; --up) {
            p.insert(0, "../");
        }
        return p;
    }

    operation one()
    {
        operation o{one_of({op::create,  op::create,      op::mkdir,       op::mkdir,    op::mkdir,
                            op::write,   op::write_close, op::write_close, op::chmod,    op::unlink,
                            op::unlink,  op::rmdir,       op::rmdir,       op::rename,   op::rename,
                            op::rename,  op::rename,      op::whiteout,    op::exchange, op::link,
                            op::symlink, op::hold,        op::write_held,  op::release,  op::tick,
                            op::tick}),
                    {},
                    {}};
        if (follows_ && below(20) == 0) {
            o.what = op::symlink;
        }
        if (mounts_ && below(12) == 0) {
            o.what = one_of({op::mount, op::unmount});
        }
        if (limits_ && below(20) == 0) {
            o.what = one_of({op::limit_watches, op::make_unreadable, op::make_readable});
        }
        o.from = path();
        if (o.what == op::rename || o.what == op::whiteout || o.what == op::exchange ||
            o.what == op::link || o.what == op::symlink) {
            o.to = path();
        }
        if (o.what == op::symlink && follows_ && below(2) == 0) {
            o.to = relative_path();
        }
        if (o.what == op::write_held || o.what == op::release) {
            o.from.clear();
            o.number = below(4);
        }
        if (o.what == op::limit_watches) {
            o.from.clear();
            o.number = one_of<std::size_t>({0, 1, 3, 1000, 1000});
        }
        if (o.what == op::tick) {
            o.from.clear();
        }
        if (splits_ && below(4) == 0) {
            o.split = below(5);
        }
        // Most follow one another soon; now and then the engine comes to rest.
        o.gap = below(busy_) == 0 ? operation::at_rest : below(3) == 0 ? below(25) : below(3);
        return o;
    }

    std::mt19937_64 random_;
    std::size_t depth_ = 1;
    std::size_t names_ = 1;
    std::size_t busy_ = 1;
    bool mounts_ = false;
    bool limits_ = false;
    bool splits_ = false;
    bool follows_ = false;
};

void keep_promises(std::size_t wanted, bool follows)
{
    // The usual run is the same each time, so that a failure is due to a change of the code.
    std::mt19937_64 seeds(test::is_long_run() ? test::seed() : test::seed(1));
    std::size_t operations = 0;
    outcome all;
    while (operations < wanted) {
        auto const seed = seeds();
        auto const length = std::size_t{20} << seed % 7;
        auto const s = script_maker(seed, follows).make(length);
        auto const result = play_in_child(s);
        operations += length;
        all.changes += result.changes;
        all.overflows += result.overflows;
        all.performed += result.performed;
        if (!result.broken.empty()) {
            auto const small = shrink(s);
            auto const again = play_in_child(small);
            BOOST_FAIL(again.broken + '\n' + test::describe(small) + again.picture);
        }
    }
    BOOST_TEST_MESSAGE(operations << " operations, " << all.performed << " of them possible; "
                                  << all.changes << " changes, " << all.overflows << " overflows");
    BOOST_TEST(all.changes > operations / 10);
    BOOST_TEST(all.overflows > 0);
}

} // namespace

BOOST_AUTO_TEST_CASE(promises_are_kept_in_random_worlds)
{
    keep_promises(test::operation_count(usual_operations, 10'000'000), false);
}

// The trees are what `find -L` prints.
BOOST_AUTO_TEST_CASE(promises_are_kept_where_links_are_followed)
{
    keep_promises(test::operation_count(usual_operations / 4, 10'000'000), true);
}

BOOST_AUTO_TEST_SUITE_END()

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// How long from a write to a watched file until the watcher's answer is back, compared with a
// watcher that is a bare epoll loop?
//
// Two arrangements, each with the same system calls on both sides of the ratio:
//
// - "processes": the watcher is a separate process that sleeps in epoll; the writer sleeps until
// the answer arrives. This is the latency that a user of the library gets, and the bound applies to
// it. Both run on one core, where sleeping hands the core over to the other: across two cores the
// time to wake an idle core would hide the time of the watcher.
// - "alone": one thread does both parts, so nothing is scheduled. The next write happens before the
// watcher asks for the next event, so that no read waits. Sleeping is most of a round trip; without
// it the ratio is stricter.

#include "peers/echo.hpp"
#include "support/paired.hpp"
#include "support/program.hpp"
#include "support/report.hpp"
#include "support/stopwatch.hpp"
#include "support/system.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string>

#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using bench::check;
using bench::named_echo_peer;

struct options
{
    int pairs = 25;
    int repeats = 3;
    int block = 1000;
    int core = -1;
    double bound = 1.10;
    bool check = false;
};

// A file to write to, and an eventfd for the answers.
class channel
{
public:
    explicit channel(std::filesystem::path file)
        : path_(std::move(file))
        , file_(check(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), "open"))
        , answers_(check(::eventfd(0, EFD_CLOEXEC), "eventfd"))
    {}

    [[nodiscard]] std::string path() const { return path_.string(); }

    void write() const { check(::pwrite(file_.get(), "x", 1, 0), "pwrite"); }
    void answer() const { check(::eventfd_write(answers_.get(), 1), "eventfd_write"); }

    void wait_for_answer() const
    {
        eventfd_t count = 0;
        check(::eventfd_read(answers_.get(), &count), "eventfd_read");
    }

private:
    std::filesystem::path path_;
    bench::unique_fd file_;
    bench::unique_fd answers_;
};

class remote_answerer final : public bench::answerer
{
public:
    explicit remote_answerer(channel const& to)
        : to_(to)
    {}

    void ready() override { to_.answer(); }
    bool answer() override
    {
        to_.answer();
        return true;
    }

private:
    channel const& to_;
};

// Runs a watcher in a separate process, from construction to destruction.
class watcher_process
{
public:
    watcher_process(bench::echo_peer run, std::filesystem::path const& file)
        : channel_(file)
    {
        pid_ = check(::fork(), "fork");
        if (pid_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            try {
                // Sleeps until there is something to answer.
                bench::undisturbed const measured;
                remote_answerer to(channel_);
                run(channel_.path(), to);
            } catch (std::exception const& e) {
                std::fprintf(stderr, "watcher: %s\n", e.what());
            }
            // Wakes the writer if it waits for an answer; it then finds that the process has ended.
            channel_.answer();
            std::_Exit(1);
        }
        channel_.wait_for_answer();
    }

    watcher_process(watcher_process const&) = delete;
    watcher_process& operator=(watcher_process const&) = delete;

    ~watcher_process()
    {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }

    double round_trips(int count) const
    {
        bench::undisturbed const measuring;
        bench::stopwatch const watch;
        for (int i = 0; i != count; ++i) {
            channel_.write();
            channel_.wait_for_answer();
        }
        return watch.seconds();
    }

private:
    channel channel_;
    pid_t pid_ = -1;
};

// Does the writer's part from within the watcher's answer, until the rounds are done.
class local_answerer final : public bench::answerer
{
public:
    local_answerer(channel const& both, int rounds)
        : both_(both)
        , left_(rounds)
    {}

    void ready() override
    {
        watch_ = bench::stopwatch();
        both_.write();
    }

    bool answer() override
    {
        both_.answer();
        both_.wait_for_answer();
        if (--left_ == 0) {
            seconds_ = watch_.seconds();
            return false;
        }
        both_.write();
        return true;
    }

    [[nodiscard]] double seconds() const noexcept { return seconds_; }

private:
    channel const& both_;
    int left_;
    bench::stopwatch watch_;
    double seconds_ = 0;
};

double alone(bench::echo_peer run, channel const& both, int rounds)
{
    bench::undisturbed const measuring;
    local_answerer to(both, rounds);
    run(both.path(), to);
    return to.seconds();
}

int run(options const& o)
{
    bench::report report("round_trip");
    report.parameter("pairs", o.pairs);
    report.parameter("repeats", o.repeats);
    report.parameter("undisturbed", bench::undisturbed().granted());
    report.parameter("block", o.block);
    report.parameter("core", bench::pin_to_core(o.core));

    bench::temporary_directory const directory;
    auto const& peers = bench::echo_peers();
    auto const& bare = peers.front();
    std::vector<double> processes_bare;
    std::vector<double> alone_bare;
    auto const keep = [&](std::vector<double>& all, std::vector<double> const& more) {
        for (auto const seconds : more) {
            all.push_back(seconds / o.block * 1e6);
        }
    };
    for (auto const& peer : peers) {
        if (&peer == &bare) {
            continue;
        }
        auto const name = std::string(peer.name) + " / " + std::string(bare.name);
        auto const file = [&](char const* side) {
            return directory.path() / (std::string(peer.name) + side);
        };
        bench::paired_times times;
        {
            watcher_process const baseline(bare.run, file("-bare"));
            watcher_process const candidate(peer.run, file("-own"));
            times = bench::run_paired(
                o.pairs, o.repeats, [&] { return baseline.round_trips(o.block); },
                [&] { return candidate.round_trips(o.block); });
        }
        keep(processes_bare, times.baseline);
        if (peer.library) {
            report.at_most("processes, " + name, "ratio", bench::spread_of(times.ratios), o.bound);
        } else {
            report.figure("processes, " + name, "ratio", bench::spread_of(times.ratios));
        }
        channel const both(file("-alone"));
        times = bench::run_paired(
            o.pairs, o.repeats, [&] { return alone(bare.run, both, o.block); },
            [&] { return alone(peer.run, both, o.block); });
        keep(alone_bare, times.baseline);
        report.figure("alone, " + name, "ratio", bench::spread_of(times.ratios));
    }
    report.figure("processes, bare", "us", bench::spread_of(processes_bare));
    report.figure("alone, bare", "us", bench::spread_of(alone_bare));
    return report.finish(o.check);
}

} // namespace

int main(int argc, char** argv)
{
    options o;
    CLI::App app("The round trip of a single event, side by side with a bare epoll loop.");
    bench::add_pairing_options(app, o);
    app.add_option("--block", o.block, "round trips in a block")
        ->check(CLI::Range(1, 10000000))
        ->capture_default_str();
    bench::add_core_option(app, o);
    app.add_option("--bound", o.bound, "most that the library may take, as a ratio")
        ->capture_default_str();
    app.add_flag("--check", o.check, "exit with 1 if a bound is missed");
    return bench::parse_and_run(app, argc, argv, "bench_round_trip", [&] { return run(o); });
}

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// What does restoring a watch set with the same watch descriptors cost, compared with the bare
// pairs of ioctl and inotify_add_watch, and does the cost grow linearly?

#include "support/directory_of_files.hpp"
#include "support/paired.hpp"
#include "support/program.hpp"
#include "support/report.hpp"
#include "support/stopwatch.hpp"
#include "support/system.hpp"
#include "support/walker.hpp"

#include <asio_inotify.hpp>

#include <boost/asio/io_context.hpp>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <linux/types.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>

#ifndef INOTIFY_IOC_SETNEXTWD
#define INOTIFY_IOC_SETNEXTWD _IOW('I', 0, __s32)
#endif

namespace {

struct options
{
    std::vector<int> watches{10000, 100000};
    int pairs = 15;
    int repeats = 3;
    int far_watches = 1000;
    int highest = 0x34d71d6;
    int core = -1;
    double bound = 1.15;
    bool check = false;
};

using asio_inotify::restore_options;
using asio_inotify::snapshot;

double bare_pairs(snapshot const& saved)
{
    auto const instance = bench::make_instance();
    bench::undisturbed const measuring;
    bench::stopwatch const watch;
    for (auto const& w : saved.watches()) {
        int const number = w.wd.value();
        bench::check(
            ::ioctl(instance.get(), INOTIFY_IOC_SETNEXTWD, static_cast<unsigned long>(number)),
            "ioctl");
        if (::inotify_add_watch(instance.get(), w.path.c_str(),
                                static_cast<std::uint32_t>(w.mask) | IN_MASK_CREATE) != number) {
            throw std::runtime_error("another number");
        }
    }
    return watch.seconds();
}

double restoring(snapshot const& saved, bool check_identity)
{
    boost::asio::io_context context;
    asio_inotify::watch_set set(context);
    bench::undisturbed const measuring;
    bench::stopwatch const watch;
    auto const report = restore(set, saved, {.check_identity = check_identity});
    auto const seconds = watch.seconds();
    if (report.same != saved.watches().size()) {
        throw std::runtime_error("not every watch was restored");
    }
    return seconds;
}

snapshot saved_set(bench::directory_of_files const& files, int watches)
{
    boost::asio::io_context context;
    asio_inotify::watch_set set(context);
    set.open();
    for (int i = 0; i != watches; ++i) {
        set.add(files.paths()[static_cast<std::size_t>(i)], asio_inotify::event_mask::modify);
    }
    return save(set);
}

// A few watches with sparse numbers, as in a checkpoint of a long-lived process: the time to
// restore them, and the time to walk to them, which is measured for some steps and extrapolated.
void compare_with_walk(bench::report& report, options const& o,
                       bench::directory_of_files const& files)
{
    auto watches = saved_set(files, o.far_watches).watches();
    for (std::size_t i = 0; i != watches.size(); ++i) {
        auto const part = static_cast<double>(i + 1) / static_cast<double>(watches.size());
        watches[i].wd = asio_inotify::watch_descriptor{static_cast<int>(o.highest * part)};
    }
    snapshot const far(std::move(watches));
    std::vector<double> restored;
    std::vector<double> walked;
    std::vector<double> factors;
    for (int i = 0; i != 5; ++i) {
        restored.push_back(restoring(far, true));
        walked.push_back(bench::seconds_of_step(files.paths().front(), 20000, 100000) * o.highest);
        factors.push_back(walked.back() / restored.back());
    }
    auto const name = std::to_string(o.far_watches) + " up to " + std::to_string(o.highest);
    report.figure("restore with identities, " + name, "s", bench::spread_of(restored));
    report.figure("walk, extrapolated, " + name, "s", bench::spread_of(walked));
    report.figure("walk / restore, " + name, "ratio", bench::spread_of(factors));
}

std::vector<double> per_watch(std::vector<double> seconds, int watches)
{
    for (auto& s : seconds) {
        s *= 1e9 / watches;
    }
    return seconds;
}

int run(options const& o)
{
    bench::report report("restore");
    report.parameter("watches", o.watches);
    report.parameter("pairs", o.pairs);
    report.parameter("repeats", o.repeats);
    report.parameter("undisturbed", bench::undisturbed().granted());
    report.parameter("core", bench::pin_to_core(o.core));
    int most = o.far_watches;
    for (int const n : o.watches) {
        most = (std::max)(most, n);
    }
    bench::directory_of_files const files(most);

    double smallest = 0;
    for (int const n : o.watches) {
        auto const saved = saved_set(files, n);
        auto const name = std::to_string(n);
        auto const plain = bench::run_paired(
            o.pairs, o.repeats, [&] { return bare_pairs(saved); },
            [&] { return restoring(saved, false); });
        auto const checked = bench::run_paired(
            o.pairs, o.repeats, [&] { return bare_pairs(saved); },
            [&] { return restoring(saved, true); });
        report.figure("bare pairs, " + name, "ns/watch",
                      bench::spread_of(per_watch(plain.baseline, n)));
        auto const restored = bench::spread_of(per_watch(plain.candidate, n));
        report.figure("restore, " + name, "ns/watch", restored);
        report.at_most("restore / bare pairs, " + name, "ratio", bench::spread_of(plain.ratios),
                       o.bound);
        report.figure("restore with identities / bare pairs, " + name, "ratio",
                      bench::spread_of(checked.ratios));
        if (smallest == 0) {
            smallest = restored.median;
        } else {
            // The bare pairs get slower as well, as the files' inodes do not fit into the caches.
            report.figure("restore, for each watch, " + name + " / " +
                              std::to_string(o.watches.front()),
                          "ratio", restored.median / smallest);
        }
    }
    compare_with_walk(report, o, files);
    return report.finish(o.check);
}

} // namespace

int main(int argc, char** argv)
{
    options o;
    CLI::App app("Restoring a watch set under its numbers, side by side with the bare system "
                 "calls.");
    app.add_option("--watches", o.watches, "how many watches; several numbers are measured in turn")
        ->check(CLI::Range(1, 1000000))
        ->capture_default_str();
    bench::add_pairing_options(app, o);
    app.add_option("--far-watches", o.far_watches,
                   "how many watches in the comparison with the walk")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    app.add_option("--highest", o.highest, "the largest number in it")
        ->check(CLI::Range(100000, 0x7fffffff))
        ->capture_default_str();
    bench::add_core_option(app, o);
    app.add_option("--bound", o.bound, "most that restoring may take, as a ratio")
        ->capture_default_str();
    app.add_flag("--check", o.check, "exit with 1 if a bound is missed");
    return bench::parse_and_run(app, argc, argv, "bench_restore", [&] { return run(o); });
}

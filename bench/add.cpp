//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// What does adding a watch cost, with the kernel's watch descriptor and with a chosen one, compared
// with the bare system calls?

#include "support/directory_of_files.hpp"
#include "support/paired.hpp"
#include "support/program.hpp"
#include "support/report.hpp"
#include "support/stopwatch.hpp"
#include "support/system.hpp"

#include <asio_inotify.hpp>

#include <boost/asio/io_context.hpp>

#include <cstdio>
#include <exception>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <linux/types.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>

// <linux/inotify.h> has it, but cannot be included together with <sys/inotify.h>, which lacks it.
#if !defined(INOTIFY_IOC_SETNEXTWD)
#define INOTIFY_IOC_SETNEXTWD _IOW('I', 0, __s32)
#endif

namespace {

struct options
{
    int files = 20000;
    int pairs = 15;
    int repeats = 1;
    int core = -1;
    bool check = false;
    std::string count;
    int adds = 1000;
};

// Not the number at which the kernel starts.
constexpr int first_number = 1'000'000;

void demand(bool condition)
{
    if (!condition) {
        throw std::runtime_error("a watch got another number than it should have");
    }
}

// Each adds the first `count` paths to a new instance and returns the seconds per call. The time
// does not include closing the instance, which takes longer than adding.

double library_add(std::vector<std::string> const& paths, int count)
{
    boost::asio::io_context context;
    asio_inotify::inotify in(context);
    in.open();
    bench::undisturbed const measuring;
    bench::stopwatch const watch;
    for (int i = 0; i != count; ++i) {
        demand(in.add(paths[static_cast<std::size_t>(i)], asio_inotify::event_mask::modify)
                   .is_valid());
    }
    return watch.seconds() / count;
}

double library_add_at(std::vector<std::string> const& paths, int count)
{
    boost::asio::io_context context;
    asio_inotify::inotify in(context);
    in.open();
    bench::undisturbed const measuring;
    bench::stopwatch const watch;
    for (int i = 0; i != count; ++i) {
        // Throws if the watch gets a different number.
        in.add_at(asio_inotify::watch_descriptor{first_number + i},
                  paths[static_cast<std::size_t>(i)], asio_inotify::event_mask::modify);
    }
    return watch.seconds() / count;
}

double bare_add(std::vector<std::string> const& paths, int count)
{
    auto const instance = bench::make_instance();
    bench::undisturbed const measuring;
    bench::stopwatch const watch;
    for (int i = 0; i != count; ++i) {
        demand(::inotify_add_watch(instance.get(), paths[static_cast<std::size_t>(i)].c_str(),
                                   IN_MODIFY) > 0);
    }
    return watch.seconds() / count;
}

double bare_add_at(std::vector<std::string> const& paths, int count)
{
    auto const instance = bench::make_instance();
    bench::undisturbed const measuring;
    bench::stopwatch const watch;
    for (int i = 0; i != count; ++i) {
        int const number = first_number + i;
        bench::check(
            ::ioctl(instance.get(), INOTIFY_IOC_SETNEXTWD, static_cast<unsigned long>(number)),
            "ioctl");
        demand(::inotify_add_watch(instance.get(), paths[static_cast<std::size_t>(i)].c_str(),
                                   IN_MODIFY) == number);
    }
    return watch.seconds() / count;
}

using adder = double (*)(std::vector<std::string> const&, int);

std::map<std::string, adder> const adders{{"add", library_add},
                                          {"add_at", library_add_at},
                                          {"bare_add", bare_add},
                                          {"bare_add_at", bare_add_at}};

// For strace: the system calls of one kind of adding, with the same preparation for any count.
int count(options const& o)
{
    auto const found = adders.find(o.count);
    if (found == adders.end() || o.adds > o.files) {
        throw std::runtime_error("--count wants " + std::string("add, add_at, bare_add or ") +
                                 "bare_add_at, and no more adds than files");
    }
    bench::directory_of_files const files(o.files);
    found->second(files.paths(), o.adds);
    std::printf("{\"variant\":\"%s\",\"adds\":%d}\n", o.count.c_str(), o.adds);
    return 0;
}

int run(options const& o)
{
    if (!o.count.empty()) {
        return count(o);
    }
    bench::report report("add");
    report.parameter("files", o.files);
    report.parameter("pairs", o.pairs);
    report.parameter("repeats", o.repeats);
    report.parameter("undisturbed", bench::undisturbed().granted());
    report.parameter("core", bench::pin_to_core(o.core));
    report.parameter("first_number", first_number);
    bench::directory_of_files const files(o.files);

    std::map<std::string, std::vector<double>> nanoseconds;
    auto const compare = [&](std::string const& candidate, std::string const& baseline) {
        auto const times = bench::run_paired(
            o.pairs, o.repeats, [&] { return adders.at(baseline)(files.paths(), o.files); },
            [&] { return adders.at(candidate)(files.paths(), o.files); });
        report.figure(candidate + " / " + baseline, "ratio", bench::spread_of(times.ratios));
        for (auto const seconds : times.baseline) {
            nanoseconds[baseline].push_back(seconds * 1e9);
        }
        for (auto const seconds : times.candidate) {
            nanoseconds[candidate].push_back(seconds * 1e9);
        }
    };
    compare("add", "bare_add");
    compare("add_at", "bare_add_at");
    compare("add_at", "add");
    for (auto const& [name, values] : nanoseconds) {
        report.figure(name, "ns/call", bench::spread_of(values));
    }
    return report.finish(o.check);
}

} // namespace

int main(int argc, char** argv)
{
    options o;
    CLI::App app("Adding watches, side by side with the bare system calls.");
    app.add_option("--files", o.files, "distinct files")
        ->check(CLI::Range(1, 10000000))
        ->capture_default_str();
    bench::add_pairing_options(app, o);
    bench::add_core_option(app, o);
    app.add_flag("--check", o.check, "exit with 1 if a bound is missed; there is none here");
    app.add_option("--count", o.count, "add once, by this variant, for strace");
    app.add_option("--adds", o.adds, "with --count: how many of the files")
        ->check(CLI::Range(0, 10000000))
        ->capture_default_str();
    return bench::parse_and_run(app, argc, argv, "bench_add", [&] { return run(o); });
}

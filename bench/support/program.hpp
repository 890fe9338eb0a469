//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_BENCH_SUPPORT_PROGRAM_HPP
#define ASIO_INOTIFY_BENCH_SUPPORT_PROGRAM_HPP

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <string>

// Common parts of the benchmarks' main functions.
namespace bench {

/// The options of a program that uses run_paired.
template <class Options>
void add_pairing_options(CLI::App& app, Options& o)
{
    app.add_option("--pairs", o.pairs, "how many ratios to take")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    app.add_option("--repeats", o.repeats, "runs of each side in a pair, of which the best counts")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
}

/// The option of a program that runs on one core.
template <class Options>
void add_core_option(CLI::App& app, Options& o)
{
    app.add_option("--core", o.core, "the core to run on; -1 for the last")->capture_default_str();
}

/// Read the arguments and run.
/** @returns The exit status: 2 if the benchmark could not run. */
template <class Run>
int parse_and_run(CLI::App& app, int argc, char** argv, std::string const& name, Run run)
{
    CLI11_PARSE(app, argc, argv);
    try {
        return run();
    } catch (std::exception const& e) {
        std::fprintf(stderr, "%s: %s\n", name.c_str(), e.what());
        return 2;
    }
}

} // namespace bench

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_PROCESS_RUN_IN_CHILD_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_PROCESS_RUN_IN_CHILD_HPP

#include "support/skipping.hpp"

#include <boost/test/execution_monitor.hpp>
#include <boost/test/framework.hpp>
#include <boost/test/results_collector.hpp>
#include <boost/test/tree/observer.hpp>
#include <boost/test/unit_test.hpp>
#include <boost/test/unit_test_log.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <iostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace test {

namespace detail {

inline unsigned long failures_so_far()
{
    auto const& unit = boost::unit_test::framework::current_test_unit();
    return boost::unit_test::results_collector.results(unit.p_id).p_assertions_failed.get();
}

inline void write_all(int fd, std::string const& text)
{
    for (std::size_t done = 0; done != text.size();) {
        auto const n = ::write(fd, text.data() + done, text.size() - done);
        if (n <= 0) {
            return;
        }
        done += static_cast<std::size_t>(n);
    }
}

inline std::string read_all(int fd)
{
    std::string text;
    char buffer[4096];
    for (;;) {
        auto const n = ::read(fd, buffer, sizeof buffer);
        if (n > 0) {
            text.append(buffer, static_cast<std::size_t>(n));
        } else if (n == 0 || errno != EINTR) {
            return text;
        }
    }
}

constexpr int child_passed = 40;
constexpr int child_failed = 41;
constexpr int child_skipped = 42;

// The body in the child; what it has to say goes to `report`, the status is the result.
template <class Body>
int run_body(Body& body, std::string& report)
{
    std::ostringstream log;
    boost::unit_test::unit_test_log.set_stream(log);
    auto const before = failures_so_far();
    int status = child_passed;
    try {
        body();
    } catch (skipped const& reason) {
        report = reason.what();
        return child_skipped;
    } catch (boost::execution_aborted const&) {
        // BOOST_REQUIRE has logged it.
        status = child_failed;
    } catch (std::exception const& e) {
        log << "exception: " << e.what() << '\n';
        status = child_failed;
    } catch (...) {
        log << "exception that is no std::exception\n";
        status = child_failed;
    }
    report = log.str();
    return failures_so_far() != before ? child_failed : status;
}

} // namespace detail

/// Run a function in a forked, single-threaded child, for what would change the whole process.
/**
 * Failed assertions and exceptions in the child are failures of the running test case. The child
 * throws @ref skipped to have the test skipped. It ends without running destructors of statics or
 * exit handlers, and is killed if it takes longer than two minutes.
 */
template <class Body>
void run_in_child(Body body)
{
    int pipe_ends[2];
    BOOST_REQUIRE(::pipe(pipe_ends) == 0);
    // What is buffered must not be printed by both.
    std::cout.flush();
    std::fflush(nullptr);
    pid_t const child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        ::close(pipe_ends[0]);
        ::alarm(120);
        std::string report;
        int const status = detail::run_body(body, report);
        detail::write_all(pipe_ends[1], report);
        ::_exit(status);
    }
    ::close(pipe_ends[1]);
    auto const report = detail::read_all(pipe_ends[0]);
    ::close(pipe_ends[0]);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    int const result = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (result == detail::child_skipped) {
        print_skipped(report);
    } else if (result == detail::child_passed) {
        return;
    } else if (WIFSIGNALED(status)) {
        BOOST_ERROR("child was killed by signal " << WTERMSIG(status) << '\n' << report);
    } else if (result == detail::child_failed) {
        BOOST_ERROR("child failed:\n" << report);
    } else {
        BOOST_ERROR("child exited with " << result << '\n' << report);
    }
}

} // namespace test

#endif

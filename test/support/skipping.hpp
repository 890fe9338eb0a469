//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_SKIPPING_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_SKIPPING_HPP

#include <boost/test/results_collector.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

namespace test {

/// Thrown when a test needs what the machine does not have. The reason is printed at the end, and
/// CTest counts the test as skipped unless something has failed.
class skipped : public std::exception
{
public:
    explicit skipped(std::string reason)
        : reason_(std::move(reason))
    {}

    [[nodiscard]] char const* what() const noexcept override { return reason_.c_str(); }

private:
    std::string reason_;
};

namespace detail {

// CTest calls a test skipped whose output says so, even if it has failed: thus the reasons are
// printed at the end, and only if nothing has failed.
class skip_reporter : public boost::unit_test::test_observer
{
public:
    static skip_reporter& instance()
    {
        static skip_reporter reporter;
        return reporter;
    }

    void add(std::string reason) { reasons_.push_back(std::move(reason)); }

    void test_finish() override
    {
        auto const all = boost::unit_test::framework::master_test_suite().p_id;
        bool const passed = boost::unit_test::results_collector.results(all).result_code() == 0;
        for (auto const& reason : reasons_) {
            std::cout << (passed ? "SKIPPED: " : "not tested: ") << reason << std::endl;
        }
    }

private:
    skip_reporter() { boost::unit_test::framework::register_observer(*this); }
    ~skip_reporter() override { boost::unit_test::framework::deregister_observer(*this); }

    std::vector<std::string> reasons_;
};

} // namespace detail

/// Say why a test is skipped. It returns afterwards.
inline void print_skipped(std::string reason)
{
    detail::skip_reporter::instance().add(std::move(reason));
}

} // namespace test

#endif

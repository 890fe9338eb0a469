//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "failure.hpp"

#include "text.hpp"

#include <boost/system/system_category.hpp>

#include <cerrno>
#include <cstdio>

namespace asio_watch {
namespace {

std::string compose(std::string_view what, std::string_view subject, std::string_view why)
{
    std::string line;
    for (auto const part : {what, subject, why}) {
        if (!part.empty()) {
            line += line.empty() ? "" : ": ";
            append_escaped(line, part);
        }
    }
    return line;
}

} // namespace

failure::failure(std::string_view what, std::string_view subject, std::string_view why)
    : std::runtime_error(compose(what, subject, why))
{}

std::string explain(boost::system::error_code const& ec)
{
    auto text = ec.message();
    // The library's own errors name their limits.
    if (ec == boost::system::error_code(EMFILE, boost::system::system_category())) {
        text += "; see ulimit -n (RLIMIT_NOFILE)";
    }
    return text;
}

void complain(std::string_view line)
{
    // Standard error is unbuffered: one string is one write, so lines of other processes cannot
    // split it.
    auto const text = "asio-watch: " + std::string(line) + '\n';
    std::fputs(text.c_str(), stderr);
}

} // namespace asio_watch

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_WATCH_FAILURE_HPP
#define ASIO_WATCH_FAILURE_HPP

#include <boost/system/error_code.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace asio_watch {

/// Exit codes of the program; scripts rely on the values.
enum class exit_code
{
    done = 0,
    failed = 1,
    timed_out = 2
};

/// An error that is printed as one line and ends the program with @ref exit_code::failed.
class failure : public std::runtime_error
{
public:
    /// Compose "what: subject: why" without empty parts.
    /** @param subject  The path or argument that failed, any bytes. */
    failure(std::string_view what, std::string_view subject, std::string_view why);
};

/// The text of an error, with the limit that is reached.
[[nodiscard]] std::string explain(boost::system::error_code const& ec);

/// Write "asio-watch: " and a line to standard error.
void complain(std::string_view line);

} // namespace asio_watch

#endif

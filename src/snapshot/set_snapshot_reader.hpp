//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_SNAPSHOT_SET_SNAPSHOT_READER_HPP
#define ASIO_INOTIFY_SRC_SNAPSHOT_SET_SNAPSHOT_READER_HPP

#include "snapshot/text_lines.hpp"

#include <asio_inotify/snapshot.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <utility>

namespace asio_inotify::detail {

/// Parses the text of a snapshot, some lines at a time.
class set_snapshot_reader : public line_reader
{
public:
    using line_reader::line_reader;

    /// Read at most so many lines. Returns true if the text is complete or wrong.
    bool step(std::size_t lines, boost::system::error_code& ec);

    /// The number of watches that were read.
    [[nodiscard]] std::size_t size() const noexcept { return result_.watches_.size(); }

    /// The snapshot. @pre The text is complete.
    [[nodiscard]] snapshot take() noexcept { return std::move(result_); }

private:
    enum class part
    {
        title,
        next,
        watches,
        done
    };

    bool read_next(boost::system::error_code& ec);
    bool read_watch(boost::system::error_code& ec);

    snapshot result_;
    part part_ = part::title;
};

} // namespace asio_inotify::detail

#endif

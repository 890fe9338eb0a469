//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_NUMBER_RECYCLER_HPP
#define ASIO_INOTIFY_DETAIL_NUMBER_RECYCLER_HPP

#include <asio_inotify/detail/config.hpp>
#include <asio_inotify/detail/instance_access.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>

namespace asio_inotify::detail {

class watch_registry;

/// Makes the numbers of watches that are gone free again, by the rule of kernel note 3.
/** Between begin and end, the caller runs a barrier on a worker thread. */
class ASIO_INOTIFY_DECL number_recycler
{
public:
    /// Identifies the numbers that wait for one barrier; 0 for none.
    using ticket = std::uint64_t;

    explicit number_recycler(watch_registry& registry) noexcept
        : registry_(registry)
    {}

    /// Collect the numbers that are free in the kernel, or can be soon.
    [[nodiscard]] ticket begin(instance_access const& instance);

    /// No barrier was started. Does nothing for 0.
    void abandon(ticket numbers) noexcept;

    /// The barrier has passed, or `ec` says why it has not.
    /** @returns How many numbers are free as soon as the events that are queued now were read. */
    std::size_t end(instance_access const& instance, ticket numbers, boost::system::error_code& ec);

private:
    watch_registry& registry_;
};

} // namespace asio_inotify::detail

#endif

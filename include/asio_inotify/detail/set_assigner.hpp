//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_SET_ASSIGNER_HPP
#define ASIO_INOTIFY_DETAIL_SET_ASSIGNER_HPP

#include <asio_inotify/detail/config.hpp>
#include <asio_inotify/detail/instance_access.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <memory>
#include <string_view>

namespace asio_inotify::detail {

class watch_registry;

// Enters the state that another object released into a new registry, in slices.
class ASIO_INOTIFY_DECL set_assigner
{
public:
    /** @param state  Must outlive the assigner. */
    set_assigner(watch_registry& registry, std::string_view state, std::size_t most_watches);
    set_assigner(set_assigner const&) = delete;
    set_assigner& operator=(set_assigner const&) = delete;
    ~set_assigner();

    /// Do a small part of the work.
    /** @returns True if the work is complete, or has failed. */
    [[nodiscard]] bool step(boost::system::error_code& ec);

    /// Give the instance its undelivered events. @pre The work is complete.
    void finish(instance_access const& instance);

private:
    struct implementation;

    std::unique_ptr<implementation> implementation_;
};

} // namespace asio_inotify::detail

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_SET_ACCESS_HPP
#define ASIO_INOTIFY_DETAIL_SET_ACCESS_HPP

#include <asio_inotify/basic_watch_set.hpp>
#include <asio_inotify/detail/instance_ops.hpp>
#include <asio_inotify/detail/set_reservation.hpp>
#include <asio_inotify/detail/watch_registry.hpp>

#include <boost/system/error_code.hpp>

#include <memory>
#include <utility>

namespace asio_inotify::detail {

/// The parts of a set, for the functions that are in headers of their own.
template <class Executor>
class set_access
{
public:
    using set_type = basic_watch_set<Executor>;
    using inotify_type = basic_inotify<Executor>;

    [[nodiscard]] static bool check_closed(set_type const& set, boost::system::error_code& ec)
    {
        return set.check_closed(ec);
    }

    [[nodiscard]] static bool check_open(set_type const& set, boost::system::error_code& ec)
    {
        return set.check_open(ec);
    }

    /// Made if the set has none.
    [[nodiscard]] static std::shared_ptr<watch_registry> const& registry(set_type& set)
    {
        set.registry();
        return set.registry_;
    }

    /// Made if the set has none.
    [[nodiscard]] static std::shared_ptr<inotify_type> const& instance(set_type& set)
    {
        set.instance();
        return set.instance_;
    }

    /// @pre The set is open.
    [[nodiscard]] static watch_registry const& registry_of(set_type const& set) noexcept
    {
        return *set.registry_;
    }

    /// @pre The set is open.
    [[nodiscard]] static instance_access access(set_type const& set)
    {
        return access(*set.instance_);
    }

    [[nodiscard]] static instance_access access(inotify_type& instance)
    {
        return instance.access();
    }

    /// Keep the set closed until the operation that has the reservation completes.
    static void reserve(set_type& set, std::shared_ptr<set_reservation> const& reservation) noexcept
    {
        set.reservation_ = reservation;
    }

    static void end_reservation(set_type& set) noexcept { set.reservation_.reset(); }

    /// Take everything out of the set, which is closed then.
    static auto take(set_type& set) noexcept
    {
        return std::pair(std::exchange(set.instance_, nullptr),
                         std::exchange(set.registry_, nullptr));
    }

    /// Open the set with this. @pre It is closed.
    static void give(set_type& set, std::shared_ptr<inotify_type>&& instance,
                     std::shared_ptr<watch_registry>&& registry) noexcept
    {
        set.instance_ = std::move(instance);
        set.registry_ = std::move(registry);
        set.registry_->notice_restores();
    }
};

} // namespace asio_inotify::detail

#endif

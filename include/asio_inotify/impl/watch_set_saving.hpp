//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_IMPL_WATCH_SET_SAVING_HPP
#define ASIO_INOTIFY_IMPL_WATCH_SET_SAVING_HPP

#include <asio_inotify/detail/instance_ops.hpp>
#include <asio_inotify/detail/late_compose.hpp>
#include <asio_inotify/detail/scope_guard.hpp>
#include <asio_inotify/detail/set_access.hpp>
#include <asio_inotify/detail/set_assigner.hpp>
#include <asio_inotify/detail/set_reservation.hpp>
#include <asio_inotify/detail/set_restorer.hpp>
#include <asio_inotify/detail/set_saving.hpp>
#include <asio_inotify/detail/slice_op.hpp>
#include <asio_inotify/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/assert/source_location.hpp>
#include <boost/core/no_exceptions_support.hpp>

#include <memory>
#include <new>
#include <string>
#include <utility>

namespace asio_inotify {
namespace detail {

// A set that is made from a snapshot, in parts.
template <class Executor>
class restored_set
{
public:
    /** The snapshot outlives it. */
    restored_set(Executor const& ex, snapshot const& saved, restore_options options)
        : instance_(std::make_shared<basic_inotify<Executor>>(ex))
        , restorer_(saved, options)
    {}

    /// @returns True when it is complete, or has failed.
    [[nodiscard]] bool step(boost::system::error_code& ec)
    {
        if (!registry_) {
            instance_->open(ec);
            if (ec) {
                return true;
            }
            registry_ = std::make_shared<watch_registry>();
        }
        auto const progress =
            restorer_.step(set_access<Executor>::access(*instance_), *registry_, ec);
        if (progress == set_restorer::progress::start_over) {
            registry_.reset();
            instance_->close(ec);
        }
        return progress == set_restorer::progress::done;
    }

    void give_to(basic_watch_set<Executor>& set) noexcept
    {
        set_access<Executor>::give(set, std::move(instance_), std::move(registry_));
    }

    [[nodiscard]] watch_report take_report() { return std::move(restorer_.report()); }

private:
    std::shared_ptr<basic_inotify<Executor>> instance_;
    // Null if the instance is closed.
    std::shared_ptr<watch_registry> registry_;
    set_restorer restorer_;
};

template <class Executor>
class restore_set_task
{
public:
    using access = set_access<Executor>;

    restore_set_task(basic_watch_set<Executor>& set, std::shared_ptr<snapshot const> saved,
                     restore_options options)
        : set_(set)
        , saved_(std::move(saved))
        , options_(options)
    {}

    void begin(boost::system::error_code& ec)
    {
        if (access::check_closed(set_, ec)) {
            restored_ =
                std::make_shared<restored_set<Executor>>(set_.get_executor(), *saved_, options_);
            reservation_ = std::make_shared<set_reservation>();
            access::reserve(set_, reservation_);
        }
    }

    step_result step(boost::system::error_code& ec)
    {
        if (reservation_->cancelled) {
            ec = asio::error::operation_aborted;
            return step_result::deliver;
        }
        BOOST_TRY
        {
            return restored_->step(ec) ? step_result::deliver : step_result::again;
        }
        BOOST_CATCH(std::bad_alloc const&)
        {
            ec = asio::error::no_memory;
            return step_result::wait;
        }
        BOOST_CATCH_END
    }

    void finish(boost::system::error_code& ec)
    {
        if (restored_) {
            report_ = restored_->take_report();
        }
        if (!ec && reservation_->cancelled) {
            ec = asio::error::operation_aborted;
        }
        // Not if the set was closed: then it may be open again, or gone.
        if (reservation_ && !reservation_->closed) {
            access::end_reservation(set_);
            if (!ec) {
                restored_->give_to(set_);
            }
        }
        reservation_.reset();
        restored_.reset();
    }

    template <class Self>
    void complete(Self& self, boost::system::error_code const& ec)
    {
        self.complete(ec, std::move(report_));
    }

private:
    basic_watch_set<Executor>& set_;
    std::shared_ptr<snapshot const> saved_;
    restore_options options_;
    // From begin to finish.
    std::shared_ptr<restored_set<Executor>> restored_;
    std::shared_ptr<set_reservation> reservation_;
    watch_report report_;
};

/// Open a set with an instance that `fill` enters into a registry.
/** The file descriptor stays the caller's on failure. */
template <class Executor, class Fill>
void take_over_instance(basic_watch_set<Executor>& set, int fd, boost::system::error_code& ec,
                        Fill fill)
{
    using access = set_access<Executor>;
    if (!access::check_closed(set, ec)) {
        return;
    }
    basic_inotify<Executor> lent(set.get_executor());
    scope_guard const return_descriptor([&] { static_cast<void>(lent.release()); });
    lent.assign(fd, ec);
    if (ec) {
        return;
    }
    auto registry = std::make_shared<watch_registry>();
    auto instance = std::make_shared<basic_inotify<Executor>>(set.get_executor());
    fill(*registry, access::access(lent));
    if (!ec) {
        *instance = std::move(lent);
        access::give(set, std::move(instance), std::move(registry));
    }
}

/// What the kernel does not have of a set, for the next owner; the set is unchanged.
template <class Executor>
[[nodiscard]] std::string state_to_release(basic_watch_set<Executor>& set, watch_event_batch unread,
                                           boost::system::error_code& ec)
{
    using access = set_access<Executor>;
    if (!access::check_open(set, ec)) {
        return {};
    }
    auto const instance = access::access(set);
    if (!instance.may_read || access::registry(set)->is_outstanding()) {
        static constexpr boost::source_location where = BOOST_CURRENT_LOCATION;
        ec.assign(make_error_code(error::operation_outstanding), &where);
        return {};
    }
    return release_state(*access::registry(set), instance, unread, ec);
}

} // namespace detail

template <class Executor>
snapshot save(basic_watch_set<Executor> const& set)
{
    boost::system::error_code ec;
    auto saved = save(set, ec);
    detail::throw_if_failed(ec, "save");
    return saved;
}

template <class Executor>
snapshot save(basic_watch_set<Executor> const& set, boost::system::error_code& ec)
{
    using access = detail::set_access<Executor>;
    return access::check_open(set, ec)
               ? detail::save_watches(access::registry_of(set), access::access(set), ec)
               : snapshot();
}

template <class Executor>
watch_report restore(basic_watch_set<Executor>& set, snapshot const& saved, restore_options options)
{
    boost::system::error_code ec;
    auto report = restore(set, saved, options, ec);
    if (auto const* const lost = report.first_lost(); lost != nullptr && ec) {
        detail::throw_if_failed(ec, "restore", lost->wd, lost->path);
    }
    detail::throw_if_failed(ec, "restore");
    return report;
}

template <class Executor>
watch_report restore(basic_watch_set<Executor>& set, snapshot const& saved,
                     boost::system::error_code& ec)
{
    return restore(set, saved, restore_options(), ec);
}

template <class Executor>
watch_report restore(basic_watch_set<Executor>& set, snapshot const& saved, restore_options options,
                     boost::system::error_code& ec)
{
    if (!detail::set_access<Executor>::check_closed(set, ec)) {
        return {};
    }
    detail::restored_set<Executor> restored(set.get_executor(), saved, options);
    while (!restored.step(ec)) {
    }
    if (!ec) {
        restored.give_to(set);
    }
    return restored.take_report();
}

template <class Executor,
          asio::completion_token_for<void(boost::system::error_code, watch_report)> RestoreToken>
auto async_restore(basic_watch_set<Executor>& set, snapshot saved, restore_options options,
                   RestoreToken&& token)
{
    auto shared = std::make_shared<snapshot const>(std::move(saved));
    return detail::late_compose<void(boost::system::error_code, watch_report)>(
        set.get_executor(), std::forward<RestoreToken>(token),
        [&set, shared = std::move(shared), options] {
            return detail::slice_op(detail::restore_set_task<Executor>(set, shared, options),
                                    set.get_executor());
        });
}

template <class Executor,
          asio::completion_token_for<void(boost::system::error_code, watch_report)> RestoreToken>
auto async_restore(basic_watch_set<Executor>& set, snapshot saved, RestoreToken&& token)
{
    return async_restore(set, std::move(saved), restore_options(),
                         std::forward<RestoreToken>(token));
}

template <class Executor>
watch_report revalidate(basic_watch_set<Executor>& set)
{
    boost::system::error_code ec;
    auto report = revalidate(set, ec);
    detail::throw_if_failed(ec, "revalidate");
    return report;
}

template <class Executor>
watch_report revalidate(basic_watch_set<Executor>& set, boost::system::error_code& ec)
{
    using access = detail::set_access<Executor>;
    if (!access::check_open(set, ec)) {
        return {};
    }
    auto& registry = *access::registry(set);
    registry.notice_restores();
    return detail::revalidate_watches(registry, access::access(set), ec);
}

template <class Executor>
watch_report adopt(basic_watch_set<Executor>& set, int handle, snapshot const& known)
{
    boost::system::error_code ec;
    auto report = adopt(set, handle, known, ec);
    detail::throw_if_failed(ec, "adopt");
    return report;
}

template <class Executor>
watch_report adopt(basic_watch_set<Executor>& set, int handle, boost::system::error_code& ec)
{
    return adopt(set, handle, snapshot(), ec);
}

template <class Executor>
watch_report adopt(basic_watch_set<Executor>& set, int handle, snapshot const& known,
                   boost::system::error_code& ec)
{
    watch_report report;
    detail::take_over_instance(
        set, handle, ec,
        [&](detail::watch_registry& registry, detail::instance_access const& instance) {
            report = detail::adopt_watches(registry, instance, known, ec);
        });
    return report;
}

template <class Executor>
released_set release(basic_watch_set<Executor>& set, watch_event_batch unread)
{
    boost::system::error_code ec;
    auto released = release(set, unread, ec);
    detail::throw_if_failed(ec, "release");
    return released;
}

template <class Executor>
released_set release(basic_watch_set<Executor>& set, boost::system::error_code& ec)
{
    return release(set, watch_event_batch(), ec);
}

template <class Executor>
released_set release(basic_watch_set<Executor>& set, watch_event_batch unread,
                     boost::system::error_code& ec)
{
    auto state = detail::state_to_release(set, unread, ec);
    if (ec) {
        return {};
    }
    released_set released(detail::set_access<Executor>::instance(set)->release(), std::move(state));
    set.close(ec);
    return released;
}

template <class Executor>
void assign(basic_watch_set<Executor>& set, released_set&& released)
{
    boost::system::error_code ec;
    assign(set, std::move(released), ec);
    detail::throw_if_failed(ec, "assign");
}

template <class Executor>
void assign(basic_watch_set<Executor>& set, released_set&& released, boost::system::error_code& ec)
{
    auto const& state = released.state();
    detail::take_over_instance(
        set, released.native_handle(), ec,
        [&](detail::watch_registry& registry, detail::instance_access const& instance) {
            detail::set_assigner assigner(registry, state, state.size());
            while (!assigner.step(ec)) {
            }
            if (!ec) {
                assigner.finish(instance);
            }
        });
    if (!ec) {
        static_cast<void>(released.release_handle());
        released = released_set();
    }
}

} // namespace asio_inotify

#endif

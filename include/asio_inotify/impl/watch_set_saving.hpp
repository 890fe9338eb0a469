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
#include <asio_inotify/detail/set_assigner.hpp>
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

// Saving, restoring, adopting and handing over a set.
namespace asio_inotify {

template <class Executor>
snapshot basic_watch_set<Executor>::save() const
{
    boost::system::error_code ec;
    auto saved = save(ec);
    detail::throw_if_failed(ec, "save");
    return saved;
}

template <class Executor>
snapshot basic_watch_set<Executor>::save(boost::system::error_code& ec) const
{
    return check_open(ec) ? detail::save_watches(*registry_, instance_->access(), ec) : snapshot();
}

// A set that is made from a snapshot, in parts.
template <class Executor>
class basic_watch_set<Executor>::restored_set
{
public:
    /** The snapshot outlives it. */
    restored_set(Executor const& ex, snapshot const& saved, restore_options options)
        : instance_(ex)
        , restorer_(saved, options)
    {}

    /// @returns True when it is complete, or has failed.
    [[nodiscard]] bool step(boost::system::error_code& ec)
    {
        if (!registry_) {
            instance_.open(ec);
            if (ec) {
                return true;
            }
            registry_ = std::make_shared<detail::watch_registry>();
        }
        auto const progress = restorer_.step(instance_.access(), *registry_, ec);
        if (progress == detail::set_restorer::progress::start_over) {
            registry_.reset();
            instance_.close(ec);
        }
        return progress == detail::set_restorer::progress::done;
    }

    void give_to(basic_watch_set& set) { set.take(std::move(instance_), std::move(registry_)); }

    [[nodiscard]] watch_report take_report() { return std::move(restorer_.report()); }

private:
    inotify_type instance_;
    // Null if the instance is closed.
    std::shared_ptr<detail::watch_registry> registry_;
    detail::set_restorer restorer_;
};

template <class Executor>
class basic_watch_set<Executor>::restore_task
{
public:
    restore_task(basic_watch_set& set, std::shared_ptr<snapshot const> saved,
                 restore_options options)
        : set_(set)
        , saved_(std::move(saved))
        , options_(options)
    {}

    void begin(boost::system::error_code& ec)
    {
        if (set_.check_closed(ec)) {
            restored_ = std::make_shared<restored_set>(set_.get_executor(), *saved_, options_);
        }
    }

    detail::step_result step(boost::system::error_code& ec)
    {
        BOOST_TRY
        {
            return restored_->step(ec) ? detail::step_result::deliver : detail::step_result::again;
        }
        BOOST_CATCH(std::bad_alloc const&)
        {
            ec = asio::error::no_memory;
            return detail::step_result::wait;
        }
        BOOST_CATCH_END
    }

    // The user may have opened the set in the meantime.
    void finish(boost::system::error_code& ec)
    {
        if (restored_) {
            report_ = restored_->take_report();
        }
        if (!ec && set_.check_closed(ec)) {
            restored_->give_to(set_);
        }
        restored_.reset();
    }

    template <class Self>
    void complete(Self& self, boost::system::error_code const& ec)
    {
        self.complete(ec, std::move(report_));
    }

private:
    basic_watch_set& set_;
    std::shared_ptr<snapshot const> saved_;
    restore_options options_;
    // From begin to finish.
    std::shared_ptr<restored_set> restored_;
    watch_report report_;
};

template <class Executor>
watch_report basic_watch_set<Executor>::restore(snapshot const& saved, restore_options options)
{
    boost::system::error_code ec;
    auto report = restore(saved, options, ec);
    if (auto const* const lost = report.first_lost(); lost != nullptr && ec) {
        detail::throw_if_failed(ec, "restore", lost->wd, lost->path);
    }
    detail::throw_if_failed(ec, "restore");
    return report;
}

template <class Executor>
watch_report basic_watch_set<Executor>::restore(snapshot const& saved, restore_options options,
                                                boost::system::error_code& ec)
{
    if (!check_closed(ec)) {
        return {};
    }
    restored_set restored(executor_, saved, options);
    while (!restored.step(ec)) {
    }
    if (!ec) {
        restored.give_to(*this);
    }
    return restored.take_report();
}

template <class Executor>
template <asio::completion_token_for<void(boost::system::error_code, watch_report)> RestoreToken>
auto basic_watch_set<Executor>::async_restore(snapshot saved, restore_options options,
                                              RestoreToken&& token)
{
    auto shared = std::make_shared<snapshot const>(std::move(saved));
    return detail::late_compose<void(boost::system::error_code, watch_report)>(
        executor_, std::forward<RestoreToken>(token), [this, shared = std::move(shared), options] {
            return detail::slice_op(restore_task(*this, shared, options), executor_);
        });
}

template <class Executor>
template <asio::completion_token_for<void(boost::system::error_code, watch_report)> RestoreToken>
auto basic_watch_set<Executor>::async_restore(snapshot saved, RestoreToken&& token)
{
    return async_restore(std::move(saved), restore_options(), std::forward<RestoreToken>(token));
}

template <class Executor>
watch_report basic_watch_set<Executor>::revalidate()
{
    boost::system::error_code ec;
    auto report = revalidate(ec);
    detail::throw_if_failed(ec, "revalidate");
    return report;
}

template <class Executor>
watch_report basic_watch_set<Executor>::revalidate(boost::system::error_code& ec)
{
    if (!check_open(ec)) {
        return {};
    }
    registry_->notice_restores();
    return detail::revalidate_watches(*registry_, instance_->access(), ec);
}

template <class Executor>
bool basic_watch_set<Executor>::notices_restores() const noexcept
{
    return is_open() && registry_->notices_restores();
}

template <class Executor>
std::optional<watch_report> basic_watch_set<Executor>::take_restore_report()
{
    return registry_ ? registry_->take_restore_report() : std::nullopt;
}

template <class Executor>
watch_report basic_watch_set<Executor>::adopt(native_handle_type handle, snapshot const& known)
{
    boost::system::error_code ec;
    auto report = adopt(handle, known, ec);
    detail::throw_if_failed(ec, "adopt");
    return report;
}

template <class Executor>
watch_report basic_watch_set<Executor>::adopt(native_handle_type handle, snapshot const& known,
                                              boost::system::error_code& ec)
{
    watch_report report;
    take_over(handle, ec,
              [&](detail::watch_registry& registry, detail::instance_access const& instance) {
                  report = detail::adopt_watches(registry, instance, known, ec);
              });
    return report;
}

template <class Executor>
template <class Fill>
void basic_watch_set<Executor>::take_over(native_handle_type fd, boost::system::error_code& ec,
                                          Fill fill)
{
    if (!check_closed(ec)) {
        return;
    }
    // The descriptor stays the caller's if anything fails.
    inotify_type lent(executor_);
    detail::scope_guard const return_descriptor([&] { static_cast<void>(lent.release()); });
    lent.assign(fd, ec);
    if (ec) {
        return;
    }
    auto registry = std::make_shared<detail::watch_registry>();
    auto instance = std::make_shared<inotify_type>(executor_);
    fill(*registry, lent.access());
    if (!ec) {
        *instance = std::move(lent);
        instance_ = std::move(instance);
        registry_ = std::move(registry);
        registry_->notice_restores();
    }
}

template <class Executor>
released_set basic_watch_set<Executor>::release(watch_event_batch unread)
{
    boost::system::error_code ec;
    auto released = release(unread, ec);
    detail::throw_if_failed(ec, "release");
    return released;
}

template <class Executor>
released_set basic_watch_set<Executor>::release(watch_event_batch unread,
                                                boost::system::error_code& ec)
{
    released_set released;
    released.state = release_state(unread, ec);
    if (!ec) {
        released.handle = instance_->release();
        close(ec);
    }
    return released;
}

template <class Executor>
std::string basic_watch_set<Executor>::release_state(watch_event_batch unread,
                                                     boost::system::error_code& ec)
{
    if (!check_open(ec)) {
        return {};
    }
    auto const instance = instance_->access();
    if (!instance.may_read) {
        static constexpr boost::source_location where = BOOST_CURRENT_LOCATION;
        ec.assign(make_error_code(error::read_outstanding), &where);
        return {};
    }
    return detail::release_state(*registry_, instance, unread, ec);
}

template <class Executor>
void basic_watch_set<Executor>::assign(released_set const& released)
{
    boost::system::error_code ec;
    assign(released, ec);
    detail::throw_if_failed(ec, "assign");
}

template <class Executor>
void basic_watch_set<Executor>::assign(released_set const& released, boost::system::error_code& ec)
{
    take_over(released.handle, ec,
              [&](detail::watch_registry& registry, detail::instance_access const& instance) {
                  detail::set_assigner assigner(registry, released.state, released.state.size());
                  while (!assigner.step(ec)) {
                  }
                  if (!ec) {
                      assigner.finish(instance);
                  }
              });
}

// Here, and not beside the alias: whatever uses the class first must know its visibility.
extern template class ASIO_INOTIFY_DECL basic_watch_set<asio::any_io_executor>;

} // namespace asio_inotify

#endif

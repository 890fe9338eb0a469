//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_IMPL_BASIC_TREE_WATCHER_HPP
#define ASIO_INOTIFY_IMPL_BASIC_TREE_WATCHER_HPP

#include <asio_inotify/detail/instance_ops.hpp>

#include <boost/asio/append.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <memory>
#include <string>
#include <utility>

namespace asio_inotify {

template <class Executor>
basic_tree_watcher<Executor>::basic_tree_watcher(executor_type const& ex)
    : pump_(ex)
{}

template <class Executor>
template <detail::context_of<Executor> ExecutionContext>
basic_tree_watcher<Executor>::basic_tree_watcher(ExecutionContext& context)
    : pump_(context.get_executor())
{}

template <class Executor>
basic_tree_watcher<Executor>::basic_tree_watcher(basic_tree_watcher&& other) noexcept = default;

template <class Executor>
basic_tree_watcher<Executor>&
basic_tree_watcher<Executor>::operator=(basic_tree_watcher&& other) noexcept = default;

template <class Executor>
template <detail::other_executor<Executor> Executor1>
basic_tree_watcher<Executor>::basic_tree_watcher(basic_tree_watcher<Executor1>&& other)
    : pump_(std::move(other.pump_))
{}

template <class Executor>
template <detail::other_executor<Executor> Executor1>
basic_tree_watcher<Executor>&
basic_tree_watcher<Executor>::operator=(basic_tree_watcher<Executor1>&& other)
{
    return *this = basic_tree_watcher(std::move(other));
}

template <class Executor>
basic_tree_watcher<Executor>::~basic_tree_watcher() = default;

template <class Executor>
auto basic_tree_watcher<Executor>::native_handle() const noexcept -> native_handle_type
{
    return is_open() ? pump_.engine()->native_handle() : -1;
}

template <class Executor>
void basic_tree_watcher<Executor>::open(tree_options options)
{
    auto const* const invalid = find_invalid_exclude(options);
    auto const pattern = invalid != nullptr ? *invalid : std::string();
    boost::system::error_code ec;
    open(std::move(options), ec);
    if (ec == error::invalid_exclude_pattern) {
        detail::throw_if_failed(ec, "open", pattern);
    }
    detail::throw_if_failed(ec, "open");
}

template <class Executor>
void basic_tree_watcher<Executor>::open(boost::system::error_code& ec)
{
    open(tree_options(), ec);
}

template <class Executor>
void basic_tree_watcher<Executor>::open(tree_options options, boost::system::error_code& ec)
{
    if (!pump_.check_closed(ec)) {
        return;
    }
    auto engine = detail::kernel_tree::make(std::move(options), ec);
    if (!ec) {
        pump_.open(std::move(engine), ec);
    }
}

template <class Executor>
void basic_tree_watcher<Executor>::close()
{
    pump_.close();
}

template <class Executor>
void basic_tree_watcher<Executor>::close(boost::system::error_code& ec)
{
    ec.clear();
    pump_.close();
}

template <class Executor>
void basic_tree_watcher<Executor>::cancel()
{
    boost::system::error_code ec;
    cancel(ec);
    detail::throw_if_failed(ec, "cancel");
}

template <class Executor>
void basic_tree_watcher<Executor>::cancel(boost::system::error_code& ec)
{
    pump_.cancel(ec);
}

template <class Executor>
void basic_tree_watcher<Executor>::add_root(path_ref path)
{
    boost::system::error_code ec;
    add_root(path, ec);
    if (ec == error::invalid_exclude_pattern) {
        detail::throw_if_failed(ec, "add_root", pump_.engine()->absolute_exclude());
    }
    detail::throw_if_failed(ec, "add_root", path);
}

template <class Executor>
void basic_tree_watcher<Executor>::add_root(path_ref path, boost::system::error_code& ec)
{
    if (pump_.check_open(ec)) {
        pump_.engine()->add_root(path, ec);
    }
}

template <class Executor>
void basic_tree_watcher<Executor>::remove_root(path_ref path)
{
    boost::system::error_code ec;
    remove_root(path, ec);
    detail::throw_if_failed(ec, "remove_root", path);
}

template <class Executor>
void basic_tree_watcher<Executor>::remove_root(path_ref path, boost::system::error_code& ec)
{
    if (pump_.check_open(ec)) {
        pump_.engine()->remove_root(path, ec);
    }
}

template <class Executor>
tree_snapshot basic_tree_watcher<Executor>::save()
{
    boost::system::error_code ec;
    auto saved = save(ec);
    detail::throw_if_failed(ec, "save");
    return saved;
}

template <class Executor>
tree_snapshot basic_tree_watcher<Executor>::save(boost::system::error_code& ec)
{
    return pump_.check_open(ec) ? pump_.engine()->save(ec) : tree_snapshot();
}

template <class Executor>
void basic_tree_watcher<Executor>::restore(tree_snapshot const& saved)
{
    boost::system::error_code ec;
    restore(saved, ec);
    detail::throw_if_failed(ec, "restore");
}

template <class Executor>
void basic_tree_watcher<Executor>::restore(tree_snapshot const& saved,
                                           boost::system::error_code& ec)
{
    if (pump_.check_open(ec)) {
        pump_.engine()->restore(saved, ec);
    }
}

template <class Executor>
void basic_tree_watcher<Executor>::rescan()
{
    boost::system::error_code ec;
    rescan(ec);
    detail::throw_if_failed(ec, "rescan");
}

template <class Executor>
void basic_tree_watcher<Executor>::rescan(boost::system::error_code& ec)
{
    if (pump_.check_open(ec)) {
        pump_.engine()->rescan();
    }
}

template <class Executor>
bool basic_tree_watcher<Executor>::notices_restores() const noexcept
{
    return is_open() && pump_.engine()->notices_restores();
}

template <class Executor>
tree_counters basic_tree_watcher<Executor>::counters() const noexcept
{
    return is_open() ? pump_.engine()->counters() : tree_counters();
}

template <class Executor>
std::vector<uncovered_directory> basic_tree_watcher<Executor>::uncovered() const
{
    return is_open() ? pump_.engine()->uncovered() : std::vector<uncovered_directory>();
}

template <class Executor>
template <
    asio::completion_token_for<void(boost::system::error_code, tree_change_batch)> ReceiveToken>
auto basic_tree_watcher<Executor>::async_receive(ReceiveToken&& token)
{
    return pump_.async_run(std::forward<ReceiveToken>(token));
}

// Scans the new root, one slice of time after the other. It waits for no descriptor, so it can run
// beside a receive.
template <class Executor>
class basic_tree_watcher<Executor>::add_root_op
{
public:
    add_root_op(std::shared_ptr<detail::pump_core<detail::kernel_tree>> core, Executor const& ex,
                path_ref path)
        : root_(std::move(core), path)
        , executor_(ex)
    {}

    template <class Self>
    void operator()(Self& self)
    {
        self.reset_cancellation_state(asio::enable_total_cancellation());
        boost::system::error_code ec;
        root_.add(ec);
        auto const next = ec ? detail::step_result::wait : detail::step_result::again;
        post(self, ec, next);
    }

    template <class Self>
    void operator()(Self& self, boost::system::error_code ec, detail::step_result next)
    {
        if (next == detail::step_result::again) {
            auto* const engine = root_.engine();
            if (engine == nullptr || self.cancelled() != asio::cancellation_type::none) {
                ec = asio::error::operation_aborted;
            } else if (engine->scan(ec) == detail::step_result::again) {
                post(self, ec, next);
                return;
            }
        }
        root_.finish(ec);
        self.complete(ec);
    }

private:
    // Removes the root again if the operation fails, or is destroyed before it completes, as when
    // there is no memory for its next step.
    class unfinished_root
    {
    public:
        unfinished_root(std::shared_ptr<detail::pump_core<detail::kernel_tree>> core, path_ref path)
            : core_(std::move(core))
            , path_(path.view())
        {}

        unfinished_root(unfinished_root const& other)
            : core_(other.core_)
            , path_(other.path_)
        {}

        unfinished_root(unfinished_root&& other) noexcept
            : core_(std::move(other.core_))
            , path_(std::move(other.path_))
            , added_(std::exchange(other.added_, false))
        {}

        unfinished_root& operator=(unfinished_root const&) = delete;
        unfinished_root& operator=(unfinished_root&&) = delete;

        ~unfinished_root() { remove(); }

        /// Null if the watcher is closed.
        [[nodiscard]] detail::kernel_tree* engine() const noexcept
        {
            return core_ ? core_->engine.get() : nullptr;
        }

        void add(boost::system::error_code& ec)
        {
            if (engine() == nullptr) {
                ec = asio::error::bad_descriptor;
                return;
            }
            engine()->add_root(path_, ec);
            added_ = !ec;
        }

        void finish(boost::system::error_code const& ec) noexcept
        {
            added_ = added_ && ec;
            remove();
            core_.reset();
        }

    private:
        void remove() noexcept
        {
            if (std::exchange(added_, false) && engine() != nullptr) {
                engine()->undo_add_root(path_);
            }
        }

        std::shared_ptr<detail::pump_core<detail::kernel_tree>> core_;
        std::string path_;
        bool added_ = false;
    };

    // On the object's executor, as that of use_future would run it on any thread.
    template <class Self>
    void post(Self& self, boost::system::error_code const& ec, detail::step_result next)
    {
        auto const executor = executor_;
        asio::post(executor, asio::append(std::move(self), ec, next));
    }

    unfinished_root root_;
    Executor executor_;
};

template <class Executor>
template <asio::completion_token_for<void(boost::system::error_code)> AddToken>
auto basic_tree_watcher<Executor>::async_add_root(path_ref path, AddToken&& token)
{
    return asio::async_compose<AddToken, void(boost::system::error_code)>(
        add_root_op(pump_.share(), get_executor(), path), token, get_executor());
}

} // namespace asio_inotify

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_IMPL_BASIC_TREE_WATCHER_HPP
#define ASIO_INOTIFY_IMPL_BASIC_TREE_WATCHER_HPP

#include <asio_inotify/detail/instance_ops.hpp>
#include <asio_inotify/detail/late_compose.hpp>
#include <asio_inotify/detail/slice_op.hpp>

#include <boost/asio/error.hpp>
#include <boost/assert/source_location.hpp>

#include <cstdint>
#include <exception>
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
{
    if (is_open()) {
        // Their operations do not find the engine any more.
        pump_.engine()->cancel_restore();
        pump_.engine()->undo_additions();
    }
}

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
void basic_tree_watcher<Executor>::add(path_ref const& path, tree_add_options const& options)
{
    boost::system::error_code ec;
    add(path, options, ec);
    if (ec == error::invalid_exclude_pattern) {
        detail::throw_if_failed(ec, "add", pump_.engine()->absolute_exclude());
    }
    detail::throw_if_failed(ec, "add", path);
}

template <class Executor>
void basic_tree_watcher<Executor>::add(path_ref const& path, boost::system::error_code& ec)
{
    add(path, tree_add_options(), ec);
}

template <class Executor>
void basic_tree_watcher<Executor>::add(path_ref const& path, tree_add_options const& options,
                                       boost::system::error_code& ec)
{
    if (pump_.check_open(ec)) {
        pump_.engine()->add(path, options, ec);
    }
}

template <class Executor>
void basic_tree_watcher<Executor>::remove(path_ref const& path)
{
    boost::system::error_code ec;
    remove(path, ec);
    detail::throw_if_failed(ec, "remove", path);
}

template <class Executor>
void basic_tree_watcher<Executor>::remove(path_ref const& path, boost::system::error_code& ec)
{
    if (pump_.check_open(ec)) {
        pump_.engine()->remove(path, ec);
    }
}

template <class Executor>
std::size_t basic_tree_watcher<Executor>::size() const noexcept
{
    return is_open() ? pump_.engine()->size() : 0;
}

template <class Executor>
std::vector<std::string> basic_tree_watcher<Executor>::roots() const
{
    return is_open() ? pump_.engine()->roots() : std::vector<std::string>();
}

template <class Executor>
bool basic_tree_watcher<Executor>::contains(path_ref const& path) const noexcept
{
    return is_open() && pump_.engine()->contains(path);
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
    if (pump_.check_open(ec)) {
        if (auto thrown = pump_.engine()->restore(saved, ec)) {
            std::rethrow_exception(std::move(thrown));
        }
    }
    detail::throw_if_failed(ec, "restore");
}

template <class Executor>
void basic_tree_watcher<Executor>::restore(tree_snapshot const& saved,
                                           boost::system::error_code& ec)
{
    if (pump_.check_open(ec)) {
        static_cast<void>(pump_.engine()->restore(saved, ec));
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
tree_change_batch basic_tree_watcher<Executor>::try_receive()
{
    boost::system::error_code ec;
    auto batch = try_receive(ec);
    detail::throw_if_failed(ec, "try_receive");
    return batch;
}

template <class Executor>
tree_change_batch basic_tree_watcher<Executor>::try_receive(boost::system::error_code& ec)
{
    return check_not_restoring(ec) ? pump_.try_receive(ec) : tree_change_batch();
}

template <class Executor>
tree_change_batch basic_tree_watcher<Executor>::receive()
{
    boost::system::error_code ec;
    auto batch = receive(ec);
    detail::throw_if_failed(ec, "receive");
    return batch;
}

template <class Executor>
tree_change_batch basic_tree_watcher<Executor>::receive(boost::system::error_code& ec)
{
    return check_not_restoring(ec) ? pump_.receive(ec) : tree_change_batch();
}

template <class Executor>
template <
    asio::completion_token_for<void(boost::system::error_code, tree_change_batch)> ReceiveToken>
auto basic_tree_watcher<Executor>::async_receive(ReceiveToken&& token)
{
    return pump_.async_receive(std::forward<ReceiveToken>(token));
}

template <class Executor>
void basic_tree_watcher<Executor>::wait()
{
    boost::system::error_code ec;
    wait(ec);
    detail::throw_if_failed(ec, "wait");
}

template <class Executor>
void basic_tree_watcher<Executor>::wait(boost::system::error_code& ec)
{
    if (check_not_restoring(ec)) {
        pump_.wait(ec);
    }
}

template <class Executor>
bool basic_tree_watcher<Executor>::check_not_restoring(boost::system::error_code& ec) const
{
    if (pump_.check_open(ec) && pump_.engine()->is_restoring()) {
        static constexpr boost::source_location where = BOOST_CURRENT_LOCATION;
        ec.assign(make_error_code(error::operation_outstanding), &where);
    }
    return !ec;
}

template <class Executor>
template <asio::completion_token_for<void(boost::system::error_code)> WaitToken>
auto basic_tree_watcher<Executor>::async_wait(WaitToken&& token)
{
    return pump_.async_wait(std::forward<WaitToken>(token));
}

template <class Executor>
class basic_tree_watcher<Executor>::engine_task
{
public:
    template <class Self>
    static void complete(Self& self, boost::system::error_code const& ec)
    {
        self.complete(ec);
    }

protected:
    explicit engine_task(std::shared_ptr<detail::pump_core<detail::kernel_tree>> core) noexcept
        : core_(std::move(core))
        , cancellations_(core_ ? core_->cancellations : 0)
    {}

    /// Null if the watcher is closed.
    [[nodiscard]] detail::kernel_tree* engine() const noexcept
    {
        return core_ ? core_->engine.get() : nullptr;
    }

    /// Set `ec` if the watcher was closed since the start, or its operations were cancelled.
    [[nodiscard]] bool has_ended(boost::system::error_code& ec) const
    {
        if (engine() == nullptr || core_->cancellations != cancellations_) {
            ec = asio::error::operation_aborted;
        }
        return !!ec;
    }

    void release() noexcept { core_.reset(); }

private:
    std::shared_ptr<detail::pump_core<detail::kernel_tree>> core_;
    std::uint64_t cancellations_ = 0;
};

// Scans a new root. Removes it again if the operation fails, or is destroyed before it completes,
// as when there is no memory for its next step.
template <class Executor>
class basic_tree_watcher<Executor>::add_task : public engine_task
{
public:
    add_task(std::shared_ptr<detail::pump_core<detail::kernel_tree>> core, path_ref const& path,
             tree_add_options const& options)
        : engine_task(std::move(core))
        , path_(path.view())
        , options_(options)
    {}

    add_task(add_task&& other) noexcept
        : engine_task(std::move(other))
        , path_(std::move(other.path_))
        , options_(other.options_)
        , addition_(std::exchange(other.addition_, 0))
    {}

    add_task& operator=(add_task const&) = delete;
    add_task& operator=(add_task&&) = delete;

    ~add_task() { remove(); }

    void begin(boost::system::error_code& ec)
    {
        if (this->engine() == nullptr) {
            ec = asio::error::bad_descriptor;
            return;
        }
        auto const number = this->engine()->begin_add(path_, options_, ec);
        addition_ = ec ? 0 : number;
    }

    detail::step_result step(boost::system::error_code& ec)
    {
        if (this->has_ended(ec)) {
            return detail::step_result::wait;
        }
        return this->engine()->scan(ec);
    }

    void finish(boost::system::error_code const& ec) noexcept
    {
        if (!ec && addition_ != 0 && this->engine() != nullptr) {
            this->engine()->keep_added(std::exchange(addition_, 0));
        }
        remove();
        this->release();
    }

private:
    void remove() noexcept
    {
        auto const number = std::exchange(addition_, 0);
        if (number != 0 && this->engine() != nullptr) {
            this->engine()->undo_add(number);
        }
    }

    std::string path_;
    tree_add_options options_;
    // 0 if there is nothing to undo.
    std::uint64_t addition_ = 0;
};

// Makes the trees of a snapshot.
template <class Executor>
class basic_tree_watcher<Executor>::restore_task : public engine_task
{
public:
    restore_task(std::shared_ptr<detail::pump_core<detail::kernel_tree>> core,
                 std::shared_ptr<tree_snapshot const> saved)
        : engine_task(std::move(core))
        , saved_(std::move(saved))
    {}

    restore_task(restore_task&& other) noexcept
        : engine_task(std::move(other))
        , saved_(std::move(other.saved_))
        , is_begun_(std::exchange(other.is_begun_, false))
    {}

    restore_task& operator=(restore_task const&) = delete;
    restore_task& operator=(restore_task&&) = delete;

    ~restore_task() { cancel(); }

    void begin(boost::system::error_code& ec)
    {
        if (this->engine() == nullptr) {
            ec = asio::error::bad_descriptor;
            return;
        }
        this->engine()->begin_restore(*saved_, ec);
        is_begun_ = !ec;
    }

    detail::step_result step(boost::system::error_code& ec)
    {
        if (this->has_ended(ec)) {
            return detail::step_result::wait;
        }
        return this->engine()->resume_restore(*saved_, ec);
    }

    void finish(boost::system::error_code const&) noexcept
    {
        cancel();
        this->release();
    }

private:
    // Without effect if it is complete.
    void cancel() noexcept
    {
        if (std::exchange(is_begun_, false) && this->engine() != nullptr) {
            this->engine()->cancel_restore(*saved_);
        }
    }

    std::shared_ptr<tree_snapshot const> saved_;
    bool is_begun_ = false;
};

template <class Executor>
template <asio::completion_token_for<void(boost::system::error_code)> AddToken>
auto basic_tree_watcher<Executor>::async_add(path_ref const& path, AddToken&& token)
{
    return async_add(path, tree_add_options(), std::forward<AddToken>(token));
}

template <class Executor>
template <asio::completion_token_for<void(boost::system::error_code)> AddToken>
auto basic_tree_watcher<Executor>::async_add(path_ref const& path, tree_add_options const& options,
                                             AddToken&& token)
{
    return detail::late_compose<void(boost::system::error_code)>(
        get_executor(), std::forward<AddToken>(token),
        [this, path = std::string(path.view()), options] {
            return detail::slice_op(add_task(pump_.share(), path, options), get_executor());
        });
}

template <class Executor>
template <asio::completion_token_for<void(boost::system::error_code)> RestoreToken>
auto basic_tree_watcher<Executor>::async_restore(tree_snapshot saved, RestoreToken&& token)
{
    auto shared = std::make_shared<tree_snapshot const>(std::move(saved));
    return detail::late_compose<void(boost::system::error_code)>(
        get_executor(), std::forward<RestoreToken>(token), [this, shared = std::move(shared)] {
            return detail::slice_op(restore_task(pump_.share(), shared), get_executor());
        });
}

// Here, and not beside the alias: whatever uses the class first must know its visibility.
extern template class ASIO_INOTIFY_DECL basic_tree_watcher<asio::any_io_executor>;

} // namespace asio_inotify

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_TREE_TASKS_HPP
#define ASIO_INOTIFY_DETAIL_TREE_TASKS_HPP

#include <asio_inotify/detail/kernel_tree.hpp>
#include <asio_inotify/detail/pump_op.hpp>
#include <asio_inotify/detail/step_result.hpp>
#include <asio_inotify/path_ref.hpp>
#include <asio_inotify/tree_add_options.hpp>
#include <asio_inotify/tree_snapshot.hpp>

#include <boost/asio/error.hpp>

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

// The implementations of the operations of a tree watcher that do not wait, for slice_op.
namespace asio_inotify::detail {

// What the operations that run parts of the engine have in common.
class tree_task
{
public:
    template <class Self>
    static void complete(Self& self, boost::system::error_code const& ec)
    {
        self.complete(ec);
    }

protected:
    explicit tree_task(std::shared_ptr<pump_core<kernel_tree>> core) noexcept
        : core_(std::move(core))
        , cancellations_(core_ ? core_->cancellations : 0)
    {}

    /// Null if the watcher is closed.
    [[nodiscard]] kernel_tree* engine() const noexcept
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
    std::shared_ptr<pump_core<kernel_tree>> core_;
    std::uint64_t cancellations_ = 0;
};

// Scans a new root. Removes it again if the operation fails, or is destroyed before it completes,
// as when there is no memory for its next step.
class add_tree_task : public tree_task
{
public:
    add_tree_task(std::shared_ptr<pump_core<kernel_tree>> core, path_ref const& path,
                  tree_add_options const& options)
        : tree_task(std::move(core))
        , path_(path.view())
        , options_(options)
    {}

    add_tree_task(add_tree_task&& other) noexcept
        : tree_task(std::move(other))
        , path_(std::move(other.path_))
        , options_(other.options_)
        , addition_(std::exchange(other.addition_, 0))
    {}

    add_tree_task& operator=(add_tree_task const&) = delete;
    add_tree_task& operator=(add_tree_task&&) = delete;

    ~add_tree_task() { remove(); }

    void begin(boost::system::error_code& ec)
    {
        if (engine() == nullptr) {
            ec = asio::error::bad_descriptor;
            return;
        }
        auto const number = engine()->begin_add(path_, options_, ec);
        addition_ = ec ? 0 : number;
    }

    step_result step(boost::system::error_code& ec)
    {
        if (has_ended(ec)) {
            return step_result::wait;
        }
        return engine()->scan(ec);
    }

    void finish(boost::system::error_code const& ec) noexcept
    {
        if (!ec && addition_ != 0 && engine() != nullptr) {
            engine()->keep_added(std::exchange(addition_, 0));
        }
        remove();
        release();
    }

private:
    void remove() noexcept
    {
        auto const number = std::exchange(addition_, 0);
        if (number != 0 && engine() != nullptr) {
            engine()->undo_add(number);
        }
    }

    std::string path_;
    tree_add_options options_;
    // 0 if there is nothing to undo.
    std::uint64_t addition_ = 0;
};

// Makes the trees of a snapshot.
class restore_tree_task : public tree_task
{
public:
    restore_tree_task(std::shared_ptr<pump_core<kernel_tree>> core,
                      std::shared_ptr<tree_snapshot const> saved)
        : tree_task(std::move(core))
        , saved_(std::move(saved))
    {}

    restore_tree_task(restore_tree_task&& other) noexcept
        : tree_task(std::move(other))
        , saved_(std::move(other.saved_))
        , is_begun_(std::exchange(other.is_begun_, false))
    {}

    restore_tree_task& operator=(restore_tree_task const&) = delete;
    restore_tree_task& operator=(restore_tree_task&&) = delete;

    ~restore_tree_task() { cancel(); }

    void begin(boost::system::error_code& ec)
    {
        if (engine() == nullptr) {
            ec = asio::error::bad_descriptor;
            return;
        }
        engine()->begin_restore(*saved_, ec);
        is_begun_ = !ec;
    }

    step_result step(boost::system::error_code& ec)
    {
        if (has_ended(ec)) {
            return step_result::wait;
        }
        return engine()->resume_restore(*saved_, ec);
    }

    void finish(boost::system::error_code const&) noexcept
    {
        cancel();
        release();
    }

private:
    // Without effect if it is complete.
    void cancel() noexcept
    {
        if (std::exchange(is_begun_, false) && engine() != nullptr) {
            engine()->cancel_restore(*saved_);
        }
    }

    std::shared_ptr<tree_snapshot const> saved_;
    bool is_begun_ = false;
};

} // namespace asio_inotify::detail

#endif

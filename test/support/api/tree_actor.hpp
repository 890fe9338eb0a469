//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_API_TREE_ACTOR_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_API_TREE_ACTOR_HPP

#include "support/api/actor.hpp"
#include "support/api/errors.hpp"
#include "support/api/small_files.hpp"
#include "support/api/watch_arguments.hpp"
#include "support/tree/tree_replay.hpp"

#include <asio_inotify/basic_tree_watcher.hpp>
#include <asio_inotify/tree_watcher_saving.hpp>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace test::api {

/// The changes, applied in order, give the trees on disk.
template <class Executor>
class tree_actor : public actor<tree_actor<Executor>, asio_inotify::basic_tree_watcher, Executor>
{
    using base = actor<tree_actor<Executor>, asio_inotify::basic_tree_watcher, Executor>;
    friend base;

public:
    explicit tree_actor(stage<Executor> const& where)
        : base(where, "tree_watcher")
    {
        // Moving and removing the roots themselves is part of it, and what is not in them.
        for (auto const* const name : {"a", "b"}) {
            auto const root = base::directory_ / name;
            std::filesystem::create_directory(root);
            roots_.push_back(root.native());
        }
    }

private:
    using base::choices_;
    using base::expect;
    using base::expect_documented;
    using base::with;
    using typename base::operation_pointer;

    [[nodiscard]] asio_inotify::tree_options any_tree_options()
    {
        static std::vector<int> const times{0, 1, 10, 1000};
        asio_inotify::tree_options options;
        options.report_existing = true;
        options.batch_size = choices_.one_in(2) ? 1 + choices_.below(8) : 4096;
        options.slice_time = std::chrono::microseconds(choices_.any_of(times));
        options.grace_time = std::chrono::milliseconds(choices_.below(4));
        return options;
    }

    void open()
    {
        bool const was_open = base::is_open();
        error_code ec;
        with([&](auto& object) { object.open(any_tree_options(), ec); });
        if (expect_documented("open", ec, open_errors)) {
            expect(!was_open, "opened twice");
            add();
        }
    }

    void act()
    {
        switch (choices_.below(16)) {
        case 0:
        case 1:
        case 2:
        case 3:
        case 4:
            files_.change(false);
            break;
        case 5:
            add();
            break;
        case 6:
        case 7:
            start_add();
            break;
        case 8:
            if (choices_.one_in(4)) {
                remove();
            }
            break;
        case 9:
            if (choices_.one_in(4)) {
                error_code ec;
                with([&](auto& object) { object.rescan(ec); });
                expect_documented("rescan", ec, {closed_error});
            }
            break;
        case 10:
            try_receive();
            break;
        case 11:
        case 12:
        case 13:
            start_any();
            break;
        case 14:
            save_and_restore();
            break;
        default:
            query();
            break;
        }
    }

    // Perhaps one that is in another one.
    [[nodiscard]] std::string any_root()
    {
        auto root = choices_.any_of(roots_);
        // tree_replay cannot tell an inner root that is lost from what the outer one reports at its
        // path, as long as it is no part of that.
        if (choices_.one_in(8) && contains(root)) {
            root += "/a";
        }
        return any_path(choices_, root);
    }

    [[nodiscard]] bool contains(std::string const& root)
    {
        return with([&](auto& object) { return object.contains(root); });
    }

    void add()
    {
        auto const root = any_root();
        error_code ec;
        with([&](auto& object) { object.add(root, ec); });
        if (expect_documented("add", ec, tree_add_errors)) {
            replay_.add_root(root);
        }
    }

    void start_add()
    {
        auto const root = any_root();
        if (contains(root) || base::count_pending("async_add") != 0) {
            return;
        }
        auto const op =
            base::make("async_add", tree_add_errors + error_list{aborted_error}, obedience::strict);
        base::start_with(
            op, [&](auto& object, auto handler) { object.async_add(root, std::move(handler)); });
        has_begun_to_add_ = contains(root);
        if (has_begun_to_add_) {
            replay_.add_root(root);
        }
    }

    // Changes that were found before can follow.
    void remove()
    {
        auto const root = any_root();
        bool const was_root = contains(root);
        error_code ec;
        with([&](auto& object) { object.remove(root, ec); });
        if (expect_documented("remove", ec,
                              watcher_remove_errors + error_list{error::operation_outstanding})) {
            expect(was_root, "removed, but no root");
            is_exact_ = false;
        }
    }

    void deliver(batch_contents const& contents)
    {
        if (!is_exact_) {
            return;
        }
        for (auto const& change : contents.tree_changes) {
            replay_.apply(change);
        }
        if (!replay_.faults().empty()) {
            expect(false, replay_.faults().front());
            is_exact_ = false;
        }
    }

    /// @returns Whether there was something.
    bool try_receive()
    {
        error_code ec;
        batch_contents contents;
        contents.add(with([&](auto& object) { return object.try_receive(ec); }));
        expect_documented("try_receive", ec, try_receive_errors);
        deliver(contents);
        return contents.size != 0;
    }

    template <class Object>
    operation_pointer start_take(Object& object)
    {
        auto const op = base::make("async_receive", receive_errors, obedience::strict);
        op->must_have_contents = true;
        base::start(op, [&](auto handler) { object.async_receive(std::move(handler)); });
        return op;
    }

    void start_any()
    {
        constexpr std::size_t most = 2;
        if (base::count_pending("async_receive") < most && !choices_.one_in(3)) {
            with([&](auto& object) { static_cast<void>(start_take(object)); });
        } else if (base::count_pending("async_wait") < most) {
            auto const op = base::make("async_wait", receive_errors, obedience::strict);
            base::start_with(
                op, [&](auto& object, auto handler) { object.async_wait(std::move(handler)); });
        }
    }

    [[nodiscard]] bool is_changing_roots() const
    {
        return base::count_pending("async_add") + base::count_pending("async_restore") != 0;
    }

    // The changes go on as if nothing had happened in between.
    void save_and_restore()
    {
        if (is_changing_roots() || replay_.is_rescanning() || !base::is_open()) {
            return;
        }
        error_code ec;
        auto const saved = with([&](auto& object) { return asio_inotify::save(object, ec); });
        if (!expect_documented("save", ec, {error::changes_not_received})) {
            return;
        }
        is_restoring_ = true;
        base::close();
        is_restoring_ = false;
        with([&](auto& object) { object.open(any_tree_options(), ec); });
        if (!expect_documented("open", ec, open_errors)) {
            closed();
            return;
        }
        if (choices_.one_in(2)) {
            with([&](auto& object) { asio_inotify::restore(object, saved, ec); });
            expect(!ec, "restore: " + ec.message());
            return;
        }
        auto const op = base::make(
            "async_restore",
            {closed_error, aborted_error, error::operation_outstanding, error::not_empty},
            obedience::strict);
        is_restored_ = true;
        base::start_with(op, [&](auto& object, auto handler) {
            asio_inotify::async_restore(object, saved, std::move(handler));
        });
    }

    void query()
    {
        with([&](auto& object) {
            auto const roots = object.roots();
            this->expect(roots.size() == object.size() && object.empty() == roots.empty(), "size");
            for (auto const& root : roots) {
                this->expect(object.contains(root), "roots: " + root);
            }
            this->expect(object.is_open() == (object.native_handle() >= 0), "native_handle");
            static_cast<void>(object.counters());
            static_cast<void>(object.uncovered());
            static_cast<void>(object.notices_restores());
        });
    }

    void completed(operation const& op)
    {
        deliver(op.contents);
        if (op.name == "async_add" && op.ec && has_begun_to_add_) {
            // What was reported of it can stay.
            is_exact_ = false;
        }
        if (op.name == "async_restore" && op.ec) {
            expect(!is_restored_ || with([](auto& object) { return object.empty(); }),
                   "roots of a restore that has failed");
            is_exact_ = false;
        }
    }

    void closed()
    {
        if (is_restoring_) {
            return;
        }
        is_restored_ = false;
        replay_ = tree_replay();
        is_exact_ = !is_changing_roots();
    }

    void converted()
    {
        base::expect_failures();
        is_exact_ = is_exact_ && !is_changing_roots();
    }

    [[nodiscard]] bool may_cancel() const { return !is_changing_roots(); }

    bool check()
    {
        if (!base::is_open()) {
            return true;
        }
        while (try_receive()) {
        }
        if (!is_exact_) {
            // From now on it is again.
            base::close();
            return true;
        }
        // A rename out of the trees is reported after the grace time.
        if (replay_.is_rescanning() || !replay_.differences().empty()) {
            return false;
        }
        return true;
    }

    std::vector<std::string> roots_{};
    small_files files_{base::directory_.path(), 4, 3, choices_};
    tree_replay replay_;
    // Whether the changes are known from the start.
    bool is_exact_ = true;
    bool is_restoring_ = false;
    bool has_begun_to_add_ = false;
    // An asynchronous restore is of the watcher as it is open now.
    bool is_restored_ = false;
};

} // namespace test::api

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_API_FILE_ACTOR_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_API_FILE_ACTOR_HPP

#include "support/api/actor.hpp"
#include "support/api/errors.hpp"
#include "support/api/small_files.hpp"
#include "support/api/watch_arguments.hpp"

#include <asio_inotify/basic_file_watcher.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include <sys/stat.h>

namespace test::api {

/// Each report of a path continues the one before, and the last one is what is on the disk.
template <class Executor>
class file_actor : public actor<file_actor<Executor>, asio_inotify::basic_file_watcher, Executor>
{
    using base = actor<file_actor<Executor>, asio_inotify::basic_file_watcher, Executor>;
    friend base;

public:
    explicit file_actor(stage<Executor> const& where)
        : base(where, "file_watcher")
    {
        std::filesystem::create_directory(base::directory_ / "files");
    }

private:
    using base::choices_;
    using base::expect;
    using base::expect_documented;
    using base::with;
    using typename base::operation_pointer;

    struct state
    {
        asio_inotify::file_identity identity{};
        bool settles = false;
        bool follows = true;
    };

    void open()
    {
        error_code ec;
        with([&](auto& object) { object.open(ec); });
        if (expect_documented("open", ec, open_errors)) {
            for (int i = 0; i != 5; ++i) {
                add();
            }
        }
    }

    void act()
    {
        switch (choices_.below(14)) {
        case 0:
        case 1:
        case 2:
        case 3:
            files_.change(true);
            break;
        case 4:
        case 5:
            add();
            break;
        case 6:
            remove();
            break;
        case 7:
            if (choices_.one_in(4)) {
                error_code ec;
                with([&](auto& object) { object.rescan(ec); });
                expect_documented("rescan", ec, {closed_error});
            }
            break;
        case 8:
            try_receive();
            break;
        case 9:
        case 10:
        case 11:
            start_any();
            break;
        default:
            query();
            break;
        }
    }

    void add()
    {
        auto const path = any_path(choices_, files_.any_path());
        asio_inotify::file_watch_options options;
        options.follow_symlinks = !choices_.one_in(4);
        options.settle = std::chrono::milliseconds(choices_.one_in(4) ? choices_.below(4) : 0);
        if (choices_.one_in(50)) {
            options.settle = std::chrono::milliseconds(-1);
        }
        error_code ec;
        with([&](auto& object) {
            object.add(path, options, ec);
            if (expect_documented("add", ec, file_add_errors)) {
                known_[path] = {object.identity(path), options.settle.count() != 0,
                                options.follow_symlinks};
            }
        });
    }

    void remove()
    {
        auto const path = any_path(choices_, files_.any_path());
        error_code ec;
        with([&](auto& object) { object.remove(path, ec); });
        bool const is_removed = expect_documented("remove", ec, watcher_remove_errors);
        expect((known_.erase(path) != 0) == is_removed, "remove: " + ec.message());
    }

    void deliver(batch_contents const& contents)
    {
        using asio_inotify::file_change_kind;
        for (auto const& change : contents.file_changes) {
            auto const found = known_.find(std::string(change.path()));
            if (found == known_.end()) {
                expect(false, "not watched: " + std::string(change.path()));
                continue;
            }
            auto& identity = found->second.identity;
            expect(change.before() == identity, "does not continue: " + found->first);
            expect((change.kind() == file_change_kind::appeared) == !identity &&
                       (change.kind() == file_change_kind::disappeared) == !change.after(),
                   "has another kind: " + found->first);
            identity = change.after();
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

    void query()
    {
        with([&](auto& object) {
            auto const paths = object.paths();
            this->expect(paths.size() == known_.size() && object.size() == known_.size(), "size");
            for (auto const& path : paths) {
                this->expect(known_.contains(path) && object.contains(path), "paths: " + path);
            }
            this->expect(object.is_open() == (object.native_handle() >= 0), "native_handle");
            static_cast<void>(object.watches());
            static_cast<void>(object.counters());
            static_cast<void>(object.notices_restores());
        });
    }

    void completed(operation const& op) { deliver(op.contents); }

    void closed() { known_.clear(); }

    void converted() { base::expect_failures(); }

    [[nodiscard]] static bool may_cancel() { return true; }

    bool check()
    {
        if (base::is_open()) {
            while (try_receive()) {
            }
        }
        for (auto const& [path, known] : known_) {
            expect(known.settles || known.identity == identity_of(path, known.follows),
                   "differs from the disk: " + path);
        }
        return true;
    }

    [[nodiscard]] static asio_inotify::file_identity identity_of(std::string const& path,
                                                                 bool follows)
    {
        struct ::stat status = {};
        int const result = follows ? ::stat(path.c_str(), &status) : ::lstat(path.c_str(), &status);
        if (result != 0 || S_ISDIR(status.st_mode)) {
            return {};
        }
        return {status.st_dev, status.st_ino};
    }

    small_files files_{base::directory_ / "files", 3, 2, choices_};
    std::map<std::string, state> known_;
};

} // namespace test::api

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_API_INOTIFY_ACTOR_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_API_INOTIFY_ACTOR_HPP

#include "support/api/actor.hpp"
#include "support/api/errors.hpp"
#include "support/api/numbered_files.hpp"
#include "support/api/small_files.hpp"
#include "support/api/watch_arguments.hpp"

#include <asio_inotify/basic_inotify.hpp>

#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <string>
#include <vector>

#include <unistd.h>

namespace test::api {

/// Every event is delivered once, until the object is closed.
template <class Executor>
class inotify_actor : public actor<inotify_actor<Executor>, asio_inotify::basic_inotify, Executor>
{
    using base = actor<inotify_actor<Executor>, asio_inotify::basic_inotify, Executor>;
    friend base;

public:
    explicit inotify_actor(stage<Executor> const& where)
        : base(where, "inotify")
    {}

private:
    using base::choices_;
    using base::expect;
    using base::expect_documented;
    using base::with;
    using typename base::operation_pointer;

    void open()
    {
        error_code ec;
        with([&](auto& object) { object.open(ec); });
        if (expect_documented("open", ec, open_errors)) {
            watch_numbered();
        }
    }

    void act()
    {
        switch (choices_.below(14)) {
        case 0:
        case 1:
        case 2:
            for (auto left = 1 + choices_.below(5); left != 0; --left) {
                numbered_.create(is_watched_ ? watching::yes : watching::no);
            }
            break;
        case 3:
            watch_numbered();
            break;
        case 4:
            add();
            break;
        case 5:
            add_at();
            break;
        case 6:
            remove();
            break;
        case 7:
            read();
            break;
        case 8:
        case 9:
        case 10:
            start_any();
            break;
        case 11:
            release_and_assign();
            break;
        case 12:
            query();
            break;
        default:
            files_.change(true);
            break;
        }
    }

    void watch_numbered()
    {
        error_code ec;
        with([&](auto& object) {
            number_ = object.add(numbered_.directory(), asio_inotify::event_mask::create, ec);
        });
        is_watched_ = expect_documented("add", ec, add_errors);
    }

    void add()
    {
        error_code ec;
        auto const path = any_path(choices_, files_.any_path());
        with([&](auto& object) {
            static_cast<void>(object.add(path, any_mask(choices_), any_options(choices_), ec));
        });
        expect_documented("add", ec, add_errors);
    }

    void add_at()
    {
        error_code ec;
        auto const path = any_path(choices_, files_.any_path());
        with([&](auto& object) {
            object.add_at(any_number(choices_), path, any_mask(choices_), any_options(choices_),
                          ec);
        });
        expect_documented("add_at", ec, add_at_errors);
    }

    void remove()
    {
        auto const number = any_number(choices_);
        if (number == number_ && !choices_.one_in(4)) {
            return;
        }
        error_code ec;
        with([&](auto& object) { object.remove(number, ec); });
        if (expect_documented("remove", ec, remove_errors) && number == number_) {
            is_watched_ = false;
        }
    }

    void deliver(batch_contents const& contents)
    {
        if (contents.overflow) {
            numbered_.may_be_lost();
        }
        auto const wrong = numbered_.deliver(contents.created);
        expect(wrong.empty(), "not due:" + wrong);
    }

    /// @returns Whether there was something.
    bool read()
    {
        std::vector<std::byte> memory(any_buffer_size(choices_, asio_inotify::minimum_buffer_size));
        return read_into(memory);
    }

    bool read_into(std::vector<std::byte>& memory)
    {
        error_code ec;
        return with([&](auto& object) {
            object.non_blocking(true, ec);
            expect_documented("non_blocking", ec, {closed_error});
            auto const batch = object.read_events(asio::buffer(memory), ec);
            expect_documented("read_events", ec, sync_read_errors);
            batch_contents contents;
            contents.add(batch);
            deliver(contents);
            return !batch.empty();
        });
    }

    template <class Object>
    operation_pointer start_take(Object& object)
    {
        auto const op = base::make("async_read_events", read_errors, obedience::lenient);
        op->memory.resize(any_buffer_size(choices_, asio_inotify::minimum_buffer_size));
        base::start(op, [&](auto handler) {
            object.async_read_events(asio::buffer(op->memory), std::move(handler));
        });
        return op;
    }

    void start_any()
    {
        constexpr std::size_t most = 3;
        if (base::count_pending("async_read_events") < most && !choices_.one_in(3)) {
            with([&](auto& object) { static_cast<void>(start_take(object)); });
        } else if (base::count_pending("async_wait") < most) {
            auto const op =
                base::make("async_wait", {closed_error, aborted_error}, obedience::lenient);
            base::start_with(op, [&](auto& object, auto handler) {
                object.async_wait(object.wait_read, std::move(handler));
            });
        }
    }

    void release_and_assign()
    {
        if (!base::is_open() || !choices_.one_in(3)) {
            return;
        }
        with([&](auto& object) {
            int const fd = object.release();
            expect(fd >= 0 && !object.is_open(), "release");
            error_code ec;
            object.assign(fd, ec);
            expect(!ec, "assign: " + ec.message());
            if (ec) {
                ::close(fd);
                closed();
            }
        });
    }

    void query()
    {
        error_code ec;
        bool const has_pending = base::has_pending();
        with([&](auto& object) {
            auto const size = object.available(ec);
            this->expect_documented("available", ec, {closed_error});
            // An operation can read it on another thread in the meantime.
            object.non_blocking(true, ec);
            object.wait(object.wait_read, ec);
            this->expect_documented("wait", ec, {closed_error, asio::error::would_block});
            this->expect(size == 0 || !ec || has_pending, "wait: " + ec.message());
            static_cast<void>(object.supports_set_next(ec));
            this->expect_documented("supports_set_next", ec, {closed_error});
            object.set_next_watch_descriptor(any_number(choices_), ec);
            this->expect_documented(
                "set_next_watch_descriptor", ec,
                {closed_error, error::watch_descriptor_out_of_range, error::set_next_unsupported});
            this->expect(object.is_open() == (object.native_handle() >= 0), "native_handle");
        });
    }

    void completed(operation const& op) { deliver(op.contents); }

    // What an operation has read is delivered.
    void closed()
    {
        is_watched_ = false;
        number_ = {};
        numbered_.may_be_lost();
    }

    void converted() {}

    [[nodiscard]] static bool may_cancel() { return true; }

    bool check()
    {
        std::vector<std::byte> memory(65536);
        if (base::is_open()) {
            while (read_into(memory)) {
            }
        }
        auto const missing = numbered_.expect_none();
        expect(missing.empty(), "lost:" + missing);
        return true;
    }

    numbered_files numbered_{base::directory_ / "numbered"};
    small_files files_{base::directory_.path(), 4, 2, choices_};
    asio_inotify::watch_descriptor number_{};
    bool is_watched_ = false;
};

} // namespace test::api

#endif

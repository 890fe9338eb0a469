//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_API_SET_ACTOR_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_API_SET_ACTOR_HPP

#include "support/api/actor.hpp"
#include "support/api/errors.hpp"
#include "support/api/numbered_files.hpp"
#include "support/api/small_files.hpp"
#include "support/api/watch_arguments.hpp"

#include <asio_inotify/basic_watch_set.hpp>
#include <asio_inotify/hand_over.hpp>
#include <asio_inotify/watch_set_recycling.hpp>
#include <asio_inotify/watch_set_saving.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

namespace test::api {

/// Every event is delivered once, until the set is closed; none after that.
template <class Executor>
class set_actor : public actor<set_actor<Executor>, asio_inotify::basic_watch_set, Executor>
{
    using base = actor<set_actor<Executor>, asio_inotify::basic_watch_set, Executor>;
    friend base;

public:
    explicit set_actor(stage<Executor> const& where)
        : base(where, "watch_set")
    {}

private:
    using base::choices_;
    using base::expect;
    using base::expect_documented;
    using base::with;
    using typename base::operation_pointer;
    using socket = asio::local::stream_protocol::socket;

    // A set on its way to another object.
    struct hand_over
    {
        explicit hand_over(asio::any_io_executor const& ex)
            : here(ex)
            , there(ex)
        {}

        socket here;
        socket there;
        typename base::any_object peer{};
        operation_pointer giving{};
        operation_pointer taking{};
        bool was_open = false;
        bool is_unwanted = false;
    };

    // Then the set is what its peer becomes.
    [[nodiscard]] bool is_given() const
    {
        return hand_over_ && !hand_over_->is_unwanted && hand_over_->giving->is_over() &&
               !hand_over_->giving->ec;
    }

    void open()
    {
        if (is_given()) {
            return;
        }
        if (base::count_pending("async_restore") != 0 && !choices_.one_in(8)) {
            // Which opening it now would let fail.
            return;
        }
        if (!base::is_open() && choices_.one_in(3)) {
            restore();
            return;
        }
        error_code ec;
        with([&](auto& object) { object.open(ec); });
        if (expect_documented("open", ec, set_open_errors)) {
            watch_numbered();
        }
    }

    void act()
    {
        if (is_given()) {
            return;
        }
        switch (choices_.below(16)) {
        case 0:
        case 1:
        case 2:
            for (auto left = 1 + choices_.below(5); left != 0; --left) {
                numbered_.create(watching_);
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
            if (base::count_pending("async_read_events") < 2) {
                with([&](auto& object) { static_cast<void>(start_take(object)); });
            }
            break;
        case 11:
            if (choices_.one_in(4)) {
                recycle();
            }
            break;
        case 12:
            save_or_restore();
            break;
        case 13:
            give_away();
            break;
        case 14:
            query();
            break;
        default:
            files_.change(true);
            break;
        }
    }

    // Whether the set has the watch of the numbered files.
    void look_up()
    {
        if (!base::is_open() && hand_over_ && hand_over_->was_open && !hand_over_->is_unwanted &&
            !hand_over_->giving->is_over()) {
            // They are on their way, and still watched.
            return;
        }
        bool const is_found = with([&](auto& object) {
            auto const watch = object.find(numbered_.directory().native());
            number_ = watch ? watch.wd() : asio_inotify::watch_descriptor{};
            return static_cast<bool>(watch);
        });
        watching_ = is_found                                    ? watching::yes
                    : base::count_pending("async_restore") != 0 ? watching::perhaps
                                                                : watching::no;
    }

    void watch_numbered()
    {
        error_code ec;
        with([&](auto& object) {
            static_cast<void>(
                object.add(numbered_.directory(), asio_inotify::event_mask::create, ec));
        });
        if (expect_documented("add", ec, set_add_errors)) {
            look_up();
            expect(watching_ == watching::yes, "added, but not found");
        }
    }

    void add()
    {
        error_code ec;
        auto const path = any_path(choices_, files_.any_path());
        with([&](auto& object) {
            static_cast<void>(object.add(path, any_mask(choices_), any_options(choices_), ec));
        });
        expect_documented("add", ec, set_add_errors);
    }

    void add_at()
    {
        error_code ec;
        auto const path = any_path(choices_, files_.any_path());
        with([&](auto& object) {
            object.add_at(any_number(choices_), path, any_mask(choices_), any_options(choices_),
                          ec);
        });
        expect_documented("add_at", ec, set_add_at_errors);
    }

    void remove()
    {
        auto const number = any_number(choices_);
        error_code ec;
        if (number == number_ && !choices_.one_in(4)) {
            return;
        }
        if (number != number_ && choices_.one_in(3)) {
            with([&](auto& object) { object.set_mask(number, any_mask(choices_), ec); });
            expect_documented("set_mask", ec,
                              path_errors + error_list{closed_error, error::no_such_watch,
                                                       error::watch_moved,
                                                       error::invalid_event_mask});
            return;
        }
        with([&](auto& object) { object.remove(number, ec); });
        if (expect_documented("remove", ec, remove_errors) && number == number_) {
            // None of its events is delivered any more.
            watching_ = watching::no;
            number_ = {};
            numbered_.are_lost();
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

    bool read()
    {
        std::vector<std::byte> memory(
            any_buffer_size(choices_, asio_inotify::minimum_watch_buffer_size));
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
        auto const op = base::make("async_read_events", read_errors, obedience::strict);
        op->must_have_contents = true;
        op->memory.resize(any_buffer_size(choices_, asio_inotify::minimum_watch_buffer_size));
        base::start(op, [&](auto handler) {
            object.async_read_events(asio::buffer(op->memory), std::move(handler));
        });
        return op;
    }

    void recycle()
    {
        auto const op =
            base::make("async_recycle", open_errors + error_list{closed_error, aborted_error},
                       obedience::lenient);
        base::start_with(
            op, [&](auto& object, auto handler) { async_recycle(object, std::move(handler)); });
    }

    void save_or_restore()
    {
        if (base::is_open()) {
            error_code ec;
            auto saved = with([&](auto& object) { return asio_inotify::save(object, ec); });
            if (expect_documented("save", ec, {closed_error})) {
                saved_ = std::move(saved);
            }
            if (choices_.one_in(4)) {
                static_cast<void>(
                    with([&](auto& object) { return asio_inotify::revalidate(object, ec); }));
                expect_documented("revalidate", ec, {closed_error});
            } else if (choices_.one_in(4)) {
                base::close();
            }
        } else {
            restore();
        }
    }

    void restore()
    {
        asio_inotify::restore_options const options{choices_.one_in(3), choices_.one_in(2)};
        error_code ec;
        if (choices_.one_in(2)) {
            with([&](auto& object) {
                static_cast<void>(asio_inotify::restore(object, saved_, options, ec));
            });
            if (expect_documented("restore", ec, set_restore_errors)) {
                look_up();
            }
        } else if (base::count_pending("async_restore") == 0) {
            auto const op = base::make(
                "async_restore", set_restore_errors + error_list{aborted_error}, obedience::strict);
            op->pins = true;
            base::start_with(op, [&](auto& object, auto handler) {
                asio_inotify::async_restore(object, saved_, options, std::move(handler));
            });
            if (watching_ == watching::no) {
                watching_ = watching::perhaps;
            }
        }
    }

    void give_away()
    {
        if (base::is_pinned()) {
            return;
        }
        switch (choices_.below(6)) {
        case 0:
        case 1:
            with([&](auto& object) { release_and_assign(object); });
            break;
        case 2:
            if (choices_.one_in(4)) {
                with([&](auto& object) { release_and_adopt(object); });
            }
            break;
        default:
            std::visit([&](auto& object) { start_hand_over(object); }, base::object());
            break;
        }
    }

    // Events that were read can be delivered by the new owner.
    template <class Object>
    void release_and_assign(Object& object)
    {
        std::vector<std::byte> memory(65536);
        error_code ec;
        object.non_blocking(true, ec);
        auto const unread = object.read_events(asio::buffer(memory), ec);
        batch_contents contents;
        contents.add(unread);
        auto released = asio_inotify::release(object, unread, ec);
        if (!expect_documented(
                "release", ec,
                {closed_error, error::operation_outstanding, error::watch_descriptor_in_use})) {
            deliver(contents);
            return;
        }
        expect(!object.is_open(), "open after release");
        base::expect_failures();
        asio_inotify::assign(object, std::move(released), ec);
        expect(!ec, "assign: " + ec.message());
        if (ec) {
            closed();
        }
    }

    // Nobody adopts the events that were read.
    template <class Object>
    void release_and_adopt(Object& object)
    {
        error_code ec;
        auto released = asio_inotify::release(object, {}, ec);
        if (!expect_documented("release", ec, {closed_error, error::operation_outstanding})) {
            return;
        }
        base::expect_failures();
        numbered_.may_be_lost();
        static_cast<void>(asio_inotify::adopt(object, released.native_handle(), saved_, ec));
        if (!expect_documented("adopt", ec, open_errors)) {
            closed();
            return;
        }
        static_cast<void>(released.release_handle());
        look_up();
        if (watching_ == watching::no) {
            // Its path may be unknown.
            watching_ = watching::perhaps;
        }
    }

    template <class Pointer>
    void start_hand_over(Pointer& object)
    {
        using object_type = typename Pointer::element_type;
        auto& way = hand_over_.emplace(base::where().executor);
        asio::local::connect_pair(way.here, way.there);
        auto peer = std::make_unique<object_type>(base::where().executor);
        way.was_open = object->is_open();
        way.giving = base::make("async_hand_over", hand_over_errors, obedience::lenient);
        way.taking = base::make("async_take_over", hand_over_errors, obedience::lenient);
        way.giving->pins = true;
        way.taking->pins = true;
        base::start(way.giving, [&](auto handler) {
            asio_inotify::async_hand_over(way.here, *object, {}, std::move(handler));
        });
        base::start(way.taking, [&](auto handler) {
            asio_inotify::async_take_over(way.there, *peer, std::move(handler));
        });
        way.peer = std::move(peer);
    }

    void query()
    {
        error_code ec;
        with([&](auto& object) {
            static_cast<void>(object.available(ec));
            this->expect_documented("available", ec, {closed_error});
            this->expect(object.is_open() == (object.native_handle() >= 0), "native_handle");
            std::size_t count = 0;
            for (auto const watch : object.watches()) {
                ++count;
                this->expect(object.find(watch.wd()).wd() == watch.wd(),
                             "a watch that is not found");
            }
            this->expect(count == object.size() && object.empty() == (count == 0), "size");
            static_cast<void>(object.counters());
            static_cast<void>(object.notices_restores());
            this->expect(!object.take_restore_report(), "a restore that nobody has made");
        });
    }

    void completed(operation const& op)
    {
        deliver(op.contents);
        if (op.name == "async_restore") {
            look_up();
        }
        if (hand_over_ && (&op == hand_over_->giving.get() || &op == hand_over_->taking.get())) {
            end_hand_over(op);
        }
    }

    // A side that has failed closes its socket, so that the other one does not wait.
    void end_hand_over(operation const& op)
    {
        auto& way = *hand_over_;
        error_code ignored;
        if (op.ec) {
            (&op == way.giving.get() ? way.here : way.there).close(ignored);
        }
        if (!way.giving->is_over() || !way.taking->is_over()) {
            return;
        }
        bool const was_given = !way.giving->ec;
        if (!way.is_unwanted) {
            expect(was_given == !way.taking->ec,
                   "one side has handed over, the other has not: " + way.giving->ec.message() +
                       ", " + way.taking->ec.message());
            expect(way.was_open || !was_given, "a closed set was handed over");
            if (was_given) {
                expect(!base::is_open(), "open after it was handed over");
                std::visit([](auto& object, auto& peer) { assign_peer(object, peer); },
                           base::object(), way.peer);
            } else {
                expect(base::is_open() || !way.was_open, "closed by a hand-over that has failed");
            }
        }
        bool const is_unwanted = way.is_unwanted;
        hand_over_.reset();
        if (!is_unwanted) {
            look_up();
        }
    }

    template <class Object>
    static void assign_peer(std::unique_ptr<Object>& object, std::unique_ptr<Object>& peer)
    {
        *object = std::move(*peer);
    }

    template <class Object, class Other>
    static void assign_peer(Object&, Other&)
    {}

    void closed()
    {
        number_ = {};
        if (base::count_pending("async_restore") != 0) {
            // What it makes has perhaps been watching since then.
            numbered_.may_be_lost();
            watching_ = watching::perhaps;
        } else {
            numbered_.are_lost();
            watching_ = watching::no;
        }
        if (hand_over_) {
            hand_over_->is_unwanted = true;
        }
    }

    // Reads go on as they are: what they have read cannot be put back any more.
    void converted()
    {
        base::for_each_pending([](operation& op) {
            if (op.obeys == obedience::strict) {
                op.obeys = obedience::lenient;
                op.must_fail = false;
            }
        });
    }

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
    watching watching_ = watching::no;
    asio_inotify::snapshot saved_;
    std::optional<hand_over> hand_over_;
};

} // namespace test::api

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_API_ACTOR_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_API_ACTOR_HPP

#include "support/api/choices.hpp"
#include "support/api/operation.hpp"
#include "support/temp_directory.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_type.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace test::api {

/// Where an actor works.
template <class Executor>
struct stage
{
    Executor executor;
    /// Where handlers can run, besides.
    std::vector<asio::any_io_executor> for_handlers;
    /// These are not on the strand of the object.
    bool handlers_are_elsewhere;
    findings* found;
    std::uint64_t seed;
};

/// Calls functions of an object at random. All of it runs on the executor of the object.
/**
 * The base of the four actors, with what the objects have in common. A Derived has:
 *     open(), act();                calls of the object
 *     start_take(object);           starts an operation that takes events or changes
 *     completed(operation&);        after each handler
 *     closed(), converted();        after the object was closed, or has another executor type
 *     may_cancel();                 whether a check may cancel the operations
 *     check();                      whether everything is as it must be; once more if false
 */
template <class Derived, template <class> class Basic, class Executor>
class actor
{
public:
    actor(stage<Executor> const& where, std::string name)
        : choices_(where.seed)
        , stage_(where)
        , name_(std::move(name))
        , object_(std::make_unique<native>(where.executor))
    {}
    actor(actor const&) = delete;
    actor& operator=(actor const&) = delete;

    /// A call or two, or the next part of a check.
    void step()
    {
        harvest();
        if (is_checking_) {
            resume_check();
            return;
        }
        ++steps_;
        choices_.next_step();
        act();
    }

    /// How many steps it has made, without those of checks.
    [[nodiscard]] std::size_t steps() const noexcept { return steps_; }
    [[nodiscard]] bool is_checking() const noexcept { return is_checking_; }

    void begin_check()
    {
        is_checking_ = true;
        is_cancelled_ = false;
        check_until_ = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    }

    /// Whether its object must be neither moved nor destroyed.
    [[nodiscard]] bool is_pinned() const
    {
        return std::ranges::any_of(pending_, [](auto const& op) { return op->pins; });
    }

    /// Destroy the object.
    void end()
    {
        harvest();
        std::visit([](auto& object) { object.reset(); }, object_);
        has_closed();
    }

    /// What must be true when nothing runs any more.
    void expect_all_over()
    {
        harvest();
        for (auto const& op : pending_) {
            fault(op->name + ": not completed");
        }
    }

protected:
    using native = Basic<Executor>;
    using converted_object = Basic<asio::any_io_executor>;
    using any_object = std::variant<std::unique_ptr<native>, std::unique_ptr<converted_object>>;
    using operation_pointer = std::shared_ptr<operation>;

    Derived& self() noexcept { return static_cast<Derived&>(*this); }

    /// Call a function with the object.
    template <class Function>
    decltype(auto) with(Function function)
    {
        return std::visit([&](auto& object) -> decltype(auto) { return function(*object); },
                          object_);
    }

    [[nodiscard]] bool is_open()
    {
        return with([](auto& object) { return object.is_open(); });
    }

    void fault(std::string const& what)
    {
        stage_.found->add_fault(name_ + ", step " + std::to_string(steps_) + ": " + what);
    }

    void expect(bool condition, std::string const& what)
    {
        if (!condition) {
            fault(what);
        }
    }

    /// The result of a call that is not asynchronous. @returns Whether it has succeeded.
    bool expect_documented(char const* call, error_code const& ec, error_list const& documented)
    {
        expect(is_documented(ec, documented), std::string(call) + ": " + ec.message());
        return !ec;
    }

    [[nodiscard]] static operation_pointer make(std::string name, error_list documented,
                                                obedience obeys)
    {
        return std::make_shared<operation>(std::move(name), std::move(documented), obeys);
    }

    /// Start an operation: `initiate` is called with its handler.
    template <class Initiate>
    void start(operation_pointer const& op, Initiate initiate)
    {
        pending_.push_back(op);
        op->has_slot = choices_.below(2) == 0;
        if (!over_.empty() && choices_.one_in(4)) {
            op->signal = over_.front()->signal;
            over_.pop_front();
        }
        auto const place = choices_.below(stage_.for_handlers.size() + 1);
        if (place == 0) {
            initiate(probe(op));
        } else {
            initiate(bound_probe(op, stage_.for_handlers[place - 1]));
        }
        expect(stage_.handlers_are_elsewhere || !op->is_over(),
               op->name + ": called by its initiating function");
    }

    /// The same: `initiate` is called with the object, too.
    template <class Initiate>
    void start_with(operation_pointer const& op, Initiate initiate)
    {
        // g++ 12 cannot capture `this` here.
        auto& variant = object_;
        start(op, [&](auto handler) {
            std::visit([&](auto& object) { initiate(*object, std::move(handler)); }, variant);
        });
    }

    [[nodiscard]] std::size_t count_pending(std::string const& name) const
    {
        return static_cast<std::size_t>(std::ranges::count_if(
            pending_, [&](operation_pointer const& op) { return op->name == name; }));
    }

    [[nodiscard]] bool has_pending() const noexcept { return !pending_.empty(); }

    template <class Function>
    void for_each_pending(Function function)
    {
        for (auto const& op : pending_) {
            function(*op);
        }
    }

    /// What close() and cancel() end.
    void expect_failures()
    {
        for_each_pending(
            [](operation& op) { op.must_fail = op.must_fail || op.obeys == obedience::strict; });
    }

    void close()
    {
        error_code ec;
        with([&](auto& object) { object.close(ec); });
        expect(!ec, "close: " + ec.message());
        expect(!is_open(), "open after close");
        has_closed();
    }

    void cancel()
    {
        bool const was_open = is_open();
        error_code ec;
        with([&](auto& object) { object.cancel(ec); });
        // A closed one may have an operation that will open it.
        expect((!ec && (was_open || is_pinned())) ||
                   (!was_open && ec == asio::error::bad_descriptor),
               "cancel: " + ec.message());
        if (!ec) {
            expect_failures();
        }
    }

    choices choices_;
    temp_directory directory_{place_in_memory()};

private:
    void act()
    {
        if (!is_open() && !choices_.one_in(3)) {
            self().open();
            return;
        }
        switch (choices_.below(40)) {
        case 0:
            self().open();
            break;
        case 1:
            if (choices_.one_in(2)) {
                close();
            }
            break;
        case 2:
            cancel();
            break;
        case 3:
        case 4:
        case 5:
            emit();
            break;
        case 6:
            emit_late();
            break;
        case 7:
            move();
            break;
        case 8:
            if (choices_.one_in(4)) {
                begin_check();
            }
            break;
        default:
            self().act();
            break;
        }
    }

    void has_closed()
    {
        expect_failures();
        self().closed();
    }

    void emit_to(asio::cancellation_signal& signal)
    {
        static std::vector<asio::cancellation_type> const types{
            asio::cancellation_type::terminal, asio::cancellation_type::partial,
            asio::cancellation_type::total, asio::cancellation_type::all};
        signal.emit(choices_.any_of(types));
    }

    void emit()
    {
        if (pending_.empty()) {
            return;
        }
        auto const op = choices_.any_of(pending_);
        emit_to(*op->signal);
        op->must_fail = op->must_fail || (op->has_slot && op->obeys == obedience::strict);
    }

    // Of an operation that is over.
    void emit_late()
    {
        if (!over_.empty()) {
            emit_to(*over_[choices_.below(over_.size())]->signal);
        }
    }

    void move()
    {
        if (is_pinned()) {
            return;
        }
        switch (choices_.below(5)) {
        case 0:
            std::visit([&](auto& object) { move_construct(object); }, object_);
            break;
        case 1:
            std::visit([&](auto& object) { move_assign(object); }, object_);
            break;
        case 2:
        case 3:
            convert();
            break;
        default:
            object_ = std::make_unique<native>(stage_.executor);
            has_closed();
            break;
        }
    }

    template <class Object>
    void move_construct(std::unique_ptr<Object>& object)
    {
        bool const was_open = object->is_open();
        auto moved = std::make_unique<Object>(std::move(*object));
        expect(moved->is_open() == was_open && !object->is_open(), "move");
        if (choices_.one_in(2)) {
            open_another(*object);
        }
        object = std::move(moved);
    }

    template <class Object>
    void move_assign(std::unique_ptr<Object>& object)
    {
        bool const was_open = object->is_open();
        auto other = std::make_unique<Object>(object->get_executor());
        if (choices_.one_in(2)) {
            open_another(*other);
        }
        *other = std::move(*object);
        expect(other->is_open() == was_open && !object->is_open(), "move");
        object = std::move(other);
    }

    // An object that is about to be destroyed, or moved to, with an operation.
    template <class Object>
    void open_another(Object& object)
    {
        error_code ec;
        object.open(ec);
        auto const op = self().start_take(object);
        op->must_fail = true;
    }

    void convert()
    {
        if (auto* const object = std::get_if<0>(&object_)) {
            bool const was_open = (*object)->is_open();
            auto other = std::make_unique<converted_object>(stage_.executor);
            if (choices_.one_in(2)) {
                *other = std::move(**object);
            } else {
                other = std::make_unique<converted_object>(std::move(**object));
            }
            expect(other->is_open() == was_open && !(*object)->is_open(), "conversion");
            object_ = std::move(other);
            self().converted();
        }
    }

    // What handlers were called with since the last step.
    void harvest()
    {
        std::vector<operation_pointer> over;
        std::erase_if(pending_, [&](operation_pointer const& op) {
            if (op->is_over()) {
                over.push_back(op);
                return true;
            }
            return false;
        });
        std::ranges::sort(over, {}, [](operation_pointer const& op) { return op->order; });
        for (auto const& op : over) {
            judge(*op);
            self().completed(*op);
            over_.push_back(op);
            if (over_.size() > most_over) {
                over_.pop_front();
            }
        }
    }

    void judge(operation const& op)
    {
        stage_.found->count(name_ + " " + op.name, !op.ec);
        expect(!op.dropped, op.name + ": destroyed, not called");
        expect(is_documented(op.ec, op.errors), op.name + ": " + op.ec.message());
        expect(!op.must_fail || op.ec, op.name + ": succeeded after it was cancelled");
        expect(!op.must_have_contents || op.ec || op.contents.size != 0,
               op.name + ": succeeded with nothing");
        expect(!op.ec || op.contents.size == 0 || op.pins, op.name + ": failed with something");
    }

    void resume_check()
    {
        if (std::chrono::steady_clock::now() > check_until_) {
            for (auto const& op : pending_) {
                fault(op->name + ": does not complete");
            }
            fault("the check does not end");
            is_checking_ = false;
        } else if (!is_cancelled_) {
            if (self().may_cancel()) {
                cancel();
                is_cancelled_ = true;
            }
        } else if (pending_.empty() && self().check()) {
            stage_.found->count(name_ + " check", is_open());
            is_checking_ = false;
        }
    }

    static constexpr std::size_t most_over = 8;

    stage<Executor> stage_;
    std::string name_;
    any_object object_;
    std::vector<operation_pointer> pending_;
    std::deque<operation_pointer> over_;
    std::size_t steps_ = 0;
    bool is_checking_ = false;
    bool is_cancelled_ = false;
    std::chrono::steady_clock::time_point check_until_{};

protected:
    [[nodiscard]] stage<Executor> const& where() const noexcept { return stage_; }
    [[nodiscard]] any_object& object() noexcept { return object_; }
};

} // namespace test::api

#endif

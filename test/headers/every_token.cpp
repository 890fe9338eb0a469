//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// A table: each asynchronous function of the four objects by each kind of token and handler. What
// it shows is that it compiles, and with which result; nothing of it is run. The tests in kernel/
// are about what the operations do.

#include <asio_inotify.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/append.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/consign.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/prepend.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/version.hpp>
#if BOOST_VERSION >= 108200
#include <boost/asio/any_completion_handler.hpp>
#endif

#include <concepts>
#include <cstddef>
#include <functional>
#include <future>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

// Declared, as -Wmissing-declarations wants it.
void instantiate_every_token(boost::asio::io_context& context);

namespace every_token {

namespace asio = boost::asio;
namespace lib = asio_inotify;
using boost::system::error_code;

// The operations.

template <class Executor>
struct objects
{
    explicit objects(Executor const& ex)
        : inotify(ex)
        , set(ex)
        , files(ex)
        , tree(ex)
        , socket(ex)
    {}

    lib::basic_inotify<Executor> inotify;
    lib::basic_watch_set<Executor> set;
    lib::basic_file_watcher<Executor> files;
    lib::basic_tree_watcher<Executor> tree;
    asio::basic_stream_socket<asio::local::stream_protocol, Executor> socket;
    lib::event_buffer<> buffer;
    lib::snapshot saved_set;
    lib::tree_snapshot saved_tree;
};

// Each is called with or without a token.
#define EVERY_TOKEN_OPERATION(name, result, call, ...)                                             \
    struct name                                                                                    \
    {                                                                                              \
        using value_type = result;                                                                 \
        template <class Objects, class... Token>                                                   \
        static auto start(Objects& o, Token&&... token)                                            \
        {                                                                                          \
            return call(__VA_ARGS__ __VA_OPT__(, ) std::forward<Token>(token)...);                 \
        }                                                                                          \
    }

EVERY_TOKEN_OPERATION(inotify_read, lib::event_batch, o.inotify.async_read_events, o.buffer);
EVERY_TOKEN_OPERATION(inotify_wait, void, o.inotify.async_wait, o.inotify.wait_read);
EVERY_TOKEN_OPERATION(set_read, lib::watch_event_batch, o.set.async_read_events, o.buffer);
EVERY_TOKEN_OPERATION(set_recycle, std::size_t, lib::async_recycle, o.set);
EVERY_TOKEN_OPERATION(set_wait, void, o.set.async_wait);
EVERY_TOKEN_OPERATION(set_restore, lib::watch_report, lib::async_restore, o.set, o.saved_set);
EVERY_TOKEN_OPERATION(set_restore_with_options, lib::watch_report, lib::async_restore, o.set,
                      o.saved_set, lib::restore_options());
EVERY_TOKEN_OPERATION(hand_over, void, lib::async_hand_over, o.socket, o.set,
                      lib::watch_event_batch());
EVERY_TOKEN_OPERATION(take_over, void, lib::async_take_over, o.socket, o.set);
EVERY_TOKEN_OPERATION(take_over_with_limits, void, lib::async_take_over, o.socket, o.set,
                      lib::hand_over_limits());
EVERY_TOKEN_OPERATION(file_receive, lib::file_change_batch, o.files.async_receive);
EVERY_TOKEN_OPERATION(file_wait, void, o.files.async_wait);
EVERY_TOKEN_OPERATION(tree_receive, lib::tree_change_batch, o.tree.async_receive);
EVERY_TOKEN_OPERATION(tree_wait, void, o.tree.async_wait);
EVERY_TOKEN_OPERATION(tree_add, void, o.tree.async_add, "/");
EVERY_TOKEN_OPERATION(tree_add_with_options, void, o.tree.async_add, "/", lib::tree_add_options());
EVERY_TOKEN_OPERATION(tree_restore, void, lib::async_restore, o.tree, o.saved_tree);

#undef EVERY_TOKEN_OPERATION

// What is made of the value.
template <class Value, template <class...> class Template, class... Before>
struct with_value
{
    using type = Template<Before..., Value>;
};

template <template <class...> class Template, class... Before>
struct with_value<void, Template, Before...>
{
    using type = Template<Before...>;
};

template <class Value>
struct signature
{
    using type = void(error_code, Value);
};

template <>
struct signature<void>
{
    using type = void(error_code);
};

// Handlers.

// Can be moved and called once, as an rvalue, and not copied. Has every association.
template <class Value>
struct handler
{
    using executor_type = asio::any_io_executor;
    using immediate_executor_type = asio::any_io_executor;
    using allocator_type = std::allocator<char>;
    using cancellation_slot_type = asio::cancellation_slot;

    explicit handler(executor_type ex)
        : executor(std::move(ex))
    {}
    handler(handler&&) = default;
    handler& operator=(handler&&) = delete;
    ~handler() = default;

    [[nodiscard]] executor_type get_executor() const noexcept { return executor; }
    [[nodiscard]] immediate_executor_type get_immediate_executor() const noexcept
    {
        return executor;
    }
    [[nodiscard]] allocator_type get_allocator() const noexcept { return {}; }
    [[nodiscard]] cancellation_slot_type get_cancellation_slot() const noexcept { return {}; }

    void operator()(error_code, Value) && {}

    executor_type executor;
};

template <>
struct handler<void> : handler<int>
{
    using handler<int>::handler;

    void operator()(error_code) && {}
};

// Takes whatever it is called with, and can be copied.
struct callback
{
    template <class... What>
    void operator()(What&&...) const
    {}
};

// Tokens.

// Its operation starts nothing: it is what initiates it, with what it is called with.
struct storing_token
{
};

// The result is neither void nor what a token of Asio gives.
struct counting_token
{
    int count;
};

// Neither of the two can be copied.
struct move_only_token
{
    std::unique_ptr<int> state;
};

// Gives the executor of the initiation, which tokens such as cancel_after use.
struct executor_token
{
};

} // namespace every_token

template <class Signature>
class boost::asio::async_result<every_token::storing_token, Signature>
{
public:
    template <class Initiation, class... Args>
    static auto initiate(Initiation initiation, every_token::storing_token, Args... args)
    {
        return std::make_tuple(std::move(initiation), std::move(args)...);
    }
};

template <class Signature>
class boost::asio::async_result<every_token::counting_token, Signature>
{
public:
    template <class Initiation, class... Args>
    static int initiate(Initiation&& initiation, every_token::counting_token token, Args&&... args)
    {
        std::forward<Initiation>(initiation)(every_token::callback(), std::forward<Args>(args)...);
        return token.count;
    }
};

template <class Signature>
class boost::asio::async_result<every_token::move_only_token, Signature>
{
public:
    template <class Initiation, class... Args>
    static std::unique_ptr<int> initiate(Initiation&& initiation,
                                         every_token::move_only_token token, Args&&... args)
    {
        std::forward<Initiation>(initiation)(every_token::callback(), std::forward<Args>(args)...);
        return std::move(token.state);
    }
};

template <class Signature>
class boost::asio::async_result<every_token::executor_token, Signature>
{
public:
    template <class Initiation, class... Args>
    static auto initiate(Initiation const& initiation, every_token::executor_token, Args&&...)
    {
        return asio::get_associated_executor(initiation);
    }
};

namespace every_token {

template <class Expected, class T>
void expect(T&&)
{
    static_assert(std::same_as<Expected, std::remove_cvref_t<T>>);
}

// The table.

template <class Operation, class Executor>
void handlers(objects<Executor>& o)
{
    using value = typename Operation::value_type;
    static_assert(std::is_void_v<decltype(Operation::start(o, callback()))>);
    Operation::start(o, handler<value>(o.socket.get_executor()));
    Operation::start(o, callback());
    callback other;
    Operation::start(o, other);
    Operation::start(o, std::as_const(other));
    std::function<typename signature<value>::type> erased(other);
    Operation::start(o, erased);
#if BOOST_VERSION >= 108200
    Operation::start(o, asio::any_completion_handler<typename signature<value>::type>(
                            handler<value>(o.socket.get_executor())));
#endif
}

template <class Operation, class Executor>
void handlers_with_associations(objects<Executor>& o)
{
    callback const other;
    asio::cancellation_signal signal;
    auto const executor = o.socket.get_executor();
    Operation::start(o, asio::bind_executor(executor, other));
    Operation::start(o, asio::bind_allocator(std::allocator<int>(), other));
    Operation::start(o, asio::bind_cancellation_slot(signal.slot(), other));
    Operation::start(o, asio::bind_cancellation_slot(
                            signal.slot(),
                            asio::bind_executor(executor, asio::bind_allocator(
                                                              std::allocator<int>(), callback()))));
    Operation::start(o, asio::append(callback(), 1));
    Operation::start(o, asio::prepend(callback(), 1));
    Operation::start(o, asio::consign(callback(), std::make_unique<int>(1)));
}

template <class Operation, class Executor>
void tokens(objects<Executor>& o)
{
    using value = typename Operation::value_type;
    using tuple = typename with_value<value, std::tuple, error_code>::type;
    expect<std::future<value>>(Operation::start(o, asio::use_future));
    expect<asio::awaitable<value>>(Operation::start(o, asio::use_awaitable));
    expect<asio::awaitable<tuple>>(Operation::start(o, asio::as_tuple(asio::use_awaitable)));
    error_code ec;
    expect<asio::awaitable<value>>(
        Operation::start(o, asio::redirect_error(asio::use_awaitable, ec)));
    Operation::start(o, asio::detached);
    auto const future = asio::use_future;
    expect<std::future<value>>(Operation::start(o, future));
    expect<int>(Operation::start(o, counting_token{1}));
    counting_token counting{1};
    expect<int>(Operation::start(o, counting));
    expect<std::unique_ptr<int>>(Operation::start(o, move_only_token{}));
    expect<Executor>(Operation::start(o, executor_token()));
}

// Operations that are started later, and more than once.
template <class Operation, class Executor>
void packaged(objects<Executor>& o)
{
    using value = typename Operation::value_type;
    static_assert(asio::is_deferred<decltype(Operation::start(o))>::value);
    auto operation = Operation::start(o, asio::deferred);
    static_assert(asio::is_deferred<decltype(operation)>::value);
    operation(callback());
    std::as_const(operation)(callback());
    operation(handler<value>(o.socket.get_executor()));
    auto copy = operation;
    std::move(copy)(handler<value>(o.socket.get_executor()));
    expect<std::future<value>>(std::move(operation)(asio::use_future));
    auto stored = Operation::start(o, storing_token());
    std::apply(
        [](auto initiation, auto... arguments) {
            std::as_const(initiation)(callback(), arguments...);
            std::move(initiation)(callback(), arguments...);
        },
        stored);
}

template <class Executor, class... Operation>
void every(objects<Executor>& o, std::tuple<Operation...> const*)
{
    (handlers<Operation>(o), ...);
    if constexpr (std::same_as<Executor, asio::any_io_executor>) {
        (handlers_with_associations<Operation>(o), ...);
        (tokens<Operation>(o), ...);
        (packaged<Operation>(o), ...);
    }
}

// Without a token, it is the executor's.
template <class... Operation>
void defaults(asio::io_context& context, std::tuple<Operation...> const*)
{
    using executor = asio::use_awaitable_t<>::executor_with_default<asio::any_io_executor>;
    objects<executor> o(executor(context.get_executor()));
    (expect<asio::awaitable<typename Operation::value_type>>(Operation::start(o)), ...);
}

using operations =
    std::tuple<inotify_read, inotify_wait, set_read, set_wait, set_recycle, set_restore,
               set_restore_with_options, hand_over, take_over, take_over_with_limits, file_receive,
               file_wait, tree_receive, tree_wait, tree_add, tree_add_with_options, tree_restore>;

template <class Executor>
void every_of(Executor const& ex)
{
    objects<Executor> o(ex);
    every(o, static_cast<operations const*>(nullptr));
}

} // namespace every_token

void instantiate_every_token(boost::asio::io_context& context)
{
    using namespace every_token;
    every_of(asio::any_io_executor(context.get_executor()));
    every_of(context.get_executor());
    every_of(asio::make_strand(context));
    defaults(context, static_cast<operations const*>(nullptr));
}

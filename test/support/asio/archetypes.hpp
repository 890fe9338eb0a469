//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_ASIO_ARCHETYPES_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_ASIO_ARCHETYPES_HPP

#include "support/asio/async_operation.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>

#include <cstddef>
#include <limits>
#include <memory>
#include <new>
#include <tuple>
#include <type_traits>
#include <utility>

// Handlers, tokens and allocators that can do no more than they must.
namespace test {

/// Can be moved, not copied. Says where it is.
class move_only_handler
{
public:
    /// What happened to the handler on its way.
    struct track
    {
        outcome result;
        int moves = 0;
        int alive = 0;
    };

    explicit move_only_handler(track& t)
        : track_(&t)
    {
        ++track_->alive;
    }

    move_only_handler(move_only_handler&& other) noexcept
        : track_(other.track_)
    {
        ++track_->moves;
        ++track_->alive;
    }

    move_only_handler& operator=(move_only_handler&&) = delete;
    ~move_only_handler() { --track_->alive; }

    template <class... Args>
    void operator()(Args... args)
    {
        track_->result(args...);
    }

private:
    track* track_;
};

/// The same, and can be called as an rvalue only.
class rvalue_handler : public move_only_handler
{
public:
    using move_only_handler::move_only_handler;

    template <class... Args>
    void operator()(Args... args) &&
    {
        move_only_handler::operator()(args...);
    }
};

/// What the copies of a @ref counting_allocator have in common.
struct memory_track
{
    std::size_t allocations = 0;
    std::size_t bytes = 0;                                           ///< not yet freed
    std::size_t fail_at = (std::numeric_limits<std::size_t>::max)(); ///< this call throws
};

/// Counts, and throws on request.
template <class T = void>
class counting_allocator
{
public:
    using value_type = T;

    explicit counting_allocator(memory_track& track) noexcept
        : track_(&track)
    {}

    template <class U>
    counting_allocator(counting_allocator<U> const& other) noexcept
        : track_(other.track())
    {}

    T* allocate(std::size_t n)
    {
        if (track_->allocations++ == track_->fail_at) {
            throw std::bad_alloc();
        }
        auto* const memory = std::allocator<T>().allocate(n);
        track_->bytes += n * sizeof(T);
        return memory;
    }

    void deallocate(T* memory, std::size_t n) noexcept
    {
        track_->bytes -= n * sizeof(T);
        std::allocator<T>().deallocate(memory, n);
    }

    [[nodiscard]] memory_track* track() const noexcept { return track_; }

    template <class U>
    friend bool operator==(counting_allocator const& a, counting_allocator<U> const& b) noexcept
    {
        return a.track() == b.track();
    }

private:
    memory_track* track_;
};

/// A token that starts nothing: the result of the initiating function is a function that does.
struct lazy_token
{
};

/// A token that starts nothing, but gives the executor of the initiation.
struct executor_of_initiation
{
};

} // namespace test

template <class Signature>
class boost::asio::async_result<test::executor_of_initiation, Signature>
{
public:
    template <class Initiation, class... Args>
    static auto initiate(Initiation const& initiation, test::executor_of_initiation, Args const&...)
    {
        return boost::asio::get_associated_executor(initiation);
    }
};

template <class Signature>
class boost::asio::async_result<test::lazy_token, Signature>
{
public:
    template <class Initiation, class... Args>
    static auto initiate(Initiation initiation, test::lazy_token, Args... args)
    {
        return [initiation = std::move(initiation),
                args = std::make_tuple(std::move(args)...)](auto handler) mutable {
            std::apply(
                [&](auto&... each) {
                    std::move(initiation)(std::move(handler), std::move(each)...);
                },
                args);
        };
    }
};

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_ASIO_TRACKER_EXECUTOR_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_ASIO_TRACKER_EXECUTOR_HPP

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>

#include <type_traits>
#include <utility>
#include <vector>

namespace test {

/// An executor that does what another one does, and leaves a mark while a function of it runs.
class tracker_executor
{
public:
    tracker_executor(int id, boost::asio::any_io_executor inner) noexcept
        : id_(id)
        , inner_(std::move(inner))
    {}

    /// The ids of the executors that this thread is inside of, the outermost first.
    static std::vector<int>& stack()
    {
        thread_local std::vector<int> ids;
        return ids;
    }

    template <class Function>
    void execute(Function&& function) const
    {
        inner_.execute(marked<std::decay_t<Function>>{id_, std::forward<Function>(function)});
    }

    template <class Property>
    requires(boost::asio::can_query_v<boost::asio::any_io_executor const&, Property>) decltype(auto)
        query(Property const& property) const
    {
        return boost::asio::query(inner_, property);
    }

    template <class Property>
    requires(boost::asio::can_require_v<boost::asio::any_io_executor const&, Property>)
        tracker_executor require(Property const& property)
    const { return {id_, boost::asio::require(inner_, property)}; }

    template <class Property>
    requires(boost::asio::can_prefer_v<boost::asio::any_io_executor const&, Property>)
        tracker_executor prefer(Property const& property)
    const { return {id_, boost::asio::prefer(inner_, property)}; }

    friend bool operator==(tracker_executor const& a, tracker_executor const& b) noexcept
    {
        return a.id_ == b.id_ && a.inner_ == b.inner_;
    }

    friend bool operator!=(tracker_executor const& a, tracker_executor const& b) noexcept
    {
        return !(a == b);
    }

private:
    struct scope
    {
        explicit scope(int id) { stack().push_back(id); }
        scope(scope const&) = delete;
        scope& operator=(scope const&) = delete;
        ~scope() { stack().pop_back(); }
    };

    template <class Function>
    struct marked
    {
        int id;
        Function function;

        void operator()()
        {
            scope const inside(id);
            std::move(function)();
        }
    };

    int id_;
    boost::asio::any_io_executor inner_;
};

} // namespace test

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_TREE_TREE_OPERATION_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_TREE_TREE_OPERATION_HPP

#include "support/asio/async_operation.hpp"

#include <asio_inotify.hpp>

#include <filesystem>
#include <string>
#include <tuple>
#include <utility>

// The asynchronous operations of a tree watcher in the form that the cases for operations want, see
// token_cases.hpp, handler_cases.hpp and lifetime_cases.hpp.
namespace test {

using asio_inotify::basic_tree_watcher;
using asio_inotify::tree_change_batch;

/// What handlers were called with: the changes by the names of their entries.
struct tree_outcome
{
    int calls = 0;
    error_code ec{};
    name_list seen{};

    void operator()(error_code failure)
    {
        ++calls;
        ec = failure;
    }

    void operator()(error_code failure, tree_change_batch const& batch)
    {
        (*this)(failure);
        BOOST_TEST(failure.failed() == batch.empty());
        for (auto const& change : batch) {
            seen.push_back(std::filesystem::path(change.path()).filename());
        }
    }
};

/// A directory, a watcher and where its results go.
template <class Executor>
struct tree_fixture
{
    using object_type = basic_tree_watcher<Executor>;
    using outcome_type = tree_outcome;
    template <class Executor1>
    using object_on = basic_tree_watcher<Executor1>;

    static auto into(tree_outcome& where)
    {
        return [&where](error_code ec, auto const&... batch) { where(ec, batch...); };
    }

    auto into() { return into(result); }

    void expect_error(error_code const& expected) const
    {
        BOOST_TEST(result.calls == 1);
        BOOST_TEST(result.ec == expected, result.ec.message());
        BOOST_TEST(result.seen.empty());
    }

    temp_directory dir;
    asio::io_context context;
    object_type object{context};
    tree_outcome result;
};

/// The operation of a fixture on its own object: the fixture has `start_on` for any object.
template <class Fixture>
struct starts_on_its_object
{
    template <class... Token>
    auto start(Token&&... token)
    {
        auto& fixture = static_cast<Fixture&>(*this);
        return fixture.start_on(fixture.object, std::forward<Token>(token)...);
    }
};

/// Waits for a file. Existing entries are reported as well, so that it does not matter when
/// the file appears.
template <class Executor = asio::any_io_executor>
struct receive_fixture : tree_fixture<Executor>, starts_on_its_object<receive_fixture<Executor>>
{
    using value_type = tree_change_batch;
    template <class Executor1>
    using rebind = receive_fixture<Executor1>;

    // It completes only when something happens.
    static constexpr bool waits = true;

    receive_fixture() { open(this->object); }

    template <class Object>
    void open(Object& of) const
    {
        asio_inotify::tree_options options;
        options.report_existing = true;
        options.report =
            asio_inotify::tree_change_mask::existing | asio_inotify::tree_change_mask::created;
        of.open(options);
        of.add(this->dir.path());
    }

    template <class Object, class... Token>
    auto start_on(Object& of, Token&&... token)
    {
        return of.async_receive(std::forward<Token>(token)...);
    }

    /// Let there be what it waits for.
    void make_ready()
    {
        expected.push_back(std::to_string(++files));
        this->dir.write(expected.back());
    }

    /// Make ready to be started again, with a new result.
    void once_more()
    {
        expected.clear();
        this->result = {};
        make_ready();
    }

    void expect_success(tree_outcome const& of) const
    {
        BOOST_TEST(of.calls == 1);
        BOOST_TEST(!of.ec, of.ec.message());
        BOOST_TEST(of.seen == expected, boost::test_tools::per_element());
    }

    void expect_success() const { expect_success(this->result); }

    /// Run until the operation has completed.
    void finish()
    {
        make_ready();
        run(this->context);
        expect_success();
    }

    /// Check that an operation without a result has come to its end.
    void expect_done()
    {
        once_more();
        this->start(this->into());
        run(this->context);
        expect_success();
    }

    name_list expected{};
    int files = 0;
};

/// A directory in which there is something gets a root of a watcher.
template <class Executor>
struct new_root_fixture : tree_fixture<Executor>
{
    using value_type = void;

    static constexpr bool waits = false;

    new_root_fixture()
    {
        std::filesystem::create_directories(this->dir / "a/b");
        this->dir.write("a/b/file");
        open(this->object);
    }

    template <class Object>
    void open(Object& of) const
    {
        of.open();
    }

    void make_ready() {}

    void once_more()
    {
        this->object.remove(this->dir.path());
        this->result = {};
    }

    void expect_success(tree_outcome const& of) const
    {
        BOOST_TEST(of.calls == 1);
        BOOST_TEST(!of.ec, of.ec.message());
    }

    void expect_success() const { expect_success(this->result); }

    void finish()
    {
        run(this->context);
        expect_success();
    }

    static constexpr std::size_t entries = 4;
};

/// Watches it.
template <class Executor = asio::any_io_executor>
struct add_root_fixture : new_root_fixture<Executor>,
                          starts_on_its_object<add_root_fixture<Executor>>
{
    template <class Executor1>
    using rebind = add_root_fixture<Executor1>;

    template <class Object, class... Token>
    auto start_on(Object& of, Token&&... token)
    {
        return of.async_add(this->dir.path(), std::forward<Token>(token)...);
    }

    void finish()
    {
        new_root_fixture<Executor>::finish();
        expect_done();
    }

    void expect_done()
    {
        BOOST_TEST(this->object.counters().entries == this->entries);
        BOOST_TEST(this->object.counters().watches == 3U);
    }
};

/// Restores it. Watches are added by the next receive.
template <class Executor = asio::any_io_executor>
struct restore_fixture : new_root_fixture<Executor>, starts_on_its_object<restore_fixture<Executor>>
{
    template <class Executor1>
    using rebind = restore_fixture<Executor1>;

    restore_fixture()
    {
        asio::io_context scan;
        asio_inotify::tree_watcher other(scan);
        other.open();
        other.async_add(this->dir.path(), [](error_code const&) {});
        run(scan);
        saved = save(other);
    }

    template <class Object, class... Token>
    auto start_on(Object& of, Token&&... token)
    {
        return async_restore(of, saved, std::forward<Token>(token)...);
    }

    void finish()
    {
        new_root_fixture<Executor>::finish();
        expect_done();
    }

    void expect_done() { BOOST_TEST(this->object.counters().entries == this->entries); }

    void once_more()
    {
        this->object.close();
        this->open(this->object);
        this->result = {};
    }

    asio_inotify::tree_snapshot saved;
};

using tree_fixtures = std::tuple<receive_fixture<>, add_root_fixture<>, restore_fixture<>>;

} // namespace test

#endif

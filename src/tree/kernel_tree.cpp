//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/detail/kernel_tree.hpp>

#include <asio_inotify/error.hpp>

#include "tree/engine/tree_engine.hpp"
#include "tree/port/kernel_tree_port.hpp"
#include "values/fail.hpp"

#include <boost/core/no_exceptions_support.hpp>

#include <cstdlib>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include <unistd.h>

namespace asio_inotify::detail {

struct kernel_tree::implementation
{
    explicit implementation(tree_options options)
        : engine(port, std::move(options))
    {}

    kernel_tree_port port;
    tree_engine engine;
};

namespace {

struct free_memory
{
    void operator()(char* text) const noexcept { std::free(text); }
};
using held_string = std::unique_ptr<char, free_memory>;

// Without separators at the end, which say nothing of a directory.
std::string_view without_end(std::string_view path) noexcept
{
    while (path.size() > 1 && path.back() == '/') {
        path.remove_suffix(1);
    }
    return path;
}

std::string without_links(std::string const& path)
{
    held_string const canonical(::realpath(path.c_str(), nullptr));
    return canonical ? canonical.get() : path;
}

} // namespace

kernel_tree::kernel_tree(std::unique_ptr<implementation> made) noexcept
    : implementation_(std::move(made))
{}

kernel_tree::~kernel_tree() = default;

std::unique_ptr<kernel_tree> kernel_tree::make(tree_options options, boost::system::error_code& ec)
{
    auto made = std::make_unique<implementation>(std::move(options));
    made->port.open(ec);
    if (ec) {
        return nullptr;
    }
    return std::unique_ptr<kernel_tree>(new kernel_tree(std::move(made)));
}

int kernel_tree::native_handle() const noexcept
{
    return implementation_->port.waits().native_handle();
}

int kernel_tree::release_handle() noexcept
{
    return implementation_->port.waits().release();
}

int kernel_tree::instance() const noexcept
{
    return implementation_->port.native_handle();
}

// clang-format off: it does not understand the macros.
step_result kernel_tree::step(boost::system::error_code& ec) noexcept
{
    auto& [port, engine] = *implementation_;
    auto& waits = port.waits();
    static_cast<void>(waits.take_expired(port.now()));
    BOOST_TRY
    {
        auto const result = engine.step(ec);
        if (result == step_result::wait && engine.deadline()) {
            waits.arm(*engine.deadline());
        }
        return result;
    }
    BOOST_CATCH(std::bad_alloc const&)
    {
        errno = ENOMEM;
        ASIO_INOTIFY_FAIL_ERRNO(ec);
        // What was not done is found by looking at everything.
        engine.start_over();
        waits.wake();
        return step_result::wait;
    }
    BOOST_CATCH_END
}

step_result kernel_tree::scan(boost::system::error_code& ec) noexcept
{
    auto& [port, engine] = *implementation_;
    BOOST_TRY
    {
        auto const result = engine.scan(ec);
        if (result == step_result::deliver) {
            port.waits().wake();
        }
        return result;
    }
    BOOST_CATCH(std::bad_alloc const&)
    {
        errno = ENOMEM;
        ASIO_INOTIFY_FAIL_ERRNO(ec);
        engine.start_over();
        port.waits().wake();
        return step_result::wait;
    }
    BOOST_CATCH_END
}

void kernel_tree::take_back_root(path_ref path) noexcept
{
    auto& engine = implementation_->engine;
    BOOST_TRY
    {
        boost::system::error_code ignored;
        engine.remove_root(without_end(path.view()), ignored);
    }
    BOOST_CATCH(std::bad_alloc const&)
    {
        // It was announced meanwhile, and has roots in it that go on.
        engine.start_over();
    }
    BOOST_CATCH_END
    wake();
}
// clang-format on

tree_change_batch kernel_tree::take_batch() noexcept
{
    if (!implementation_->engine.is_idle()) {
        wake();
    }
    return tree_change_batch(implementation_->engine.take());
}

void kernel_tree::wake() noexcept
{
    implementation_->port.waits().wake();
}

void kernel_tree::add_root(path_ref path, boost::system::error_code& ec)
{
    ec.clear();
    if (path.has_null()) {
        ASIO_INOTIFY_FAIL(ec, error::path_contains_null);
        return;
    }
    // A relative path starts at today's working directory, wherever that is later.
    std::string known(without_end(path.view()));
    std::string absolute = known;
    if (!known.starts_with('/')) {
        held_string const directory(::getcwd(nullptr, 0));
        if (!directory || known.empty()) {
            errno = known.empty() ? ENOENT : errno;
            ASIO_INOTIFY_FAIL_ERRNO(ec);
            return;
        }
        absolute = std::string(directory.get()) + '/' + known;
    }
    auto canonical = without_links(absolute);
    implementation_->engine.add_root(std::move(known), std::move(absolute), std::move(canonical),
                                     ec);
    if (!ec) {
        wake();
    }
}

void kernel_tree::remove_root(path_ref path, boost::system::error_code& ec)
{
    implementation_->engine.remove_root(without_end(path.view()), ec);
    if (!ec) {
        wake();
    }
}

tree_snapshot kernel_tree::save(boost::system::error_code& ec)
{
    auto saved = implementation_->engine.save(ec);
    if (!implementation_->engine.is_idle()) {
        wake();
    }
    return saved;
}

void kernel_tree::restore(tree_snapshot const& saved, boost::system::error_code& ec)
{
    std::vector<std::string> canonical;
    for (auto const& entry : saved.entries()) {
        if (entry.depth == 0) {
            canonical.push_back(without_links(entry.absolute));
        }
    }
    implementation_->engine.restore(saved, canonical, ec);
    if (!ec) {
        wake();
    }
}

tree_counters kernel_tree::counters() const noexcept
{
    return implementation_->engine.counters();
}

std::vector<uncovered_directory> kernel_tree::uncovered() const
{
    std::vector<uncovered_directory> found;
    for (auto& [path, reason] : implementation_->engine.uncovered()) {
        found.push_back({std::move(path), reason});
    }
    return found;
}

} // namespace asio_inotify::detail

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_BENCH_SUPPORT_WATCHED_TREE_HPP
#define ASIO_INOTIFY_BENCH_SUPPORT_WATCHED_TREE_HPP

#include "tree_of_directories.hpp"

#include <asio_inotify/tree_watcher.hpp>

#include <boost/asio/io_context.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace bench {

/// A tree watcher with its own context, as in a single-threaded program.
class watched_tree
{
public:
    using watcher_type = asio_inotify::basic_tree_watcher<boost::asio::io_context::executor_type>;

    explicit watched_tree(asio_inotify::tree_options options = {})
    {
        watcher_.open(std::move(options));
    }

    /// Watch a tree; returns after the initial scan.
    void add(std::string const& root)
    {
        boost::system::error_code result;
        watcher_.async_add(root, [&](boost::system::error_code ec) { result = ec; });
        context_.restart();
        context_.run();
        if (result) {
            throw boost::system::system_error(result);
        }
    }

    /// Watch a generated tree and check that all of it is watched.
    void add(tree_of_directories const& tree)
    {
        auto const before = watcher_.counters().watches;
        add(tree.root());
        auto const watches = watcher_.counters().watches - before;
        if (watches != tree.directories().size()) {
            throw std::runtime_error("watched " + std::to_string(watches) + " of " +
                                     std::to_string(tree.directories().size()) +
                                     " directories; is max_user_watches large enough?");
        }
    }

    /// Wait for at least this number of changes, and pass each to a function.
    /** @returns The number of changes. */
    template <class Function>
    std::size_t receive(std::size_t changes, Function function)
    {
        std::size_t got = 0;
        context_.restart();
        receive_more(changes, got, function);
        context_.run();
        return got;
    }

    /// Receive and drop changes until none is pending.
    void settle()
    {
        context_.restart();
        watcher_.async_receive([this](boost::system::error_code ec, auto const&) {
            if (!ec) {
                settle();
            }
        });
        context_.poll();
        watcher_.cancel();
        context_.restart();
        context_.poll();
    }

    [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }
    [[nodiscard]] watcher_type& watcher() noexcept { return watcher_; }

private:
    template <class Function>
    void receive_more(std::size_t changes, std::size_t& got, Function& function)
    {
        watcher_.async_receive(
            [&, changes](boost::system::error_code ec, asio_inotify::tree_change_batch batch) {
                if (ec) {
                    throw boost::system::system_error(ec);
                }
                for (auto const& change : batch) {
                    function(change);
                    ++got;
                }
                // The watcher reuses the memory.
                batch = {};
                if (got < changes) {
                    receive_more(changes, got, function);
                }
            });
    }

    boost::asio::io_context context_{1};
    watcher_type watcher_{context_};
};

} // namespace bench

#endif

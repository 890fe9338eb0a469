//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Keeps a copy of a tree up to date until SIGINT or SIGTERM: mirror SOURCE COPY
//
// COPY is a new directory outside of SOURCE. It gets directories, files, symbolic links and their
// modes; other types become an empty file.
//
// The changes are applied to the entries of the copy in order, without reading the source, which
// may have changed since. The content of files can only be read as it is now, at their path after
// the last change. So reading waits until no change is pending, and is repeated for files that a
// later change renames.

#include <asio_inotify.hpp>

#include <boost/asio.hpp>
#include <boost/asio/experimental/parallel_group.hpp>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio_inotify::tree_change_kind;

// A set of paths that finds those below a directory.
class path_set
{
public:
    void add(std::string_view path) { paths_.emplace(path); }
    void clear() { paths_.clear(); }
    bool empty() const { return paths_.empty(); }
    auto begin() const { return paths_.begin(); }
    auto end() const { return paths_.end(); }

    // Removes a path and its subtree; returns the rest of each path behind it.
    std::vector<std::string> take(std::string_view path)
    {
        std::vector<std::string> taken;
        if (paths_.erase(std::string(path)) != 0) {
            taken.emplace_back();
        }
        auto const prefix = std::string(path) + '/';
        auto at = paths_.lower_bound(prefix);
        while (at != paths_.end() && at->starts_with(prefix)) {
            taken.push_back(at->substr(path.size()));
            at = paths_.erase(at);
        }
        return taken;
    }

    void put(std::string_view path, std::vector<std::string> const& taken)
    {
        for (auto const& rest : taken) {
            paths_.insert(std::string(path) + rest);
        }
    }

private:
    std::set<std::string> paths_;
};

class mirror
{
public:
    mirror(std::string source, std::string copy)
        : source_(std::move(source))
        , copy_(std::move(copy))
    {
        if (!fs::create_directory(copy_)) {
            throw std::runtime_error(copy_ + " exists");
        }
    }

    // Apply a change of the source to the copy.
    void apply(asio_inotify::tree_change const& c)
    {
        auto const path = c.path();
        switch (c.kind()) {
        case tree_change_kind::existing:
        case tree_change_kind::created:
            if (c.is_directory()) {
                fs::create_directory(target(path));
            } else {
                std::ofstream{target(path)};
            }
            unread_.add(path);
            break;
        case tree_change_kind::modified:
        case tree_change_kind::closed_write:
        case tree_change_kind::attributes:
            unread_.add(path);
            break;
        case tree_change_kind::removed:
            remove(path);
            break;
        case tree_change_kind::renamed:
            if (c.replaced()) {
                remove(path);
            }
            move(c.old_path(), path);
            break;
        case tree_change_kind::exchanged: {
            // A temporary name: no name in the source is empty, so it cannot be in use.
            auto const aside = source_ + "//";
            move(path, aside);
            move(c.old_path(), path);
            move(aside, c.old_path());
            break;
        }
        case tree_change_kind::rescan_begin:
            rescanning_ = true;
            break;
        case tree_change_kind::rescan_end:
            rescanning_ = false;
            break;
        case tree_change_kind::uncovered:
            std::cerr << path << " is not watched: " << c.error().message() << '\n';
            break;
        default:
            // covered, root_lost, root_found, unmounted and so on: further changes report what
            // happened to the entries below.
            break;
        }
    }

    // Copy the content of files. Call it when no change is pending, or after some time.
    void read(bool is_quiet)
    {
        if (is_quiet && !rescanning_) {
            // All renames that happened before the files were read have been applied.
            read_.clear();
        }
        for (auto const& path : std::exchange(unread_, {})) {
            read(path);
            read_.add(path);
        }
    }

    bool is_up_to_date() const { return unread_.empty() && !rescanning_; }

    // True if there is nothing to read later.
    bool is_idle() const { return unread_.empty() && read_.empty(); }

private:
    fs::path target(std::string_view path) const
    {
        if (path.ends_with("//")) {
            return copy_ + ".aside";
        }
        return copy_ + std::string(path.substr(source_.size()));
    }

    void remove(std::string_view path)
    {
        fs::remove_all(target(path));
        unread_.take(path);
        read_.take(path);
    }

    void move(std::string_view from, std::string_view to)
    {
        fs::rename(target(from), target(to));
        unread_.put(to, unread_.take(from));
        // Different files may have been at these paths when they were read.
        unread_.put(to, read_.take(from));
    }

    // If the source has changed since, this may be wrong; a later change corrects it.
    void read(std::string const& path)
    {
        std::error_code ec;
        auto const to = target(path);
        auto const status = fs::symlink_status(path, ec);
        if (fs::is_directory(status) != fs::is_directory(fs::symlink_status(to))) {
            return;
        }
        fs::path const part = copy_ + ".part";
        if (fs::is_directory(status)) {
            fs::permissions(to, status.permissions());
            return;
        }
        if (fs::is_symlink(status)) {
            fs::remove(part);
            fs::copy_symlink(path, part, ec);
        } else if (fs::is_regular_file(status)) {
            fs::copy_file(path, part, fs::copy_options::overwrite_existing, ec);
        } else {
            return;
        }
        if (!ec) {
            fs::rename(part, to);
        } else if (ec != std::errc::no_such_file_or_directory) {
            std::cerr << path << " is not copied: " << ec.message() << '\n';
        }
    }

    std::string source_;
    std::string copy_;
    path_set unread_;
    path_set read_; // since no change was pending
    bool rescanning_ = false;
};

asio::awaitable<void> run(std::string source, std::string copy)
{
    auto const executor = co_await asio::this_coro::executor;
    asio_inotify::tree_watcher watcher{executor};
    watcher.open({.report_existing = true});
    co_await watcher.async_add(source, asio::use_awaitable);
    mirror m{source, copy};
    std::cout << "mirroring " << source << std::endl;

    asio::steady_timer timer{executor};
    auto read_at = std::chrono::steady_clock::now();
    for (;;) {
        using namespace std::chrono_literals;
        if (m.is_idle()) {
            timer.expires_at(std::chrono::steady_clock::time_point::max());
        } else {
            timer.expires_after(50ms);
        }
        // Both results are needed: changes can arrive together with the timeout.
        auto [order, failed, batch, ignored] =
            co_await asio::experimental::make_parallel_group(watcher.async_receive(asio::deferred),
                                                             timer.async_wait(asio::deferred))
                .async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
        if (failed && failed != asio::error::operation_aborted) {
            throw boost::system::system_error(failed);
        }
        for (auto const& change : batch) {
            m.apply(change);
        }
        auto const now = std::chrono::steady_clock::now();
        if (batch.empty() || now > read_at + 1s) {
            auto const was_up_to_date = m.is_up_to_date();
            m.read(batch.empty());
            read_at = now;
            if (!was_up_to_date && m.is_up_to_date()) {
                std::cout << "up to date, " << watcher.counters().entries - 1 << " entries"
                          << std::endl;
            }
        }
    }
}

int main(int argc, char** argv)
try {
    if (argc != 3) {
        std::cerr << "usage: mirror SOURCE COPY\n";
        return 1;
    }
    // Without trailing separators, as in the paths of changes.
    std::string source = argv[1];
    while (source.size() > 1 && source.ends_with('/')) {
        source.pop_back();
    }
    asio::io_context context{1};
    asio::signal_set signals{context, SIGINT, SIGTERM};
    signals.async_wait([&](auto, int) { context.stop(); });
    asio::co_spawn(context, run(source, argv[2]), [](std::exception_ptr failure) {
        if (failure) {
            std::rethrow_exception(failure);
        }
    });
    context.run();
} catch (std::exception const& e) {
    std::cerr << "mirror: " << e.what() << '\n';
    return 1;
}

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/detail/kernel_tree.hpp>

#include <asio_inotify/detail/scope_guard.hpp>
#include <asio_inotify/error.hpp>

#include "system/restore_detector.hpp"
#include "tree/engine/tree_engine.hpp"
#include "tree/port/kernel_tree_port.hpp"
#include "values/callback_failure.hpp"
#include "values/fail.hpp"
#include "values/recover_from_exceptions.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <unistd.h>

namespace asio_inotify::detail {

namespace {

struct free_memory
{
    void operator()(char* text) const noexcept { std::free(text); }
};
using malloc_string = std::unique_ptr<char, free_memory>;

std::string_view without_trailing_slashes(std::string_view path) noexcept
{
    while (path.size() > 1 && path.back() == '/') {
        path.remove_suffix(1);
    }
    return path;
}

std::string canonical_or_same(std::string const& path)
{
    malloc_string const canonical(::realpath(path.c_str(), nullptr));
    return canonical ? canonical.get() : path;
}

void check_options(tree_options const& options, boost::system::error_code& ec)
{
    ec.clear();
    if (find_invalid_exclude(options) != nullptr) {
        ASIO_INOTIFY_FAIL(ec, error::invalid_exclude_pattern);
    } else if (options.batch_size == 0) {
        ASIO_INOTIFY_FAIL(ec, error::invalid_batch_size);
    } else if (options.slice_time.count() < 0) {
        ASIO_INOTIFY_FAIL(ec, error::invalid_slice_time);
    } else if (options.grace_time.count() < 0) {
        ASIO_INOTIFY_FAIL(ec, error::invalid_grace_time);
    }
}

// So that no sum with a time of the clock overflows.
void limit_times(tree_options& options) noexcept
{
    constexpr std::chrono::hours longest{24 * 365 * 100};
    options.slice_time = (std::min)(options.slice_time, std::chrono::microseconds(longest));
    options.grace_time = (std::min)(options.grace_time, std::chrono::milliseconds(longest));
}

} // namespace

struct kernel_tree::implementation
{
    explicit implementation(tree_options options)
        : engine(port, std::move(options))
    {}

    // Not needed to watch: notices_restores() says if there is no descriptor left for it.
    void notice_restores() noexcept
    {
        if (!detector.is_open()) {
            detector.open();
            detector.wake_by(port.waits());
        }
    }

    // Before the queue is read: as soon as it is found empty, the trees count as complete.
    void check_restored() noexcept
    {
        if (detector.take_restored()) {
            ++restores;
            engine.request_rescan(rescan_cause::restored);
        }
    }

    // Finds the paths of roots without symbolic links, if the options can apply to them.
    [[nodiscard]] tree_restorer::find_canonical canonical() const
    {
        return [&options = engine.options()](std::string const& absolute,
                                             boost::system::error_code& ec) {
            auto path = canonical_or_same(absolute);
            if (find_invalid_exclude(options, path) != nullptr) {
                ASIO_INOTIFY_FAIL(ec, error::invalid_exclude_pattern);
            }
            return path;
        };
    }

    kernel_tree_port port;
    tree_engine engine;
    restore_detector detector;
    // A root whose operation is outstanding.
    struct addition
    {
        std::uint64_t number;
        std::string path;
    };

    // True if it was still there.
    bool forget_addition(std::uint64_t number) noexcept
    {
        return std::erase_if(additions,
                             [&](addition const& each) { return each.number == number; }) != 0;
    }

    std::uint64_t restores = 0;
    std::uint64_t last_addition = 0;
    std::vector<addition> additions;
};

kernel_tree::kernel_tree(std::unique_ptr<implementation> opened) noexcept
    : implementation_(std::move(opened))
{}

kernel_tree::~kernel_tree() = default;

std::unique_ptr<kernel_tree> kernel_tree::make(tree_options options, boost::system::error_code& ec)
{
    check_options(options, ec);
    if (ec) {
        return nullptr;
    }
    limit_times(options);
    auto opened = std::make_unique<implementation>(std::move(options));
    opened->port.open(ec);
    if (ec) {
        return nullptr;
    }
    opened->notice_restores();
    return std::unique_ptr<kernel_tree>(new kernel_tree(std::move(opened)));
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

template <class Step>
step_result kernel_tree::run(boost::system::error_code& ec, Step step) noexcept
{
    return recover_from_exceptions(ec, step, [this] {
        // The rescan finds the changes that were left undone.
        implementation_->engine.start_over();
        wake();
    });
}

step_result kernel_tree::step(boost::system::error_code& ec) noexcept
{
    auto& engine = implementation_->engine;
    auto& waits = implementation_->port.waits();
    bool const has_expired = waits.take_expired(implementation_->port.now());
    implementation_->check_restored();
    return run(ec, [&] {
        auto const result = engine.step(ec);
        if (result == step_result::wait && engine.deadline()) {
            waits.arm(*engine.deadline());
        }
        if (result == step_result::wait && !has_expired) {
            waits.nothing_found();
        }
        return result;
    });
}

step_result kernel_tree::scan(boost::system::error_code& ec) noexcept
{
    implementation_->check_restored();
    return run(ec, [&] {
        auto const result = implementation_->engine.scan(ec);
        if (result == step_result::deliver) {
            wake();
        }
        return result;
    });
}

std::uint64_t kernel_tree::begin_add(path_ref const& path, tree_add_options const& options,
                                     boost::system::error_code& ec)
{
    auto& additions = implementation_->additions;
    auto const number = ++implementation_->last_addition;
    additions.push_back({number, std::string(without_trailing_slashes(path.view()))});
    scope_guard undo([&] { implementation_->forget_addition(number); });
    make_root(path, options, ec);
    if (!ec) {
        undo.dismiss();
    }
    return number;
}

void kernel_tree::keep_added(std::uint64_t addition) noexcept
{
    implementation_->forget_addition(addition);
}

void kernel_tree::undo_add(std::uint64_t addition) noexcept
{
    auto const undone =
        std::ranges::find(implementation_->additions, addition, &implementation::addition::number);
    if (undone == implementation_->additions.end()) {
        return;
    }
    auto const path = std::move(undone->path);
    implementation_->additions.erase(undone);
    // Starting over is needed if the root was reported in the meantime and has nested roots, which
    // stay.
    boost::system::error_code ignored;
    static_cast<void>(run(ignored, [&] {
        implementation_->engine.remove_root(path, ignored);
        return step_result::wait;
    }));
    wake();
}

void kernel_tree::undo_additions() noexcept
{
    while (!implementation_->additions.empty()) {
        undo_add(implementation_->additions.back().number);
    }
}

tree_change_batch kernel_tree::take_batch() noexcept
{
    if (!implementation_->engine.is_idle()) {
        wake();
    }
    return implementation_->engine.take();
}

void kernel_tree::wake() noexcept
{
    implementation_->port.waits().wake();
}

void kernel_tree::add(path_ref const& path, tree_add_options const& options,
                      boost::system::error_code& ec)
{
    auto const addition = begin_add(path, options, ec);
    if (ec) {
        return;
    }
    while (scan(ec) == step_result::again) {
    }
    if (ec) {
        undo_add(addition);
    } else {
        keep_added(addition);
    }
}

void kernel_tree::make_root(path_ref const& path, tree_add_options const& options,
                            boost::system::error_code& ec)
{
    ec.clear();
    if (path.has_null() || path.view().empty()) {
        ASIO_INOTIFY_FAIL(ec, path.has_null() ? error::path_contains_null : error::empty_path);
        return;
    }
    // A relative path stays relative to the working directory of now.
    std::string given(without_trailing_slashes(path.view()));
    std::string absolute = given;
    if (!given.starts_with('/')) {
        malloc_string const directory(::getcwd(nullptr, 0));
        if (!directory) {
            ASIO_INOTIFY_FAIL_ERRNO(ec);
            return;
        }
        absolute = std::string(directory.get()) + '/' + given;
    }
    auto canonical = canonical_or_same(absolute);
    if (find_invalid_exclude(implementation_->engine.options(), canonical) != nullptr) {
        ASIO_INOTIFY_FAIL(ec, error::invalid_exclude_pattern);
        return;
    }
    implementation_->engine.add_root(std::move(given), std::move(absolute), std::move(canonical),
                                     options.allow_missing, ec);
    if (!ec) {
        wake();
    }
}

void kernel_tree::remove(path_ref const& path, boost::system::error_code& ec)
{
    auto const removed = without_trailing_slashes(path.view());
    implementation_->engine.remove_root(removed, ec);
    if (!ec) {
        // One with the same path that is added later is not theirs.
        std::erase_if(implementation_->additions,
                      [&](auto const& each) { return each.path == removed; });
        wake();
    }
}

std::size_t kernel_tree::size() const noexcept
{
    return implementation_->engine.roots().size();
}

std::vector<std::string> kernel_tree::roots() const
{
    return implementation_->engine.roots().paths_of_all();
}

bool kernel_tree::contains(path_ref const& path) const noexcept
{
    return implementation_->engine.roots().contains(without_trailing_slashes(path.view()));
}

tree_snapshot kernel_tree::save(boost::system::error_code& ec)
{
    implementation_->check_restored();
    auto saved = implementation_->engine.save(ec);
    if (!implementation_->engine.is_idle()) {
        wake();
    }
    return saved;
}

std::exception_ptr kernel_tree::restore(tree_snapshot const& saved, boost::system::error_code& ec)
{
    auto thrown = catch_callback_failure(
        [&] { implementation_->engine.restore(saved, implementation_->canonical(), ec); });
    if (thrown) {
        ASIO_INOTIFY_FAIL(ec, error::callback_failed);
    } else if (!ec) {
        wake();
    }
    return thrown;
}

void kernel_tree::begin_restore(tree_snapshot const& saved, boost::system::error_code& ec)
{
    implementation_->engine.begin_restore(saved, implementation_->canonical(), ec);
}

step_result kernel_tree::resume_restore(tree_snapshot const& saved,
                                        boost::system::error_code& ec) noexcept
{
    if (!is_restoring(saved)) {
        // operation_aborted: the tree was closed, and opened again.
        errno = ECANCELED;
        ASIO_INOTIFY_FAIL_ERRNO(ec);
        return step_result::wait;
    }
    auto const result = run(ec, [&] { return implementation_->engine.resume_restore(ec); });
    if (result != step_result::again) {
        wake();
    }
    return result;
}

void kernel_tree::cancel_restore(tree_snapshot const& saved) noexcept
{
    if (is_restoring(saved)) {
        cancel_restore();
    }
}

void kernel_tree::cancel_restore() noexcept
{
    implementation_->engine.cancel_restore();
    wake();
}

bool kernel_tree::is_restoring() const noexcept
{
    return implementation_->engine.is_restoring();
}

bool kernel_tree::is_restoring(tree_snapshot const& saved) const noexcept
{
    return implementation_->engine.is_restoring(saved);
}

std::string kernel_tree::absolute_exclude() const
{
    constexpr std::string_view any_but_the_root_directory = "/any";
    auto const* const found =
        find_invalid_exclude(implementation_->engine.options(), any_but_the_root_directory);
    return found != nullptr ? *found : std::string();
}

void kernel_tree::rescan() noexcept
{
    implementation_->notice_restores();
    implementation_->engine.request_rescan(rescan_cause::request);
    wake();
}

bool kernel_tree::notices_restores() const noexcept
{
    return implementation_->detector.is_open();
}

tree_counters kernel_tree::counters() const noexcept
{
    auto counters = implementation_->engine.counters();
    counters.restores = implementation_->restores;
    return counters;
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

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_KERNEL_TREE_HPP
#define ASIO_INOTIFY_DETAIL_KERNEL_TREE_HPP

#include <asio_inotify/detail/step_result.hpp>
#include <asio_inotify/path_ref.hpp>
#include <asio_inotify/tree_add_options.hpp>
#include <asio_inotify/tree_change_batch.hpp>
#include <asio_inotify/tree_counters.hpp>
#include <asio_inotify/tree_options.hpp>
#include <asio_inotify/tree_snapshot.hpp>
#include <asio_inotify/uncovered_directory.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <vector>

namespace asio_inotify::detail {

// The part of a tree watcher that does not depend on its executor: the engine of a pump.
class ASIO_INOTIFY_DECL kernel_tree
{
public:
    using batch_type = tree_change_batch;

    /// Null on failure.
    [[nodiscard]] static std::unique_ptr<kernel_tree> make(tree_options options,
                                                           boost::system::error_code& ec);

    kernel_tree(kernel_tree const&) = delete;
    kernel_tree& operator=(kernel_tree const&) = delete;
    ~kernel_tree();

    [[nodiscard]] int native_handle() const noexcept;
    [[nodiscard]] int release_handle() noexcept;
    [[nodiscard]] step_result step(boost::system::error_code& ec) noexcept;
    [[nodiscard]] tree_change_batch take_batch() noexcept;
    void wake() noexcept;

    void add(path_ref const& path, tree_add_options const& options, boost::system::error_code& ec);
    void remove(path_ref const& path, boost::system::error_code& ec);
    [[nodiscard]] std::size_t size() const noexcept;
    [[nodiscard]] std::vector<std::string> roots() const;
    [[nodiscard]] bool contains(path_ref const& path) const noexcept;

    /// Add a root that is removed again if its operation fails. @ref scan watches the
    /// directories below it.
    /** @returns The number of the addition, until one of the functions below. */
    [[nodiscard]] std::uint64_t begin_add(path_ref const& path, tree_add_options const& options,
                                          boost::system::error_code& ec);
    /// The operation has succeeded.
    void keep_added(std::uint64_t addition) noexcept;
    /// The operation has failed. Without effect if the root was removed in the meantime.
    void undo_add(std::uint64_t addition) noexcept;
    /// All such operations fail.
    void undo_additions() noexcept;

    /// Watch the directories below new roots, for one slice of time.
    /** @returns deliver when all are watched, again if not, wait on failure. */
    [[nodiscard]] step_result scan(boost::system::error_code& ec) noexcept;

    [[nodiscard]] tree_snapshot save(boost::system::error_code& ec);
    /// @returns The exception of the user's function if that is why it failed, else null.
    std::exception_ptr restore(tree_snapshot const& saved, boost::system::error_code& ec);

    /// The same in slices of time. The snapshot must not move until the end.
    void begin_restore(tree_snapshot const& saved, boost::system::error_code& ec);
    /// @returns deliver at the end, again before; wait on failure, with the trees of before. That
    /// is operation_aborted if these trees are not being restored.
    [[nodiscard]] step_result resume_restore(tree_snapshot const& saved,
                                             boost::system::error_code& ec) noexcept;
    [[nodiscard]] bool is_restoring() const noexcept;
    /// Without effect if these trees are not being restored.
    void cancel_restore(tree_snapshot const& saved) noexcept;
    /// Cancel a restore if there is one.
    void cancel_restore() noexcept;

    /// The first exclude pattern that is valid below `/` only; empty if there is none.
    [[nodiscard]] std::string absolute_exclude() const;

    /// Compare everything with the disk in the next steps.
    void rescan() noexcept;

    /// False if there was no descriptor left to notice a restore by CRIU with.
    [[nodiscard]] bool notices_restores() const noexcept;

    /// The inotify instance.
    [[nodiscard]] int instance() const noexcept;

    [[nodiscard]] tree_counters counters() const noexcept;
    [[nodiscard]] std::vector<uncovered_directory> uncovered() const;

private:
    struct implementation;

    explicit kernel_tree(std::unique_ptr<implementation> opened) noexcept;

    void make_root(path_ref const& path, tree_add_options const& options,
                   boost::system::error_code& ec);
    [[nodiscard]] bool is_restoring(tree_snapshot const& saved) const noexcept;
    template <class Step>
    [[nodiscard]] step_result run(boost::system::error_code& ec, Step step) noexcept;

    std::unique_ptr<implementation> implementation_;
};

} // namespace asio_inotify::detail

#endif

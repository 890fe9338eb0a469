//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_BASIC_TREE_WATCHER_HPP
#define ASIO_INOTIFY_BASIC_TREE_WATCHER_HPP

#include <asio_inotify/basic_inotify.hpp>
#include <asio_inotify/detail/default_token.hpp>
#include <asio_inotify/detail/kernel_tree.hpp>
#include <asio_inotify/detail/pump.hpp>
#include <asio_inotify/path_ref.hpp>
#include <asio_inotify/tree_change_batch.hpp>
#include <asio_inotify/tree_counters.hpp>
#include <asio_inotify/tree_options.hpp>
#include <asio_inotify/tree_snapshot.hpp>
#include <asio_inotify/uncovered_directory.hpp>

#include <boost/system/error_code.hpp>

#include <string>
#include <vector>

namespace asio_inotify {

/// Watches directories and all beneath them, and tells exactly what changes.
/**
 * Who starts with the entries that are there, and does to them what the changes say, in their
 * order, has the same entries as the disk whenever nothing is left to be told: through floods of
 * new directories, renames in all directions, overflows of the kernel's queue, unmounting and
 * limits. What that means in detail stands in `docs/tree-watcher.md`.
 *
 * Each directory takes one watch of one inotify instance. Nothing is read unless an operation is
 * outstanding: changes that nobody asks for stay in the kernel's queue, and when that is full, the
 * trees are looked at again and the differences are told.
 *
 * The object is constructed closed; @ref open makes the instance.
 *
 * @par Per-Operation Cancellation
 * Asynchronous operations support `terminal`, `partial` and `total`; each says what is left behind.
 *
 * @par Object Lifetimes
 * The object may be moved, closed or destroyed while operations are outstanding, also by the
 * handler of one. Moving takes them along (a move to another executor type ends them with
 * `operation_aborted`); closing and destroying complete them with `operation_aborted`. The
 * executor's context must outlive the object; it must also outlive the handler of an operation that
 * has a cancellation slot, should that run on another context. Batches belong to who got them.
 *
 * @par Errors
 * As for @ref basic_inotify.
 *
 * @par Thread Safety
 * Distinct objects: safe. Shared objects: unsafe. An operation looks at directories on its
 * handler's executor: that has to be one on which the object may be used, such as the object's own
 * strand.
 *
 * @tparam Executor  The type of the executor for completions: any I/O executor of Asio.
 */
template <class Executor = asio::any_io_executor>
class basic_tree_watcher
{
public:
    /// The type of the object's executor.
    using executor_type = Executor;

    /// The kernel's name of what is waited for: a file descriptor.
    using native_handle_type = typename basic_inotify<Executor>::native_handle_type;

    /// The same kind of object with another executor type.
    template <class Executor1>
    struct rebind_executor
    {
        /// The type.
        using other = basic_tree_watcher<Executor1>;
    };

    /// Construct a closed watcher.
    /** @param ex  Runs the handlers that have no executor of their own. */
    explicit basic_tree_watcher(executor_type const& ex);

    /// Construct a closed watcher on a context's executor.
    /** @param context  An execution context, such as an `io_context`; must outlive the object. */
    template <detail::context_of<Executor> ExecutionContext>
    explicit basic_tree_watcher(ExecutionContext& context);

    /// Take over the trees and the outstanding operations of another watcher.
    /** The other watcher is closed afterwards and can be opened again. */
    basic_tree_watcher(basic_tree_watcher&& other) noexcept;

    /// Close, then take over the trees and the outstanding operations of another watcher.
    basic_tree_watcher& operator=(basic_tree_watcher&& other) noexcept;

    /// Take over the trees of a watcher with another executor type.
    /** Outstanding operations complete with `operation_aborted`. */
    template <detail::other_executor<Executor> Executor1>
    basic_tree_watcher(
        basic_tree_watcher<Executor1>&& other); // NOLINT(google-explicit-constructor)

    /// Close, then take over the trees of a watcher with another executor type.
    template <detail::other_executor<Executor> Executor1>
    basic_tree_watcher& operator=(basic_tree_watcher<Executor1>&& other);

    basic_tree_watcher(basic_tree_watcher const&) = delete;
    basic_tree_watcher& operator=(basic_tree_watcher const&) = delete;

    /// Close.
    /** Blocks while the kernel frees the watches: some ten milliseconds for 20000 of them. */
    ~basic_tree_watcher();

    /// The executor given at construction.
    [[nodiscard]] executor_type const& get_executor() const noexcept
    {
        return pump_.get_executor();
    }

    /// True if the watcher owns an instance.
    [[nodiscard]] bool is_open() const noexcept { return pump_.is_open(); }

    /// A descriptor that is readable when there may be something to tell, -1 if closed.
    /** An epoll descriptor. It stays owned by the watcher, and is not to be changed. */
    [[nodiscard]] native_handle_type native_handle() const noexcept;

    /// Make an instance that watches nothing.
    /**
     * @param options  How trees are watched; for all of them.
     *
     * @par Errors
     * `asio::error::already_open`; those of inotify_init1(2), `too_many_files_open` both for the
     * process's descriptors and for the user's instances; those of epoll_create(2) and
     * timerfd_create(2).
     */
    void open(tree_options options = {});

    /// The same with the options' default values.
    void open(boost::system::error_code& ec);

    /// @copydoc open(tree_options)
    void open(tree_options options, boost::system::error_code& ec);

    /// Forget all trees.
    /** Outstanding operations complete with `operation_aborted`. Closing a closed watcher succeeds.
     */
    void close();

    /// @copydoc close()
    void close(boost::system::error_code& ec);

    /// Complete an outstanding @ref async_receive with `operation_aborted`. Nothing is lost.
    /** @par Errors `bad_file_descriptor` if the watcher is closed. */
    void cancel();

    /// @copydoc cancel()
    void cancel(boost::system::error_code& ec);

    /// Begin to watch a directory and all beneath it.
    /**
     * The directory itself is watched at once; what is beneath it is looked at while
     * @ref async_receive is outstanding. Changes there are told from the time when everything is
     * watched: what is in the tree then is what the changes begin with, and is told as `existing`
     * if the options say so.
     *
     * The path is looked for anew when the directory is gone or something happens to the
     * directories above it: the root is then reported as lost, and as found when there is a
     * directory again.
     *
     * Roots may lie beneath each other: each path is told once. The same directory under another
     * path, through a symbolic link or a mount, is another tree.
     *
     * @param path  Need not outlive the call. Paths of changes begin with it as it is given, but
     * for separators at its end. A relative one starts at today's working directory. A symbolic
     * link is followed.
     *
     * @par Errors
     * `file_exists` if it is the path of a root; @ref error::path_contains_null; those of open(2),
     * such as `no_such_file_or_directory`, `not_a_directory` and `permission_denied`, and of
     * inotify_add_watch(2), such as `no_space_on_device` when the user's watches are used up;
     * `bad_file_descriptor` if the watcher is closed. Nothing is changed then. What happens beneath
     * the directory is told by changes, see @ref tree_change_mask::uncovered.
     */
    void add_root(path_ref path);

    /// @copydoc add_root(path_ref)
    void add_root(path_ref path, boost::system::error_code& ec);

    /// Watch a directory and all beneath it.
    /**
     * As @ref add_root, and completes when everything is watched. The executor is held for the
     * options' slice time at a time; how far it has come, @ref counters tell. An @ref async_receive
     * may be outstanding at the same time.
     *
     * @param path   Need not outlive the call.
     * @param token  The completion token; the executor's default, else `asio::deferred`.
     *
     * @par Completion Signature
     * `void(boost::system::error_code)`
     * @par Per-Operation Cancellation
     * `terminal`, `partial`, `total`: the root is removed.
     * @par Object Lifetimes
     * The object may be moved, closed or destroyed meanwhile.
     * @par Errors
     * Those of @ref add_root; `operation_aborted`; `not_enough_memory`. The root is not there then.
     * @par Exception Safety
     * Strong. If later there is no memory to go on, the exception is that of the executor's `run`,
     * and the root is removed.
     */
    template <asio::completion_token_for<void(boost::system::error_code)> AddToken =
                  detail::default_token_t<Executor>>
    auto async_add_root(path_ref path, AddToken&& token = AddToken());

    /// Do not watch a root any more.
    /**
     * Nothing of it is told any more, unless it is beneath another root.
     *
     * @param path  As it was given to @ref add_root.
     * @par Errors
     * @ref error::path_not_watched; `bad_file_descriptor` if the watcher is closed.
     */
    void remove_root(path_ref path);

    /// @copydoc remove_root(path_ref)
    void remove_root(path_ref path, boost::system::error_code& ec);

    /// The trees as they were told, as a value.
    /**
     * Blocks while it looks at files that were created meanwhile. What was not told yet when the
     * trees were saved is told after @ref restore. Roots whose beginning is still being looked at
     * are left out.
     *
     * @par Errors
     * @ref error::changes_not_received if an operation was cancelled after it had found changes:
     * receive them first; `bad_file_descriptor` if the watcher is closed.
     */
    [[nodiscard]] tree_snapshot save();

    /// @copydoc save()
    [[nodiscard]] tree_snapshot save(boost::system::error_code& ec);

    /// Go on with saved trees, as if they had been watched all the time.
    /**
     * What is different on disk is told between `rescan_begin` and `rescan_end`: entries that were
     * created or removed, those that have moved, which are known by their inodes, and files that
     * were changed since, known by their times (as `modified`, and rather one too many than one too
     * few). Directories that are still the same get the numbers of their watches back, where the
     * kernel lets numbers be chosen.
     *
     * @pre Open, and without roots.
     * @param saved  Need not outlive the call.
     *
     * @par Errors
     * @ref error::not_empty; @ref error::malformed_snapshot if an entry is there twice;
     * `bad_file_descriptor` if the watcher is closed. Nothing is changed then.
     */
    void restore(tree_snapshot const& saved);

    /// @copydoc restore(tree_snapshot const&)
    void restore(tree_snapshot const& saved, boost::system::error_code& ec);

    /// How many entries there are in the trees, the roots among them.
    [[nodiscard]] std::size_t size() const noexcept { return counters().entries; }

    /// What was done since the watcher was opened, and what it holds.
    [[nodiscard]] tree_counters counters() const noexcept;

    /// The directories that cannot be watched, in no particular order.
    [[nodiscard]] std::vector<uncovered_directory> uncovered() const;

    /// Wait for changes.
    /**
     * Completes with what has changed, in order; at most as many changes as the options say, but
     * for the entries of one directory that is lost as a whole. One receive at a time. New
     * directories are looked at meanwhile, for the slice time of the options at a time.
     *
     * @param token  The completion token; the executor's default, else `asio::deferred`.
     *
     * @par Completion Signature
     * `void(boost::system::error_code, tree_change_batch)`; at least one change on success, none on
     * failure.
     * @par Per-Operation Cancellation
     * `terminal`, `partial`, `total`; nothing is lost.
     * @par Object Lifetimes
     * The object may be moved, closed or destroyed meanwhile.
     * @par Errors
     * `operation_aborted`; @ref error::operation_outstanding if there is another one;
     * `not_enough_memory`, after which the trees are looked at again; `bad_file_descriptor` if the
     * watcher is closed.
     */
    template <asio::completion_token_for<void(boost::system::error_code, tree_change_batch)>
                  ReceiveToken = detail::default_token_t<Executor>>
    auto async_receive(ReceiveToken&& token = ReceiveToken());

private:
    template <class Executor1>
    friend class basic_tree_watcher;

    class add_root_op;

    detail::pump<detail::kernel_tree, Executor> pump_;
};

} // namespace asio_inotify

#include <asio_inotify/impl/basic_tree_watcher.hpp>

#endif

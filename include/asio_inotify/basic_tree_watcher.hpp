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
#include <asio_inotify/tree_add_options.hpp>
#include <asio_inotify/tree_change_batch.hpp>
#include <asio_inotify/tree_counters.hpp>
#include <asio_inotify/tree_options.hpp>
#include <asio_inotify/tree_snapshot.hpp>
#include <asio_inotify/uncovered_directory.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace asio_inotify {

namespace detail {

template <class Executor>
class tree_access;

} // namespace detail

/// Watch directories recursively, with an exact stream of changes.
/**
 * Start with the entries that exist, apply the changes in order, and you have the tree on disk
 * whenever no change is pending. This holds through bursts of new directories, renames in all
 * directions, overflows of the kernel's queue, unmounts and limits. `docs/tree-watcher.md` has the
 * details.
 *
 * Each directory takes one watch of one inotify instance. The watcher reads events only while an
 * operation is outstanding (back-pressure): otherwise changes stay in the kernel's queue. If the
 * queue overflows, the watcher rescans the trees and reports the differences.
 *
 * The object is constructed closed; @ref open creates the inotify instance.
 *
 * @par Per-Operation Cancellation
 * Asynchronous operations support `terminal`, `partial` and `total`; see each for the effect.
 *
 * @par Object Lifetimes
 * The object may be moved, closed or destroyed while operations are outstanding, also from a
 * handler. Moving the object moves the operations with it (a move to another executor type
 * completes them with `operation_aborted`). Closing or destroying the object completes them with
 * `operation_aborted`. The executor's context must outlive the object and, as for every composed
 * operation of Asio, the handlers of its operations, also those that run on another context.
 * Batches share the ownership of their contents and may outlive the object.
 *
 * @par Errors
 * As for @ref basic_inotify.
 *
 * @par Thread Safety
 * Distinct objects: safe. Shared objects: unsafe; use a strand. An operation accesses the object on
 * the executor of its handler: that executor must be one on which you may use the object, such as
 * the object's strand.
 *
 * @tparam Executor  The type of the executor for completions: any I/O executor of Asio.
 */
template <class Executor = asio::any_io_executor>
class basic_tree_watcher
{
public:
    /// The type of the object's executor.
    using executor_type = Executor;

    /// The type of the file descriptor.
    using native_handle_type = typename basic_inotify<Executor>::native_handle_type;

    /// Rebind the object to another executor type.
    template <class Executor1>
    struct rebind_executor
    {
        /// The object with the other executor type.
        using other = basic_tree_watcher<Executor1>;
    };

    /// Construct a closed watcher.
    /** @param ex  The executor of handlers that have no associated executor. */
    explicit basic_tree_watcher(executor_type const& ex);

    /// Construct a closed watcher on a context's executor.
    /** @param context  An execution context, such as an `io_context`; must outlive the object. */
    template <detail::context_of<Executor> ExecutionContext>
    explicit basic_tree_watcher(ExecutionContext& context);

    /// Move-construct: take over the trees and the outstanding operations.
    /** The other watcher is closed afterwards and can be opened again. */
    basic_tree_watcher(basic_tree_watcher&& other) noexcept;

    /// Move-assign: close, then take over the trees and the outstanding operations.
    basic_tree_watcher& operator=(basic_tree_watcher&& other) noexcept;

    /// Move-construct from a watcher with another executor type.
    /** Outstanding operations complete with `operation_aborted`; roots that they add are removed.
     */
    template <detail::other_executor<Executor> Executor1>
    basic_tree_watcher(basic_tree_watcher<Executor1>&& other);

    /// Move-assign from a watcher with another executor type: close, then take over the trees.
    template <detail::other_executor<Executor> Executor1>
    basic_tree_watcher& operator=(basic_tree_watcher<Executor1>&& other);

    basic_tree_watcher(basic_tree_watcher const&) = delete;
    basic_tree_watcher& operator=(basic_tree_watcher const&) = delete;

    /// Destroy the watcher and close the instance.
    /** Blocks while the kernel frees the watches: some ten milliseconds for 20000 watches. */
    ~basic_tree_watcher();

    /// The executor that was passed to the constructor.
    [[nodiscard]] executor_type const& get_executor() const noexcept
    {
        return pump_.get_executor();
    }

    /// True if the watcher owns an instance.
    [[nodiscard]] bool is_open() const noexcept { return pump_.is_open(); }

    /// A file descriptor that is readable when there may be changes, -1 if closed.
    /** An epoll file descriptor. The watcher still owns it; do not modify it. */
    [[nodiscard]] native_handle_type native_handle() const noexcept;

    /// Create an inotify instance; nothing is watched yet.
    /**
     * @param options  The options for all trees.
     *
     * @par Errors
     * `asio::error::already_open`; @ref error::invalid_exclude_pattern, where the text of the
     * exception contains the pattern; @ref error::invalid_batch_size; @ref
     * error::invalid_slice_time; @ref error::invalid_grace_time; @ref
     * error::instance_limit_reached; @ref
     * error::proc_not_mounted; those of inotify_init1(2), epoll_create(2), timerfd_create(2) and of
     * opening the list of mounts.
     */
    void open(tree_options options = {});

    /// Create an inotify instance with the default options; nothing is watched yet.
    void open(boost::system::error_code& ec);

    /// @copydoc open(tree_options)
    void open(tree_options options, boost::system::error_code& ec);

    /// Close the instance and remove all trees.
    /** Outstanding operations complete with `operation_aborted`. Closing a closed watcher succeeds.
     */
    void close();

    /// @copydoc close()
    void close(boost::system::error_code& ec);

    /// Complete all outstanding operations with `operation_aborted`. No change is lost.
    /** As with a cancellation slot, @ref async_add removes its root, and @ref async_restore leaves
     * no root.
     * @par Errors `bad_file_descriptor` if the watcher is closed. */
    void cancel();

    /// @copydoc cancel()
    void cancel(boost::system::error_code& ec);

    /// Watch a directory recursively.
    /**
     * When it returns, the directory and every directory below it is watched: every later change is
     * reported. The entries that exist then are the start of the stream. They are reported as
     * `existing` with @ref tree_options::report_existing; if those of another root are still to be
     * reported, they are kept in memory. Blocks until all are watched; @ref async_add does not.
     *
     * The path is looked up again if the directory is gone or a directory above it changes. The
     * root is then reported as lost, and as found when there is a directory again.
     *
     * Roots may be nested: each path is reported once. The same directory under a different path,
     * through a symbolic link or a mount, is a different tree.
     *
     * @param path     Need not outlive the call. Paths of changes begin with it as you passed it,
     *                 without trailing separators. A relative path starts at the current working
     *                 directory. A symbolic link is followed.
     * @param options  Whether the directory may be missing.
     *
     * @par Errors
     * `file_exists` if the path is already a root; @ref error::empty_path; @ref
     * error::path_contains_null; @ref error::invalid_exclude_pattern if a pattern starts with a '/'
     * and the root is not `/`, where the text of the exception contains the pattern; @ref
     * error::watch_limit_reached; those of open(2), such as `no_such_file_or_directory`,
     * `not_a_directory` and `permission_denied`, and of inotify_add_watch(2); `not_enough_memory`;
     * @ref error::callback_failed if @ref tree_options::prune throws; @ref
     * error::operation_outstanding while @ref async_restore is; `bad_file_descriptor` if the
     * watcher is closed. On failure nothing changes. Errors below the directory are reported as
     * changes, see @ref tree_change_kind::uncovered.
     * @par Exception Safety
     * Strong. Both forms can throw `std::bad_alloc`.
     */
    void add(path_ref const& path, tree_add_options const& options = {});

    /// Watch a directory recursively with the default options.
    void add(path_ref const& path, boost::system::error_code& ec);

    /// @copydoc add(path_ref const&, tree_add_options const&)
    void add(path_ref const& path, tree_add_options const& options, boost::system::error_code& ec);

    /// Watch a directory recursively with the default options, without blocking other handlers for
    /// long.
    /**
     * As the overload with options.
     *
     * @par Completion Signature
     * `void(boost::system::error_code)`
     * @par Per-Operation Cancellation
     * `terminal`, `partial`, `total`: the root is removed.
     * @par Object Lifetimes
     * The object may be moved, closed or destroyed before the operation completes.
     * @par Errors
     * Those of @ref add; `operation_aborted`.
     */
    template <asio::completion_token_for<void(boost::system::error_code)> AddToken =
                  detail::default_token_t<Executor>>
    auto async_add(path_ref const& path, AddToken&& token = AddToken());

    /// Watch a directory recursively without blocking other handlers for long.
    /**
     * As @ref add, and completes when the whole tree is watched. Scanning yields to other
     * handlers after each @ref tree_options::slice_time; @ref counters shows the progress. An
     * @ref async_receive may be outstanding at the same time.
     *
     * @param path     Need not outlive the call.
     * @param options  Whether the directory may be missing.
     * @param token    The completion token; default: the executor's default, else `asio::deferred`.
     *
     * @par Completion Signature
     * `void(boost::system::error_code)`
     * @par Per-Operation Cancellation
     * `terminal`, `partial`, `total`: the root is removed.
     * @par Object Lifetimes
     * The object may be moved, closed or destroyed before the operation completes.
     * @par Errors
     * Those of @ref add; `operation_aborted`. On failure the root is not watched.
     * @par Exception Safety
     * Strong. If the operation runs out of memory after the call has returned, the executor's `run`
     * throws, and the root is removed.
     */
    template <asio::completion_token_for<void(boost::system::error_code)> AddToken =
                  detail::default_token_t<Executor>>
    auto async_add(path_ref const& path, tree_add_options const& options,
                   AddToken&& token = AddToken());

    /// Stop watching a root.
    /**
     * Changes in its tree are not reported any more, unless it is nested in another root. Changes
     * that the watcher found before the call can still follow.
     *
     * @param path  As it was passed to @ref add.
     * @par Errors
     * @ref error::path_not_watched; @ref error::operation_outstanding while @ref async_restore is;
     * `bad_file_descriptor` if the watcher is closed.
     */
    void remove(path_ref const& path);

    /// @copydoc remove(path_ref const&)
    void remove(path_ref const& path, boost::system::error_code& ec);

    /// Compare the trees with the disk, as after a queue overflow.
    /**
     * For events that were lost without an overflow: something else has recreated the instance or
     * changed its watches. After a restore by CRIU the watcher does it by itself, see
     * @ref notices_restores.
     *
     * Returns at once; the rescan runs in the next @ref async_receive, or in the outstanding one,
     * after the changes that the watcher has read before. It reports the differences between
     * `rescan_begin` and `rescan_end`, and a file as `modified` if it was changed after the last
     * moment at which the watcher knew that it had read every event. A `modified` may be spurious,
     * but none is missed. A directory that was replaced is reported as removed and created, even if
     * the kernel has a watch with the same watch descriptor on the new one. Lost options of watches
     * are added again.
     *
     * @par Errors
     * `bad_file_descriptor` if the watcher is closed.
     */
    void rescan();

    /// @copydoc rescan()
    void rescan(boost::system::error_code& ec);

    /// True if the watcher notices by itself that CRIU has restored the process.
    /**
     * Then it does what @ref rescan does, without a call. False if the watcher is closed, or if no
     * file descriptor was left for this when it was opened; the next @ref rescan tries again.
     */
    [[nodiscard]] bool notices_restores() const noexcept;

    /// The number of roots.
    [[nodiscard]] std::size_t size() const noexcept;

    /// True if there is no root.
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }

    /// The roots, as they were added, in no particular order.
    [[nodiscard]] std::vector<std::string> roots() const;

    /// True if the path, but for separators at its end, is a root.
    [[nodiscard]] bool contains(path_ref const& path) const noexcept;

    /// Counters: the trees now, and what was done since the watcher was opened.
    [[nodiscard]] tree_counters counters() const noexcept;

    /// The directories that cannot be watched, in no particular order.
    [[nodiscard]] std::vector<uncovered_directory> uncovered() const;

    /// Receive the changes that there are, in order, without waiting.
    /**
     * Returns the changes that @ref async_receive would complete with. Blocks until the watcher has
     * a batch or nothing to do, without a time limit. A rename whose second event has not arrived
     * is reported after @ref tree_options::grace_time, not before.
     *
     * @returns The changes; an empty batch if there are none, or on failure.
     * @par Errors
     * @ref error::operation_outstanding if an asynchronous receive, a wait or @ref async_restore is
     * outstanding; `not_enough_memory`, or @ref error::callback_failed if @ref tree_options::prune
     * throws: the next operation compares the trees with the disk; `bad_file_descriptor` if the
     * watcher is closed.
     */
    [[nodiscard]] tree_change_batch try_receive();

    /// @copydoc try_receive()
    [[nodiscard]] tree_change_batch try_receive(boost::system::error_code& ec);

    /// Receive changes of the trees, in order; waits until there are some.
    /**
     * @returns The changes; at least one, or an empty batch on failure.
     * @par Errors
     * Those of @ref try_receive; `interrupted` if a signal handler ran.
     */
    [[nodiscard]] tree_change_batch receive();

    /// @copydoc receive()
    [[nodiscard]] tree_change_batch receive(boost::system::error_code& ec);

    /// Receive changes of the trees asynchronously, in order.
    /**
     * Completes with about @ref tree_options::batch_size changes at most. One receive or wait at a
     * time.
     * The operation also scans new directories, and yields to other handlers after each
     * @ref tree_options::slice_time.
     *
     * @param token  The completion token; default: the executor's default, else `asio::deferred`.
     *
     * @par Completion Signature
     * `void(boost::system::error_code, tree_change_batch)`; at least one change on success, none on
     * failure.
     * @par Per-Operation Cancellation
     * `terminal`, `partial`, `total`: if it is cancelled before it has called its handler, it takes
     * no change; the next one reports them. So `||` of `awaitable_operators` loses nothing.
     * @par Object Lifetimes
     * The object may be moved, closed or destroyed before the operation completes.
     * @par Errors
     * `operation_aborted`; @ref error::operation_outstanding if another receive or wait is
     * outstanding; `not_enough_memory`, or @ref error::callback_failed if @ref tree_options::prune
     * throws: the next operation compares the trees with the disk; `bad_file_descriptor` if the
     * watcher is closed.
     */
    template <asio::completion_token_for<void(boost::system::error_code, tree_change_batch)>
                  ReceiveToken = detail::default_token_t<Executor>>
    auto async_receive(ReceiveToken&& token = ReceiveToken());

    /// Wait until there are changes, and take none.
    /**
     * The next receive returns them: @ref try_receive does not block then.
     *
     * @par Errors
     * Those of @ref receive.
     */
    void wait();

    /// @copydoc wait()
    void wait(boost::system::error_code& ec);

    /// Wait asynchronously until there are changes, and take none.
    /**
     * For a timeout of your own, or to receive on a thread of your own: the changes stay in the
     * watcher, and @ref try_receive returns them. One receive or wait at a time.
     *
     * @param token  The completion token; default: the executor's default, else `asio::deferred`.
     *
     * @par Completion Signature
     * `void(boost::system::error_code)`
     * @par Per-Operation Cancellation
     * `terminal`, `partial`, `total`.
     * @par Object Lifetimes
     * The object may be moved, closed or destroyed before the operation completes.
     * @par Errors
     * Those of @ref async_receive.
     */
    template <asio::completion_token_for<void(boost::system::error_code)> WaitToken =
                  detail::default_token_t<Executor>>
    auto async_wait(WaitToken&& token = WaitToken());

private:
    template <class Executor1>
    friend class basic_tree_watcher;

    template <class Executor1>
    friend class detail::tree_access;

    [[nodiscard]] bool check_not_restoring(boost::system::error_code& ec) const;

    detail::pump<detail::kernel_tree, Executor> pump_;
};

} // namespace asio_inotify

#include <asio_inotify/impl/basic_tree_watcher.hpp>

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_BASIC_FILE_WATCHER_HPP
#define ASIO_INOTIFY_BASIC_FILE_WATCHER_HPP

#include <asio_inotify/basic_inotify.hpp>
#include <asio_inotify/detail/default_token.hpp>
#include <asio_inotify/detail/kernel_files.hpp>
#include <asio_inotify/detail/pump.hpp>
#include <asio_inotify/file_change_batch.hpp>
#include <asio_inotify/file_identity.hpp>
#include <asio_inotify/file_watch_options.hpp>
#include <asio_inotify/file_watcher_counters.hpp>
#include <asio_inotify/path_ref.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace asio_inotify {

/// Watch files by path, across atomic replacement, symlink swaps and missing directories.
/**
 * Watches any number of paths with one inotify instance, for a hot reload of configuration files
 * and certificates for instance. It reports when the content behind a path has changed, when the
 * file has disappeared and when it is there again. The cause can be a write, an atomic replace
 * (write to a temporary file, then rename), a removal or a move of the file, or a change of a
 * directory or symbolic link of the path, as for a Kubernetes ConfigMap. The watcher watches every
 * directory in which a component of a path is looked up, also behind symbolic links; all paths
 * share these watches.
 *
 * Reports are about the state: each one is the difference to the previous report of the path. If
 * you do not wait for changes, they stay in the kernel's queue and are coalesced. If the queue
 * overflows, the watcher checks all paths again and reports the differences.
 *
 * The object is constructed closed; @ref open creates the inotify instance.
 *
 * @par Per-Operation Cancellation
 * Asynchronous operations support `terminal`, `partial` and `total`, all with the same effect: if
 * one is cancelled before it has called its handler, it takes no change and completes with
 * `operation_aborted`; the next one reports the changes. So `||` of `awaitable_operators` loses
 * nothing.
 *
 * @par Object Lifetimes
 * The object may be moved, closed or destroyed while an operation is outstanding, also from its
 * handler. Moving the object moves the operation with it (a move to another executor type completes
 * it with `operation_aborted`). Closing or destroying the object completes it with
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
class basic_file_watcher
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
        using other = basic_file_watcher<Executor1>;
    };

    /// Construct a closed watcher.
    /** @param ex  The executor of handlers that have no associated executor. */
    explicit basic_file_watcher(executor_type const& ex);

    /// Construct a closed watcher on a context's executor.
    /** @param context  An execution context, such as an `io_context`; must outlive the object. */
    template <detail::context_of<Executor> ExecutionContext>
    explicit basic_file_watcher(ExecutionContext& context);

    /// Move-construct: take over the paths and the outstanding operation.
    /** The other watcher is closed afterwards and can be opened again. */
    basic_file_watcher(basic_file_watcher&& other) noexcept;

    /// Move-assign: close, then take over the paths and the outstanding operation.
    basic_file_watcher& operator=(basic_file_watcher&& other) noexcept;

    /// Move-construct from a watcher with another executor type.
    /** An outstanding operation completes with `operation_aborted`. */
    template <detail::other_executor<Executor> Executor1>
    basic_file_watcher(basic_file_watcher<Executor1>&& other);

    /// Move-assign from a watcher with another executor type: close, then take over the paths.
    template <detail::other_executor<Executor> Executor1>
    basic_file_watcher& operator=(basic_file_watcher<Executor1>&& other);

    basic_file_watcher(basic_file_watcher const&) = delete;
    basic_file_watcher& operator=(basic_file_watcher const&) = delete;

    /// Destroy the watcher and close the instance.
    /** Blocks while the kernel frees the watches: some ten milliseconds for 20000 watches. */
    ~basic_file_watcher();

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

    /// Create an inotify instance; no path is watched yet.
    /**
     * @par Errors
     * `asio::error::already_open`; @ref error::instance_limit_reached; @ref
     * error::proc_not_mounted; those of inotify_init1(2), epoll_create(2), timerfd_create(2) and of
     * opening the list of mounts.
     */
    void open();

    /// @copydoc open()
    void open(boost::system::error_code& ec);

    /// Close the instance and remove all paths.
    /** An outstanding operation completes with `operation_aborted`. Closing a closed watcher
     * succeeds. */
    void close();

    /// @copydoc close()
    void close(boost::system::error_code& ec);

    /// Complete all outstanding operations with `operation_aborted`. No change is lost.
    /** @par Errors `bad_file_descriptor` if the watcher is closed. */
    void cancel();

    /// @copydoc cancel()
    void cancel(boost::system::error_code& ec);

    /// Watch the file at a path.
    /**
     * Every change after the call is reported: to miss no change, first add the path, then read the
     * file. Neither the file nor its directories need exist. Fails if a directory is at the path;
     * if a directory replaces the file later, the file is reported as disappeared. A file that the
     * user may not read counts as missing too.
     *
     * A relative path starts at the current working directory, also if that changes later.
     *
     * @param path     Need not outlive the call. Reports contain it as you passed it.
     * @param options  Which writes to report, symbolic links, settle time.
     *
     * @par Errors
     * @ref error::empty_path; @ref error::path_contains_null; @ref error::invalid_settle_time;
     * `file_exists` if the same path, byte
     * for byte, is watched; `is_a_directory`; `filename_too_long`; @ref
     * error::watch_limit_reached; `too_many_files_open`; those of getcwd(2) for
     * a relative path, such as `no_such_file_or_directory` if the working directory was removed;
     * `bad_file_descriptor` if the watcher is closed. On failure nothing changes.
     * @par Exception Safety
     * Strong.
     */
    void add(path_ref const& path, file_watch_options const& options = {});

    /// Watch the file at a path with the default options.
    void add(path_ref const& path, boost::system::error_code& ec);

    /// @copydoc add(path_ref const&, file_watch_options const&)
    void add(path_ref const& path, file_watch_options const& options,
             boost::system::error_code& ec);

    /// Stop watching a path.
    /**
     * Its changes are not reported any more, not even those that were not received yet.
     *
     * @param path  As it was passed to @ref add.
     * @par Errors
     * @ref error::path_not_watched; `bad_file_descriptor` if the watcher is closed.
     */
    void remove(path_ref const& path);

    /// @copydoc remove(path_ref const&)
    void remove(path_ref const& path, boost::system::error_code& ec);

    /// Check every path again, as after a queue overflow.
    /**
     * For events that were lost without an overflow: something else has recreated the instance or
     * changed its watches. After a restore by CRIU the watcher does it by itself, see
     * @ref notices_restores.
     *
     * Returns at once; the next receive, or the outstanding one, completes if a file has changed
     * since its last report. A file that was replaced is reported even if the kernel has a watch
     * with the same watch descriptor on the new one. Lost watches are added again.
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

    /// The paths, as they were added, in no particular order.
    [[nodiscard]] std::vector<std::string> paths() const;

    /// True if the path, byte for byte, is watched.
    [[nodiscard]] bool contains(path_ref const& path) const noexcept;

    /// The file that the path led to at its last report, or when it was added; zeros if there was
    /// no file or the path is not watched.
    [[nodiscard]] file_identity identity(path_ref const& path) const noexcept;

    /// The number of paths.
    [[nodiscard]] std::size_t size() const noexcept;

    /// True if no path is watched.
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }

    /// The number of kernel watches: one for each directory of the paths, and one for each file.
    [[nodiscard]] std::size_t watches() const noexcept;

    /// Counters since the watcher was opened.
    [[nodiscard]] file_watcher_counters counters() const noexcept;

    /// Receive the changes that there are, without waiting.
    /**
     * Returns the changes that @ref async_receive would complete with. Blocks until all checks are
     * done, without a time limit. Paths whose settle time has not expired are not reported yet.
     *
     * @returns The changes; an empty batch if there are none, or on failure.
     * @par Errors
     * @ref error::operation_outstanding if an asynchronous receive or wait is outstanding;
     * `not_enough_memory`; `bad_file_descriptor` if the watcher is closed.
     */
    [[nodiscard]] file_change_batch try_receive();

    /// @copydoc try_receive()
    [[nodiscard]] file_change_batch try_receive(boost::system::error_code& ec);

    /// Receive changes of the files; waits until there are some.
    /**
     * @returns The changes; at least one, or an empty batch on failure.
     * @par Errors
     * Those of @ref try_receive; `interrupted` if a signal handler ran.
     */
    [[nodiscard]] file_change_batch receive();

    /// @copydoc receive()
    [[nodiscard]] file_change_batch receive(boost::system::error_code& ec);

    /// Receive changes of the files asynchronously.
    /**
     * Completes with the differences to the previous reports, in no particular order. One receive
     * or wait at a time. It checks files for at most a millisecond before it yields to other
     * handlers of the executor.
     *
     * @param token  The completion token; default: the executor's default, else `asio::deferred`.
     *
     * @par Completion Signature
     * `void(boost::system::error_code, file_change_batch)`; at least one change on success, none on
     * failure.
     * @par Per-Operation Cancellation
     * `terminal`, `partial`, `total`; nothing is lost.
     * @par Object Lifetimes
     * The object may be moved, closed or destroyed before the operation completes.
     * @par Errors
     * `operation_aborted`; @ref error::operation_outstanding if another receive or wait is
     * outstanding; `not_enough_memory`, after which the next one checks all paths again;
     * `bad_file_descriptor` if the watcher is closed.
     */
    template <asio::completion_token_for<void(boost::system::error_code, file_change_batch)>
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
     * For a timeout of your own, or to receive on a thread of your own: what was found stays in the
     * watcher, and @ref try_receive returns it. One receive or wait at a time.
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
    friend class basic_file_watcher;

    detail::pump<detail::kernel_files, Executor> pump_;
};

} // namespace asio_inotify

#include <asio_inotify/impl/basic_file_watcher.hpp>

#endif

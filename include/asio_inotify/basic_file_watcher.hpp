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

namespace asio_inotify {

/// Files that stay watched, whatever becomes of what their paths lead through.
/**
 * Watches any number of paths with one inotify instance. It tells when the content behind a path is
 * another, when there is no file any more, and when there is one again: because it was written,
 * replaced, removed or moved, or because a directory or a symbolic link on the way was. Every
 * directory in which a name of a path is looked up is watched, also those behind symbolic links,
 * and shared by all paths.
 *
 * What counts is the state: each report is a difference to the one before of the same path. Changes
 * that nobody waits for stay in the kernel's queue and come as one. If the queue overflows, all
 * paths are looked at again, and what is different is reported.
 *
 * The object is constructed closed; @ref open makes the instance.
 *
 * @par Per-Operation Cancellation
 * The asynchronous operation supports `terminal`, `partial` and `total`, all with the same effect:
 * either it completes with `operation_aborted` and what has changed is told by the next one, or it
 * completes with changes.
 *
 * @par Object Lifetimes
 * The object may be moved, closed or destroyed while an operation is outstanding, also by the
 * handler of one. Moving takes the operation along (a move to another executor type ends it with
 * `operation_aborted`); closing and destroying complete it with `operation_aborted`. The executor's
 * context must outlive the object; it must also outlive the handler of an operation that has a
 * cancellation slot, should that run on another context. What @ref async_wait gives belongs to who
 * got it.
 *
 * @par Errors
 * As for @ref basic_inotify.
 *
 * @par Thread Safety
 * Distinct objects: safe. Shared objects: unsafe. An operation looks at files on its handler's
 * executor: that has to be one on which the object may be used, such as the object's own strand.
 *
 * @tparam Executor  The type of the executor for completions: any I/O executor of Asio.
 */
template <class Executor = asio::any_io_executor>
class basic_file_watcher
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
        using other = basic_file_watcher<Executor1>;
    };

    /// Construct a closed watcher.
    /** @param ex  Runs the handlers that have no executor of their own. */
    explicit basic_file_watcher(executor_type const& ex);

    /// Construct a closed watcher on a context's executor.
    /** @param context  An execution context, such as an `io_context`; must outlive the object. */
    template <detail::context_of<Executor> ExecutionContext>
    explicit basic_file_watcher(ExecutionContext& context);

    /// Take over the paths and the outstanding operation of another watcher.
    /** The other watcher is closed afterwards and can be opened again. */
    basic_file_watcher(basic_file_watcher&& other) noexcept;

    /// Close, then take over the paths and the outstanding operation of another watcher.
    basic_file_watcher& operator=(basic_file_watcher&& other) noexcept;

    /// Take over the paths of a watcher with another executor type.
    /** An outstanding operation completes with `operation_aborted`. */
    template <detail::other_executor<Executor> Executor1>
    basic_file_watcher(
        basic_file_watcher<Executor1>&& other); // NOLINT(google-explicit-constructor)

    /// Close, then take over the paths of a watcher with another executor type.
    template <detail::other_executor<Executor> Executor1>
    basic_file_watcher& operator=(basic_file_watcher<Executor1>&& other);

    basic_file_watcher(basic_file_watcher const&) = delete;
    basic_file_watcher& operator=(basic_file_watcher const&) = delete;

    /// Close.
    /** Blocks while the kernel frees the watches: some ten milliseconds for 20000 of them. */
    ~basic_file_watcher();

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

    /// Make an instance that watches no path.
    /**
     * @par Errors
     * `asio::error::already_open`; those of inotify_init1(2), `too_many_files_open` both for the
     * process's descriptors and for the user's instances; those of epoll_create(2) and
     * timerfd_create(2); `no_such_file_or_directory` if /proc is not mounted.
     */
    void open();

    /// @copydoc open()
    void open(boost::system::error_code& ec);

    /// Forget all paths.
    /** An outstanding operation completes with `operation_aborted`. Closing a closed watcher
     * succeeds. */
    void close();

    /// @copydoc close()
    void close(boost::system::error_code& ec);

    /// Complete an outstanding operation with `operation_aborted`. Nothing is lost.
    /** @par Errors `bad_file_descriptor` if the watcher is closed. */
    void cancel();

    /// @copydoc cancel()
    void cancel(boost::system::error_code& ec);

    /// Watch a path.
    /**
     * What changes from now on is reported: to be sure of a file, add it first and read it then.
     * There need not be a file, nor the directories on the way to it. What is at the path cannot
     * be a directory; if one takes the file's place later, that counts as no file. What the user
     * may not read counts as no file either.
     *
     * A relative path is taken from where the working directory is now.
     *
     * @param path     Need not outlive the call. Reports have it as it is given here.
     * @param options  How to watch it.
     *
     * @par Errors
     * @ref error::empty_path; @ref error::path_contains_null; `file_exists` if a path with the same
     * text is watched; `is_a_directory`; `filename_too_long`; `no_space_on_device` when the user's
     * watches are used up; `too_many_files_open`; those of getcwd(2) for a relative path, such as
     * `no_such_file_or_directory` if the working directory was removed; `bad_file_descriptor` if
     * the watcher is closed. Nothing is changed then.
     * @par Exception Safety
     * Strong.
     */
    void add(path_ref path, file_watch_options const& options = {});

    /// The same without options.
    void add(path_ref path, boost::system::error_code& ec);

    /// @copydoc add(path_ref, file_watch_options const&)
    void add(path_ref path, file_watch_options const& options, boost::system::error_code& ec);

    /// Do not watch a path any more.
    /**
     * Nothing of it is reported any more.
     *
     * @param path  As it was given to @ref add.
     * @par Errors
     * @ref error::path_not_watched; `bad_file_descriptor` if the watcher is closed.
     */
    void remove(path_ref path);

    /// @copydoc remove(path_ref)
    void remove(path_ref path, boost::system::error_code& ec);

    /// True if a path with this text is watched.
    [[nodiscard]] bool contains(path_ref path) const noexcept;

    /// The file that a path led to when it was reported last, or added; none if there was none, or
    /// the path is not watched.
    [[nodiscard]] file_identity identity(path_ref path) const noexcept;

    /// How many paths are watched.
    [[nodiscard]] std::size_t size() const noexcept;

    /// True if no path is watched.
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }

    /// How many watches of the kernel that takes: one for each directory on the way of paths, and
    /// one for each file.
    [[nodiscard]] std::size_t watches() const noexcept;

    /// What was done since the watcher was opened.
    [[nodiscard]] file_watcher_counters counters() const noexcept;

    /// Look what is different now, without waiting.
    /**
     * What @ref async_wait would complete with, however long it takes to find that out. Paths that
     * wait for quiet are not told before they are.
     *
     * @returns The changes; none if there are none, or on failure.
     * @par Errors
     * @ref error::operation_outstanding if there is an asynchronous one; `not_enough_memory`;
     * `bad_file_descriptor` if the watcher is closed.
     */
    [[nodiscard]] file_change_batch poll();

    /// @copydoc poll()
    [[nodiscard]] file_change_batch poll(boost::system::error_code& ec);

    /// Wait for changes.
    /**
     * Completes with what is different from what was reported before, in no particular order. One
     * wait at a time. It looks at files for a millisecond at most before it lets others use the
     * executor.
     *
     * @param token  The completion token; the executor's default, else `asio::deferred`.
     *
     * @par Completion Signature
     * `void(boost::system::error_code, file_change_batch)`; at least one change on success, none on
     * failure.
     * @par Per-Operation Cancellation
     * `terminal`, `partial`, `total`; nothing is lost.
     * @par Object Lifetimes
     * The object may be moved, closed or destroyed meanwhile.
     * @par Errors
     * `operation_aborted`; @ref error::operation_outstanding if there is another one;
     * `not_enough_memory`, after which the next wait looks at all paths again;
     * `bad_file_descriptor` if the watcher is closed.
     */
    template <asio::completion_token_for<void(boost::system::error_code, file_change_batch)>
                  WaitToken = detail::default_token_t<Executor>>
    auto async_wait(WaitToken&& token = WaitToken());

private:
    template <class Executor1>
    friend class basic_file_watcher;

    detail::pump<detail::kernel_files, Executor> pump_;
};

} // namespace asio_inotify

#include <asio_inotify/impl/basic_file_watcher.hpp>

#endif

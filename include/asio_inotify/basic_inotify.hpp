//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_BASIC_INOTIFY_HPP
#define ASIO_INOTIFY_BASIC_INOTIFY_HPP

#include <asio_inotify/add_options.hpp>
#include <asio_inotify/detail/default_token.hpp>
#include <asio_inotify/detail/instance_access.hpp>
#include <asio_inotify/detail/link_guard.hpp>
#include <asio_inotify/detail/read_backlog.hpp>
#include <asio_inotify/detail/watch_numbers.hpp>
#include <asio_inotify/event_batch.hpp>
#include <asio_inotify/event_mask.hpp>
#include <asio_inotify/path_ref.hpp>
#include <asio_inotify/watch_descriptor.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/posix/descriptor_base.hpp>
#include <boost/system/error_code.hpp>

#include <concepts>
#include <cstddef>
#include <memory>

namespace asio_inotify {

namespace detail {

template <class Executor>
class set_access;

/// An execution context, such as an io_context, from whose executor an Executor can be constructed.
template <class T, class Executor>
concept context_of = std::convertible_to<T&, asio::execution_context&> &&
    std::constructible_from<Executor, typename T::executor_type>;

/// A different executor type that converts to Executor.
template <class T, class Executor>
concept other_executor = !std::same_as<T, Executor> && std::convertible_to<T, Executor>;

} // namespace detail

/// An inotify instance as an Asio I/O object: add and remove watches, read raw kernel events.
/**
 * Owns one inotify file descriptor. Adds and removes watches, and reads events synchronously or
 * asynchronously into your buffer: zero-copy and allocation-free. It starts no thread and owns no
 * buffer. A read is one `read(2)` that returns as many whole events as fit.
 *
 * The object is constructed closed; @ref open creates the inotify instance.
 *
 * @par Choosing watch descriptors
 * @ref add lets the kernel choose the watch descriptor; with @ref add_at you choose it. The object
 * tracks the kernel's cursor (where it searches for the next free watch descriptor), so that a
 * failed @ref add_at does not change the watch descriptors of later @ref add calls. This requires
 * that nobody else adds watches to the same instance through a duplicate of the file descriptor.
 *
 * @par Per-Operation Cancellation
 * Asynchronous operations support `terminal`, `partial` and `total`, all with the same effect:
 * either the operation completes with `operation_aborted` and every event is still in the queue,
 * or it has already read events and completes with them.
 *
 * @par Object Lifetimes
 * The object may be moved, closed or destroyed while an operation is outstanding. Moving the object
 * moves the operation with it (after a move to another executor type it completes on the old
 * executor). Closing or destroying the object completes the operation with `operation_aborted`,
 * unless it has already read events. The buffer must stay valid until the handler is called or
 * destroyed. As for every I/O object, the executor's context must outlive the object; the handler
 * of an operation may run on another context, and later than that.
 *
 * @par Errors
 * Kernel errors are in `boost::system::system_category()`; @ref error has those for which the
 * kernel has no code. All carry the source location where they occurred. Functions without an
 * `error_code&` throw `boost::system::system_error`, whose text contains the function, the path or
 * watch descriptor, the cause and the source location.
 *
 * @par Thread Safety
 * Distinct objects: safe. Shared objects: unsafe.
 *
 * @tparam Executor  The type of the executor for completions: any I/O executor of Asio.
 */
template <class Executor = asio::any_io_executor>
class basic_inotify : public asio::posix::descriptor_base
{
public:
    /// The type of the object's executor.
    using executor_type = Executor;

    /// The type of the file descriptor.
    using native_handle_type =
        typename asio::posix::basic_stream_descriptor<Executor>::native_handle_type;

    /// Rebind the object to another executor type.
    template <class Executor1>
    struct rebind_executor
    {
        /// The object with the other executor type.
        using other = basic_inotify<Executor1>;
    };

    /// Construct a closed object.
    /** @param ex  The executor of handlers that have no associated executor. */
    explicit basic_inotify(executor_type const& ex);

    /// Construct a closed object on a context's executor.
    /** @param context  An execution context, such as an `io_context`; must outlive the object. */
    template <detail::context_of<Executor> ExecutionContext>
    explicit basic_inotify(ExecutionContext& context);

    /// Construct on an existing inotify descriptor.
    /** Same as construction followed by @ref assign. @throws What @ref assign throws. */
    basic_inotify(executor_type const& ex, native_handle_type handle);

    /// Construct on an existing inotify descriptor and a context's executor.
    /** Same as construction followed by @ref assign. @throws What @ref assign throws. */
    template <detail::context_of<Executor> ExecutionContext>
    basic_inotify(ExecutionContext& context, native_handle_type handle);

    /// Move-construct: take over the instance and the outstanding operations.
    /** The other object is closed afterwards and can be opened again. */
    basic_inotify(basic_inotify&& other) noexcept;

    /// Move-assign: close, then take over the instance and the outstanding operations.
    /** The other object is closed afterwards and can be opened again. */
    basic_inotify& operator=(basic_inotify&& other) noexcept;

    /// Move-construct from an object with another executor type.
    /** Outstanding operations complete on the old executor; their cancellation slots have no effect
     * any more. */
    template <detail::other_executor<Executor> Executor1>
    basic_inotify(basic_inotify<Executor1>&& other);

    /// Move-assign from an object with another executor type: close, then take over the instance.
    template <detail::other_executor<Executor> Executor1>
    basic_inotify& operator=(basic_inotify<Executor1>&& other);

    basic_inotify(basic_inotify const&) = delete;
    basic_inotify& operator=(basic_inotify const&) = delete;

    /// Destroy the object and close the instance.
    /** Blocks while the kernel frees the watches: some ten milliseconds for 20000 watches. */
    ~basic_inotify();

    /// The executor that was passed to the constructor.
    [[nodiscard]] executor_type const& get_executor() const noexcept { return executor_; }

    /// True if the object owns an instance.
    [[nodiscard]] bool is_open() const noexcept;

    /// The inotify file descriptor, -1 if closed. The object still owns it.
    [[nodiscard]] native_handle_type native_handle() const noexcept;

    /// Create an inotify instance without watches; non-blocking and close-on-exec.
    /**
     * @par Errors
     * `asio::error::already_open`; @ref error::instance_limit_reached; those of inotify_init1(2),
     * where EMFILE means the process's limit of file descriptors (`RLIMIT_NOFILE`). Both compare
     * equal to `too_many_files_open`.
     */
    void open();

    /// @copydoc open()
    void open(boost::system::error_code& ec);

    /// Take ownership of an existing inotify file descriptor.
    /**
     * The file descriptor keeps its flags and its watches. The object does not know the kernel's
     * cursor: if an @ref add_at fails before it has added a watch, the object sets the cursor to
     * the number after the largest watch descriptor in use.
     *
     * @param handle  The object owns it if the call succeeds; you still own it if the call fails.
     * @par Errors
     * `asio::error::already_open`; @ref error::not_an_inotify_descriptor; `bad_file_descriptor`;
     * those of epoll_ctl(2).
     */
    void assign(native_handle_type handle);

    /// @copydoc assign(native_handle_type)
    void assign(native_handle_type handle, boost::system::error_code& ec);

    /// Close the instance: removes all watches and discards unread events.
    /**
     * Outstanding operations complete with `operation_aborted`. Closing a closed object succeeds.
     * Blocks while the kernel frees the watches.
     */
    void close();

    /// @copydoc close()
    void close(boost::system::error_code& ec);

    /// Release the ownership of the file descriptor; the object is then closed.
    /**
     * Outstanding operations complete with `operation_aborted`; watches and unread events stay with
     * the file descriptor. Events that a walk (see @ref walk_limit) has read from the queue can
     * still be read from this object until it is opened, closed, assigned or destroyed.
     *
     * @returns The file descriptor, which you own; -1 if the object was closed.
     */
    [[nodiscard]] native_handle_type release();

    /// Complete all outstanding operations with `operation_aborted`. No event is lost.
    /** @par Errors `bad_file_descriptor` if the object is closed. */
    void cancel();

    /// @copydoc cancel()
    void cancel(boost::system::error_code& ec);

    /// True if synchronous reads fail with `would_block` instead of waiting.
    [[nodiscard]] bool non_blocking() const noexcept;

    /// Set whether synchronous reads fail with `would_block` instead of waiting.
    /** @par Errors `bad_file_descriptor` if the object is closed. */
    void non_blocking(bool mode);

    /// @copydoc non_blocking(bool)
    void non_blocking(bool mode, boost::system::error_code& ec);

    /// The size of the unread events in bytes.
    /**
     * The kernel walks its whole queue to count them, some 50 ns per event, and producers wait in
     * the meantime: do not call it before each read.
     *
     * @par Errors `bad_file_descriptor` if the object is closed.
     */
    [[nodiscard]] std::size_t available() const;

    /// @copydoc available()
    [[nodiscard]] std::size_t available(boost::system::error_code& ec) const;

    /// Watch a path; the kernel chooses the watch descriptor.
    /**
     * If the instance already watches the inode (through any path), that watch gets the new mask
     * and its descriptor is returned, unless `options` forbids that. One system call for a new
     * watch, two for an existing one.
     *
     * @param path     Need not outlive the call. Relative paths start at the working directory.
     * @param mask     The event kinds to report; not empty.
     * @param options  Options of the watch.
     * @returns The watch descriptor.
     *
     * @par Errors
     * @ref error::invalid_event_mask, @ref error::invalid_add_options,
     * @ref error::empty_path, @ref error::path_contains_null; `file_exists` with @ref
     * add_options::create_only; those of
     * inotify_add_watch(2): among them `no_such_file_or_directory`, `permission_denied`,
     * `filename_too_long`, `too_many_symbolic_link_levels`, and `bad_file_descriptor` if the object
     * is closed; instead of ENOSPC, @ref error::watch_limit_reached, which compares equal to
     * `no_space_on_device`. On failure nothing changes, with one exception: that error consumes a
     * watch descriptor if the kernel has no `INOTIFY_IOC_SETNEXTWD` or the object does not know the
     * cursor.
     */
    watch_descriptor add(path_ref const& path, event_mask mask,
                         add_options options = add_options::none);

    /// Watch a path with the default options; the kernel chooses the watch descriptor.
    watch_descriptor add(path_ref const& path, event_mask mask, boost::system::error_code& ec);

    /// @copydoc add(path_ref const&, event_mask, add_options)
    watch_descriptor add(path_ref const& path, event_mask mask, add_options options,
                         boost::system::error_code& ec);

    /// Watch a path with a watch descriptor that you choose.
    /**
     * The watch is new and has exactly this watch descriptor, or the call fails and nothing
     * changes: no watch is left behind, an existing watch of the inode keeps its mask, and the next
     * @ref add gets the same watch descriptor as without the call. After success the next @ref add
     * gets the first free watch descriptor above `wd`.
     *
     * Takes one system call more than @ref add; if the watch descriptor was used before and may
     * still be in use, it reads `/proc/self/fdinfo` as well. For kernels without
     * `INOTIFY_IOC_SETNEXTWD` (Linux before 4.17, or built without checkpoint/restore) see
     * @ref walk_limit.
     *
     * @param wd       The watch descriptor, from 1 to `INT_MAX`.
     * @param path     Need not outlive the call.
     * @param mask     The event kinds to report; not empty.
     * @param options  Options of the watch. @ref add_options::create_only is implied,
     *                 @ref add_options::merge_mask is not accepted.
     *
     * @par Errors
     * @ref error::watch_descriptor_out_of_range, without a system call;
     * @ref error::watch_descriptor_in_use if any watch has the descriptor; `file_exists` if the
     * instance already watches the inode; @ref error::set_next_unsupported; and those of @ref add.
     *
     * @note The watch descriptor of a former watch is accepted. Events of that watch may still be
     * in the queue and would be attributed to the new watch: choose watch descriptors that were
     * never used.
     */
    void add_at(watch_descriptor wd, path_ref const& path, event_mask mask,
                add_options options = add_options::none);

    /// Watch a path with the default options and a watch descriptor that you choose.
    void add_at(watch_descriptor wd, path_ref const& path, event_mask mask,
                boost::system::error_code& ec);

    /// @copydoc add_at(watch_descriptor, path_ref const&, event_mask, add_options)
    void add_at(watch_descriptor wd, path_ref const& path, event_mask mask, add_options options,
                boost::system::error_code& ec);

    /// Remove a watch.
    /**
     * Its queued events stay readable; an event for which @ref event_view::is_ignored is true
     * follows them.
     *
     * @par Errors
     * @ref error::no_such_watch if no watch has the descriptor; `bad_file_descriptor` if the object
     * is closed.
     */
    void remove(watch_descriptor wd);

    /// @copydoc remove(watch_descriptor)
    void remove(watch_descriptor wd, boost::system::error_code& ec);

    /// Set the kernel's cursor: where it searches for the watch descriptor of the next new watch.
    /**
     * One `INOTIFY_IOC_SETNEXTWD`. The next new watch gets the first free watch descriptor from the
     * cursor upwards; after `INT_MAX` the search continues at 1. If you need an exact watch
     * descriptor, use @ref add_at.
     *
     * @par Errors
     * @ref error::watch_descriptor_out_of_range, @ref error::set_next_unsupported,
     * `bad_file_descriptor` if the object is closed.
     */
    void set_next_watch_descriptor(watch_descriptor wd);

    /// @copydoc set_next_watch_descriptor(watch_descriptor)
    void set_next_watch_descriptor(watch_descriptor wd, boost::system::error_code& ec);

    /// True if the kernel supports choosing watch descriptors. Has no side effects.
    /** @par Errors `bad_file_descriptor` if the object is closed. */
    [[nodiscard]] bool supports_set_next() const;

    /// @copydoc supports_set_next()
    [[nodiscard]] bool supports_set_next(boost::system::error_code& ec) const;

    /// The maximum number of steps that @ref add_at may walk; 0, the default, turns walking off.
    [[nodiscard]] std::size_t walk_limit() const noexcept { return numbers_.walk_limit(); }

    /// Let @ref add_at walk to its watch descriptor on kernels without `INOTIFY_IOC_SETNEXTWD`.
    /**
     * On such kernels the only way is upwards: add and remove a watch until the watch descriptor is
     * the next one. This takes some 5 microseconds a step and blocks the caller; 100000 steps (half
     * a second) are a sensible limit. Watch descriptors below the cursor cannot be reached. If the
     * call fails after the walk, the cursor stays where the walk has moved it.
     *
     * Each step queues an event. So that the queue does not overflow, the walk reads the queue and
     * keeps the other events in memory for the next read. While an asynchronous operation is
     * outstanding, @ref add_at fails with @ref error::operation_outstanding instead. Needs a
     * mounted `/proc`. The limit moves with the object.
     *
     * @param steps  The limit. With 0 @ref add_at fails with @ref error::set_next_unsupported.
     */
    void walk_limit(std::size_t steps) noexcept { numbers_.walk_limit(steps); }

    /// Read events; blocks until there are some.
    /**
     * One `read(2)`, after a wait if the queue is empty and @ref non_blocking is not set.
     *
     * @param buffer  Receives the events; at least @ref minimum_buffer_size bytes, not owned.
     * @returns The events, valid while the buffer is valid and unmodified; at least one on success,
     *          none on failure.
     *
     * @par Errors
     * @ref error::buffer_too_small, also if the next event has an uncommonly long name; the event
     * then stays in the queue. `would_block`; `bad_file_descriptor` if the object is closed. An
     * overflow of the kernel's queue is an event, not an error, see @ref event_view::is_overflow.
     */
    [[nodiscard]] event_batch read_events(asio::mutable_buffer buffer);

    /// @copydoc read_events(asio::mutable_buffer)
    [[nodiscard]] event_batch read_events(asio::mutable_buffer buffer,
                                          boost::system::error_code& ec);

    /// Read events asynchronously; completes when there are some.
    /**
     * Completes with the events of one `read(2)`. Allocation-free, except for the memory of the
     * operation that Asio allocates with the handler's allocator.
     *
     * If somebody else adds watches to the same instance, the batch can be empty without an error:
     * if they took the watch descriptor of an @ref add_at, and the read returned only the leftovers
     * of that attempt.
     *
     * @param buffer  Receives the events; at least @ref minimum_buffer_size bytes. Not owned; must
     *                stay valid until the handler is called or destroyed. The events are valid
     *                while it is valid and unmodified: start the next read into it after you have
     *                handled them.
     * @param token   The completion token; default: the executor's default, else `asio::deferred`.
     *
     * @par Completion Signature
     * `void(boost::system::error_code, event_batch)`; the batch is empty on failure.
     * @par Per-Operation Cancellation
     * `terminal`, `partial`, `total`; no event is lost.
     * @par Object Lifetimes
     * The object may be moved, closed or destroyed before the operation completes.
     * @par Errors
     * @ref error::buffer_too_small, also if the next event has an uncommonly long name; the event
     * then stays in the queue. `operation_aborted`; `bad_file_descriptor` if the object is closed.
     * An overflow of the kernel's queue is an event, not an error, see
     * @ref event_view::is_overflow.
     */
    template <asio::completion_token_for<void(boost::system::error_code, event_batch)> ReadToken =
                  detail::default_token_t<Executor>>
    auto async_read_events(asio::mutable_buffer buffer, ReadToken&& token = ReadToken());

    /// Wait until there are events to read; blocks.
    /**
     * @param type  `wait_read`. The other types of the underlying descriptor never complete.
     * @par Errors
     * `would_block` if @ref non_blocking is set and there are none; `bad_file_descriptor` if the
     * object is closed.
     */
    void wait(wait_type type);

    /// @copydoc wait(wait_type)
    void wait(wait_type type, boost::system::error_code& ec);

    /// Wait asynchronously until there are events to read; reads none.
    /**
     * @param type   `wait_read`. The other types of the underlying descriptor never complete.
     * @param token  The completion token; default: the executor's default, else `asio::deferred`.
     *
     * @par Completion Signature
     * `void(boost::system::error_code)`
     * @par Per-Operation Cancellation
     * `terminal`, `partial`, `total`.
     * @par Object Lifetimes
     * The object may be moved, closed or destroyed before the operation completes.
     * @par Errors
     * `operation_aborted`; `bad_file_descriptor` if the object is closed.
     */
    template <asio::completion_token_for<void(boost::system::error_code)> WaitToken =
                  detail::default_token_t<Executor>>
    auto async_wait(wait_type type, WaitToken&& token = WaitToken());

private:
    template <class Executor1>
    friend class basic_inotify;
    template <class Executor1>
    friend class basic_watch_set;
    template <class Executor1>
    friend class detail::set_access;

    struct core;
    class read_finish;
    class wait_finish;
    class initiate_read_events;
    class initiate_wait;

    [[nodiscard]] std::shared_ptr<core> const& make_core();
    [[nodiscard]] detail::instance_access access();

    executor_type executor_;
    detail::watch_numbers numbers_;
    // Allocated separately: Asio's cancellation handlers point into the descriptor's
    // implementation, which must not move.
    std::shared_ptr<core> core_;
};

} // namespace asio_inotify

#include <asio_inotify/impl/basic_inotify.hpp>

#endif

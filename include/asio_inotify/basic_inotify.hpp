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

/// An execution context, such as an io_context, whose executor an Executor can be made of.
template <class T, class Executor>
concept context_of = std::convertible_to<T&, asio::execution_context&> &&
    std::constructible_from<Executor, typename T::executor_type>;

/// Another executor type, whose values convert to Executor.
template <class T, class Executor>
concept other_executor = !std::same_as<T, Executor> && std::convertible_to<T, Executor>;

} // namespace detail

/// The kernel's inotify instance as an Asio I/O object.
/**
 * Owns one inotify descriptor, adds watches to it and removes them, and reads events
 * synchronously or asynchronously into a buffer of the caller's. It starts no thread and owns no
 * buffer. A read is one `read(2)` that takes as many whole events as fit.
 *
 * The object is constructed closed; @ref open makes the instance.
 *
 * @par Choosing numbers
 * @ref add lets the kernel choose a watch's number, @ref add_at takes the caller's. The object
 * keeps track of the number from which the kernel searches next, so that a failed @ref add_at
 * leaves no trace in the numbers that later @ref add calls get. That holds as long as nobody else
 * adds watches to the same instance through a duplicate of the descriptor.
 *
 * @par Per-Operation Cancellation
 * Asynchronous operations support `terminal`, `partial` and `total`, all with the same effect:
 * either the operation completes with `operation_aborted` and every event is still in the queue,
 * or it had already taken events and completes with them.
 *
 * @par Object Lifetimes
 * The object may be moved, closed or destroyed while an operation is outstanding. Moving takes the
 * operation along (a move to another executor type lets it complete on the old executor); closing
 * and destroying complete it with `operation_aborted`, unless it had already taken events. The
 * buffer must stay valid until the handler is called or destroyed. As for every I/O object, the
 * executor's context must outlive the object; it must also outlive the handler of an operation that
 * has a cancellation slot, should that run on another context.
 *
 * @par Errors
 * Kernel errors are in `boost::system::system_category()`, those of @ref error say what the kernel
 * cannot. All carry the source location where they were found. Functions without an `error_code&`
 * throw `boost::system::system_error`, whose text names the function, the path or
 * number, the cause and the source location.
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

    /// The kernel's name of an instance: a file descriptor.
    using native_handle_type =
        typename asio::posix::basic_stream_descriptor<Executor>::native_handle_type;

    /// The same kind of object with another executor type.
    template <class Executor1>
    struct rebind_executor
    {
        /// The type.
        using other = basic_inotify<Executor1>;
    };

    /// Construct a closed object.
    /** @param ex  Runs the handlers that have no executor of their own. */
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

    /// Take over the instance and the outstanding operations of another object.
    /** The other object is closed afterwards and can be opened again. */
    basic_inotify(basic_inotify&& other) noexcept;

    /// Close, then take over the instance and the outstanding operations of another object.
    /** The other object is closed afterwards and can be opened again. */
    basic_inotify& operator=(basic_inotify&& other) noexcept;

    /// Take over the instance of an object with another executor type.
    /** Outstanding operations complete on the old executor, and can no longer be cancelled through
     * their slots. */
    template <detail::other_executor<Executor> Executor1>
    basic_inotify(basic_inotify<Executor1>&& other); // NOLINT(google-explicit-constructor)

    /// Close, then take over the instance of an object with another executor type.
    template <detail::other_executor<Executor> Executor1>
    basic_inotify& operator=(basic_inotify<Executor1>&& other);

    basic_inotify(basic_inotify const&) = delete;
    basic_inotify& operator=(basic_inotify const&) = delete;

    /// Close.
    /** Blocks while the kernel frees the watches: some ten milliseconds for 20000 of them. */
    ~basic_inotify();

    /// The executor given at construction.
    [[nodiscard]] executor_type const& get_executor() const noexcept { return executor_; }

    /// True if the object owns an instance.
    [[nodiscard]] bool is_open() const noexcept;

    /// The descriptor, -1 if closed. It stays owned by the object.
    [[nodiscard]] native_handle_type native_handle() noexcept;

    /// Make an instance: non-blocking, close-on-exec, without watches.
    /**
     * @par Errors
     * `asio::error::already_open`; those of inotify_init1(2), `too_many_files_open` both for the
     * process's descriptors and for the user's instances.
     */
    void open();

    /// @copydoc open()
    void open(boost::system::error_code& ec);

    /// Take over an existing inotify descriptor.
    /**
     * The descriptor keeps its flags and its watches. Its cursor is unknown to the object: should
     * an
     * @ref add_at fail before a watch was made, the cursor is put behind the largest number in use.
     *
     * @param handle  Owned by the object if the call succeeds, still by the caller if it fails.
     * @par Errors
     * `asio::error::already_open`; @ref error::not_an_inotify_descriptor; `bad_file_descriptor`;
     * those of epoll_ctl(2).
     */
    void assign(native_handle_type handle);

    /// @copydoc assign(native_handle_type)
    void assign(native_handle_type handle, boost::system::error_code& ec);

    /// Close the descriptor, and with it all watches; unread events are gone.
    /**
     * Outstanding operations complete with `operation_aborted`. Closing a closed object succeeds.
     * May block for the time the kernel needs to free the watches.
     */
    void close();

    /// @copydoc close()
    void close(boost::system::error_code& ec);

    /// Give the descriptor away.
    /**
     * Outstanding operations complete with `operation_aborted`; watches and unread events stay with
     * the descriptor. Events that a walk (see @ref walk_limit) took from the queue can still be
     * read from this object until it is opened, closed, assigned or destroyed.
     *
     * @returns The descriptor, owned by the caller; -1 if the object was closed.
     */
    [[nodiscard]] native_handle_type release();

    /// Complete all outstanding operations with `operation_aborted`. No event is lost.
    /** @par Errors `bad_file_descriptor` if the object is closed. */
    void cancel();

    /// @copydoc cancel()
    void cancel(boost::system::error_code& ec);

    /// True if synchronous reads fail with `would_block` where they would wait.
    [[nodiscard]] bool non_blocking() const noexcept;

    /// Choose whether synchronous reads fail with `would_block` where they would wait.
    /** @par Errors `bad_file_descriptor` if the object is closed. */
    void non_blocking(bool mode);

    /// @copydoc non_blocking(bool)
    void non_blocking(bool mode, boost::system::error_code& ec);

    /// The number of bytes of unread events.
    /**
     * The kernel counts by walking its queue with producers locked out, some 50 ns per event: not
     * for every read.
     *
     * @par Errors `bad_file_descriptor` if the object is closed.
     */
    [[nodiscard]] std::size_t available() const;

    /// @copydoc available()
    [[nodiscard]] std::size_t available(boost::system::error_code& ec) const;

    /// Watch a path under a number that the kernel chooses.
    /**
     * If the instance already watches the inode (through whatever path), that watch gets the new
     * mask and its number is returned, unless `options` says otherwise: one system call for a new
     * watch, two for an existing one.
     *
     * @param path     Need not outlive the call. Relative paths start at the working directory.
     * @param mask     The kinds of events to report; not empty.
     * @param options  How to add the watch.
     * @returns The number of the watch.
     *
     * @par Errors
     * @ref error::invalid_event_mask, @ref error::invalid_add_options, @ref
     * error::path_contains_null; `file_exists` with @ref add_options::create_only; those of
     * inotify_add_watch(2): among them `no_such_file_or_directory`, `permission_denied`,
     * `filename_too_long`, `too_many_symbolic_link_levels`, `no_space_on_device` when the user's
     * watches are used up, and `bad_file_descriptor` if the object is closed. Nothing is changed
     * then; only that after `no_space_on_device` a number is used up where the kernel cannot be
     * told the next one, or the object does not know it.
     */
    watch_descriptor add(path_ref path, event_mask mask, add_options options = add_options::none);

    /// The same without options.
    watch_descriptor add(path_ref path, event_mask mask, boost::system::error_code& ec);

    /// @copydoc add(path_ref, event_mask, add_options)
    watch_descriptor add(path_ref path, event_mask mask, add_options options,
                         boost::system::error_code& ec);

    /// Watch a path under the number that the caller chooses.
    /**
     * The watch is new and has exactly this number, or the call fails and nothing is changed: no
     * watch is left, an existing watch of the inode keeps its mask, the next @ref add gets the
     * number it would have got. After success the next @ref add gets the first free number above.
     *
     * Costs one system call more than @ref add; for a number that was used before, and may be
     * still, also a look into `/proc/self/fdinfo`. On a kernel without `INOTIFY_IOC_SETNEXTWD`
     * (Linux before 4.17 or built without checkpoint/restore) see @ref walk_limit.
     *
     * @param wd       The number, from 1 to `INT_MAX`.
     * @param path     Need not outlive the call.
     * @param mask     The kinds of events to report; not empty.
     * @param options  How to add the watch. @ref add_options::create_only is implied,
     *                 @ref add_options::merge_mask not accepted.
     *
     * @par Errors
     * @ref error::watch_descriptor_out_of_range, found without a system call;
     * @ref error::watch_descriptor_in_use if the number belongs to a watch, whatever the path;
     * `file_exists` if the instance already watches the inode; @ref error::set_next_unsupported;
     * and those of @ref add.
     *
     * @note A number that a former watch had is accepted. Events of that watch can still be queued
     * and will be taken for the new one's: choose numbers that were never used.
     */
    void add_at(watch_descriptor wd, path_ref path, event_mask mask,
                add_options options = add_options::none);

    /// The same without options.
    void add_at(watch_descriptor wd, path_ref path, event_mask mask, boost::system::error_code& ec);

    /// @copydoc add_at(watch_descriptor, path_ref, event_mask, add_options)
    void add_at(watch_descriptor wd, path_ref path, event_mask mask, add_options options,
                boost::system::error_code& ec);

    /// End a watch.
    /**
     * Events that it reported before stay readable, then comes one for which
     * @ref event_view::is_ignored is true.
     *
     * @par Errors
     * @ref error::no_such_watch if no watch has the number; `bad_file_descriptor` if the object is
     * closed.
     */
    void remove(watch_descriptor wd);

    /// @copydoc remove(watch_descriptor)
    void remove(watch_descriptor wd, boost::system::error_code& ec);

    /// Set the number from which the kernel searches for the next new watch.
    /**
     * One `INOTIFY_IOC_SETNEXTWD`. The next new watch gets the first free number from there
     * upwards; behind `INT_MAX` the search goes on at 1. To insist on a number use @ref add_at.
     *
     * @par Errors
     * @ref error::watch_descriptor_out_of_range, @ref error::set_next_unsupported,
     * `bad_file_descriptor` if the object is closed.
     */
    void set_next_watch_descriptor(watch_descriptor wd);

    /// @copydoc set_next_watch_descriptor(watch_descriptor)
    void set_next_watch_descriptor(watch_descriptor wd, boost::system::error_code& ec);

    /// Ask whether the kernel lets numbers be chosen. Changes nothing.
    /** @par Errors `bad_file_descriptor` if the object is closed. */
    [[nodiscard]] bool supports_set_next() const;

    /// @copydoc supports_set_next()
    [[nodiscard]] bool supports_set_next(boost::system::error_code& ec) const;

    /// How many steps @ref add_at may walk to its number; 0, the default, for none.
    [[nodiscard]] std::size_t walk_limit() const noexcept { return numbers_.walk_limit(); }

    /// Let @ref add_at walk to its number where the kernel does not let it be chosen.
    /**
     * Without `INOTIFY_IOC_SETNEXTWD` the only way to a number is upwards, adding and removing a
     * watch until the number is next: some 5 microseconds a step, during which the caller is
     * blocked. 100000 steps (half a second) are a sensible limit. Numbers below the next one cannot
     * be reached. A failure after the walk leaves the next number where the walk came to.
     *
     * Each step puts an event into the queue; so that it does not overflow, the walk reads it and
     * keeps the other events in memory for the next read. While an asynchronous
     * operation is outstanding a walk is refused with @ref error::read_outstanding. Needs a mounted
     * `/proc`. The limit moves with the object.
     *
     * @param steps  The limit; 0 turns walking off, and @ref error::set_next_unsupported is
     * reported.
     */
    void walk_limit(std::size_t steps) noexcept { numbers_.walk_limit(steps); }

    /// Read events, waiting for the first one.
    /**
     * One `read(2)`, after a wait if there is nothing to read and @ref non_blocking is not set.
     *
     * @param buffer  Where the events go, at least @ref minimum_buffer_size bytes; not owned.
     * @returns The events, valid as long as the buffer is valid and unmodified; at least one on
     *          success, none on failure.
     *
     * @par Errors
     * @ref error::buffer_too_small, also when an event with an uncommonly long name comes, which
     * then stays in the queue; `would_block`; `bad_file_descriptor` if the object is closed. An
     * overflow of the kernel's queue is no error but an event, see @ref event_view::is_overflow.
     */
    [[nodiscard]] event_batch read_events(asio::mutable_buffer buffer);

    /// @copydoc read_events(asio::mutable_buffer)
    [[nodiscard]] event_batch read_events(asio::mutable_buffer buffer,
                                          boost::system::error_code& ec);

    /// Read events when there are some.
    /**
     * Completes with what one `read(2)` gives. Does not allocate memory beyond what Asio takes from
     * the handler's allocator for the operation.
     *
     * Where others add watches to the same instance, the batch can be empty without an error: when
     * an
     * @ref add_at found its number taken by them, and what was read was nothing but the traces of
     * that.
     *
     * @param buffer  Where the events go, at least @ref minimum_buffer_size bytes. Not owned; must
     * stay valid until the handler is called or destroyed. The events are valid as long as it is
     *                valid and unmodified: start the next read into it when done with them.
     * @param token   The completion token; the executor's default, else `asio::deferred`.
     *
     * @par Completion Signature
     * `void(boost::system::error_code, event_batch)`; the batch is empty on failure.
     * @par Per-Operation Cancellation
     * `terminal`, `partial`, `total`; no event is lost.
     * @par Object Lifetimes
     * The object may be moved, closed or destroyed meanwhile.
     * @par Errors
     * @ref error::buffer_too_small, also when an event with an uncommonly long name comes, which
     * then stays in the queue; `operation_aborted`; `bad_file_descriptor` if the object is closed.
     * An overflow of the kernel's queue is no error but an event, see @ref event_view::is_overflow.
     */
    template <asio::completion_token_for<void(boost::system::error_code, event_batch)> ReadToken =
                  detail::default_token_t<Executor>>
    auto async_read_events(asio::mutable_buffer buffer, ReadToken&& token = ReadToken());

    /// Wait until there is something to read.
    /**
     * @param type  `wait_read`; the others are those of the underlying descriptor and never happen.
     * @par Errors `bad_file_descriptor` if the object is closed.
     */
    void wait(wait_type type);

    /// @copydoc wait(wait_type)
    void wait(wait_type type, boost::system::error_code& ec);

    /// Complete when there is something to read, without reading it.
    /**
     * @param type   `wait_read`; the others are those of the underlying descriptor and never
     * happen.
     * @param token  The completion token; the executor's default, else `asio::deferred`.
     *
     * @par Completion Signature
     * `void(boost::system::error_code)`
     * @par Per-Operation Cancellation
     * `terminal`, `partial`, `total`.
     * @par Object Lifetimes
     * The object may be moved, closed or destroyed meanwhile.
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

    struct core;
    struct pinned;
    class read_finish;
    class wait_finish;
    class initiate_read_events;
    class initiate_wait;

    [[nodiscard]] std::shared_ptr<core> const& make_core();
    [[nodiscard]] detail::instance_access access();

    executor_type executor_;
    detail::watch_numbers numbers_;
    // In a block of its own: Asio's cancellation handlers point into the descriptor's
    // implementation, so it must neither move nor be destroyed while a slot can have one.
    std::shared_ptr<core> core_;
};

} // namespace asio_inotify

#include <asio_inotify/impl/basic_inotify.hpp>

#endif

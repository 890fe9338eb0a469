//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_BASIC_WATCH_SET_HPP
#define ASIO_INOTIFY_BASIC_WATCH_SET_HPP

#include <asio_inotify/basic_inotify.hpp>
#include <asio_inotify/detail/operation_lease.hpp>
#include <asio_inotify/detail/set_reservation.hpp>
#include <asio_inotify/detail/watch_registry.hpp>
#include <asio_inotify/watch_event_batch.hpp>
#include <asio_inotify/watch_range.hpp>
#include <asio_inotify/watch_report.hpp>
#include <asio_inotify/watch_set_counters.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <optional>

namespace asio_inotify {

/// A set of watches with their paths, as an I/O object: each event comes with its watch.
/**
 * Owns one inotify instance and a table of its watches: watch descriptor, path, mask and options of
 * each. The set chooses ascending watch descriptors and never reuses one, so that an event is never
 * attributed to the wrong watch. It drops and counts events of watches that are no longer in the
 * set. You can save the set and restore it with the same watch descriptors, or transfer it to
 * another process (hot restart).
 *
 * After an overflow of the kernel's queue the set compares its table with `/proc/self/fdinfo`, and
 * reports the end of a watch even if the kernel's event of it was lost.
 *
 * The object is constructed closed; @ref open creates the inotify instance. Nobody else may add
 * watches to the instance, or read from it.
 *
 * @par Per-Operation Cancellation
 * Asynchronous operations support `terminal`, `partial` and `total`, all with the same effect:
 * an operation that is cancelled before it has called its handler takes no event, and completes
 * with `operation_aborted`. So `||` of `awaitable_operators` loses nothing.
 *
 * @par Object Lifetimes
 * The object may be moved, closed or destroyed while an operation is outstanding, as for
 * @ref basic_inotify. Views of its watches are valid until it is closed. The executor's context
 * must outlive the handlers of operations too, also those that run on another context.
 *
 * @par Errors
 * As for @ref basic_inotify.
 *
 * @par Thread Safety
 * Distinct objects: safe. Shared objects: unsafe; use a strand. An operation accesses the object on
 * the executor of its handler, immediately before the handler runs: that executor must be one on
 * which you may use the object, such as the object's strand.
 *
 * @tparam Executor  The type of the executor for completions: any I/O executor of Asio.
 */
template <class Executor = asio::any_io_executor>
class basic_watch_set
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
        using other = basic_watch_set<Executor1>;
    };

    /// Construct a closed set.
    /** @param ex  The executor of handlers that have no associated executor. */
    explicit basic_watch_set(executor_type const& ex);

    /// Construct a closed set on a context's executor.
    /** @param context  An execution context, such as an `io_context`; must outlive the object. */
    template <detail::context_of<Executor> ExecutionContext>
    explicit basic_watch_set(ExecutionContext& context);

    /// Move-construct: take over the instance, the watches and the outstanding operations.
    /** The other set is closed afterwards and can be opened again. Views of the watches stay valid.
     * */
    basic_watch_set(basic_watch_set&& other) noexcept;

    /// Move-assign: close, then take over the instance, the watches and the outstanding operations.
    basic_watch_set& operator=(basic_watch_set&& other) noexcept;

    /// Move-construct from a set with another executor type.
    /** Outstanding operations complete on the old executor. */
    template <detail::other_executor<Executor> Executor1>
    basic_watch_set(basic_watch_set<Executor1>&& other);

    /// Move-assign from a set with another executor type: close, then take over the watches.
    template <detail::other_executor<Executor> Executor1>
    basic_watch_set& operator=(basic_watch_set<Executor1>&& other);

    basic_watch_set(basic_watch_set const&) = delete;
    basic_watch_set& operator=(basic_watch_set const&) = delete;

    /// Destroy the set and close the instance.
    /** Blocks while the kernel frees the watches: some ten milliseconds for 20000 watches. */
    ~basic_watch_set();

    /// The executor that was passed to the constructor.
    [[nodiscard]] executor_type const& get_executor() const noexcept { return executor_; }

    /// True if the set owns an instance.
    [[nodiscard]] bool is_open() const noexcept;

    /// The inotify file descriptor, -1 if closed. The set still owns it.
    [[nodiscard]] native_handle_type native_handle() const noexcept;

    /// Create an inotify instance without watches; non-blocking and close-on-exec.
    /**
     * @par Errors
     * Those of @ref basic_inotify::open.
     */
    void open();

    /// @copydoc open()
    void open(boost::system::error_code& ec);

    /// Close the instance: removes all watches and discards unread events.
    /** Outstanding operations complete with `operation_aborted`. Closing a closed set succeeds. */
    void close();

    /// @copydoc close()
    void close(boost::system::error_code& ec);

    /// Complete all outstanding operations with `operation_aborted`. No event is lost.
    /**
     * Those of the functions that take a set, too: @ref async_restore, @ref async_recycle,
     * @ref async_hand_over and @ref async_take_over.
     *
     * @par Errors
     * `bad_file_descriptor` if the set is closed, and no operation will open it.
     */
    void cancel();

    /// @copydoc cancel()
    void cancel(boost::system::error_code& ec);

    /// Watch a path; the set chooses the next unused watch descriptor.
    /**
     * No watch of the set had the watch descriptor before: it is the lowest such one above those
     * that the set has chosen before. One system call; a second one if watch descriptors are
     * skipped. If the kernel has no `INOTIFY_IOC_SETNEXTWD`, the kernel chooses.
     *
     * @param path     Need not outlive the call. Relative paths start at the working directory.
     * @param mask     The event kinds to report; not empty.
     * @param options  Options of the watch. @ref add_options::create_only is implied,
     *                 @ref add_options::merge_mask is not accepted.
     * @returns The watch descriptor.
     *
     * @par Errors
     * `file_exists` if the set already watches the same object, through any path;
     * @ref error::watch_descriptors_exhausted; @ref error::watch_descriptor_in_use if somebody else
     * has added watches to the instance; and those of @ref basic_inotify::add. On failure the set
     * is unchanged.
     * @par Exception Safety
     * Strong.
     */
    watch_descriptor add(path_ref const& path, event_mask mask,
                         add_options options = add_options::none);

    /// Watch a path with the default options; the set chooses the watch descriptor.
    watch_descriptor add(path_ref const& path, event_mask mask, boost::system::error_code& ec);

    /// @copydoc add(path_ref const&, event_mask, add_options)
    watch_descriptor add(path_ref const& path, event_mask mask, add_options options,
                         boost::system::error_code& ec);

    /// Watch a path with a watch descriptor that you choose.
    /**
     * The watch is new and has exactly this watch descriptor, or the call fails and the set is
     * unchanged. Later calls of @ref add continue their sequence and skip this watch descriptor.
     *
     * @param wd       The watch descriptor, from 1 to `INT_MAX`.
     * @param path     Need not outlive the call.
     * @param mask     The event kinds to report; not empty.
     * @param options  As for @ref add.
     *
     * @par Errors
     * @ref error::watch_descriptor_out_of_range; @ref error::watch_descriptor_in_use;
     * @ref error::watch_descriptor_quarantined if a former watch had the descriptor;
     * @ref error::set_next_unsupported; and those of @ref add.
     * @par Exception Safety
     * Strong.
     */
    void add_at(watch_descriptor wd, path_ref const& path, event_mask mask,
                add_options options = add_options::none);

    /// Watch a path with the default options and a watch descriptor that you choose.
    void add_at(watch_descriptor wd, path_ref const& path, event_mask mask,
                boost::system::error_code& ec);

    /// @copydoc add_at(watch_descriptor, path_ref const&, event_mask, add_options)
    void add_at(watch_descriptor wd, path_ref const& path, event_mask mask, add_options options,
                boost::system::error_code& ec);

    /// Change the event kinds that a watch reports.
    /**
     * The watch descriptor and the options stay. The kernel can change a mask only by path; so the
     * set first verifies that the path still names the watched object. Needs a mounted `/proc`.
     *
     * @par Errors
     * @ref error::no_such_watch; @ref error::watch_moved if the path no longer names the watched
     * object; @ref error::invalid_event_mask; those of open(2) and inotify_add_watch(2). On failure
     * the watch is unchanged.
     */
    void set_mask(watch_descriptor wd, event_mask mask);

    /// @copydoc set_mask(watch_descriptor, event_mask)
    void set_mask(watch_descriptor wd, event_mask mask, boost::system::error_code& ec);

    /// Remove a watch.
    /**
     * None of its events is delivered any more, neither from the queue nor from the rest of a
     * batch. Its watch descriptor is not reused, except after @ref async_recycle.
     *
     * @par Errors
     * @ref error::no_such_watch; `bad_file_descriptor` if the set is closed.
     */
    void remove(watch_descriptor wd);

    /// @copydoc remove(watch_descriptor)
    void remove(watch_descriptor wd, boost::system::error_code& ec);

    /// Find a watch by its descriptor; an empty view if there is none. O(1), a hash table.
    [[nodiscard]] watch_view find(watch_descriptor wd) const noexcept;

    /// Find the watch that was added last with exactly this path; an empty view if there is none.
    [[nodiscard]] watch_view find(path_ref const& path) const noexcept;

    /// True if the set has a watch with this descriptor.
    [[nodiscard]] bool contains(watch_descriptor wd) const noexcept { return bool(find(wd)); }

    /// True if the set has a watch that was added with exactly this path.
    [[nodiscard]] bool contains(path_ref const& path) const noexcept { return bool(find(path)); }

    /// The watches, in no particular order.
    [[nodiscard]] watch_range watches() const noexcept { return watch_range{registry_.get()}; }

    /// The number of watches.
    /** A watch that has ended is counted until the event of its end is read. */
    [[nodiscard]] std::size_t size() const noexcept { return registry_ ? registry_->size() : 0; }

    /// True if the set has no watches.
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }

    /// Counters since the set was opened.
    [[nodiscard]] watch_set_counters counters() const noexcept;

    /// The size of the unread events in bytes, including events of removed watches.
    /** @par Errors `bad_file_descriptor` if the set is closed. */
    [[nodiscard]] std::size_t available() const;

    /// @copydoc available()
    [[nodiscard]] std::size_t available(boost::system::error_code& ec) const;

    /// True if synchronous reads fail with `would_block` instead of waiting.
    [[nodiscard]] bool non_blocking() const noexcept;

    /// Set whether synchronous reads fail with `would_block` instead of waiting.
    /** @par Errors `bad_file_descriptor` if the set is closed. */
    void non_blocking(bool mode);

    /// @copydoc non_blocking(bool)
    void non_blocking(bool mode, boost::system::error_code& ec);

    /// Read events with their watches; blocks until there are some.
    /**
     * One `read(2)`; more if a read returns only events of watches that are no longer in the set.
     *
     * @param buffer  Receives the events; at least @ref minimum_watch_buffer_size bytes, of which
     *                two thirds are used for events. Not owned.
     * @returns The events; at least one on success, none on failure. Valid until the next read of
     *          the set begins, the set is closed, or the buffer is destroyed or modified.
     *
     * @par Errors
     * Those of @ref basic_inotify::read_events; @ref error::operation_outstanding if an
     * asynchronous read or wait is outstanding. After an overflow the set compares its watches with
     * `/proc/self/fdinfo`. If it cannot open or read that file, the next read fails once with that
     * error and reads nothing; later reads retry the comparison and deliver events.
     */
    [[nodiscard]] watch_event_batch read_events(asio::mutable_buffer buffer);

    /// @copydoc read_events(asio::mutable_buffer)
    [[nodiscard]] watch_event_batch read_events(asio::mutable_buffer buffer,
                                                boost::system::error_code& ec);

    /// Read events with their watches asynchronously; completes when there are some.
    /**
     * Completes with the events of one `read(2)`, without events of watches that are no longer in
     * the set; if none remain, it reads again. One read or wait at a time: the events of a read
     * become invalid when the next read or wait begins.
     *
     * After an overflow the operation reads `/proc/self/fdinfo`, which blocks the executor for some
     * 4 microseconds per watch.
     *
     * @param buffer  Receives the events; at least @ref minimum_watch_buffer_size bytes, of which
     *                two thirds are used for events. Not owned; must stay valid until the handler
     *                is called or destroyed.
     * @param token   The completion token; default: the executor's default, else `asio::deferred`.
     *
     * @par Completion Signature
     * `void(boost::system::error_code, watch_event_batch)`; the batch is empty on failure.
     * @par Per-Operation Cancellation
     * `terminal`, `partial`, `total`: the next read gives every event. Without memory to keep what
     * was read already, it completes with it.
     * @par Object Lifetimes
     * The object may be moved, closed or destroyed before the operation completes.
     * @par Errors
     * Those of @ref read_events and `operation_aborted`.
     */
    template <asio::completion_token_for<void(boost::system::error_code, watch_event_batch)>
                  ReadToken = detail::default_token_t<Executor>>
    auto async_read_events(asio::mutable_buffer buffer, ReadToken&& token = ReadToken());

    /// Wait until there are events, and take none.
    /**
     * If they are all of watches that are no longer in the set, the next read waits for others.
     *
     * @par Errors
     * @ref error::operation_outstanding if an asynchronous read or wait is outstanding;
     * `would_block` if @ref non_blocking is set and there are none; `interrupted` if a signal
     * handler ran; `bad_file_descriptor` if the set is closed; after an overflow those of @ref
     * read_events.
     */
    void wait();

    /// @copydoc wait()
    void wait(boost::system::error_code& ec);

    /// Wait asynchronously until there are events, and take none.
    /**
     * As @ref wait. One read or wait at a time.
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
     * Those of @ref wait and `operation_aborted`.
     */
    template <asio::completion_token_for<void(boost::system::error_code)> WaitToken =
                  detail::default_token_t<Executor>>
    auto async_wait(WaitToken&& token = WaitToken());

    /// True if the set notices by itself that CRIU has restored the process.
    /**
     * False if the set is closed, or if no file descriptor was left for this when it was opened;
     * the next @ref revalidate tries again. See @ref take_restore_report.
     */
    [[nodiscard]] bool notices_restores() const noexcept;

    /// Take the report of the last restore by CRIU that the set has noticed.
    /**
     * The set notices a restore at its next read: when an asynchronous read gets events, and in
     * every @ref read_events. Then it does what @ref revalidate does, and this read delivers an
     * overflow (see @ref event_view::is_overflow) before everything else, as CRIU loses the queued
     * events and what happened between dump and restore. The end of each watch that is gone
     * follows.
     *
     * If the revalidation fails, the read fails, and the next read tries again.
     *
     * @returns Nothing if there was no restore, or if the report was taken before.
     */
    [[nodiscard]] std::optional<watch_report> take_restore_report();

private:
    template <class Executor1>
    friend class basic_watch_set;
    template <class Executor1>
    friend class detail::set_access;

    using inotify_type = basic_inotify<Executor>;
    using lease = detail::operation_lease<detail::watch_registry>;
    class read_op;
    class wait_op;

    inotify_type& instance();
    detail::watch_registry& registry();
    [[nodiscard]] bool check_closed(boost::system::error_code& ec) const;
    [[nodiscard]] bool check_open(boost::system::error_code& ec) const;
    [[nodiscard]] bool check_not_outstanding(boost::system::error_code& ec) const;
    [[nodiscard]] static boost::system::error_code operation_outstanding() noexcept;
    [[nodiscard]] static bool hold_after_restore(inotify_type& instance,
                                                 detail::watch_registry& registry,
                                                 asio::mutable_buffer buffer, event_batch events);
    [[nodiscard]] static watch_event_batch
    finish_read(detail::watch_registry& registry, asio::mutable_buffer buffer, event_batch events);

    executor_type executor_;
    // Outstanding operations have weak pointers to it, so it must not move.
    std::shared_ptr<inotify_type> instance_;
    // Shared with the operations.
    std::shared_ptr<detail::watch_registry> registry_;
    // Of the operation that has these or will set them.
    std::weak_ptr<detail::set_reservation> reservation_;
};

} // namespace asio_inotify

#include <asio_inotify/impl/basic_watch_set.hpp>
#include <asio_inotify/impl/watch_set_reads.hpp>

#endif

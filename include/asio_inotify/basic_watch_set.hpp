//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_BASIC_WATCH_SET_HPP
#define ASIO_INOTIFY_BASIC_WATCH_SET_HPP

#include <asio_inotify/basic_inotify.hpp>
#include <asio_inotify/detail/watch_registry.hpp>
#include <asio_inotify/released_set.hpp>
#include <asio_inotify/restore_options.hpp>
#include <asio_inotify/snapshot.hpp>
#include <asio_inotify/watch_event_batch.hpp>
#include <asio_inotify/watch_range.hpp>
#include <asio_inotify/watch_report.hpp>
#include <asio_inotify/watch_set_counters.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace asio_inotify {

namespace detail {

template <class Executor, class SocketExecutor>
class hand_over_op;
template <class Executor, class SocketExecutor>
class take_over_op;

} // namespace detail

/// A set of watches whose events come joined with their watch.
/**
 * Owns one inotify instance and a table of its watches: number, path, mask and options of each. It
 * chooses the numbers itself, ascending, and gives none a second time, so that an event is never
 * taken for one of another watch. Events of a watch that is no more in the set are dropped and
 * counted.
 *
 * After an overflow of the kernel's queue, the table is compared with what the kernel says in
 * `/proc/self/fdinfo`, and the end of a watch of which the event was lost is reported all the same.
 *
 * The object is constructed closed; @ref open makes the instance. Nobody else may add watches to
 * the instance, or read from it.
 *
 * @par Per-Operation Cancellation
 * Asynchronous operations support `terminal`, `partial` and `total`, all with the same effect:
 * either the operation completes with `operation_aborted` and every event is still in the queue,
 * or it had already taken events and completes with them.
 *
 * @par Object Lifetimes
 * The object may be moved, closed or destroyed while an operation is outstanding, as a
 * @ref basic_inotify may. What views its watches is valid until it is closed.
 *
 * @par Errors
 * As for @ref basic_inotify.
 *
 * @par Thread Safety
 * Distinct objects: safe. Shared objects: unsafe. An operation joins the events with the watches on
 * its handler's executor, right before the handler: that has to be one on which the object may be
 * used, such as the object's own strand.
 *
 * @tparam Executor  The type of the executor for completions: any I/O executor of Asio.
 */
template <class Executor = asio::any_io_executor>
class basic_watch_set
{
public:
    /// The type of the object's executor.
    using executor_type = Executor;

    /// The kernel's name of an instance: a file descriptor.
    using native_handle_type = typename basic_inotify<Executor>::native_handle_type;

    /// The same kind of object with another executor type.
    template <class Executor1>
    struct rebind_executor
    {
        /// The type.
        using other = basic_watch_set<Executor1>;
    };

    /// Construct a closed set.
    /** @param ex  Runs the handlers that have no executor of their own. */
    explicit basic_watch_set(executor_type const& ex);

    /// Construct a closed set on a context's executor.
    /** @param context  An execution context, such as an `io_context`; must outlive the object. */
    template <detail::context_of<Executor> ExecutionContext>
    explicit basic_watch_set(ExecutionContext& context);

    /// Take over the instance, the watches and the outstanding operations of another set.
    /** The other set is closed afterwards and can be opened again. What views the watches stays
     * valid. */
    basic_watch_set(basic_watch_set&& other) noexcept;

    /// Close, then take over the instance, the watches and the outstanding operations of another
    /// set.
    basic_watch_set& operator=(basic_watch_set&& other) noexcept;

    /// Take over the instance and the watches of a set with another executor type.
    /** Outstanding operations complete on the old executor. */
    template <detail::other_executor<Executor> Executor1>
    basic_watch_set(basic_watch_set<Executor1>&& other); // NOLINT(google-explicit-constructor)

    /// Close, then take over the instance and the watches of a set with another executor type.
    template <detail::other_executor<Executor> Executor1>
    basic_watch_set& operator=(basic_watch_set<Executor1>&& other);

    basic_watch_set(basic_watch_set const&) = delete;
    basic_watch_set& operator=(basic_watch_set const&) = delete;

    /// Close.
    /** Blocks while the kernel frees the watches: some ten milliseconds for 20000 of them. */
    ~basic_watch_set();

    /// The executor given at construction.
    [[nodiscard]] executor_type const& get_executor() const noexcept { return executor_; }

    /// True if the set owns an instance.
    [[nodiscard]] bool is_open() const noexcept;

    /// The descriptor, -1 if closed. It stays owned by the set.
    [[nodiscard]] native_handle_type native_handle() noexcept;

    /// Make an instance: non-blocking, close-on-exec, without watches.
    /**
     * @par Errors
     * Those of @ref basic_inotify::open.
     */
    void open();

    /// @copydoc open()
    void open(boost::system::error_code& ec);

    /// Close the descriptor, and with it all watches; unread events are gone.
    /** Outstanding operations complete with `operation_aborted`. Closing a closed set succeeds. */
    void close();

    /// @copydoc close()
    void close(boost::system::error_code& ec);

    /// Complete all outstanding operations with `operation_aborted`. No event is lost.
    /** @par Errors `bad_file_descriptor` if the set is closed. */
    void cancel();

    /// @copydoc cancel()
    void cancel(boost::system::error_code& ec);

    /// Watch a path under the next free number.
    /**
     * The number is one that no watch of the set had before: the lowest such number that is not
     * below one given before. One system call; one more where numbers are skipped. Where the
     * kernel does not let numbers be chosen, it is the kernel's choice.
     *
     * @param path     Need not outlive the call. Relative paths start at the working directory.
     * @param mask     The kinds of events to report; not empty.
     * @param options  How to add the watch. @ref add_options::create_only is implied,
     *                 @ref add_options::merge_mask not accepted.
     * @returns The number of the watch.
     *
     * @par Errors
     * `file_exists` if a watch of the set is on the same object, through whatever path;
     * @ref error::watch_descriptors_exhausted; @ref error::watch_descriptor_in_use if somebody else
     * has added to the instance; and those of @ref basic_inotify::add. The set is unchanged then.
     * @par Exception Safety
     * Strong.
     */
    watch_descriptor add(path_ref path, event_mask mask, add_options options = add_options::none);

    /// The same without options.
    watch_descriptor add(path_ref path, event_mask mask, boost::system::error_code& ec);

    /// @copydoc add(path_ref, event_mask, add_options)
    watch_descriptor add(path_ref path, event_mask mask, add_options options,
                         boost::system::error_code& ec);

    /// Watch a path under the number that the caller chooses.
    /**
     * The watch is new and has exactly this number, or the call fails and the set is unchanged. The
     * numbers that @ref add gives go on where they were, and leave this one out.
     *
     * @param wd       The number, from 1 to `INT_MAX`.
     * @param path     Need not outlive the call.
     * @param mask     The kinds of events to report; not empty.
     * @param options  As for @ref add.
     *
     * @par Errors
     * @ref error::watch_descriptor_out_of_range; @ref error::watch_descriptor_in_use;
     * @ref error::watch_descriptor_quarantined if a watch had the number before;
     * @ref error::set_next_unsupported; and those of @ref add.
     * @par Exception Safety
     * Strong.
     */
    void add_at(watch_descriptor wd, path_ref path, event_mask mask,
                add_options options = add_options::none);

    /// The same without options.
    void add_at(watch_descriptor wd, path_ref path, event_mask mask, boost::system::error_code& ec);

    /// @copydoc add_at(watch_descriptor, path_ref, event_mask, add_options)
    void add_at(watch_descriptor wd, path_ref path, event_mask mask, add_options options,
                boost::system::error_code& ec);

    /// Change the kinds of events that a watch reports.
    /**
     * Number and options stay. The kernel changes a mask by path only; that the path still names
     * the watched object is made sure of before anything is changed. Needs a mounted `/proc`.
     *
     * @par Errors
     * @ref error::no_such_watch; @ref error::watch_moved if the path names something else by now,
     * or nothing; @ref error::invalid_event_mask; those of open(2) and inotify_add_watch(2). The
     * watch is unchanged then.
     */
    void set_mask(watch_descriptor wd, event_mask mask);

    /// @copydoc set_mask(watch_descriptor, event_mask)
    void set_mask(watch_descriptor wd, event_mask mask, boost::system::error_code& ec);

    /// End a watch.
    /**
     * None of its events is delivered any more: not those in the queue, not those in a batch that
     * are still to come. Its number is not given again.
     *
     * @par Errors
     * @ref error::no_such_watch; `bad_file_descriptor` if the set is closed.
     */
    void remove(watch_descriptor wd);

    /// @copydoc remove(watch_descriptor)
    void remove(watch_descriptor wd, boost::system::error_code& ec);

    /// The watch with a number; none if there is none. A look-up in a hash table.
    [[nodiscard]] watch_view find(watch_descriptor wd) const noexcept;

    /// The watch that was added last under a path, byte for byte; none if there is none.
    [[nodiscard]] watch_view find(std::string_view path) const noexcept;

    /// The watches, in no particular order.
    [[nodiscard]] watch_range watches() const noexcept { return watch_range{registry_.get()}; }

    /// How many watches there are.
    /** A watch that ended is counted until the event of its end was read. */
    [[nodiscard]] std::size_t size() const noexcept { return registry_ ? registry_->size() : 0; }

    /// True if there is no watch.
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }

    /// What was done since the set was opened.
    [[nodiscard]] watch_set_counters counters() const noexcept;

    /// The number of bytes of unread events, those of watches that were removed among them.
    /** @par Errors `bad_file_descriptor` if the set is closed. */
    [[nodiscard]] std::size_t available() const;

    /// @copydoc available()
    [[nodiscard]] std::size_t available(boost::system::error_code& ec) const;

    /// True if synchronous reads fail with `would_block` where they would wait.
    [[nodiscard]] bool non_blocking() const noexcept;

    /// Choose whether synchronous reads fail with `would_block` where they would wait.
    /** @par Errors `bad_file_descriptor` if the set is closed. */
    void non_blocking(bool mode);

    /// @copydoc non_blocking(bool)
    void non_blocking(bool mode, boost::system::error_code& ec);

    /// Read events, waiting for the first one.
    /**
     * One `read(2)`, or several while what comes is only of watches that are no more in the set.
     *
     * @param buffer  Where the events go, at least @ref minimum_watch_buffer_size bytes, of which
     *                two thirds take events; not owned.
     * @returns The events; at least one on success, none on failure. Valid until the next read of
     *          the set begins, the set is closed, or the buffer is gone or modified.
     *
     * @par Errors
     * Those of @ref basic_inotify::read_events. If after an overflow the watches cannot be compared
     * with the kernel's, the next read fails once with the reason, those of opening and reading
     * `/proc/self/fdinfo`, without having read anything; later reads try again, and go on.
     */
    [[nodiscard]] watch_event_batch read(asio::mutable_buffer buffer);

    /// @copydoc read(asio::mutable_buffer)
    [[nodiscard]] watch_event_batch read(asio::mutable_buffer buffer,
                                         boost::system::error_code& ec);

    /// Read events when there are some.
    /**
     * Completes with what one `read(2)` gives, without the events of watches that are no more in
     * the set; if that leaves nothing, it reads again. One read at a time: the events of the one
     * before are not valid any more when the next one begins.
     *
     * After an overflow the executor is held while `/proc/self/fdinfo` is read, some 4 microseconds
     * for each watch.
     *
     * @param buffer  Where the events go, at least @ref minimum_watch_buffer_size bytes, of which
     *                two thirds take events. Not owned; must stay valid until the handler is called
     *                or destroyed.
     * @param token   The completion token; the executor's default, else `asio::deferred`.
     *
     * @par Completion Signature
     * `void(boost::system::error_code, watch_event_batch)`; the batch is empty on failure.
     * @par Per-Operation Cancellation
     * `terminal`, `partial`, `total`; no event is lost.
     * @par Object Lifetimes
     * The object may be moved, closed or destroyed meanwhile.
     * @par Errors
     * Those of @ref read and `operation_aborted`.
     */
    template <asio::completion_token_for<void(boost::system::error_code, watch_event_batch)>
                  ReadToken = detail::default_token_t<Executor>>
    auto async_read(asio::mutable_buffer buffer, ReadToken&& token = ReadToken());

    /// Make the numbers of watches that are gone free again.
    /**
     * Late events of a watch can come even after the event of its end. The operation waits, on a
     * thread that belongs to the executor's context, until the kernel has none on its way any more:
     * some milliseconds, by means of an inotify instance of its own with one watch, which count
     * against the user's limits for that time. Completes with how many numbers that is good for.
     * They are free as soon as the events are read that were queued by then, those of a read that
     * is outstanding among them; @ref add then gives the lowest of them first.
     *
     * Of watches that the kernel has removed, as their files were deleted for instance, it takes
     * 65536 at most, so that the call does not last; the others' turn comes with the next one.
     *
     * Never needed to be exact, and seldom otherwise: small numbers cost the kernel less memory
     * than large ones with gaps, and there are two thousand million. Rests on how the kernel is
     * made, not on what it promises.
     *
     * @param token  The completion token; the executor's default, else `asio::deferred`.
     *
     * @par Completion Signature
     * `void(boost::system::error_code, std::size_t)`; 0 on failure, and if no watch has gone.
     * @par Per-Operation Cancellation
     * None: it completes soon.
     * @par Object Lifetimes
     * The object may be moved, closed or destroyed meanwhile.
     * @par Errors
     * Those of inotify_init1(2), inotify_add_watch(2), memfd_create(2) and eventfd(2), if the
     * barrier cannot be run; the numbers stay in quarantine then. `operation_aborted` if the set
     * was closed meanwhile; `bad_file_descriptor` if it is closed; those of starting a thread.
     */
    template <asio::completion_token_for<void(boost::system::error_code, std::size_t)>
                  RecycleToken = detail::default_token_t<Executor>>
    auto async_recycle(RecycleToken&& token = RecycleToken());

    /// What is needed to make the watches again: numbers, kinds of events, options, paths, objects.
    /**
     * Leaves out watches that have ended, even if the event that says so is not read yet. Reads
     * `/proc/self/fdinfo`: some 4 microseconds for each watch.
     *
     * @par Errors
     * `bad_file_descriptor` if the set is closed; those of opening and reading
     * `/proc/self/fdinfo`.
     */
    [[nodiscard]] snapshot save() const;

    /// @copydoc save()
    [[nodiscard]] snapshot save(boost::system::error_code& ec) const;

    /// Make an instance with the watches of a snapshot, under the same numbers.
    /**
     * The numbers that @ref add gives go on where they were. No event is queued by it. What
     * happened between saving and restoring is not told: it has to be looked for.
     *
     * A watch goes to what its path names; the report tells if that is another object than the one
     * that was watched. If the path names nothing, or what another watch is on, the object is
     * looked for by its file handle, which takes CAP_DAC_READ_SEARCH. Needs a mounted `/proc`. A
     * relative path means what it means to this process now, not what it meant when it was saved.
     *
     * @param saved    Need not outlive the call.
     * @param options  What to do if not every watch can be restored.
     * @returns What became of the watches; all of them on success of
     *          @ref restore_options::all_or_nothing, on its failure too.
     *
     * @par Errors
     * `asio::error::already_open`; those of @ref open. If all or nothing was asked for, the reason
     * of the first watch that is not on its object: @ref error::watch_moved for one that would
     * be on another one, `no_such_file_or_directory` for one that is gone; those of @ref add. The
     * set is closed then, and nothing is left behind.
     * @par Exception Safety
     * Strong.
     */
    watch_report restore(snapshot const& saved, restore_options options = {});

    /// @copydoc restore(snapshot const&, restore_options)
    watch_report restore(snapshot const& saved, restore_options options,
                         boost::system::error_code& ec);

    /// Compare the watches with the kernel's, and with what their paths name.
    /**
     * For when somebody else made the instance again under the set, as CRIU does, or when paths may
     * be out of date. A watch that the kernel has no more is `gone`; the event of its end is
     * delivered by a later read. Kinds of events and options that the kernel lost are added again.
     * A watch whose path names another object, or nothing, is `moved`. Costs some 8 microseconds
     * for each watch.
     *
     * @par Errors
     * `bad_file_descriptor` if the set is closed; those of opening and reading
     * `/proc/self/fdinfo`.
     */
    [[nodiscard]] watch_report revalidate();

    /// @copydoc revalidate()
    [[nodiscard]] watch_report revalidate(boost::system::error_code& ec);

    /// Take over an instance that was made elsewhere, such as an inherited one.
    /**
     * The kernel tells numbers, kinds of events, and most options of its watches, but no paths. A
     * path is taken from `known` if number and object are the same; else it is looked for by the
     * object's file handle, which takes CAP_DAC_READ_SEARCH; else it stays unknown and is reported
     * as that. Never guessed.
     *
     * Events that are queued are kept for the next reads; numbers that no watch has any more, and
     * of which events are queued, are in quarantine. Numbers go on behind the largest one that is
     * seen anywhere. Blocks for some milliseconds, until no event of a watch that is gone can come
     * any more, by means of an instance of its own with one watch. The descriptor becomes
     * close-on-exec. Nobody else may go on using the instance.
     *
     * @param handle  Owned by the set if the call succeeds, still by the caller if it fails.
     * @param known   What is known of the watches; need not outlive the call.
     * @returns What is known of the watches now; those of `known` that the instance has not are
     *          `gone`.
     *
     * @par Errors
     * Those of @ref basic_inotify::assign, of opening and reading `/proc/self/fdinfo`, and of
     * @ref async_recycle. No event was taken from the instance then.
     */
    watch_report adopt(native_handle_type handle, snapshot const& known = snapshot());

    /// @copydoc adopt(native_handle_type, snapshot const&)
    watch_report adopt(native_handle_type handle, snapshot const& known,
                       boost::system::error_code& ec);

    /// Give the instance and the watches away; the set is closed then.
    /**
     * For another program in the same process: keep the descriptor open over execve(2), which takes
     * clearing its close-on-exec flag, and @ref assign both there. No event is lost. Who has other
     * copies of the descriptor must not go on using them.
     *
     * @param unread  Events that were read and are to be delivered by the other side: the rest of
     *                the last batch, see @ref watch_event_batch::from.
     *
     * @par Errors
     * `bad_file_descriptor` if the set is closed; @ref error::read_outstanding while an
     * asynchronous read is; @ref error::watch_descriptor_in_use if the number of a watch whose end
     * is in `unread` was recycled and given on. The set is unchanged then.
     */
    [[nodiscard]] released_set release(watch_event_batch unread = watch_event_batch());

    /// @copydoc release(watch_event_batch)
    [[nodiscard]] released_set release(watch_event_batch unread, boost::system::error_code& ec);

    /// Go on with what another object released.
    /**
     * The watches, their numbers, and the numbers that must not be given are the same, and what was
     * not delivered comes with the next reads. The counters begin at zero. The descriptor becomes
     * close-on-exec.
     *
     * @param released  Its descriptor is owned by the set if the call succeeds, still by the caller
     *                  if it fails.
     *
     * @par Errors
     * Those of @ref basic_inotify::assign; @ref error::malformed_set_state;
     * @ref error::unsupported_snapshot_version. The set stays closed then.
     */
    void assign(released_set const& released);

    /// @copydoc assign(released_set const&)
    void assign(released_set const& released, boost::system::error_code& ec);

private:
    template <class Executor1>
    friend class basic_watch_set;
    template <class Executor1, class SocketExecutor>
    friend class detail::hand_over_op;
    template <class Executor1, class SocketExecutor>
    friend class detail::take_over_op;

    using inotify_type = basic_inotify<Executor>;
    class read_op;
    class recycle_op;

    inotify_type& instance();
    detail::watch_registry& registry();
    [[nodiscard]] bool check_closed(boost::system::error_code& ec) const;
    [[nodiscard]] bool check_open(boost::system::error_code& ec) const;
    void take(inotify_type&& instance, std::shared_ptr<detail::watch_registry> registry);
    [[nodiscard]] std::string release_state(watch_event_batch unread,
                                            boost::system::error_code& ec);
    template <class Fill>
    void take_over(native_handle_type fd, boost::system::error_code& ec, Fill fill);
    [[nodiscard]] static watch_event_batch
    finish_read(detail::watch_registry& registry, asio::mutable_buffer buffer, event_batch events);
    [[nodiscard]] read_op make_read_op(asio::mutable_buffer buffer);

    executor_type executor_;
    // Outstanding operations have weak pointers to it, so it must not move.
    std::shared_ptr<inotify_type> instance_;
    // Shared with the operations, which join the events that they have read even if the set was
    // closed in the meantime.
    std::shared_ptr<detail::watch_registry> registry_;
};

} // namespace asio_inotify

#include <asio_inotify/impl/basic_watch_set.hpp>
#include <asio_inotify/impl/watch_set_saving.hpp>

#endif

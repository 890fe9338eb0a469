//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "file/file_engine.hpp"

#include "values/fail.hpp"

#include <asio_inotify/detail/scope_guard.hpp>
#include <asio_inotify/error.hpp>
#include <asio_inotify/event_batch.hpp>

#include <boost/container_hash/hash.hpp>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

namespace asio_inotify::detail {
namespace {

// Between two yields to other handlers.
constexpr std::chrono::milliseconds slice{1};

// A file that was changed less than this ago can be changed again without a later stamp: some
// filesystems have a resolution of two seconds.
constexpr std::int64_t coarsest_clock = 2'100'000'000;

constexpr std::size_t events_at_once = 65536;

void fail(boost::system::error_code& ec, int code) noexcept
{
    if (code == ENOSPC) {
        // Only inotify_add_watch(2) fails with it.
        ASIO_INOTIFY_FAIL(ec, error::watch_limit_reached);
        return;
    }
    errno = code;
    ASIO_INOTIFY_FAIL_ERRNO(ec);
}

// Differs for almost any two states.
std::uint32_t digest_of(file_state const& state) noexcept
{
    std::size_t digest = 0;
    for (auto const part :
         {static_cast<std::uint64_t>(state.reason), static_cast<std::uint64_t>(state.wd),
          state.identity.device, state.identity.inode,
          static_cast<std::uint64_t>(state.stamp.status_changed),
          static_cast<std::uint64_t>(state.stamp.modified),
          static_cast<std::uint64_t>(state.stamp.size)}) {
        boost::hash_combine(digest, part);
    }
    return static_cast<std::uint32_t>(digest);
}

} // namespace

// A new entry, which is removed again unless it is finished.
class file_engine::unfinished_entry
{
public:
    unfinished_entry(file_engine& engine, ptr_with_text<file_entry> entry)
        : engine_(engine)
        , entry_(std::move(entry))
    {}
    unfinished_entry(unfinished_entry const&) = delete;
    unfinished_entry& operator=(unfinished_entry const&) = delete;

    ~unfinished_entry()
    {
        if (entry_ && entry_->node != nullptr) {
            engine_.forget(*entry_);
        }
    }

    [[nodiscard]] file_entry& operator*() const noexcept { return *entry_; }

    void finish()
    {
        engine_.entries_.insert(entry_.get());
        static_cast<void>(entry_.release());
    }

private:
    file_engine& engine_;
    ptr_with_text<file_entry> entry_;
};

file_engine::file_engine(file_port& port)
    : port_(&port)
    , resolver_(port)
    , buffer_(events_at_once)
{}

file_engine::~file_engine()
{
    for (auto* const entry : entries_) {
        delete_with_text()(entry);
    }
}

// The absolute path; valid until the next call.
char const* file_engine::absolute(path_ref const& path, boost::system::error_code& ec)
{
    ec.clear();
    auto const view = path.view();
    if (view.empty()) {
        ASIO_INOTIFY_FAIL(ec, error::empty_path);
    } else if (path.has_null()) {
        ASIO_INOTIFY_FAIL(ec, error::path_contains_null);
    } else if (auto const last = view.substr(view.rfind('/') + 1);
               last.empty() || last == "." || last == "..") {
        fail(ec, EISDIR);
    } else if (view.front() == '/') {
        if (view.size() < PATH_MAX) {
            return path.c_str();
        }
        fail(ec, ENAMETOOLONG);
    } else {
        absolute_path_ = port_->working_directory(ec);
        if (!ec && absolute_path_.size() + view.size() + 1 < PATH_MAX) {
            return ((absolute_path_ += '/') += view).c_str();
        }
        if (!ec) {
            fail(ec, ENAMETOOLONG);
        }
    }
    return nullptr;
}

name_node& file_engine::node_of(std::string_view path)
{
    auto const slash = path.rfind('/');
    auto const directory = path.substr(0, slash);
    auto& tree = resolver_.tree();
    if (last_node_ == nullptr || directory != last_directory_) {
        auto& node = tree.walk(tree.root(), path, 0);
        last_directory_ = directory;
        last_node_ = node.parent;
        return node;
    }
    return tree.walk(*last_node_, path.substr(slash + 1), 0);
}

void file_engine::add(path_ref const& path, file_watch_options const& options,
                      boost::system::error_code& ec)
{
    auto const* const absolute_path = absolute(path, ec);
    if (ec) {
        return;
    }
    if (options.settle.count() < 0) {
        ASIO_INOTIFY_FAIL(ec, error::invalid_settle_time);
        return;
    }
    if (find(path.view()) != nullptr) {
        fail(ec, EEXIST);
        return;
    }
    auto made = make_with_text<file_entry>(path.view());
    made->writes_each = options.writes == file_writes::each;
    made->follows = options.follow_symlinks;
    made->settle =
        static_cast<std::uint32_t>(std::min<std::int64_t>(options.settle.count(), UINT32_MAX));
    made->settles = made->settle != 0;
    if (made->settles) {
        settling_.reserve(with_settling_ + 1);
    }
    // On success and on failure: other names may have been marked.
    scope_guard const wake_for_marked([this] { wake_for_marked_names(); });
    unfinished_entry entry(*this, std::move(made));
    auto& node = node_of(absolute_path);
    (*entry).node = &node;
    node.entries.push_front(*entry);
    with_settling_ += (*entry).settles ? 1U : 0U;
    watch(*entry, absolute_path, ec);
    if (!ec) {
        entry.finish();
    }
}

void file_engine::watch(file_entry& entry, char const* path, boost::system::error_code& ec)
{
    static_cast<void>(resolver_.take_shortage());
    resolver_.resolve_now(*entry.node, path);
    resolver_.remove_entry(entry);
    auto const state = state_of(entry);
    auto const shortage = resolver_.take_shortage();
    if (shortage != 0 || state.reason == ENAMETOOLONG || state.reason == EISDIR) {
        fail(ec, shortage != 0 ? shortage : state.reason);
        return;
    }
    accept(entry, state);
}

// Remove an entry from everything that refers to it, except `entries_`.
void file_engine::forget(file_entry& entry) noexcept
{
    resolver_.remove_entry(entry);
    settling_.remove(entry);
    with_settling_ -= entry.settles ? 1U : 0U;
    entry.node->entries.erase(entry);
    last_node_ = nullptr;
    resolver_.release(*entry.node);
    entry.node = nullptr;
}

void file_engine::remove(std::string_view path, boost::system::error_code& ec) noexcept
{
    ec.clear();
    auto* const entry = find_in(entries_, path);
    if (entry == nullptr) {
        ASIO_INOTIFY_FAIL(ec, error::path_not_watched);
        return;
    }
    entries_.erase(entry);
    forget(*entry);
    if (has_changes_ || is_ready_) {
        // They have not been taken yet, or memory was missing. They may refer to the text of the
        // entry.
        std::erase_if(changes_->changes,
                      [&](file_change const& change) { return change.path() == text_of(*entry); });
        is_ready_ = is_ready_ && !changes_->changes.empty();
        has_changes_ = has_changes_ && !changes_->changes.empty();
    }
    delete_with_text()(entry);
    wake_for_marked_names();
}

std::vector<std::string> file_engine::paths() const
{
    std::vector<std::string> all;
    all.reserve(entries_.size());
    for (auto const* const entry : entries_) {
        all.emplace_back(text_of(*entry));
    }
    return all;
}

void file_engine::wake_for_marked_names() noexcept
{
    if (resolver_.tree().has_marked()) {
        port_->wake();
    }
}

file_watcher_counters file_engine::counters() const noexcept
{
    auto counters = counters_;
    counters.looks = resolver_.lookups();
    return counters;
}

file_state file_engine::state_of(file_entry const& entry) noexcept
{
    file_state state;
    auto const* const node = entry.follows ? path_resolver::final_target(*entry.node) : entry.node;
    if (node == nullptr) {
        state.reason = ELOOP;
    } else if (node->link) {
        auto const& status = node->link->status;
        state.identity = {status.device, status.inode};
        state.stamp = status.stamp;
    } else if (node->object == nullptr) {
        state.reason = node->reason != 0 ? node->reason : ENOENT;
    } else if (node->object->kind == file_kind::directory) {
        state.reason = EISDIR;
    } else if (node->object->kind == file_kind::symbolic_link && entry.follows) {
        state.reason = node->reason != 0 ? node->reason : ELOOP;
    } else {
        auto const& object = *node->object;
        state.identity = {object.device, object.inode};
        state.stamp = object.stamp;
        state.wd = object.has_unreported ? 0 : object.wd;
    }
    return state;
}

void file_engine::accept(file_entry& entry, file_state const& state) noexcept
{
    entry.reported = state;
    entry.written = false;
    entry.events_lost = false;
    entry.stamp_is_recent =
        state.present() && port_->wall_time() - state.stamp.status_changed < coarsest_clock;
}

// The change since the report, if there is one. A change of the name, the permissions and the like
// is not reported, but remembered.
std::optional<file_change_kind> file_engine::compare(file_entry& entry,
                                                     file_state const& now) const noexcept
{
    auto& before = entry.reported;
    if (!now.present()) {
        return before.present() ? std::optional(file_change_kind::disappeared) : std::nullopt;
    }
    if (!before.present()) {
        return file_change_kind::appeared;
    }
    bool const same_watch = now.wd != 0 && now.wd == before.wd;
    // Somebody else, such as CRIU, can have put the watch on a different file.
    bool const trusts_watch = same_watch && !entry.events_lost;
    if (!trusts_watch && now.identity != before.identity) {
        return file_change_kind::changed;
    }
    bool const same_stamp = now.stamp == before.stamp;
    // A new watch: the inode number was reused for a different file, or the file was not watched
    // for a while.
    bool const new_watch = !same_watch && now.wd != 0 && before.wd != 0;
    if (entry.written || new_watch ? !same_stamp || entry.stamp_is_recent
                                   : !same_stamp && (!same_watch || entry.events_lost)) {
        return file_change_kind::changed;
    }
    if (now.stamp.modified == before.stamp.modified && now.stamp.size == before.stamp.size) {
        before.stamp.status_changed = now.stamp.status_changed;
    }
    before.identity = now.identity;
    before.wd = now.wd;
    return std::nullopt;
}

void file_engine::check(file_entry& entry, time_point now)
{
    auto const state = state_of(entry);
    auto const change = compare(entry, state);
    if (entry.settles && (change || entry.settling)) {
        // A check that finds the same state does not restart the settle time.
        auto const digest = digest_of(state);
        if (!entry.settling || entry.disturbed || digest != entry.digest) {
            settling_.schedule(entry, now + std::chrono::milliseconds(entry.settle));
        }
        entry.digest = digest;
    } else if (change) {
        report(entry, *change, state);
    } else {
        entry.written = false;
        entry.events_lost = false;
    }
    entry.disturbed = false;
}

void file_engine::check_all(time_point now)
{
    while (auto* const entry = resolver_.take_entry()) {
        check(static_cast<file_entry&>(*entry), now);
    }
    while (auto* const entry = settling_.take(now)) {
        auto const state = state_of(*entry);
        if (auto const change = compare(*entry, state)) {
            report(*entry, *change, state);
        }
        entry->written = false;
        entry->events_lost = false;
    }
}

file_change_storage& file_engine::writable_storage()
{
    if (!has_changes_) {
        if (!is_only_owner(changes_)) {
            changes_ = storage_owner<file_change_storage>(new file_change_storage);
        }
        changes_->changes.clear();
        has_changes_ = true;
    }
    return *changes_;
}

void file_engine::report(file_entry& entry, file_change_kind kind, file_state const& state)
{
    boost::system::error_code reason;
    if (!state.present()) {
        reason.assign(state.reason, boost::system::system_category());
    }
    auto& storage = writable_storage();
    storage.changes.emplace_back(
        file_change_record{text_of(entry), kind, entry.reported.identity, state.identity, reason},
        &storage);
    accept(entry, state);
    ++counters_.changes;
}

// Copy the paths into the batch, as entries can be removed while it lives.
void file_engine::copy_paths()
{
    auto& batch = *changes_;
    std::size_t size = 0;
    for (auto const& change : batch.changes) {
        size += change.path().size() + 1;
    }
    batch.paths.clear();
    batch.paths.reserve(size);
    for (auto& change : batch.changes) {
        auto const at = batch.paths.size();
        auto& path = change.record().path;
        batch.paths.append(path) += '\0';
        path = {batch.paths.data() + at, path.size()};
    }
}

void file_engine::apply_events(std::size_t size) noexcept
{
    for (auto const event : event_batch(buffer_.data(), size)) {
        ++counters_.events;
        if (event.is_overflow()) {
            ++counters_.overflows;
            start_over();
        } else if (!resolver_.apply_event(event)) {
            ++counters_.stale;
        }
    }
}

void file_engine::start_over() noexcept
{
    for (auto* const entry : entries_) {
        entry->events_lost = true;
    }
    resolver_.mark_all();
}

void file_engine::arm(time_point now) noexcept
{
    retry_.schedule(resolver_.has_incomplete(), now);
    port_->arm((std::min)(settling_.next(), retry_.next().value_or((time_point::max)())));
}

step_result file_engine::step(boost::system::error_code& ec)
{
    ec.clear();
    if (is_ready_) {
        return step_result::deliver;
    }
    auto now = port_->now();
    auto const until = now + slice;
    static_cast<void>(port_->take_expired(now));
    if (retry_.is_due(now)) {
        retry_.begin(now);
        resolver_.retry_incomplete();
    }
    if (port_->take_mounts_changed()) {
        // Files that a mount hides, or shows again, report nothing (kernel note 4.35).
        resolver_.mark_all();
    }
    for (;;) {
        if (!resolver_.run(until)) {
            return step_result::again;
        }
        now = port_->now();
        check_all(now);
        if (has_changes_ && changes_->changes.empty()) {
            // There was no memory for the first one.
            has_changes_ = false;
        }
        if (has_changes_) {
            copy_paths();
            has_changes_ = false;
            is_ready_ = true;
            arm(now);
            return step_result::deliver;
        }
        if (now >= until) {
            return step_result::again;
        }
        auto const size = port_->read_events(buffer_.data(), buffer_.size(), ec);
        if (ec || size == 0) {
            arm(now);
            return step_result::wait;
        }
        apply_events(size);
    }
}

} // namespace asio_inotify::detail

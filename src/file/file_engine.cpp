//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "file/file_engine.hpp"

#include "values/fail.hpp"

#include <asio_inotify/error.hpp>
#include <asio_inotify/event_batch.hpp>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

namespace asio_inotify::detail {
namespace {

// As long as others may be kept waiting.
constexpr std::chrono::milliseconds slice{1};

constexpr std::chrono::seconds first_retry{1};
constexpr std::chrono::seconds last_retry{64};

// A file that was changed so short a time ago could be changed once more without a later stamp: the
// clock of files is a coarse one, that of some filesystems of two seconds.
constexpr std::int64_t coarsest_clock = 2'100'000'000;

constexpr std::size_t events_at_once = 65536;

void fail(boost::system::error_code& ec, int code) noexcept
{
    errno = code;
    ASIO_INOTIFY_FAIL_ERRNO(ec);
}

// Another one for almost every other state.
std::uint32_t digest_of(file_state const& state) noexcept
{
    std::size_t digest = 0;
    for (auto const part :
         {static_cast<std::uint64_t>(state.reason), static_cast<std::uint64_t>(state.wd),
          state.identity.device, state.identity.inode,
          static_cast<std::uint64_t>(state.stamp.status_changed),
          static_cast<std::uint64_t>(state.stamp.modified),
          static_cast<std::uint64_t>(state.stamp.size)}) {
        digest = mixed(digest ^ static_cast<std::size_t>(part));
    }
    return static_cast<std::uint32_t>(digest);
}

} // namespace

// An entry that nobody knows yet.
class file_engine::unfinished_entry
{
public:
    unfinished_entry(file_engine& engine, with_text<file_entry> entry)
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
        engine_.entries_.insert(*entry_);
        static_cast<void>(entry_.release());
    }

private:
    file_engine& engine_;
    with_text<file_entry> entry_;
};

file_engine::file_engine(file_port& port)
    : port_(&port)
    , resolver_(port)
    , buffer_(events_at_once)
    , retry_after_(first_retry)
{}

file_engine::~file_engine()
{
    entries_.for_each([](file_entry& entry) { delete_with_text()(&entry); });
}

// The path from the root directory on; valid until the next call.
char const* file_engine::absolute(path_ref path, boost::system::error_code& ec)
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
        way_ = port_->working_directory(ec);
        if (!ec && way_.size() + view.size() + 1 < PATH_MAX) {
            return ((way_ += '/') += view).c_str();
        }
        if (!ec) {
            fail(ec, ENAMETOOLONG);
        }
    }
    return nullptr;
}

name_node& file_engine::node_of(std::string_view way)
{
    auto const slash = way.rfind('/');
    auto const directory = way.substr(0, slash);
    auto& tree = resolver_.tree();
    if (last_node_ == nullptr || directory != last_directory_) {
        auto& node = tree.walk(tree.root(), way, 0);
        last_directory_ = directory;
        last_node_ = node.parent;
        return node;
    }
    return tree.walk(*last_node_, way.substr(slash + 1), 0);
}

void file_engine::add(path_ref path, file_watch_options const& options,
                      boost::system::error_code& ec)
{
    auto const* const way = absolute(path, ec);
    if (ec) {
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
        static_cast<std::uint32_t>(std::clamp<std::int64_t>(options.settle.count(), 0, UINT32_MAX));
    if (made->settle != 0) {
        settling_.reserve(with_settling_ + 1);
    }
    // Whatever comes of it, others may have to be looked at.
    struct wake_for_others
    {
        file_engine& engine;
        ~wake_for_others()
        {
            if (engine.resolver_.tree().has_marked()) {
                engine.port_->wake();
            }
        }
    } const others{*this};
    unfinished_entry entry(*this, std::move(made));
    auto& node = node_of(way);
    (*entry).node = &node;
    node.entries.push_front(*entry);
    with_settling_ += (*entry).settle != 0 ? 1U : 0U;
    watch(*entry, way, ec);
    if (!ec) {
        entry.finish();
    }
}

void file_engine::watch(file_entry& entry, char const* way, boost::system::error_code& ec)
{
    static_cast<void>(resolver_.take_failure());
    resolver_.look_at(*entry.node, way);
    resolver_.remove_check(entry);
    auto const state = state_of(entry);
    auto const failure = resolver_.take_failure();
    if (failure != 0 || state.reason == ENAMETOOLONG || state.reason == EISDIR) {
        fail(ec, failure != 0 ? failure : state.reason);
        return;
    }
    accept(entry, state);
}

// The entry is about to go.
void file_engine::forget(file_entry& entry) noexcept
{
    resolver_.remove_check(entry);
    settling_.remove(entry);
    with_settling_ -= entry.settle != 0 ? 1U : 0U;
    entry.node->entries.erase(entry);
    last_node_ = nullptr;
    resolver_.release(*entry.node);
    entry.node = nullptr;
}

void file_engine::remove(std::string_view path, boost::system::error_code& ec) noexcept
{
    ec.clear();
    auto* const entry = entries_.find(path);
    if (entry == nullptr) {
        ASIO_INOTIFY_FAIL(ec, error::path_not_watched);
        return;
    }
    entries_.erase(*entry);
    forget(*entry);
    if (has_changes_) {
        // They are still to be delivered only if memory ran out.
        std::erase_if(changes_->changes, [&](file_change const& change) {
            return change.path.data() == text_of(*entry).data();
        });
    }
    delete_with_text()(entry);
    if (resolver_.tree().has_marked()) {
        port_->wake();
    }
}

file_watcher_counters file_engine::counters() const noexcept
{
    auto counters = counters_;
    counters.looks = resolver_.looks();
    return counters;
}

file_state file_engine::state_of(file_entry const& entry) noexcept
{
    file_state state;
    auto const* const node = entry.follows ? path_resolver::final_of(*entry.node) : entry.node;
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
        state.wd = object.wd;
    }
    return state;
}

void file_engine::accept(file_entry& entry, file_state const& state) noexcept
{
    entry.reported = state;
    entry.written = false;
    entry.doubtful = false;
    entry.young =
        state.present() && port_->wall_time() - state.stamp.status_changed < coarsest_clock;
}

// What is different from what was reported. If it is only how the file is called, who may read it
// or the like, that is not told, but remembered.
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
    if (!same_watch && now.identity != before.identity) {
        return file_change_kind::changed;
    }
    bool const same_stamp = now.stamp == before.stamp;
    // The kernel has watched it anew: another file that was given the inode number again, or the
    // same one after a time in which it was not watched.
    bool const watched_anew = !same_watch && now.wd != 0 && before.wd != 0;
    if (entry.written || watched_anew ? !same_stamp || entry.young
                                      : !same_stamp && (!same_watch || entry.doubtful)) {
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
    auto const what = compare(entry, state);
    if (entry.settle != 0 && (what || entry.settling)) {
        // That it was looked at is no disturbance if nothing was found to be different.
        auto const digest = digest_of(state);
        if (!entry.settling || entry.disturbed || digest != entry.digest) {
            settling_.wait(entry, now + std::chrono::milliseconds(entry.settle));
        }
        entry.digest = digest;
    } else if (what) {
        report(entry, *what, state);
    } else {
        entry.written = false;
        entry.doubtful = false;
    }
    entry.disturbed = false;
}

void file_engine::check_all(time_point now)
{
    while (auto* const entry = resolver_.take_check()) {
        check(*entry, now);
    }
    while (auto* const entry = settling_.take(now)) {
        auto const state = state_of(*entry);
        if (auto const what = compare(*entry, state)) {
            report(*entry, *what, state);
        }
        entry->written = false;
        entry->doubtful = false;
    }
}

file_change_storage& file_engine::fresh_storage()
{
    if (!has_changes_) {
        if (!is_only_owner(changes_)) {
            changes_ = file_change_owner(new file_change_storage);
        }
        changes_->changes.clear();
        has_changes_ = true;
    }
    return *changes_.get();
}

void file_engine::report(file_entry& entry, file_change_kind what, file_state const& state)
{
    boost::system::error_code reason;
    if (!state.present()) {
        reason.assign(state.reason, boost::system::system_category());
    }
    fresh_storage().changes.push_back(
        {text_of(entry), what, entry.reported.identity, state.identity, reason});
    accept(entry, state);
    ++counters_.changes;
}

// The batch has its own copies of the paths, as entries can be removed while it lives.
void file_engine::keep_paths()
{
    auto& batch = *changes_.get();
    std::size_t size = 0;
    for (auto const& change : batch.changes) {
        size += change.path.size() + 1;
    }
    batch.paths.clear();
    batch.paths.reserve(size);
    for (auto& change : batch.changes) {
        auto const at = batch.paths.size();
        batch.paths.append(change.path) += '\0';
        change.path = {batch.paths.data() + at, change.path.size()};
    }
}

void file_engine::note_events(std::size_t size) noexcept
{
    for (auto const event : event_batch(buffer_.data(), size)) {
        ++counters_.events;
        if (event.is_overflow()) {
            ++counters_.overflows;
            doubt();
        } else if (!resolver_.note(event)) {
            ++counters_.stale;
        }
    }
}

void file_engine::doubt() noexcept
{
    entries_.for_each([](file_entry& entry) { entry.doubtful = true; });
    resolver_.doubt_everything();
}

void file_engine::arm(time_point now) noexcept
{
    if (!resolver_.has_incomplete()) {
        retry_at_ = (time_point::max)();
        retry_after_ = first_retry;
    } else if (retry_at_ == (time_point::max)()) {
        retry_at_ = now + retry_after_;
        retry_after_ = (std::min)(2 * retry_after_, last_retry);
    }
    port_->arm((std::min)(settling_.next(), retry_at_));
}

step_result file_engine::step(boost::system::error_code& ec)
{
    ec.clear();
    auto now = port_->now();
    auto const until = now + slice;
    static_cast<void>(port_->take_expired(now));
    if (now >= retry_at_) {
        retry_at_ = (time_point::max)();
        resolver_.retry_incomplete();
    }
    if (port_->take_mounts_changed()) {
        // What a mount hides, or shows again, tells nothing itself (kernel note 4.35).
        resolver_.doubt_everything();
    }
    for (;;) {
        if (!resolver_.run(until)) {
            return step_result::again;
        }
        now = port_->now();
        check_all(now);
        if (has_changes_) {
            keep_paths();
            has_changes_ = false;
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
        note_events(size);
    }
}

} // namespace asio_inotify::detail

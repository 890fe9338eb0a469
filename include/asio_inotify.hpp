//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_HPP
#define ASIO_INOTIFY_HPP

#include <asio_inotify/add_options.hpp>
#include <asio_inotify/basic_file_watcher.hpp>
#include <asio_inotify/basic_inotify.hpp>
#include <asio_inotify/basic_tree_watcher.hpp>
#include <asio_inotify/basic_watch_set.hpp>
#include <asio_inotify/change_batch.hpp>
#include <asio_inotify/decode_events.hpp>
#include <asio_inotify/error.hpp>
#include <asio_inotify/event.hpp>
#include <asio_inotify/event_batch.hpp>
#include <asio_inotify/event_buffer.hpp>
#include <asio_inotify/event_kind.hpp>
#include <asio_inotify/event_mask.hpp>
#include <asio_inotify/event_view.hpp>
#include <asio_inotify/file_change.hpp>
#include <asio_inotify/file_change_batch.hpp>
#include <asio_inotify/file_identity.hpp>
#include <asio_inotify/file_watch_options.hpp>
#include <asio_inotify/file_watcher.hpp>
#include <asio_inotify/file_watcher_counters.hpp>
#include <asio_inotify/hand_over.hpp>
#include <asio_inotify/inode_identity.hpp>
#include <asio_inotify/inotify.hpp>
#include <asio_inotify/path_ref.hpp>
#include <asio_inotify/released_set.hpp>
#include <asio_inotify/restore_options.hpp>
#include <asio_inotify/saved_watch.hpp>
#include <asio_inotify/snapshot.hpp>
#include <asio_inotify/tree_add_options.hpp>
#include <asio_inotify/tree_change.hpp>
#include <asio_inotify/tree_change_batch.hpp>
#include <asio_inotify/tree_change_kind.hpp>
#include <asio_inotify/tree_change_mask.hpp>
#include <asio_inotify/tree_counters.hpp>
#include <asio_inotify/tree_options.hpp>
#include <asio_inotify/tree_snapshot.hpp>
#include <asio_inotify/tree_watcher.hpp>
#include <asio_inotify/tree_watcher_saving.hpp>
#include <asio_inotify/uncovered_directory.hpp>
#include <asio_inotify/watch_descriptor.hpp>
#include <asio_inotify/watch_event_batch.hpp>
#include <asio_inotify/watch_range.hpp>
#include <asio_inotify/watch_report.hpp>
#include <asio_inotify/watch_set.hpp>
#include <asio_inotify/watch_set_counters.hpp>
#include <asio_inotify/watch_set_recycling.hpp>
#include <asio_inotify/watch_set_saving.hpp>
#include <asio_inotify/watch_view.hpp>

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_API_ERRORS_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_API_ERRORS_HPP

#include "support/api/operation.hpp"

#include <cerrno>

/// The errors that the documentation of the functions lists.
namespace test::api {

inline error_list operator+(error_list a, error_list const& b)
{
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

inline error_code const closed_error = asio::error::bad_descriptor;
inline error_code const aborted_error = asio::error::operation_aborted;

// The limits of the user can be reached by other tests that run at the same time.
inline error_list const open_errors{asio::error::already_open, error::instance_limit_reached};

/// Those of looking up a path.
inline error_list const path_errors{
    error::empty_path,    error::path_contains_null,  kernel_error(ENOENT), kernel_error(ENOTDIR),
    kernel_error(EACCES), kernel_error(ENAMETOOLONG), kernel_error(ELOOP)};

inline error_list const add_errors =
    path_errors + error_list{closed_error, error::invalid_event_mask, error::invalid_add_options,
                             kernel_error(EEXIST), error::watch_limit_reached};

inline error_list const add_at_errors =
    add_errors + error_list{error::watch_descriptor_out_of_range, error::watch_descriptor_in_use,
                            error::set_next_unsupported};

inline error_list const set_open_errors = open_errors + error_list{error::operation_outstanding};

inline error_list const set_add_errors =
    add_errors + error_list{error::watch_descriptors_exhausted, error::watch_descriptor_in_use};

inline error_list const set_add_at_errors =
    add_at_errors + set_add_errors + error_list{error::watch_descriptor_quarantined};

inline error_list const set_restore_errors =
    set_open_errors + set_add_errors + error_list{error::watch_moved};

inline error_list const hand_over_errors{aborted_error,
                                         closed_error,
                                         asio::error::already_open,
                                         asio::error::eof,
                                         asio::error::broken_pipe,
                                         asio::error::connection_reset,
                                         error::hand_over_refused,
                                         error::operation_outstanding};

inline error_list const remove_errors{closed_error, error::no_such_watch};

inline error_list const sync_read_errors{closed_error, error::buffer_too_small,
                                         error::operation_outstanding, asio::error::would_block};

inline error_list const read_errors{closed_error, error::buffer_too_small,
                                    error::operation_outstanding, aborted_error};

inline error_list const file_add_errors{closed_error,
                                        error::empty_path,
                                        error::path_contains_null,
                                        error::invalid_settle_time,
                                        kernel_error(EEXIST),
                                        kernel_error(EISDIR),
                                        kernel_error(ENAMETOOLONG),
                                        error::watch_limit_reached};

inline error_list const tree_add_errors =
    path_errors + error_list{closed_error, kernel_error(EEXIST), error::watch_limit_reached,
                             error::operation_outstanding};

inline error_list const watcher_remove_errors{closed_error, error::path_not_watched};

inline error_list const try_receive_errors{closed_error, error::operation_outstanding};

inline error_list const receive_errors = try_receive_errors + error_list{aborted_error};

} // namespace test::api

#endif

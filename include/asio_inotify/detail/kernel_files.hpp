//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_KERNEL_FILES_HPP
#define ASIO_INOTIFY_DETAIL_KERNEL_FILES_HPP

#include <asio_inotify/detail/step_result.hpp>
#include <asio_inotify/file_change_batch.hpp>
#include <asio_inotify/file_identity.hpp>
#include <asio_inotify/file_watch_options.hpp>
#include <asio_inotify/file_watcher_counters.hpp>
#include <asio_inotify/path_ref.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace asio_inotify::detail {

// The part of a file watcher that does not depend on its executor: the engine of a pump.
class ASIO_INOTIFY_DECL kernel_files
{
public:
    using batch_type = file_change_batch;

    /// Null on failure.
    [[nodiscard]] static std::unique_ptr<kernel_files> make(boost::system::error_code& ec);

    kernel_files(kernel_files const&) = delete;
    kernel_files& operator=(kernel_files const&) = delete;
    ~kernel_files();

    [[nodiscard]] int native_handle() const noexcept;
    [[nodiscard]] int release_handle() noexcept;
    [[nodiscard]] step_result step(boost::system::error_code& ec) noexcept;
    [[nodiscard]] file_change_batch take_batch() noexcept;
    void wake() noexcept;

    void add(path_ref const& path, file_watch_options const& options,
             boost::system::error_code& ec);
    void remove(path_ref const& path, boost::system::error_code& ec);

    /// Check every path again in the next steps.
    void rescan() noexcept;

    /// False if there was no descriptor left to notice a restore by CRIU with.
    [[nodiscard]] bool notices_restores() const noexcept;

    [[nodiscard]] bool contains(path_ref const& path) const noexcept;
    [[nodiscard]] file_identity identity(path_ref const& path) const noexcept;
    [[nodiscard]] std::size_t size() const noexcept;
    [[nodiscard]] std::vector<std::string> paths() const;
    [[nodiscard]] std::size_t watches() const noexcept;
    [[nodiscard]] file_watcher_counters counters() const noexcept;

private:
    struct implementation;

    explicit kernel_files(std::unique_ptr<implementation> opened) noexcept;

    std::unique_ptr<implementation> implementation_;
};

} // namespace asio_inotify::detail

#endif

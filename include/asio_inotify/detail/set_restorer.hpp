//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_SET_RESTORER_HPP
#define ASIO_INOTIFY_DETAIL_SET_RESTORER_HPP

#include <asio_inotify/detail/config.hpp>
#include <asio_inotify/detail/instance_access.hpp>
#include <asio_inotify/restore_options.hpp>
#include <asio_inotify/snapshot.hpp>
#include <asio_inotify/watch_report.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace asio_inotify::detail {

class object_search;
class watch_registry;

// Adds the watches of a snapshot to an instance that has none.
class ASIO_INOTIFY_DECL set_restorer
{
public:
    /** The snapshot outlives it. */
    set_restorer(snapshot const& saved, restore_options options);
    set_restorer(set_restorer const&) = delete;
    set_restorer& operator=(set_restorer const&) = delete;
    ~set_restorer();

    enum class progress : std::uint8_t
    {
        /// There is more to do.
        more,
        /// A watch that was on a different inode before has the inode of another watch: start again
        /// with a new instance and a new registry. Once at most.
        start_over,
        /// Everything is done, or failed.
        done
    };

    /// Do a part of the work: about 50 watches.
    /** @pre The registry is new at the first call, and after start_over. */
    [[nodiscard]] progress step(instance_access const& instance, watch_registry& registry,
                                boost::system::error_code& ec);

    [[nodiscard]] watch_report& report() noexcept { return report_; }

private:
    struct attempt
    {
        watch_outcome outcome = watch_outcome::same;
        boost::system::error_code reason;
        std::string new_path;
    };

    // In this order.
    enum class phase : std::uint8_t
    {
        add,
        add_postponed,
        search,
        compare,
        find_displaced,
        report
    };

    void begin(watch_registry& registry);
    [[nodiscard]] std::size_t size_of_phase() const noexcept;
    void work(instance_access const& instance, watch_registry& registry, std::size_t end,
              boost::system::error_code& ec);
    void add_by_path(instance_access const& instance, watch_registry& registry, std::size_t at);
    void add_by_file_handle(instance_access const& instance, watch_registry& registry,
                            std::size_t end);
    void compare_identities(int fd, boost::system::error_code& ec);
    [[nodiscard]] bool is_displaced(instance_access const& instance, watch_registry& registry,
                                    std::size_t at);
    [[nodiscard]] bool must_start_over();
    void report_one(std::size_t at);
    void finish(boost::system::error_code& ec) const;

    std::vector<saved_watch> const& watches_;
    watch_descriptor next_number_;
    restore_options options_;
    std::vector<attempt> attempts_;
    phase phase_ = phase::add;
    // The next watch in this phase, or the next lost one.
    std::size_t next_ = 0;
    bool is_second_pass_ = false;
    std::unique_ptr<object_search> search_;
    // Watches to be added after the others, which need the inodes that their paths name.
    std::vector<bool> is_postponed_;
    // Watches whose path did not lead to their inode, or to one that another watch has.
    std::vector<std::size_t> lost_;
    // Watches that are on a different inode than before, with its identity.
    std::vector<std::pair<inode_identity, std::size_t>> replaced_;
    // Watches that are to be added first if it starts over.
    std::vector<std::size_t> displaced_;
    watch_report report_;
};

} // namespace asio_inotify::detail

#endif

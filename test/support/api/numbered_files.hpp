//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_API_NUMBERED_FILES_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_API_NUMBERED_FILES_HPP

#include <cstdint>
#include <filesystem>
#include <iterator>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace test::api {

/// Whether events of the numbered files are queued.
enum class watching
{
    no,
    perhaps,
    yes
};

/// Files that are created one by one, so that a lost event shows, and one that is delivered twice.
class numbered_files
{
public:
    explicit numbered_files(std::filesystem::path in)
        : directory_(std::move(in))
    {
        std::filesystem::create_directory(directory_);
    }

    [[nodiscard]] std::filesystem::path const& directory() const noexcept { return directory_; }

    /// Create one, and remove it again.
    void create(watching how)
    {
        auto name = "#" + std::to_string(++number_);
        auto const path = directory_ / name;
        ::close(::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600));
        ::unlink(path.c_str());
        if (how != watching::no) {
            (how == watching::yes ? due_ : possible_).insert(std::move(name));
        }
    }

    /// @returns The names that were not due, such as those that have been delivered before.
    [[nodiscard]] std::string deliver(std::vector<std::string> const& names)
    {
        std::string wrong;
        for (auto const& name : names) {
            if (due_.erase(name) + possible_.erase(name) == 0) {
                wrong += " " + name;
            }
        }
        return wrong;
    }

    /// Events that are queued need not be delivered any more.
    void may_be_lost() { possible_.merge(due_); }

    /// They must not be delivered any more.
    void are_lost()
    {
        due_.clear();
        possible_.clear();
    }

    /// Everything was delivered. @returns The names that were not.
    [[nodiscard]] std::string expect_none()
    {
        std::string missing;
        for (auto const& name : due_) {
            missing += " " + name;
        }
        are_lost();
        return missing;
    }

private:
    std::filesystem::path directory_;
    std::uint64_t number_ = 0;
    std::unordered_set<std::string> due_;
    std::unordered_set<std::string> possible_;
};

} // namespace test::api

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_TEMP_DIRECTORY_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_TEMP_DIRECTORY_HPP

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <unistd.h>

namespace test {

/// A directory of the test's own, removed with everything in it at the end.
class temp_directory
{
public:
    explicit temp_directory(
        std::filesystem::path const& in = std::filesystem::temp_directory_path())
    {
        auto name = (in / "asio_inotify.XXXXXX").string();
        BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }

    temp_directory(temp_directory const&) = delete;
    temp_directory& operator=(temp_directory const&) = delete;

    ~temp_directory()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] std::filesystem::path const& path() const noexcept { return path_; }

    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const
    {
        return path_ / name;
    }

    /// Create or overwrite a file in one go: open, write, close.
    std::filesystem::path write(std::string_view name, std::string_view content = "x") const
    {
        auto file = path_ / name;
        std::ofstream(file, std::ios::binary) << content;
        return file;
    }

private:
    std::filesystem::path path_;
};

/// Where files cost least.
inline std::filesystem::path place_in_memory()
{
    char const* const memory = "/dev/shm";
    return ::access(memory, W_OK) == 0 ? memory : std::filesystem::temp_directory_path();
}

} // namespace test

#endif

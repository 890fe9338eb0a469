//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_PATH_REF_HPP
#define ASIO_INOTIFY_PATH_REF_HPP

#include <asio_inotify/detail/config.hpp>

#include <boost/assert.hpp>

#include <concepts>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace asio_inotify {

namespace detail {

/// A path class such as std::filesystem::path or boost::filesystem::path.
template <class T>
concept path_object = requires(T const& path)
{
    {
        path.native()
        } -> std::same_as<std::string const&>;
};

} // namespace detail

/// A reference to a null-terminated path, as a function parameter.
/**
 * Converts from a string literal, a `std::string`, a `std::filesystem::path`, and other classes
 * whose `native()` returns a `std::string`. Copies nothing and refers to the argument: use it as a
 * parameter only. It does not convert from `std::string_view`, which need not be null-terminated.
 *
 * A string may contain a null byte, see @ref view. The functions that take a path then fail with
 * @ref error::path_contains_null; the kernel would silently watch the path before the null byte.
 */
class path_ref
{
public:
    /// Refer to a C string. @pre `path` is not null.
    constexpr path_ref(char const* path) noexcept
        : data_(path)
        , size_(length(path))
    {}

    /// Refer to a string.
    constexpr path_ref(std::string const& path) noexcept
        : data_(path.c_str())
        , size_(path.size())
    {}

    /// Refer to a path object such as `std::filesystem::path`.
    template <detail::path_object Path>
    constexpr path_ref(Path const& path) noexcept
        : path_ref(path.native())
    {}

    path_ref(std::nullptr_t) = delete;

    /// The null-terminated bytes.
    [[nodiscard]] constexpr char const* c_str() const noexcept { return data_; }

    /// All bytes, without the terminating null byte.
    [[nodiscard]] constexpr std::string_view view() const noexcept { return {data_, size_}; }

    /// True if the path contains a null byte.
    [[nodiscard]] bool has_null() const noexcept { return std::memchr(data_, 0, size_) != nullptr; }

private:
    static constexpr std::size_t length(char const* path) noexcept
    {
        BOOST_ASSERT(path != nullptr);
        return std::char_traits<char>::length(path);
    }

    char const* data_;
    std::size_t size_;
};

} // namespace asio_inotify

#endif

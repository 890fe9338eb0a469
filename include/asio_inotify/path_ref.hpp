//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_PATH_REF_HPP
#define ASIO_INOTIFY_PATH_REF_HPP

#include <asio_inotify/detail/config.hpp>

#include <concepts>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace asio_inotify {

namespace detail {

/// std::filesystem::path, boost::filesystem::path and their like.
template <class T>
concept path_object = requires(T const& path)
{
    {
        path.native()
        } -> std::same_as<std::string const&>;
};

} // namespace detail

/// A null-terminated path for the duration of one call.
/**
 * What the kernel wants, from what callers have: a string literal, a `std::string`, a
 * `std::filesystem::path` or anything else with a null-terminated `c_str()` and a `native()`.
 * Refers to the argument, copies nothing; use it as a parameter only. A `std::string_view` is not
 * accepted, as nothing says that a null byte follows it.
 *
 * A null byte inside a string is kept in @ref view; the functions that take a path refuse it with
 * @ref error::path_contains_null, where the kernel would silently watch the path before it.
 */
class path_ref
{
public:
    /// Refer to a null-terminated array. @pre `path` is not null.
    constexpr path_ref(char const* path) noexcept // NOLINT(google-explicit-constructor)
        : data_(path)
        , size_(std::char_traits<char>::length(path))
    {}

    /// Refer to a string.
    constexpr path_ref(std::string const& path) noexcept // NOLINT(google-explicit-constructor)
        : data_(path.c_str())
        , size_(path.size())
    {}

    /// Refer to a path object such as `std::filesystem::path`.
    template <detail::path_object Path>
    constexpr path_ref(Path const& path) noexcept // NOLINT(google-explicit-constructor)
        : path_ref(path.native())
    {}

    path_ref(std::nullptr_t) = delete;

    /// The null-terminated bytes.
    [[nodiscard]] constexpr char const* c_str() const noexcept { return data_; }

    /// All bytes, without the terminator.
    [[nodiscard]] constexpr std::string_view view() const noexcept { return {data_, size_}; }

    /// True if a null byte stands inside the path.
    [[nodiscard]] bool has_null() const noexcept { return std::memchr(data_, 0, size_) != nullptr; }

private:
    char const* data_;
    std::size_t size_;
};

} // namespace asio_inotify

#endif

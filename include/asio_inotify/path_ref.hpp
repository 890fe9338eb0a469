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
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

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

template <class T>
concept path_reference = std::is_lvalue_reference_v<T> && path_object<std::remove_cvref_t<T>>;

/// An entry of a directory, such as std::filesystem::directory_entry.
template <class T>
concept entry_with_path = requires(T const& entry)
{
    {
        entry.path()
        } -> path_reference;
};

} // namespace detail

/// A reference to a path, as a function parameter.
/**
 * Converts from a string literal, a `std::string`, a `std::filesystem::path`, and other classes
 * whose `native()` returns a `std::string`, and from a `std::filesystem::directory_entry`. Then it
 * copies nothing and refers to the argument: use it as a parameter only. It converts from a
 * `std::string_view` too, and copies its bytes, as they need not be null-terminated.
 *
 * A string may contain a null byte, see @ref view. The functions that take a path then fail with
 * @ref error::path_contains_null; the kernel would silently watch the path before the null byte.
 */
class path_ref
{
public:
    /// Refer to a C string. @pre `path` is not null.
    path_ref(char const* path) noexcept
        : data_(path)
        , size_(length(path))
    {}

    /// Refer to a string.
    path_ref(std::string const& path) noexcept
        : data_(path.c_str())
        , size_(path.size())
    {}

    /// Copy the bytes of a view. @throws std::bad_alloc
    path_ref(std::string_view path)
        : copy_(std::make_shared<std::string const>(path))
        , data_(copy_->c_str())
        , size_(path.size())
    {}

    /// Refer to a path object such as `std::filesystem::path`.
    template <detail::path_object Path>
    path_ref(Path const& path) noexcept
        : path_ref(path.native())
    {}

    /// Refer to the path of an entry, such as a `std::filesystem::directory_entry`.
    template <detail::entry_with_path Entry>
    path_ref(Entry const& entry) noexcept
        : path_ref(entry.path())
    {}

    path_ref(std::nullptr_t) = delete;

    /// The null-terminated bytes.
    [[nodiscard]] char const* c_str() const noexcept { return data_; }

    /// All bytes, without the terminating null byte.
    [[nodiscard]] std::string_view view() const noexcept { return {data_, size_}; }

    /// True if the path contains a null byte.
    [[nodiscard]] bool has_null() const noexcept { return std::memchr(data_, 0, size_) != nullptr; }

private:
    static std::size_t length(char const* path) noexcept
    {
        BOOST_ASSERT(path != nullptr);
        return std::char_traits<char>::length(path);
    }

    // Only of a view. Shared, so that copies of the reference do not throw.
    std::shared_ptr<std::string const> copy_;
    char const* data_;
    std::size_t size_;
};

} // namespace asio_inotify

#endif

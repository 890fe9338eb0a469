//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_PATHS_TRAILING_TEXT_HPP
#define ASIO_INOTIFY_SRC_PATHS_TRAILING_TEXT_HPP

#include <boost/assert.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

// Objects with a text in the same block of memory: there are many of them, and most texts are
// short.
namespace asio_inotify::detail {

/// Public base class of such an object.
struct trailing_text
{
    std::uint16_t size = 0;
};

/// The text of an object, followed by a null byte.
template <class T>
[[nodiscard]] std::string_view text_of(T const& object) noexcept
{
    auto const* const text = reinterpret_cast<char const*>(&object + 1);
    return {text, static_cast<trailing_text const&>(object).size};
}

struct delete_with_text
{
    template <class T>
    void operator()(T* object) const noexcept
    {
        std::destroy_at(object);
        ::operator delete(object);
    }
};

template <class T>
using ptr_with_text = std::unique_ptr<T, delete_with_text>;

/// Create an object from these arguments, with a text. @pre The text is shorter than 64 KiB.
template <class T, class... Args>
[[nodiscard]] ptr_with_text<T> make_with_text(std::string_view text, Args&&... args)
{
    BOOST_ASSERT(text.size() <= (std::numeric_limits<std::uint16_t>::max)());
    auto* const memory = static_cast<std::byte*>(::operator new(sizeof(T) + text.size() + 1));
    ptr_with_text<T> made(::new (static_cast<void*>(memory)) T(std::forward<Args>(args)...));
    static_cast<trailing_text&>(*made).size = static_cast<std::uint16_t>(text.size());
    text.copy(reinterpret_cast<char*>(memory + sizeof(T)), text.size());
    memory[sizeof(T) + text.size()] = std::byte{0};
    return made;
}

} // namespace asio_inotify::detail

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_MAKE_RECORDS_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_MAKE_RECORDS_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace test {

/// Records as the kernel writes them, made by hand.
class record_maker
{
public:
    /// Append a record whose name is padded as the kernel pads it.
    record_maker& add(std::int32_t wd, std::uint32_t mask, std::uint32_t cookie = 0,
                      std::string_view name = {})
    {
        auto const length = name.empty() ? 0 : (name.size() / 16 + 1) * 16;
        return add_raw(wd, mask, cookie, static_cast<std::uint32_t>(length), name, length);
    }

    /// Append a record that says `length`, and after its header `padded` bytes that begin with the
    /// name.
    record_maker& add_raw(std::int32_t wd, std::uint32_t mask, std::uint32_t cookie,
                          std::uint32_t length, std::string_view name, std::size_t padded)
    {
        append(&wd, sizeof wd);
        append(&mask, sizeof mask);
        append(&cookie, sizeof cookie);
        append(&length, sizeof length);
        append(name.data(), name.size());
        bytes_.resize(bytes_.size() + padded - name.size());
        return *this;
    }

    /// Append whole records.
    void append_bytes(std::byte const* data, std::size_t size) { append(data, size); }

    [[nodiscard]] std::vector<std::byte> const& bytes() const noexcept { return bytes_; }
    [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }

private:
    void append(void const* data, std::size_t size)
    {
        auto const* const first = static_cast<std::byte const*>(data);
        bytes_.insert(bytes_.end(), first, first + size);
    }

    std::vector<std::byte> bytes_;
};

} // namespace test

#endif

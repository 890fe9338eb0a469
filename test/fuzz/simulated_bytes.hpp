//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_FUZZ_SIMULATED_BYTES_HPP
#define ASIO_INOTIFY_TEST_FUZZ_SIMULATED_BYTES_HPP

#include "support/simulation/simulated_script.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace test {

/// Bytes decide what happens in a simulated world. Any bytes do; behind their end are zeros.
class simulated_bytes
{
public:
    explicit simulated_bytes(std::string_view bytes)
        : rest_(bytes)
    {}

    [[nodiscard]] bool empty() const { return rest_.empty(); }

    std::size_t next()
    {
        std::size_t value = 0;
        if (!rest_.empty()) {
            value = static_cast<unsigned char>(rest_.front());
            rest_.remove_prefix(1);
        }
        return value;
    }

    /// @returns A bit of a byte, counted down to the lowest one by further calls.
    static bool take_bit(std::size_t& byte)
    {
        bool const bit = byte % 2 != 0;
        byte /= 2;
        return bit;
    }

    /// Up to four levels of three names, in one of the two directories of a simulation; or this
    /// directory.
    std::string path()
    {
        auto const shape = next();
        auto names = next();
        std::string text(shape % 8 == 7 ? tree_simulation::outside : tree_simulation::root);
        for (auto levels = (shape / 8 + 1) % 5; levels != 0; --levels) {
            text += '/';
            text += static_cast<char>('a' + names % 3);
            names /= 3;
        }
        return text;
    }

    /// From 0 to 31 in small steps, and then as large as it may be.
    std::size_t count()
    {
        auto const byte = next();
        return byte < 32 ? byte : static_cast<std::size_t>(-1);
    }

    operation one_operation()
    {
        using op = operation::kind;
        constexpr auto kinds = static_cast<std::size_t>(op::tick) + 1;
        auto const byte = next();
        operation o{static_cast<op>(byte % kinds), {}, {}};
        switch (o.what) {
        case op::link:
        case op::rename:
        case op::whiteout:
        case op::exchange:
        case op::symlink:
            o.from = path();
            o.to = o.what == op::symlink && next() % 2 != 0 ? "../a" : path();
            break;
        case op::write_held:
        case op::release:
        case op::limit_watches:
            o.number = next() % 16;
            break;
        case op::finish:
        case op::tick:
            break;
        default:
            o.from = path();
        }
        // The rest of the first byte says how the operation follows the one before.
        auto const follows = byte / kinds;
        if (follows >= 4) {
            o.gap = next() % 32;
        }
        if (follows % 4 == 3) {
            o.split = next() % 8;
        }
        return o;
    }

    /// An errno that the call may give while its object exists.
    injected_failure one_failure()
    {
        // Not EACCES: it is tried again when an event reports changed attributes.
        static constexpr std::array<std::pair<port_call, int>, 20> all{{
            {port_call::open, EMFILE},   {port_call::open, ENFILE},   {port_call::open, ENOMEM},
            {port_call::open, EIO},      {port_call::open, EPERM},    {port_call::identify, ENOMEM},
            {port_call::identify, EIO},  {port_call::look, ENOMEM},   {port_call::look, EIO},
            {port_call::look, ESTALE},   {port_call::list, ENOENT},   {port_call::list, ESTALE},
            {port_call::list, EIO},      {port_call::list, ENOMEM},   {port_call::list, EPERM},
            {port_call::list, ENOTDIR},  {port_call::add, ENOSPC},    {port_call::add, ENOMEM},
            {port_call::mounts, ENOMEM}, {port_call::mounts, EMFILE},
        }};
        auto const& [call, reason] = all.at(next() % all.size());
        injected_failure failure{call, reason};
        failure.after = next();
        failure.count = 1 + next() % 32;
        return failure;
    }

private:
    std::string_view rest_;
};

} // namespace test

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_FILE_POINTER_TABLE_HPP
#define ASIO_INOTIFY_SRC_FILE_POINTER_TABLE_HPP

#include <cstddef>
#include <vector>

namespace asio_inotify::detail {

/// A hash table of objects that have their key in themselves: a pointer for each, and some air.
/**
 * Traits have `hash(T const&)`, `hash(Key const&)` and `matches(T const&, Key const&)` for each
 * type of keys.
 */
template <class T, class Traits>
class pointer_table
{
public:
    /// Null if there is none.
    template <class Key>
    [[nodiscard]] T* find(Key const& key) const noexcept
    {
        if (!slots_.empty()) {
            for (auto at = home(Traits::hash(key)); slots_[at] != nullptr; at = behind(at)) {
                if (Traits::matches(*slots_[at], key)) {
                    return slots_[at];
                }
            }
        }
        return nullptr;
    }

    /// @pre None with its key is there. Strong exception safety.
    void insert(T& object)
    {
        // At most four of five are in use.
        if (5 * (size_ + 1) > 4 * slots_.size()) {
            grow();
        }
        place(object);
        ++size_;
    }

    /// @pre It is there.
    void erase(T const& object) noexcept
    {
        auto at = home(Traits::hash(object));
        while (slots_[at] != &object) {
            at = behind(at);
        }
        slots_[at] = nullptr;
        --size_;
        // Those behind that would not be found over the gap.
        for (at = behind(at); slots_[at] != nullptr; at = behind(at)) {
            auto* const moved = slots_[at];
            slots_[at] = nullptr;
            place(*moved);
        }
    }

    /// Call `f(object)` for each, in no particular order.
    template <class Function>
    void for_each(Function f) const
    {
        for (auto* const object : slots_) {
            if (object != nullptr) {
                f(*object);
            }
        }
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    [[nodiscard]] std::size_t home(std::size_t hash) const noexcept
    {
        return hash & (slots_.size() - 1);
    }

    [[nodiscard]] std::size_t behind(std::size_t at) const noexcept
    {
        return (at + 1) & (slots_.size() - 1);
    }

    void place(T& object) noexcept
    {
        auto at = home(Traits::hash(object));
        while (slots_[at] != nullptr) {
            at = behind(at);
        }
        slots_[at] = &object;
    }

    void grow()
    {
        std::vector<T*> larger(slots_.empty() ? 8 : 2 * slots_.size());
        larger.swap(slots_);
        for (auto* const object : larger) {
            if (object != nullptr) {
                place(*object);
            }
        }
    }

    // As many as a power of two.
    std::vector<T*> slots_;
    std::size_t size_ = 0;
};

/// All bits of a number in each bit of the result.
[[nodiscard]] constexpr std::size_t mixed(std::size_t value) noexcept
{
    auto mix = static_cast<unsigned long long>(value);
    mix = (mix ^ (mix >> 32U)) * 0x9e37'79b9'7f4a'7c15ULL;
    return static_cast<std::size_t>(mix ^ (mix >> 32U));
}

} // namespace asio_inotify::detail

#endif

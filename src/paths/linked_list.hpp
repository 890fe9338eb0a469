//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_SRC_PATHS_LINKED_LIST_HPP
#define ASIO_INOTIFY_SRC_PATHS_LINKED_LIST_HPP

#include <utility>

namespace asio_inotify::detail {

/// The links of an object in one kind of list.
template <class T>
struct list_links
{
    T* next = nullptr;
    T* previous = nullptr;
};

/// An intrusive list: it allocates nothing, and nothing can fail.
/** An object is in it once at most, and must be erased before it is destroyed. */
template <class T, list_links<T> T::*Links>
class linked_list
{
public:
    linked_list() noexcept = default;

    /// The list that begins with an object.
    explicit linked_list(T* first) noexcept
        : first_(first)
    {}

    [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }
    [[nodiscard]] T* first() const noexcept { return first_; }
    [[nodiscard]] static T* next(T const& object) noexcept { return (object.*Links).next; }

    void push_front(T& object) noexcept
    {
        object.*Links = {first_, nullptr};
        if (first_ != nullptr) {
            (first_->*Links).previous = &object;
        }
        first_ = &object;
    }

    void erase(T& object) noexcept
    {
        auto const links = std::exchange(object.*Links, {});
        if (links.next != nullptr) {
            (links.next->*Links).previous = links.previous;
        }
        (links.previous != nullptr ? (links.previous->*Links).next : first_) = links.next;
    }

private:
    T* first_ = nullptr;
};

/// The same for short lists: one link per object, and erasing searches.
template <class T, T* T::*Next>
class short_list
{
public:
    [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }
    [[nodiscard]] T* first() const noexcept { return first_; }
    [[nodiscard]] static T* next(T const& object) noexcept { return object.*Next; }

    void push_front(T& object) noexcept
    {
        object.*Next = first_;
        first_ = &object;
    }

    /// @pre The object is in the list.
    void erase(T& object) noexcept
    {
        auto** at = &first_;
        while (*at != &object) {
            at = &((*at)->*Next);
        }
        *at = std::exchange(object.*Next, nullptr);
    }

private:
    T* first_ = nullptr;
};

/// The same as a queue.
template <class T, list_links<T> T::*Links>
class linked_queue
{
public:
    [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }
    [[nodiscard]] T* first() const noexcept { return first_; }

    void push_back(T& object) noexcept
    {
        object.*Links = {nullptr, last_};
        (last_ != nullptr ? (last_->*Links).next : first_) = &object;
        last_ = &object;
    }

    void erase(T& object) noexcept
    {
        auto const links = std::exchange(object.*Links, {});
        (links.next != nullptr ? (links.next->*Links).previous : last_) = links.previous;
        (links.previous != nullptr ? (links.previous->*Links).next : first_) = links.next;
    }

private:
    T* first_ = nullptr;
    T* last_ = nullptr;
};

} // namespace asio_inotify::detail

#endif

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_DETAIL_SHARED_CHANGE_HPP
#define ASIO_INOTIFY_DETAIL_SHARED_CHANGE_HPP

#include <asio_inotify/detail/storage_owner.hpp>

#include <atomic>
#include <utility>
#include <vector>

namespace asio_inotify::detail {

/// The base of the paths and errors that the changes of a batch refer to.
/** Owned by the batch, its copies, and copies of its changes. */
struct change_text
{
    change_text() = default;
    change_text(change_text const&) = delete;
    change_text& operator=(change_text const&) = delete;
    virtual ~change_text() = default;

    std::atomic<int> owners{0};
};

// A change: its record, and the text that the record refers to. In its batch, which owns the text,
// it costs no count of owners; a copy owns the text.
template <class Record, class Text>
class shared_change
{
protected:
    shared_change(Record const& record, Text* text) noexcept
        : record_(record)
        , text_(text)
    {}

    shared_change(shared_change const& other) noexcept
        : record_(other.record_)
        , text_(other.text_)
        , owner_(other.text_)
    {}

    shared_change& operator=(shared_change const& other) noexcept
    {
        if (this != &other) {
            record_ = other.record_;
            text_ = other.text_;
            owner_ = text_;
        }
        return *this;
    }

    ~shared_change() = default;

    [[nodiscard]] Record const& record() const noexcept { return record_; }
    [[nodiscard]] Text const& text() const noexcept { return *text_; }

private:
    template <class Change>
    friend class batched_change;

    using record_type = Record;
    using text_type = Text;

    Record record_;
    Text* text_;
    storage_owner<Text> owner_;
};

// A change in its batch.
template <class Change>
class batched_change : public Change
{
public:
    using record_type = typename Change::record_type;
    using text_type = typename Change::text_type;

    batched_change(record_type const& record, text_type* text) noexcept
        : Change(record, text)
    {}

    batched_change(batched_change const& other) noexcept
        : Change(other.record_, other.text_)
    {}

    batched_change& operator=(batched_change const& other) noexcept
    {
        this->record_ = other.record_;
        this->text_ = other.text_;
        return *this;
    }

    ~batched_change() = default;

    /// To fill the batch.
    [[nodiscard]] record_type& record() noexcept { return this->record_; }
};

// The contents of a batch.
template <class Change>
struct change_storage : batched_change<Change>::text_type
{
    std::vector<batched_change<Change>> changes{};
};

/// Makes batches.
struct batch_access
{
    template <class Batch, class Storage>
    [[nodiscard]] static Batch make(storage_owner<Storage> storage) noexcept
    {
        return Batch(std::move(storage));
    }
};

} // namespace asio_inotify::detail

#endif

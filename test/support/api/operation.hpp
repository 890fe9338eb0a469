//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_API_OPERATION_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_API_OPERATION_HPP

#include <asio_inotify.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

/// Random calls of every function of the objects, and what must be true of them.
namespace test::api {

namespace asio = boost::asio;
using asio_inotify::error;
using boost::system::error_code;

/// What was done and what is wrong, from any thread: Boost.Test's own macros are for one.
class findings
{
public:
    void add_fault(std::string fault)
    {
        std::lock_guard<std::mutex> const lock(mutex_);
        constexpr std::size_t most = 10;
        if (faults_.size() < most) {
            faults_.push_back(std::move(fault));
        }
    }

    [[nodiscard]] std::string faults() const
    {
        std::lock_guard<std::mutex> const lock(mutex_);
        std::string all;
        for (auto const& fault : faults_) {
            all += "\n  " + fault;
        }
        return all;
    }

    void count(std::string const& what, bool has_succeeded)
    {
        std::lock_guard<std::mutex> const lock(mutex_);
        auto& so_far = counts_[what];
        ++so_far.all;
        so_far.successful += has_succeeded ? 1U : 0U;
    }

    /// How often operations have completed, and how often successfully.
    [[nodiscard]] std::string counts() const
    {
        std::lock_guard<std::mutex> const lock(mutex_);
        std::string all;
        for (auto const& [what, times] : counts_) {
            all += "\n  " + what + ": " + std::to_string(times.all) + ", " +
                   std::to_string(times.successful) + " successful";
        }
        return all;
    }

private:
    struct counted
    {
        std::size_t all = 0;
        std::size_t successful = 0;
    };

    mutable std::mutex mutex_;
    std::vector<std::string> faults_;
    std::map<std::string, counted> counts_;
};

inline error_code kernel_error(int number)
{
    return {number, boost::system::system_category()};
}

using error_list = std::vector<error_code>;

/// Whether an error, if it is one, is among those that are documented.
inline bool is_documented(error_code const& ec, error_list const& documented)
{
    return !ec || std::ranges::find(documented, ec) != documented.end();
}

/// The numbered files of which a batch says that they were created, and what else is in it.
struct batch_contents
{
    std::vector<std::string> created{};
    std::size_t size = 0;
    bool overflow = false;
    std::vector<asio_inotify::file_change> file_changes{};
    std::vector<asio_inotify::tree_change> tree_changes{};

    template <class Event>
    void add_event(Event const& event)
    {
        ++size;
        overflow = overflow || event.is_overflow();
        if (event.is(asio_inotify::event_mask::create) && event.name().starts_with('#')) {
            created.emplace_back(event.name());
        }
    }

    void add() {}

    void add(asio_inotify::event_batch batch)
    {
        for (auto const event : batch) {
            add_event(event);
        }
    }

    void add(asio_inotify::watch_event_batch batch)
    {
        for (auto const event : batch) {
            add_event(event);
        }
    }

    // Copies of the changes outlive the batch and the watcher.
    void add(asio_inotify::file_change_batch const& batch)
    {
        size += batch.size();
        file_changes.insert(file_changes.end(), batch.begin(), batch.end());
    }

    void add(asio_inotify::tree_change_batch const& batch)
    {
        size += batch.size();
        tree_changes.insert(tree_changes.end(), batch.begin(), batch.end());
    }

    void add(asio_inotify::watch_report const& report) { size += report.compared; }
    void add(std::size_t count) { size += count; }
};

/// What an operation does when it is cancelled, or its object is closed.
enum class obedience
{
    /// Completes with an error, and has taken nothing.
    strict,
    /// Can also complete with what it has taken before.
    lenient,
    /// Does not support it.
    none
};

/// What is known of an asynchronous operation until it is over.
struct operation
{
    operation(std::string its_name, error_list documented, obedience how)
        : name(std::move(its_name))
        , errors(std::move(documented))
        , obeys(how)
    {}

    std::string name;
    error_list errors;
    obedience obeys;
    // It must not succeed any more.
    bool must_fail = false;
    // On success there is something in the batch.
    bool must_have_contents = false;
    // While it is outstanding, its object must be neither moved nor destroyed.
    bool pins = false;
    bool has_slot = false;
    std::vector<std::byte> memory{};
    // Perhaps that of a former operation.
    std::shared_ptr<asio::cancellation_signal> signal =
        std::make_shared<asio::cancellation_signal>();

    // What the handler was called with: valid when it has been.
    error_code ec{};
    batch_contents contents{};
    std::uint64_t order = 0;
    std::atomic<bool> called{false};
    // The handler was destroyed and had not been called.
    std::atomic<bool> dropped{false};

    [[nodiscard]] bool is_over() const noexcept { return called || dropped; }

    template <class... What>
    void complete(error_code result, What&&... what)
    {
        static std::atomic<std::uint64_t> calls{0};
        ec = result;
        contents.add(std::forward<What>(what)...);
        order = ++calls;
        called = true;
    }
};

/// The handler of an operation: can only be moved, and called once, as an rvalue.
class probe
{
public:
    using cancellation_slot_type = asio::cancellation_slot;

    explicit probe(std::shared_ptr<operation> of)
        : operation_(std::move(of))
    {}

    probe(probe&&) noexcept = default;
    probe& operator=(probe&&) = delete;

    ~probe()
    {
        if (operation_) {
            operation_->dropped = true;
        }
    }

    [[nodiscard]] cancellation_slot_type get_cancellation_slot() const noexcept
    {
        return operation_->has_slot ? operation_->signal->slot() : cancellation_slot_type();
    }

    template <class... What>
    void operator()(error_code ec, What&&... what) &&
    {
        std::exchange(operation_, nullptr)->complete(ec, std::forward<What>(what)...);
    }

private:
    std::shared_ptr<operation> operation_;
};

/// The same, with an executor.
class bound_probe : public probe
{
public:
    using executor_type = asio::any_io_executor;

    bound_probe(std::shared_ptr<operation> of, executor_type ex)
        : probe(std::move(of))
        , executor_(std::move(ex))
    {}

    [[nodiscard]] executor_type get_executor() const noexcept { return executor_; }

private:
    executor_type executor_;
};

} // namespace test::api

#endif

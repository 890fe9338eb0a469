//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "statistics.hpp"

#include <nlohmann/json.hpp>

namespace asio_watch {

void statistics::count(asio_inotify::event_view event)
{
    ++events;
    overflows += event.is_overflow() ? 1U : 0U;
    ignored += event.is_ignored() ? 1U : 0U;
    unmounts += event.is_unmount() ? 1U : 0U;
    for_each_kind(event, [this](std::size_t index) { ++kinds[index]; });
}

std::string statistics::to_json() const
{
    if (!mode_counters.empty()) {
        nlohmann::ordered_json object;
        for (auto const& [name, value] : mode_counters) {
            object[name] = value;
        }
        return object.dump();
    }
    // ordered_json keeps the members in this order.
    nlohmann::ordered_json object{
        {"events", events},     {"batches", batches},     {"bytes", bytes},
        {"reads", reads},       {"overflows", overflows}, {"ignored", ignored},
        {"unmounts", unmounts}, {"unknown", unknown},
    };
    auto& by_kind = object["kinds"];
    for (std::size_t i = 0; i != kind_count; ++i) {
        by_kind[std::string(kind_name(i))] = kinds[i];
    }
    return object.dump();
}

} // namespace asio_watch

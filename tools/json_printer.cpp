//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "event_printer.hpp"
#include "event_words.hpp"
#include "text.hpp"

namespace asio_watch {
namespace {

// Appends text directly: a JSON value in memory would need several allocations per event.
class json_printer final : public event_printer
{
public:
    void restored(std::string& out, asio_inotify::watch_descriptor wd,
                  asio_inotify::watch_outcome outcome, std::string_view path) const override
    {
        out += R"({"restore":")";
        out += to_string(outcome);
        out += R"(","wd":)";
        append_number(out, wd.value());
        out += ',';
        append_json_member(out, "path", path);
        out += "}\n";
    }

    void ready(std::string& out, std::size_t watches) const override
    {
        out += R"({"ready":true,"watches":)";
        append_number(out, watches);
        out += "}\n";
    }

    void event(std::string& out, asio_inotify::watch_event event) const override
    {
        out += R"({"event":[)";
        char const* separator = "\"";
        for_each_word(event, [&](std::string_view word) {
            out += separator;
            out += word;
            out += '"';
            separator = ",\"";
        });
        out += R"(],"wd":)";
        append_number(out, event.wd().value());
        out += R"(,"cookie":)";
        append_number(out, event.cookie());
        if (event.watch()) {
            out += ',';
            append_json_member(out, "path", event.watch().path());
        }
        if (auto const name = event.name(); !name.empty()) {
            out += ',';
            append_json_member(out, "name", name);
        }
        out += "}\n";
    }
};

} // namespace

std::unique_ptr<event_printer> make_json_printer()
{
    return std::make_unique<json_printer>();
}

} // namespace asio_watch

//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include <asio_inotify/path_ref.hpp>

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <type_traits>

namespace lib = asio_inotify;

BOOST_AUTO_TEST_SUITE(path_ref)

using ref = lib::path_ref;

static_assert(std::is_convertible_v<char const*, ref>);
static_assert(std::is_convertible_v<char const (&)[5], ref>);
static_assert(std::is_convertible_v<std::string, ref>);
static_assert(std::is_convertible_v<std::filesystem::path, ref>);
static_assert(std::is_convertible_v<std::string_view, ref>);
static_assert(std::is_convertible_v<std::filesystem::directory_entry, ref>);
// Only the one that copies can throw.
static_assert(!std::is_nothrow_constructible_v<ref, std::string_view>);
static_assert(std::is_nothrow_constructible_v<ref, std::filesystem::path const&>);
static_assert(std::is_nothrow_constructible_v<ref, std::filesystem::directory_entry const&>);
static_assert(std::is_nothrow_copy_constructible_v<ref>);
static_assert(!std::is_constructible_v<ref, std::nullptr_t>);
static_assert(!std::is_constructible_v<ref, int>);
static_assert(!std::is_constructible_v<ref, wchar_t const*>);
static_assert(!std::is_constructible_v<ref, std::wstring>);
static_assert(!std::is_constructible_v<ref, char>);

// A path type that is not the standard's.
class other_path
{
public:
    explicit other_path(std::string text)
        : text_(std::move(text))
    {}
    [[nodiscard]] std::string const& native() const { return text_; }

private:
    std::string text_;
};

struct wide_path
{
    [[nodiscard]] std::wstring const& native() const;
};
static_assert(!std::is_constructible_v<ref, wide_path>);

// As the library's functions take it.
std::string_view viewed(ref path)
{
    BOOST_TEST(path.c_str() == path.view().data());
    BOOST_TEST(path.c_str()[path.view().size()] == '\0');
    return path.view();
}

BOOST_AUTO_TEST_CASE(from_every_type_that_callers_have)
{
    BOOST_TEST(viewed("/etc") == "/etc");
    BOOST_TEST(viewed("") == "");
    char const* const pointer = "relative/path";
    BOOST_TEST(viewed(pointer) == "relative/path");
    BOOST_TEST(viewed(std::string("/a string")) == "/a string");
    BOOST_TEST(viewed(std::filesystem::path("/a") / "path") == "/a/path");
    BOOST_TEST(viewed(other_path("/another")) == "/another");
    BOOST_TEST(viewed(std::string_view("/a view of this").substr(0, 7)) == "/a view");
    BOOST_TEST(viewed(std::string_view()) == "");
    BOOST_TEST(viewed(std::filesystem::directory_entry("/etc")) == "/etc");
    // An array with room behind the text is the text.
    char const array[16] = "text";
    BOOST_TEST(viewed(array) == "text");
}

BOOST_AUTO_TEST_CASE(copies_nothing)
{
    std::string const text = "/a path that is too long for the small string optimisation";
    BOOST_TEST(static_cast<void const*>(ref(text).c_str()) == text.data());
    std::filesystem::path const path = text;
    BOOST_TEST(static_cast<void const*>(ref(path).c_str()) == path.c_str());
}

BOOST_AUTO_TEST_CASE(a_copied_view)
{
    std::string text = "/a path";
    ref const first{std::string_view(text)};
    auto const second = first;
    text = "another";
    BOOST_TEST(second.view() == "/a path");
    BOOST_TEST(static_cast<void const*>(second.c_str()) == first.c_str());
}

BOOST_AUTO_TEST_CASE(null_bytes_inside)
{
    using namespace std::string_literals;
    BOOST_TEST(!ref("/etc").has_null());
    BOOST_TEST(!ref("").has_null());
    BOOST_TEST(!ref(std::string()).has_null());
    BOOST_TEST(ref(std::string_view("a\0b", 3)).has_null());
    for (auto const& text : {"/etc\0/passwd"s, "\0"s, "/etc\0"s, "\0/etc"s}) {
        BOOST_TEST(ref(text).has_null());
        BOOST_TEST(viewed(text).size() == text.size());
        BOOST_TEST(ref(std::filesystem::path(text)).has_null());
    }
}

BOOST_AUTO_TEST_SUITE_END()

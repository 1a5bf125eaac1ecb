"""HTML as the text that a person would read, in linear time, and with nothing in it that acts."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supporttui.intake.mail.htmltext import text_of_html


@pytest.mark.parametrize(("markup", "text"), [
    ("<p>one</p><p>two</p>", "one\n\ntwo"),
    ("one<br>two<br/>three<br><br>four", "one\ntwo\nthree\n\nfour"),
    ("<div>one</div><div>two</div>", "one\ntwo"),
    ("<div><div><div>one</div></div></div>two", "one\ntwo"),
    ("a   b\n\tc", "a b c"),
    ("<b>bo</b>ld", "bold"),
    ("caf&eacute; &lt;b&gt; &#x2713; &amp;amp;", "café <b> ✓ &amp;"),
    ("<ul><li>one<li>two</ul>after", "- one\n- two\n\nafter"),
    ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a  b\nc"),
    ("<pre>a\n  b</pre>", "a\n  b"),
    ("<blockquote>said<blockquote>before</blockquote></blockquote>mine", "> said\n>\n>> before\n\nmine"),
    ('see <a href="https://x.example/a?b=1&amp;c">the page</a>', "see the page <https://x.example/a?b=1&c>"),
    ('<a href="https://x.example/">https://x.example</a>', "https://x.example"),
    ('<a href="mailto:a@b.example">a@b.example</a>', "a@b.example"),
    ('<a href="javascript:alert(1)">here</a>', "here"),
    ("<img src=x alt='the shot'>", "[the shot]"),
    ("<style>p{}</style><script>if (a<b) x()</script>text<!-- hidden -->", "text"),
    ("<head><title>t</title></head><body>text</body>", "text"),
    ("<head><title>t</title><body>text", "text"),
    ("<div style='display: none'>pre<div>header</div></div>text", "text"),
    ("1 < 2 and <3", "1 < 2 and <3"),
    ("<p title='a > b'>text</p>", "text"),
    ("<a href='x>text", "text"),
    ("<!doctype html><?xml ?>text", "text"),
    ("<![endif]-->text<![if !mso]>more", "textmore"),
    ("", ""), ("<p></p>", ""), ("&nbsp;", ""),
])  # fmt: skip
def test_what_a_person_would_read(markup, text):
    assert text_of_html(markup) == text


@pytest.mark.parametrize("piece", [
    "<a ", "<", "<!--", "<![CDATA[", "<a ='>", '<a ="', "&", "&#1", "<div>", "<a href=x>", "<blockquote>x", "<script>",
    "<script></scripT>", "<ul><li>a", "<p style='display:none", "</", "<a b='' ", "<pre>", "<td>", "<!", "<?", "''", "<p ",
])  # fmt: skip
def test_twice_as_much_takes_about_twice_as_long(piece):
    def took(size: int) -> float:
        markup = piece * (size // len(piece))
        began = time.process_time()
        text_of_html(markup)
        return time.process_time() - began

    took(1_000)
    short, long = took(10_000), took(80_000)
    assert long < 40 * max(short, 0.002), (short, long)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(["<", ">", "</", "a", "div", " ", "=", "'", '"', "<!--", "-->", "&amp;", "script", "p", "<p>",
                                 "<blockquote>", "text", "\n", "style=", "href=http://x", "/>"]), max_size=60))  # fmt: skip
def test_any_soup_becomes_text(pieces):
    text_of_html("".join(pieces))

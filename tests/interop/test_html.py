"""HTML of a note as Markdown: what a browser would show stands in the card, line by line, and nothing else."""

from __future__ import annotations

import pytest

from studyapp.interop.html import Lost, to_markdown


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>one</p>two", "one\\\ntwo"),
        ("one<div>two</div>three", "one\\\ntwo\\\nthree"),
        ("one<br>two<BR/>three", "one\\\ntwo\\\nthree"),
        ("<h1>Title</h1>text", "Title\\\ntext"),
        ("<ul><li>a</li><li>b</li></ul>after", "• a\\\n• b\\\nafter"),
        ("before<ul><li>a<ul><li>b</li></ul></li></ul>after", "before\\\n• a\\\n• b\\\nafter"),
        ("<ol><li>a<li>b</ol>after", "1\\. a\\\n2\\. b\\\nafter"),
        ("<table><tr><th>x</th><th>y</th></tr><tr><td>1</td><td>2</td></tr></table>end", "x – y\\\n1 – 2\\\nend"),
        ("<b>bold</b> and <em>it</em>, x<sup>2</sup>, h<sub>1</sub>", "**bold** and *it*, x², h₁"),
        ('<a href="http://e.org/x">here</a>, <a href="javascript:f()">there</a>', "here (http://e.org/x), there"),
        ("a<script>f(1)</script>b<style>p{}</style>c", "abc"),
        ("<b></b>x &lt;b&gt; &amp;", "x \\<b> &"),
        ("\\(x\\)3, \\[\\frac{1}{2}\\]", "$x$ 3, $$\\frac{1}{2}$$"),
    ],
)
def test_a_field_reads_as_a_browser_shows_it(html: str, markdown: str) -> None:
    lost = Lost()

    assert to_markdown(html, lost) == markdown
    assert not lost.counts


def test_what_a_terminal_cannot_show_is_counted_and_its_words_are_kept() -> None:
    lost = Lost()

    assert to_markdown('<img src="n.png" alt="a net"> see <img src="x.png"> [sound:a.mp3]', lost) == "a net see"
    assert dict(lost.counts) == {"images left out": 2, "sounds left out": 1}

"""Where links lead is noted beside the text they stand on, and never followed."""

from __future__ import annotations

from builders import eml

from auditor.mail.html import read
from auditor.mail.message import Link
from auditor.mail.parse import parse

TARGET = "https://stow.example.org/email"


def lines_linked(html: str) -> list[tuple[str, str]]:
    reading = read(html)
    return [(reading.text[link.at :].partition("\n")[0], link.target) for link in reading.links]


def test_a_link_is_noted_at_the_line_it_ends_on() -> None:
    html = (
        f'<p>Dear Tom</p><p>The bench is mended.</p><p>Read our <a href="{TARGET}"><b>e-mail</b> notice</a> please.</p>'
    )
    assert lines_linked(html) == [("Read our e-mail notice please.", TARGET)]


def test_links_that_show_nothing_or_lead_nowhere_are_none() -> None:
    html = (
        f'<p>Hello<a href="mailto:a@b.example">write</a><a href="#top">up</a></p><a href="{TARGET}"></a>'
        f'<div style="display:none"><a href="{TARGET}">unseen</a></div><p><a href="javascript:x()">run</a></p>'
    )
    assert lines_linked(html) == []


def test_there_is_an_end_to_links() -> None:
    many = "".join(f'<p><a href="https://x.example/{n}">{n}</a></p>' for n in range(5000))
    assert len(read(many).links) == 200
    assert read(f'<a href="https://x.example/{"y" * 600}">z</a>').links == ()


def test_a_message_of_several_parts_has_the_links_of_each_where_they_stand() -> None:
    mail = parse(eml(body="Plain.\n", html=f'<p>First.</p><p><a href="{TARGET}">Notice</a></p>'))
    [link] = mail.body.links
    assert mail.body.text[link.at :].startswith("Notice")
    assert link == Link(link.at, TARGET)

"""Bytes to a message: what each kind of part becomes, and what is said of damage."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime

import pytest
from raw_mail import HEAD, container, letter, message, page, plain

from auditor.mail.message import Address, Hint, Mail, View
from auditor.mail.parse import envelope, over_limits, parse


def codes(mail: Mail) -> set[str]:
    return {defect.code for defect in mail.defects}


def attached(data: bytes, headers: bytes) -> bytes:
    return headers + b"\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(data)


def test_a_plain_letter_is_read_whole() -> None:
    raw = letter(b"Dear Bob,\r\n\r\nThe bench is mended.\r\n")
    mail = parse(raw)
    assert mail.sender == Address("Ann Marsh", "clerk@council.example")
    assert mail.to == (Address("", "bob@example.org"),)
    assert mail.subject == "The bench"
    assert mail.sent == datetime(2026, 3, 3, 9, 15, tzinfo=UTC)
    assert mail.message_id == "1@council.example"
    assert mail.body.text == "Dear Bob,\n\nThe bench is mended.\n"
    assert mail.body.view is View.PLAIN
    assert (mail.sha256, mail.size) == (hashlib.sha256(raw).hexdigest(), len(raw))
    assert mail.defects == ()


def test_the_envelope_is_the_headers_alone() -> None:
    mail = envelope(letter(b"The bench is mended.\n"))
    assert mail.subject == "The bench"
    assert mail.body.text == ""
    assert mail.body.view is View.NONE


def test_a_reply_names_what_it_answers() -> None:
    mail = parse(
        letter(b"Yes.\n", b"In-Reply-To: <a@x.example> (Bob's note)", b"References: <r@x.example>\n <a@x.example>")
    )
    assert mail.in_reply_to == "a@x.example"
    assert mail.references == ("r@x.example", "a@x.example")


def test_a_sender_on_behalf_of_another_is_the_submitter() -> None:
    assert parse(letter(b"x", b"Sender: deputy@council.example")).submitter == Address("", "deputy@council.example")
    assert parse(letter(b"x", b"Sender: clerk@council.example")).submitter is None


def test_the_html_view_is_the_readers_and_the_plain_one_is_kept() -> None:
    mail = parse(
        message(
            container(
                "alternative",
                plain("Dear Bob, the bench is mended."),
                page("<p>Dear Bob, the <b>bench</b> is mended.</p>"),
            )
        )
    )
    assert mail.body.view is View.HTML
    assert mail.body.text == "Dear Bob, the bench is mended.\n"
    assert mail.body.other == "Dear Bob, the bench is mended."
    assert mail.body.agreement == 1.0


def test_views_that_say_different_things_agree_little() -> None:
    mail = parse(
        message(
            container("alternative", plain("Nothing to see here at all today"), page("<p>You idiot, resign now</p>"))
        )
    )
    assert mail.body.agreement == 0.0


def test_a_blank_html_view_gives_way_to_the_plain_one() -> None:
    mail = parse(message(container("alternative", plain("The bench is mended."), page("<p>&nbsp;</p>"))))
    assert mail.body.text == "The bench is mended."
    assert mail.body.view is View.PLAIN
    assert "views" in codes(mail)


def test_a_page_of_pictures_alone_is_said_to_be_unread() -> None:
    assert "picture" in codes(parse(message(page('<img src="cid:1">'))))


def test_texts_of_a_mixed_message_follow_each_other() -> None:
    mail = parse(
        message(
            container(
                "mixed",
                plain("First."),
                attached(b"PDF", b"Content-Type: application/pdf; name=a.pdf"),
                plain("Footer."),
            )
        )
    )
    assert mail.body.text == "First.\nFooter."
    assert [a.name for a in mail.attachments] == ["a.pdf"]


def test_marks_move_with_the_text_they_name() -> None:
    quoted = page('<p>Yes.</p><blockquote type="cite">Is it mended?</blockquote>')
    mail = parse(message(container("mixed", plain("Note."), quoted, plain("Footer."))))
    (mark,) = mail.body.marks
    assert mark.hint is Hint.QUOTE
    assert mail.body.text[mark.start : mark.end] == "Is it mended?\n"


def test_history_lasts_to_the_end_of_all_the_text() -> None:
    answered = page('<p>Yes.</p><div id="divRplyFwdMsg">From: Bob</div>')
    mail = parse(message(container("mixed", answered, plain("Footer."))))
    assert mail.body.text[mail.body.marks[0].start :] == "From: Bob\nFooter."
    assert mail.body.marks[0].end == len(mail.body.text)


def test_a_footer_stands_in_both_views() -> None:
    both = container("alternative", plain("Hello."), page("<p>Hello.</p>"), mark=b"in")
    mail = parse(message(container("mixed", both, plain("List footer."))))
    assert mail.body.text == "Hello.\nList footer."
    assert mail.body.other == "Hello.\nList footer.\n"


def test_a_text_sent_as_a_file_is_a_file() -> None:
    note = b"Content-Type: text/plain\nContent-Disposition: attachment; filename=notes.txt\n\nsecret"
    mail = parse(message(container("mixed", plain("See attached."), note)))
    assert mail.body.text == "See attached."
    (file,) = mail.attachments
    assert (file.name, file.size, file.inline) == ("notes.txt", 6, False)
    assert file.sha256 == hashlib.sha256(b"secret").hexdigest()


def test_a_picture_in_the_text_is_inline() -> None:
    picture = attached(b"\x89PNG", b"Content-Type: image/png; name=crest.png\nContent-ID: <c>")
    mail = parse(message(container("related", page("<p>Hello</p><img src='cid:c'>"), picture)))
    assert mail.body.text == "Hello\n"
    assert [(a.name, a.inline) for a in mail.attachments] == [("crest.png", True)]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (b"filename*=UTF-8''b%C3%BCdget%20%C2%A35.pdf", "büdget £5.pdf"),
        (b"filename*0=\"long \"; filename*1=\"name.pdf\"", "long name.pdf"),
        (b"filename*0*=utf-8''caf%C3%A9; filename*1=\".pdf\"", "café.pdf"),
        (b'filename="=?utf-8?B?Y2Fmw6kucGRm?="', "café.pdf"),
        (b'filename="../../etc/passwd"', "../../etc/passwd"),
        (b'filename="a\\"b;c.pdf"', 'a"b;c.pdf'),
        (b"filename=\"caf\xc3\xa9.pdf\"", "café.pdf"),
    ],
)  # fmt: skip
def test_file_names_are_decoded(header: bytes, name: str) -> None:
    part = b"Content-Type: application/pdf\nContent-Disposition: attachment; " + header + b"\n\nx"
    assert parse(message(container("mixed", plain("x"), part))).attachments[0].name == name


def test_a_name_that_reads_backwards_shows_its_override() -> None:
    part = attached(
        b"x",
        'Content-Type: application/x-msdownload\nContent-Disposition: attachment; filename="invoice\u202efdp.exe"'.encode(),
    )
    mail = parse(message(container("mixed", plain("x"), part)))
    assert mail.attachments[0].name == "invoice\\u202efdp.exe"
    assert "name" in codes(mail)


def test_an_attached_message_is_a_message_of_its_own() -> None:
    inner = b"From: eve@example.org\nSubject: Inner\n\nInner words.\n"
    mail = parse(message(container("mixed", plain("Outer words."), b"Content-Type: message/rfc822\n\n" + inner)))
    assert mail.body.text == "Outer words."
    (held,) = mail.attached
    assert (held.subject, held.sender.email, held.body.text.strip()) == ("Inner", "eve@example.org", "Inner words.")


def test_an_attached_message_may_be_encoded() -> None:
    inner = attached(b"From: eve@example.org\nSubject: Inner\n\nInner words.\n", b"Content-Type: message/rfc822")
    assert parse(message(container("mixed", plain("x"), inner))).attached[0].body.text == "Inner words.\n"


def test_a_digest_holds_messages() -> None:
    mail = parse(message(container("digest", b"\nSubject: One\n\n1", b"\nSubject: Two\n\n2")))
    assert [held.subject for held in mail.attached] == ["One", "Two"]


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        (attached(b"MII", b'Content-Type: application/pkcs7-mime; name="smime.p7m"'), "S/MIME"),
        (attached(b"TNEF", b'Content-Type: application/octet-stream; name="winmail.dat"'), "TNEF"),
        (attached(b"TNEF", b"Content-Type: application/ms-tnef"), "TNEF"),
        (container("encrypted", b"Content-Type: application/pgp-encrypted\n\nVersion: 1", b"\nx", mark=b"e"), "PGP"),
    ],
)
def test_sealed_parts_are_listed_as_unread(part: bytes, reason: str) -> None:
    mail = parse(message(container("mixed", plain("Cover."), part)))
    (unread,) = mail.unread
    assert reason in unread.reason
    assert unread.size > 0
    assert mail.body.text == "Cover."


def test_a_signed_message_is_read() -> None:
    signature = attached(b"sig", b"Content-Type: application/pkcs7-signature; name=smime.p7s")
    mail = parse(message(container("signed", plain("Signed words."), signature)))
    assert mail.body.text == "Signed words."
    assert mail.attachments[0].inline
    assert mail.unread == ()


def test_pgp_in_the_text_is_noted() -> None:
    mail = parse(letter(b"-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----\n"))
    assert mail.unread[0].reason == "encrypted (PGP)"


def test_a_file_written_into_the_text_is_taken_out() -> None:
    mail = parse(letter(b"See below.\nbegin 644 hello.txt\n%:&5L;&\\\n`\nend\nAnn\n"))
    assert mail.attachments[0].name == "hello.txt"
    assert mail.attachments[0].sha256 == hashlib.sha256(b"hello").hexdigest()
    assert mail.body.text.split() == ["See", "below.", "Ann"]
    assert "uuencode" in codes(mail)


def test_words_that_only_look_like_a_file_stay() -> None:
    text = b"We begin 644 yards away\nand at the\nend\n"
    assert parse(letter(text)).body.text == text.decode()


# --- character sets


@pytest.mark.parametrize(
    ("charset", "data", "text", "noted"),
    [
        (b"utf-8", "£5 café".encode(), "£5 café", False),
        (b"iso-8859-1", "£5".encode("latin-1"), "£5", False),
        (b"iso-8859-1", b"\x93Quoted\x94", "“Quoted”", True),
        (b"us-ascii", "£5".encode(), "£5", True),
        (b"us-ascii", b"\xa35", "£5", True),
        (b"utf-8", b"\xa35 only", "£5 only", True),
        (b"utf-8", "£££££".encode() + b"\xc2", "£££££\ufffd", True),
        (b"x-bogus", "£5".encode(), "£5", True),
        (b"rot13", b"Uryyb", "Uryyb", True),
        (b"unicode_escape", b"\\ud800", "\\ud800", True),
        (b"utf-16", "£5".encode("utf-16"), "£5", False),
        (b"utf-7", b"Hi +2AA-", "Hi \ufffd", False),
        (b"koi8-r", "Привет".encode("koi8-r"), "Привет", False),
        (b"gb2312", "你好".encode("gb18030"), "你好", False),
        (b"\x00", b"x", "x", True),
    ],
)
def test_character_sets(charset: bytes, data: bytes, text: str, noted: bool) -> None:
    mail = parse(letter(data, b"Content-Type: text/plain; charset=" + charset, b"Content-Transfer-Encoding: 8bit"))
    assert mail.body.text == text
    assert ("charset" in codes(mail)) is noted


def test_html_may_declare_its_own_set() -> None:
    raw = letter(b"<meta charset=windows-1251><p>" + "Привет".encode("cp1251") + b"</p>", b"Content-Type: text/html")
    assert parse(raw).body.text == "Привет\n"


def test_nul_is_made_visible() -> None:
    assert parse(letter(b"a\0b")).body.text == "a\ufffdb"


def test_lines_that_end_in_cr_alone_are_lines() -> None:
    mail = parse(b"From: a@example.org\rSubject: Old\r\rOne\rTwo\r")
    assert (mail.subject, mail.body.text) == ("Old", "One\nTwo\n")


def test_flowed_text_is_joined_as_it_is_shown() -> None:
    raw = letter(
        b"This is one \nparagraph.\n\n> quoted \n> words\n own line\n-- \nAnn\n",
        b"Content-Type: text/plain; format=flowed",
    )
    assert parse(raw).body.text == "This is one paragraph.\n\n> quoted words\nown line\n-- \nAnn\n"


def test_flowed_text_without_spaces_is_joined_without() -> None:
    raw = letter(b"long \nword\n", b"Content-Type: text/plain; format=flowed; delsp=yes")
    assert parse(raw).body.text == "longword\n"


# --- damage


def test_broken_base64_keeps_what_decodes() -> None:
    data = base64.b64encode(b"The bench is mended.")[:-3]
    mail = parse(letter(data, b"Content-Transfer-Encoding: base64"))
    assert mail.body.text.startswith("The bench is mend")
    assert "base64" in codes(mail)


def test_base64_put_together_of_two_is_read_past_the_padding() -> None:
    data = base64.b64encode(b"First.") + b"\n" + base64.b64encode(b"a") + b"\n" + base64.b64encode(b"Last.")
    assert parse(letter(data, b"Content-Transfer-Encoding: base64")).body.text == "First.aLast."


def test_an_unknown_encoding_is_read_as_it_stands() -> None:
    mail = parse(letter(b"Plain words.", b"Content-Transfer-Encoding: x-mystery"))
    assert mail.body.text == "Plain words."
    assert "encoding" in codes(mail)


def test_a_container_without_a_boundary_is_text() -> None:
    mail = parse(letter(b"Just words.\n", b"Content-Type: multipart/mixed"))
    assert mail.body.text == "Just words.\n"
    assert "boundary" in codes(mail)


def test_another_boundary_than_declared_is_found() -> None:
    raw = message(container("mixed", plain("Words."), mark=b"real")).replace(b'"real"', b'"declared"')
    assert parse(raw).body.text == "Words."


def test_a_missing_end_loses_nothing() -> None:
    mail = parse(message(container("mixed", plain("Words."))).removesuffix(b"--=_b--\n"))
    assert mail.body.text.strip() == "Words."
    assert "boundary" in codes(mail)


def test_a_boundary_that_begins_like_another_is_not_taken_for_it() -> None:
    inner = container("alternative", plain("P"), page("<p>H</p>"), mark=b"=_b2")
    mail = parse(message(container("mixed", inner, plain("Footer."))))
    assert mail.body.text == "H\nFooter."


def test_text_outside_the_parts_is_hidden_not_lost() -> None:
    mail = parse(message(container("mixed", plain("Words.")) + b"\nYou idiot\n"))
    assert mail.body.text == "Words."
    assert "You idiot" in mail.body.hidden
    assert "boundary" in codes(mail)


def test_the_usual_notice_before_the_parts_is_no_defect() -> None:
    part = container("mixed", plain("Words."))
    raw = message(part.replace(b"\n\n--", b"\n\nThis is a multi-part message in MIME format.\n--", 1))
    assert parse(raw).defects == ()


def test_a_first_header_after_a_space_is_read() -> None:
    mail = parse(b" From: a@example.org\nSubject: x\n\nWords.\n")
    assert (mail.subject, mail.body.text) == ("x", "Words.\n")


def test_a_line_left_by_an_mbox_is_passed_over() -> None:
    mail = parse(b"From ann Tue Mar  3 09:15:00 2026\n" + letter(b"Words.\n"))
    assert (mail.sender.email, mail.body.text, mail.defects) == ("clerk@council.example", "Words.\n", ())


def test_rubbish_among_the_headers_is_passed_over_with_a_defect() -> None:
    mail = parse(HEAD + b"no header at all\nMIME-Version: 1.0\n\nWords.\n")
    assert mail.body.text == "Words.\n"
    assert "header" in codes(mail)


def test_text_straight_after_the_headers_is_text() -> None:
    mail = parse(HEAD + b"Dear Bob,\n\nWords.\n")
    assert mail.body.text == "Dear Bob,\n\nWords.\n"
    assert "header" in codes(mail)


def test_what_one_message_holds_does_not_change_how_the_next_is_read() -> None:
    raw = HEAD + b"Greetings\n\nWords.\n"
    before = parse(raw)
    parse(HEAD + b"Greetings: all\n\nWords.\n")
    assert parse(raw) == before


@pytest.mark.parametrize(
    "raw", [b"", b"\n", b"\r\n\r\n", b"x", b":", b"\0", b"\xff\xfe", b"From", b" ", b"--", b"a: b"]
)
def test_scraps_are_messages(raw: bytes) -> None:
    mail = parse(raw)
    assert mail.size == len(raw)
    assert mail.sent is None
    assert over_limits(mail) is None

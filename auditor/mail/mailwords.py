"""The words that mail programs put round another's message, in the languages a British mailbox meets."""

from __future__ import annotations

import re
from enum import StrEnum


class Label(StrEnum):
    """What a header line repeated in a body names (RFC 5322 3.6)."""

    FROM = "from"
    DATE = "date"
    TO = "to"
    CC = "cc"
    SUBJECT = "subject"
    OTHER = "other"


# English, German, French, Spanish, Italian, Portuguese, Dutch, Danish and Norwegian, Swedish, Finnish, Polish,
# Czech, Hungarian, Romanian, Russian, Ukrainian, Turkish, Greek, Welsh, Irish, Chinese, Japanese.
_LABELS: dict[Label, str] = {
    Label.FROM: "from|author|sender|von|de|expéditeur|remitente|da|mittente|van|fra|från|lähettäjä|od|nadawca|feladó"
    "|de la|от|от кого|від|kimden|gönderen|από|oddi wrth|gan|ó|发件人|寄件者|差出人",
    Label.DATE: "date|sent|date sent|sent on|received|gesendet|datum|envoyé|envoyé le|date d'envoi|enviado|enviado el"
    "|fecha|inviato|data|enviada em|enviado em|enviada|verzonden|verstuurd|sendt|dato|skickat|lähetetty|päivämäärä"
    "|päiväys|wysłano|odesláno|elküldve|dátum|trimis|дата|отправлено|надіслано|tarih|gönderildi|ημερομηνία"
    "|message du|anfonwyd|dyddiad|seolta|dáta|发送时间|日期|日時|送信日時",
    Label.TO: "to|recipient|an|à|a|para|destinataire|destinatario|aan|til|till|vastaanottaja|do|komu|címzett|către"
    "|catre|кому|kime|alıcı|προς|at|i|chuig|收件人|宛先",
    Label.CC: "cc|c.c.|bcc|cci|cco|ccn|kopie|kopi|copie|copia|copie à|copia oculta|kopia|másolatot kap|копия|копія"
    "|bilgi|κοιν|抄送",
    Label.SUBJECT: "subject|re subject|betreff|objet|sujet|asunto|oggetto|assunto|onderwerp|emne|ämne|aihe|temat"
    "|předmět|tárgy|subiect|тема|konu|θέμα|pwnc|ábhar|主题|主旨|件名",
    Label.OTHER: "reply-to|reply to|sent by|please respond to|attachments|attachment|importance|priority|organisation"
    "|organization|message-id|newsgroups|in-reply-to|categories|sensitivity|mailing list|on behalf of|wichtigkeit"
    "|anlagen|pièces jointes|bijlagen|antwort an|répondre à|responder a|rispondi a|flag|resent-from|list-id|when|where"
    "|required|optional|cc to|phone no|extension",
}

LABELS: dict[str, Label] = {
    form: label for label, words in _LABELS.items() for word in words.split("|") for form in (word, word.capitalize())
}
"""By the word without its colon, in small letters or capitalised."""

_TELLING = "|".join(
    sorted(
        {
            form
            for word in (_LABELS[Label.FROM] + "|to|subject|betreff|objet|asunto|oggetto|onderwerp").split("|")
            for form in (word.capitalize(), word.upper())
        }
    )
)
TRACE = re.compile(
    r"\n(?:(?<=[:>\-：]\n)|(?<=:[ \xa0*]\n)|(?<=wrote\n)|[ \t\xa0=*_]{0,60}(?:[>|]|--[-\s]|##"
    r"|On [^\n]{8,160}> wrote:|(?:Original|ORIGINAL|Forwarded|FORWARDED) [mM]"
    rf"|(?:{_TELLING})[ \t\xa0*_]{{0,4}}[:：]))"
)
"""A line that begins, or follows one that ends, as lines of another's words do; read with a newline before the body."""

REPLY_SUBJECT = re.compile(
    r"\s*(?:\[[^\]]{1,40}\]\s*)?(?:re|aw|antw|sv|vs|odp|ref|res|ynt|atb|rif|ris|re\[\d+\]|re\^\d+|回复|答复|ateb)\s*[:：]",
    re.IGNORECASE,
)
FORWARD_SUBJECT = re.compile(
    r"\s*(?:\[[^\]]{1,40}\]\s*)?(?:fwd?|wg|tr|rv|enc|doorst|vb|vl|i|pd|továbbítás|ilt|转发|yml)\s*(?:\[\d+\])?\s*[:：]|.{0,200}\(fwd\)\s*$",
    re.IGNORECASE,
)

_ORIGINAL = (
    "original message|original appointment|original e-?mail|originalnachricht|original-nachricht"
    "|ursprüngliche nachricht|ursprüngliche mail|message d'origine|message d’origine|message original"
    "|message initial|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht"
    "|oprindelig meddelelse|oprindelig besked|opprinnelig melding|ursprungligt meddelande|ursprungsmeddelande|alkuperäinen viesti"
    "|oryginalna wiadomość|wiadomość oryginalna|původní zpráva|eredeti üzenet|mesaj original"
    "|исходное сообщение|первоначальное сообщение|оригінальне повідомлення|özgün ileti|αρχικό μήνυμα"
    "|neges wreiddiol|teachtaireacht bhunaidh|原始邮件|reply separator|reply message|message from\\b.{3,200}"
    "|(?:please )?(?:type|write|enter|add)?\\s?(?:your )?reply above (?:this|the) line(?: to reply)?"
)
_FORWARDED = (
    "inline attachment follows|forwarded message(?: from\\b.{0,200})?|forwarded by\\b.{0,200}|forwarded e-?mail|forwarded from\\b.{0,200}"
    "|weitergeleitete nachricht|weitergeleitet von\\b.{0,200}|message transféré|message réexpédié"
    "|mensaje reenviado|messaggio inoltrato|mensagem encaminhada|doorgestuurd bericht|videresendt besked|videresendt meddelelse"
    "|videresendt melding|vidarebefordrat meddelande|välitetty viesti|przekazana wiadomość"
    "|wiadomość przekazana dalej|přeposlaná zpráva|továbbított üzenet|mesaj redirecționat"
    "|пересылаемое сообщение|пересланное сообщение|переслане повідомлення|iletilen ileti"
    "|προωθημένο μήνυμα|neges a anfonwyd ymlaen|neges wedi'i hanfon ymlaen|转发的邮件"
)
RULE = r"(?:[-_=*~–—#]\s?){2,120}+"
DIVIDER = re.compile(
    rf"{RULE}\s*(?:(?P<original>{_ORIGINAL})|(?P<forwarded>{_FORWARDED}))\s*[:]?\s*(?:{RULE})?$", re.IGNORECASE
)
"""A dashed line that names what follows."""
BARE_DIVIDER = re.compile(
    rf"(?:(?P<original>{_ORIGINAL})|(?P<forwarded>{_FORWARDED}|begin forwarded message"
    r"|anfang der weitergeleiteten (?:e-mail|nachricht)|début du message (?:réexpédié|transféré)"
    r"|inicio del mensaje reenviado|inizio messaggio inoltrato|início da mensagem (?:encaminhada|reencaminhada)"
    r"|begin doorgestuurd bericht|start på videresendt besked|vidarebefordrat brev|początek przekazanej wiadomości"
    r"|начало переадресованного сообщения|dechrau neges a anfonwyd ymlaen))\s*[:：]?$",
    re.IGNORECASE,
)
"""The same words without dashes; they count only above header lines."""
END_OF_HISTORY = re.compile(
    r"[-=*_]{2,80}+ ?end (?:of )?(?:the )?(?:forwarded|original|quoted)? ?(?:message|mail|email)"
    r" ?[-=*_]{2,80}$",
    re.IGNORECASE,
)

_OPENING = (
    r"On|Am|Le|El|Op|Il|Em|No dia|Den|Dne|Dnia|W dniu|Ar|På|Pe|Vào|În data|Στις"
    r"|Mon|Tue|Wed|Thu|Fri|Sat|Sun|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
    r"|Lun|Mar|Mer|Gio|Ven|Sab|Dom|ma|di|wo|do|vr|za|zo|man|tir|ons|tor|fre|lør|søn|mån|tis|lör|sön|Quoting|In message|In a message dated|In article"
)
OPENS_INTRO = re.compile(rf"(?:{_OPENING})\b")
"""How the line that introduces a quotation begins."""

VERBS = frozenset(
    [
        "wrote",
        "writes",
        "said",
        "schrieb",
        "schreibt",
        "geschrieben",
        "écrit",
        "écrivait",
        "écrivit",
        "escribió",
        "escribio",
        "escribe",
        "escreveu",
        "schreef",
        "geschreven",
        "scritto",
        "scrisse",
        "scrive",
        "skrev",
        "skrifaði",
        "kirjoitti",
        "napisał",
        "napisała",
        "napisał(a)",
        "pisze",
        "napsal",
        "napsala",
        "napsal(a)",
        "napísal",
        "napísala",
        "napísal(a)",
        "scris",
        "írta",
        "пишет",
        "писал",
        "писала",
        "написал",
        "написала",
        "написал(а)",
        "пише",
        "написав",
        "написа",
        "έγραψε",
        "yazdı",
        "ysgrifennodd",
        "ysgrifennu",
        "scríobh",
        "rašė",
        "rakstīja",
        "kirjutas",
        "viết",
    ]
)
"""What a writer did, in the last word of an introduction or, in the languages that put the name last, before it."""
JOINED_VERBS = ("写道", "寫道", "のメール", "さんは書きました", "작성")
QUOTING = ("Quoting ", "Zitat von ", "Citando ", "Quoting from ", "Citat ")
"""How webmail of the Horde family opens an introduction, which ends in a colon and has no verb."""

WHO_WROTE = frozenset(
    ("I", "he", "she", "they", "we", "who", "that", "it", "which", "has", "had", "have", "and", "also")
)
"""Before the verb these make a sentence, not an introduction."""

DATE = re.compile(
    r"\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b|\b\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})\b|\d{4}\s?[年р년]"
    r"|\b\d{1,2}(?:st|nd|rd|th|er|º|ª)?\.?,?(?:\s+(?:de|of|o|d'))?\s+[^\W\d_]{3,12}\.?,?(?:\s+(?:de|del))?\s+\d{4}\b"
    r"|\b[^\W\d_]{3,12}\.?,?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}\b|\b\d{4}\.\s[^\W\d_]{3,10}\.?\s\d{1,2}\b"
)
TIME = re.compile(r"\b\d{1,2}[:.h]\d\d(?!\d)|\b\d{1,2}\s?[ap]\.?m\b", re.IGNORECASE)

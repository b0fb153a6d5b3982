"""What somebody wrote, apart from what their mailer repeats: quotes and signatures are folded away, never thrown away."""

import re

LONGEST_LINE = 400
# "On Monday Ana wrote:" in the languages of most mailers; the line may be broken in two.
ATTRIBUTION = re.compile(
    r"(?i)(on|el|le|am|il|em|op|den|w dniu)\b.{4,300}\b(wrote|escribió|a écrit|schrieb|ha scritto|escreveu|schreef|skrev|napisał\(?a?\)?)\s?:"
)
DIVIDER = re.compile(
    r"(?i)-{2,}\s*(original message|mensaje original|forwarded message|mensaje reenviado|message d'origine|"
    r"ursprüngliche nachricht|messaggio originale|mensagem original)\s*-{2,}"
)
FIRST_HEADER = re.compile(r"(?i)\*?(from|de|von|da|van)\*?\s?:\*? .+")
NEXT_HEADER = re.compile(
    r"(?i)\*?(sent|date|to|subject|enviado|fecha|para|asunto|envoyé|objet|gesendet|datum|an|betreff|data)\*?\s?:"
)
SIGNATURE = re.compile(r"-- ?")


def folded(text: str) -> tuple[str, str]:
    """Return what was written and what is folded away; a mail that is nothing but a quote is shown whole."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cut = min(_quote_begins(lines), _signature_begins(lines))
    written = "\n".join(lines[:cut]).strip("\n")
    if not written.strip():
        return "\n".join(lines).strip("\n"), ""
    return written.rstrip(), "\n".join(lines[cut:]).strip("\n")


def _quote_begins(lines: list[str]) -> int:
    for number, line in enumerate(lines):
        text = line.strip()
        if not text or len(text) > LONGEST_LINE:
            continue
        if DIVIDER.fullmatch(text) or _is_header_block(lines, number):
            return _before_rule(lines, number)
        if _is_attribution(lines, number) and _only_quoted(lines[number + 1 :]):
            return number
        if text.startswith(">") and _only_quoted(lines[number:]):
            return number
    return len(lines)


def _is_attribution(lines: list[str], number: int) -> bool:
    line = lines[number].strip()
    if ATTRIBUTION.fullmatch(line):
        return True
    following = lines[number + 1].strip() if number + 1 < len(lines) else ""
    return bool(following) and len(following) <= LONGEST_LINE and bool(ATTRIBUTION.fullmatch(f"{line} {following}"))


def _only_quoted(lines: list[str]) -> bool:
    """Tell whether nothing but a quote follows: an answer between or below the quoted lines must stay in sight."""
    seen = False
    for number, line in enumerate(lines):
        text = line.strip()
        if text.startswith(">"):
            seen = True
        elif text and SIGNATURE.fullmatch(text):
            return seen
        elif text and (seen or number > 1):
            return False
    return seen


def _is_header_block(lines: list[str], number: int) -> bool:
    if not FIRST_HEADER.fullmatch(lines[number].strip()):
        return False
    return sum(bool(NEXT_HEADER.match(line.strip())) for line in lines[number + 1 : number + 6]) >= 2


def _before_rule(lines: list[str], number: int) -> int:
    """Take the line of underscores above a header block along."""
    above = lines[number - 1].strip() if number else ""
    return number - 1 if len(above) >= 10 and set(above) <= {"_", "-"} else number


def _signature_begins(lines: list[str]) -> int:
    for number, line in enumerate(lines):
        if number and SIGNATURE.fullmatch(line.rstrip("\r")):
            return number
    return len(lines)

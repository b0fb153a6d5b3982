"""A file of believable people in many scripts, with what real files have: quotes, newlines, empty cells and bad rows."""

import csv
import random
from pathlib import Path

FIRST = [
    "Ada",
    "Zoë",
    "Léa",
    "José",
    "Núria",
    "Søren",
    "Þóra",
    "Łukasz",
    "Žofia",
    "Ionuț",
    "Αθηνά",
    "Γιώργος",
    "Ольга",
    "Дмитро",
    "მარიამ",
    "Արամ",
    "שירה",
    "يوسف",
    "مريم",
    "پریسا",
    "आरव",
    "प्रिया",
    "ঈশিতা",
    "தமிழ்",
    "ธนา",
    "伟",
    "秀英",
    "さくら",
    "大輔",
    "민준",
    "서연",
    "Nguyễn",
    "Aylin",
    "Kwame",
    "Thandiwe",
    "Ingrid",
    "Mateo",
    "Lucía",
    "João",
    "Ana",
]
LAST = [
    "Marín",
    "Duarte",
    "Okoye",
    "Tanaka",
    "Ferrer",
    "Müller",
    "Åkesson",
    "Ó'Neill",
    "D'Angelo",
    "García-Márquez",
    "Παπαδόπουλος",
    "Иванова",
    "Шевченко",
    "בן-דוד",
    "الحسن",
    "شریفی",
    "शर्मा",
    "দাস",
    "சுந்தரம்",
    "ศรีสุข",
    "王",
    "李",
    "山田",
    "佐藤",
    "김",
    "이",
    "Trần",
    "Yılmaz",
    "Mensah",
    "Nkosi",
    "Nygård",
    "Silva",
    "Souza",
    "Rojas",
]
CITIES = ("Castelló", "São Paulo", "Zürich", "Kraków", "東京", "Αθήνα", "Lima", "Cuzco", "")
MODELS = ("Brisa", "Terral", "Ora 7")
TAGS = ("vip", "news", "taller", "otoño", "b2b", "重要")
NOTES = (
    "", "", "", "", "", "", "", "Mornings", 'Says "later"', "One line\nand another", "pays; mostly, late", "客户很重要",
)  # fmt: skip
HEADER = (
    "First name", "Last name", "Phone", "E-mail", "Language", "Tags",
    "City", "Bike model", "Note", "Orders", "Balance", "Member", "Since", "Call at", "Site", "Second mail",
)  # fmt: skip
# Name and kind of the ten custom fields, and the values of the list.
CUSTOM = (
    ("City", "text"), ("Bike model", "list"), ("Note", "text"), ("Orders", "number"), ("Balance", "number"),
    ("Member", "checkbox"), ("Since", "date"), ("Call at", "time"), ("Site", "url"), ("Second mail", "email"),
)  # fmt: skip
COUNTRIES = (("34", "6", 8), ("44", "77", 8), ("49", "151", 8), ("52", "55", 8), ("55", "119", 8), ("54", "911", 8), ("1", "212", 7), ("91", "98", 8), ("33", "6", 8), ("60", "12", 7))  # fmt: skip


def write_people(path: Path, *, rows: int, seed: int = 7) -> int:
    """Write a file and return its size in bytes; 3 % of its rows have an error, each with a phone of its own."""
    dice = random.Random(seed)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(HEADER)
        for number in range(rows):
            writer.writerow(_person(dice, number))
    return path.stat().st_size


def _person(dice: random.Random, number: int) -> list[str]:
    country, prefix, digits = COUNTRIES[number % len(COUNTRIES)]
    row = [
        dice.choice(FIRST),
        dice.choice(LAST),
        f"+{country}{prefix}{number:0{digits}d}",
        f"p{number}@e.com" if dice.random() < 0.6 else "",
        dice.choice(("es", "en", "de", "")),
        ", ".join(dice.sample(TAGS, dice.choice((0, 1, 1, 2)))),
        dice.choice(CITIES),
        dice.choice(MODELS),
        dice.choice(NOTES),
        str(dice.randrange(60)),
        f"{dice.randrange(1000) / 10:.1f}",
        dice.choice(("yes", "no", "")),
        f"20{dice.randrange(10, 26)}-0{dice.randrange(1, 10)}-1{dice.randrange(10)}",
        f"{dice.randrange(24):02d}:30" if dice.random() < 0.8 else "",
        f"https://e.com/{number}" if dice.random() < 0.15 else "",
        f"p{number}@e.com" if dice.random() < 0.1 else "",
    ]
    if dice.random() < 0.03:
        place, bad = dice.choice(((0, ""), (3, "nobody"), (9, "1,5"), (7, "Brissa"), (12, "31/12/2024")))
        row[place] = bad
    return row

"""Names, towns and number patterns from which demo contacts are drawn.

Phone patterns stay inside ranges that regulators keep for fiction (or that nobody was given), so that no demo contact has
a real person's number; `#` is a digit. E-mail addresses end in example domains.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a contact comes from: country, language, number patterns, first and last names, towns."""

    country: str
    language: str
    phones: tuple[str, ...]
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    towns: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split())


SPAIN = Origin(
    "ES", "es", ("+34 555 ## ## ##",),
    _words("Cleo Lucía Tomás Iker Mireia Hugo Martina Pablo Sofía Daniel Paula Álvaro Valeria Adrián Carmen Mateo Alba Leo Noa Bruno Ainhoa Gorka Nerea Xabier Olalla Brais Aitana Joan Laia Pau Rocío Íñigo"),
    _words("Marín Iriarte Berriz Solà Olabarri García Fernández Muñoz Peña Ibáñez Navarro Castaño Vidal Núñez Ferrer Ortuño Llorens Etxeberria Castro_Leiva Puig Rivas Arcos Salazar Domínguez Quintana Bosch Moya Otero"),
    _words("València Madrid Castelló_de_la_Plana Bilbao Sevilla Gijón A_Coruña Zaragoza Murcia Donostia"),
)  # fmt: skip
FRANCE = Origin(
    "FR", "fr", ("+33 6 39 98 ## ##",),
    _words("Chloé Éloïse Théo Inès Mathis Zoé Raphaël Maëlys Noémie Gaël Agathe Loïc Margaux Clément Anaïs Benoît Hélène Rémi"),
    _words("Lefèvre Moreau Girard Dupré Chevalier Perrin Aubert Lemoine Boucher Rénier Carpentier Noël Besson Guérin Marchand"),
    _words("Lyon Toulouse Nantes Rennes Bordeaux Marseille Lille"),
)  # fmt: skip
BRITAIN = Origin(
    "GB", "en", ("+44 7700 900###",),
    _words("Oliver Amelia Harry Isla Priya Noah Freya Callum Imogen Rhys Maisie Declan Yasmin Oyelaran Tamsin Euan"),
    _words("Ashworth Raman Bisi Whitlock Pemberton Okafor Sinclair Llewellyn Barnaby Thorne Hartley Mukherjee Quigley Ainsworth"),
    _words("Bristol Leeds Glasgow Cardiff Norwich London Sheffield"),
)  # fmt: skip
AMERICA = Origin(
    "US", "en",
    ("+1 415 555 01##", "+1 212 555 01##", "+1 312 555 01##", "+1 503 555 01##", "+1 617 555 01##", "+1 206 555 01##", "+1 303 555 01##", "+1 512 555 01##"),
    _words("Maya Ethan Harper Jonah Sienna Caleb Aaliyah Dominic Juniper Mateo Skylar Roman Naomi Wyatt Delilah Ezra"),
    _words("Whitaker Delgado Nakamura Kowalski Bennett O'Hara Sandoval Freeman Castellano Lindgren Abernathy Ruiz Holloway Pruitt"),
    _words("Portland Chicago Boston Denver Austin Seattle Oakland"),
)  # fmt: skip
GERMANY = Origin(
    "DE", "de", ("+49 176 04069 ###", "+49 152 28895 4##"),
    _words("Jonas Hanneke Lena Finn Greta Jürgen Mia Sören Käthe Björn Annika Matthias Liselotte Göran"),
    _words("Feld de_Wit Schröder Müller Weiß Krämer Böhm Lindqvist Vogt Jäger Brandt Köhler Straßburger"),
    _words("Köln Hamburg Leipzig München Berlin Freiburg"),
)  # fmt: skip
BRAZIL = Origin(
    "BR", "pt", ("+55 11 5550-####",),
    _words("João Beatriz Thiago Larissa Gustavo Camila Vinícius Letícia Caio Júlia"),
    _words("Gonçalves Araújo Conceição Magalhães Moura Sampaio Brandão Teixeira"),
    _words("São_Paulo Curitiba Recife Florianópolis"),
)  # fmt: skip
SWEDEN = Origin(
    "SE", "sv", ("+46 70 1740 6##",),
    _words("Åsa Nils Märta Håkan Saga Örjan Elin Viggo"),
    _words("Åkesson Sjöberg Nyström Öhman Lindqvist Bergström"),
    _words("Malmö Göteborg Umeå"),
)  # fmt: skip
# People who came to Australia from many places: one phone range kept for fiction, names in many scripts.
FURTHER = tuple(
    Origin(
        "AU", language, ("+61 491 570 ###",), _words(first_names), _words(last_names), _words("Melbourne Sydney Perth")
    )
    for language, first_names, last_names in (
        ("el", "Χρήστος Άννα Ελένη Γιώργος", "Παππάς Ιωάννου Δημητρίου"),
        ("ru", "Ольга Дмитрий Алёна Пётр", "Соколова Журавлёва Белых"),
        ("ja", "美咲 蓮 さくら 健太", "佐藤 鈴木 高橋"),
        ("ar", "سارة عمر ليلى يوسف", "حداد منصور خوري"),
        ("hi", "अनन्या आरव दिया कबीर", "शर्मा पटेल वर्मा"),
        ("he", "ליאור נועה איתי", "כהן לוי מזרחי"),
        ("ko", "지우 서연 민준", "김 박 최"),
        ("pl", "Zuzanna Łukasz Michał Agnieszka", "Wiśniewska Żak Dąbrowski"),
        ("vi", "Ngọc Thảo Đức", "Nguyễn Trần Phạm"),
        ("tr", "Şeyma Güneş Çağrı", "Yılmaz Öztürk Doğan"),
        ("cs", "Jiří Zdeňka Bořivoj", "Dvořák Šimůnek Říha"),
    )
)

"""Languages: ISO 639-1 codes with their English and Spanish names."""

from functools import cache

from contacts.values import folded

# code|English|Spanish|other names in either language or its own, separated by "/"
_TABLE = """
aa|Afar|Afar
ab|Abkhazian|Abjasio|Abkhaz
ae|Avestan|Avéstico
af|Afrikaans|Afrikáans
ak|Akan|Akan|Twi and Fante
am|Amharic|Amárico
an|Aragonese|Aragonés
ar|Arabic|Árabe
as|Assamese|Asamés
av|Avaric|Avar
ay|Aymara|Aimara|Aymará
az|Azerbaijani|Azerí|Azerbaiyano
ba|Bashkir|Baskir
be|Belarusian|Bielorruso
bg|Bulgarian|Búlgaro
bi|Bislama|Bislama
bm|Bambara|Bambara
bn|Bengali|Bengalí|Bangla
bo|Tibetan|Tibetano
br|Breton|Bretón
bs|Bosnian|Bosnio
ca|Catalan|Catalán|Valencian/Valenciano/Català
ce|Chechen|Checheno
ch|Chamorro|Chamorro
co|Corsican|Corso
cr|Cree|Cree
cs|Czech|Checo
cu|Church Slavonic|Eslavo eclesiástico|Church Slavic
cv|Chuvash|Chuvasio
cy|Welsh|Galés
da|Danish|Danés
de|German|Alemán|Deutsch
dv|Divehi|Maldivo|Dhivehi
dz|Dzongkha|Dzongkha
ee|Ewe|Ewé
el|Greek|Griego|Modern Greek/Griego moderno
en|English|Inglés
eo|Esperanto|Esperanto
es|Spanish|Español|Castellano/Castilian/Castellano (España)
et|Estonian|Estonio
eu|Basque|Euskera|Vasco/Euskara
fa|Persian|Persa|Farsi
ff|Fulah|Fula|Fulani
fi|Finnish|Finés|Finlandés
fj|Fijian|Fiyiano
fo|Faroese|Feroés
fr|French|Francés|Français
fy|Western Frisian|Frisón occidental|Frisian/Frisón
ga|Irish|Irlandés
gd|Scottish Gaelic|Gaélico escocés|Gaelic
gl|Galician|Gallego|Galego
gn|Guarani|Guaraní
gu|Gujarati|Guyaratí
gv|Manx|Manés
ha|Hausa|Hausa
he|Hebrew|Hebreo
hi|Hindi|Hindi
ho|Hiri Motu|Hiri motu
hr|Croatian|Croata
ht|Haitian Creole|Criollo haitiano|Haitian/Haitiano
hu|Hungarian|Húngaro
hy|Armenian|Armenio
hz|Herero|Herero
ia|Interlingua|Interlingua
id|Indonesian|Indonesio|Bahasa Indonesia
ie|Interlingue|Interlingue|Occidental
ig|Igbo|Igbo
ii|Sichuan Yi|Yi de Sichuán
ik|Inupiaq|Iñupiaq
io|Ido|Ido
is|Icelandic|Islandés
it|Italian|Italiano
iu|Inuktitut|Inuktitut
ja|Japanese|Japonés
jv|Javanese|Javanés
ka|Georgian|Georgiano
kg|Kongo|Kongo
ki|Kikuyu|Kikuyu
kj|Kuanyama|Kuanyama
kk|Kazakh|Kazajo
kl|Kalaallisut|Groenlandés|Greenlandic
km|Khmer|Jemer|Central Khmer
kn|Kannada|Canarés
ko|Korean|Coreano
kr|Kanuri|Kanuri
ks|Kashmiri|Cachemir
ku|Kurdish|Kurdo
kv|Komi|Komi
kw|Cornish|Córnico
ky|Kyrgyz|Kirguís
la|Latin|Latín
lb|Luxembourgish|Luxemburgués
lg|Ganda|Luganda
li|Limburgish|Limburgués
ln|Lingala|Lingala
lo|Lao|Lao
lt|Lithuanian|Lituano
lu|Luba-Katanga|Luba-katanga
lv|Latvian|Letón
mg|Malagasy|Malgache
mh|Marshallese|Marshalés
mi|Maori|Maorí
mk|Macedonian|Macedonio
ml|Malayalam|Malabar
mn|Mongolian|Mongol
mr|Marathi|Maratí
ms|Malay|Malayo|Bahasa Melayu
mt|Maltese|Maltés
my|Burmese|Birmano
na|Nauru|Nauruano
nb|Norwegian Bokmål|Noruego bokmål|Bokmål
nd|North Ndebele|Ndebele septentrional
ne|Nepali|Nepalí
ng|Ndonga|Ndonga
nl|Dutch|Neerlandés|Holandés/Flemish/Flamenco
nn|Norwegian Nynorsk|Noruego nynorsk|Nynorsk
no|Norwegian|Noruego
nr|South Ndebele|Ndebele meridional
nv|Navajo|Navajo
ny|Chichewa|Nyanja|Chewa
oc|Occitan|Occitano
oj|Ojibwa|Ojibwa
om|Oromo|Oromo
or|Odia|Odia|Oriya
os|Ossetian|Osético
pa|Punjabi|Punyabí|Panjabi
pi|Pali|Pali
pl|Polish|Polaco
ps|Pashto|Pastún
pt|Portuguese|Portugués|Português
qu|Quechua|Quechua
rm|Romansh|Romanche
rn|Rundi|Kirundi
ro|Romanian|Rumano|Moldavian/Moldavo
ru|Russian|Ruso
rw|Kinyarwanda|Kinyarwanda
sa|Sanskrit|Sánscrito
sc|Sardinian|Sardo
sd|Sindhi|Sindhi
se|Northern Sami|Sami septentrional
sg|Sango|Sango
si|Sinhala|Cingalés|Sinhalese
sk|Slovak|Eslovaco
sl|Slovenian|Esloveno|Slovene
sm|Samoan|Samoano
sn|Shona|Shona
so|Somali|Somalí
sq|Albanian|Albanés
sr|Serbian|Serbio
ss|Swati|Suazi
st|Southern Sotho|Sesotho|Sotho
su|Sundanese|Sundanés
sv|Swedish|Sueco
sw|Swahili|Suajili
ta|Tamil|Tamil
te|Telugu|Telugu
tg|Tajik|Tayiko
th|Thai|Tailandés
ti|Tigrinya|Tigriña
tk|Turkmen|Turcomano
tl|Tagalog|Tagalo|Filipino
tn|Tswana|Setsuana
to|Tongan|Tongano
tr|Turkish|Turco
ts|Tsonga|Tsonga
tt|Tatar|Tártaro
tw|Twi|Twi
ty|Tahitian|Tahitiano
ug|Uyghur|Uigur
uk|Ukrainian|Ucraniano
ur|Urdu|Urdu
uz|Uzbek|Uzbeko
ve|Venda|Venda
vi|Vietnamese|Vietnamita
vo|Volapük|Volapük
wa|Walloon|Valón
wo|Wolof|Wólof
xh|Xhosa|Xhosa
yi|Yiddish|Yidis
yo|Yoruba|Yoruba
za|Zhuang|Zhuang
zh|Chinese|Chino|Mandarin/Mandarín
zu|Zulu|Zulú
"""


@cache
def _names() -> dict[str, tuple[str, str]]:
    rows = (line.split("|") for line in _TABLE.strip().splitlines())
    return {row[0]: (row[1], row[2]) for row in rows}


@cache
def _codes() -> dict[str, str]:
    """Give every code and name, folded, with its code; codes come last, so that no name can hide one."""
    codes = {}
    for line in _TABLE.strip().splitlines():
        code, english, spanish, *others = line.split("|")
        for name in (english, spanish, *("/".join(others)).split("/")):
            codes[folded(name)] = code
    codes.pop("", None)
    codes.update({code: code for code in _names()})
    return codes


def language_code(text: str) -> str | None:
    """Read a code or a name, in English or Spanish, whatever its case and accents."""
    return _codes().get(folded(text))


def language_name(code: str, *, language: str) -> str:
    """Name a language; an unknown code is shown as it is."""
    names = _names().get(code)
    return code if names is None else names[language.startswith("es")]


def language_choices(language: str) -> list[tuple[str, str]]:
    """List codes with names in the order in which a reader of that language looks for them."""
    named = [(code, language_name(code, language=language)) for code in _names()]
    return sorted(named, key=lambda choice: folded(choice[1]))

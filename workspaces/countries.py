"""The countries of the world: ISO 3166-1 alpha-2 codes with their English and Spanish names."""

import unicodedata
from functools import cache

# code|English|Spanish|other names in either language, separated by "/"
TABLE = """
AD|Andorra|Andorra
AE|United Arab Emirates|Emiratos Árabes Unidos|UAE/EAU
AF|Afghanistan|Afganistán
AG|Antigua and Barbuda|Antigua y Barbuda
AI|Anguilla|Anguila
AL|Albania|Albania
AM|Armenia|Armenia
AO|Angola|Angola
AQ|Antarctica|Antártida
AR|Argentina|Argentina|Argentine Republic/República Argentina
AS|American Samoa|Samoa Americana
AT|Austria|Austria
AU|Australia|Australia
AW|Aruba|Aruba
AX|Åland Islands|Islas Åland
AZ|Azerbaijan|Azerbaiyán
BA|Bosnia and Herzegovina|Bosnia y Herzegovina|Bosnia/Bosnia-Herzegovina
BB|Barbados|Barbados
BD|Bangladesh|Bangladés|Bangla Desh
BE|Belgium|Bélgica
BF|Burkina Faso|Burkina Faso
BG|Bulgaria|Bulgaria
BH|Bahrain|Baréin|Bahréin
BI|Burundi|Burundi
BJ|Benin|Benín
BL|Saint Barthélemy|San Bartolomé|St. Barthélemy
BM|Bermuda|Bermudas
BN|Brunei|Brunéi|Brunei Darussalam
BO|Bolivia|Bolivia|Plurinational State of Bolivia/Estado Plurinacional de Bolivia
BQ|Caribbean Netherlands|Caribe neerlandés|Bonaire, Sint Eustatius and Saba/Bonaire, San Eustaquio y Saba
BR|Brazil|Brasil
BS|Bahamas|Bahamas|The Bahamas/Las Bahamas
BT|Bhutan|Bután
BV|Bouvet Island|Isla Bouvet
BW|Botswana|Botsuana
BY|Belarus|Bielorrusia|Belarús
BZ|Belize|Belice
CA|Canada|Canadá
CC|Cocos (Keeling) Islands|Islas Cocos|Cocos Islands
CD|Democratic Republic of the Congo|República Democrática del Congo|DR Congo/DRC/Congo, Democratic Republic of the/Congo-Kinshasa
CF|Central African Republic|República Centroafricana
CG|Congo|Congo|Republic of the Congo/República del Congo/Congo-Brazzaville
CH|Switzerland|Suiza
CI|Côte d’Ivoire|Costa de Marfil|Cote d'Ivoire/Ivory Coast
CK|Cook Islands|Islas Cook
CL|Chile|Chile
CM|Cameroon|Camerún
CN|China|China|People's Republic of China/República Popular China
CO|Colombia|Colombia
CR|Costa Rica|Costa Rica
CU|Cuba|Cuba
CV|Cape Verde|Cabo Verde
CW|Curaçao|Curazao
CX|Christmas Island|Isla de Navidad
CY|Cyprus|Chipre
CZ|Czechia|Chequia|Czech Republic/República Checa
DE|Germany|Alemania|Deutschland
DJ|Djibouti|Yibuti|Djibuti
DK|Denmark|Dinamarca
DM|Dominica|Dominica
DO|Dominican Republic|República Dominicana
DZ|Algeria|Argelia
EC|Ecuador|Ecuador
EE|Estonia|Estonia
EG|Egypt|Egipto
EH|Western Sahara|Sahara Occidental|Sáhara Occidental
ER|Eritrea|Eritrea
ES|Spain|España|Kingdom of Spain/Reino de España
ET|Ethiopia|Etiopía
FI|Finland|Finlandia
FJ|Fiji|Fiyi|Fiji Islands/Fidji
FK|Falkland Islands|Islas Malvinas|Falkland Islands (Malvinas)/Malvinas
FM|Micronesia|Micronesia|Federated States of Micronesia/Estados Federados de Micronesia
FO|Faroe Islands|Islas Feroe
FR|France|Francia
GA|Gabon|Gabón
GB|United Kingdom|Reino Unido|UK/U.K./Great Britain/Gran Bretaña/England/Inglaterra/Scotland/Escocia/Wales/Gales/Northern Ireland/Irlanda del Norte
GD|Grenada|Granada
GE|Georgia|Georgia
GF|French Guiana|Guayana Francesa
GG|Guernsey|Guernesey
GH|Ghana|Ghana
GI|Gibraltar|Gibraltar
GL|Greenland|Groenlandia
GM|Gambia|Gambia|The Gambia
GN|Guinea|Guinea
GP|Guadeloupe|Guadalupe
GQ|Equatorial Guinea|Guinea Ecuatorial
GR|Greece|Grecia
GS|South Georgia and the South Sandwich Islands|Islas Georgias del Sur y Sandwich del Sur
GT|Guatemala|Guatemala
GU|Guam|Guam
GW|Guinea-Bissau|Guinea-Bisáu|Guinea-Bissáu
GY|Guyana|Guyana
HK|Hong Kong|Hong Kong|Hong Kong SAR
HM|Heard Island and McDonald Islands|Islas Heard y McDonald
HN|Honduras|Honduras
HR|Croatia|Croacia
HT|Haiti|Haití
HU|Hungary|Hungría
ID|Indonesia|Indonesia
IE|Ireland|Irlanda|Republic of Ireland/República de Irlanda/Eire
IL|Israel|Israel
IM|Isle of Man|Isla de Man
IN|India|India
IO|British Indian Ocean Territory|Territorio Británico del Océano Índico
IQ|Iraq|Irak
IR|Iran|Irán|Islamic Republic of Iran/República Islámica de Irán
IS|Iceland|Islandia
IT|Italy|Italia
JE|Jersey|Jersey
JM|Jamaica|Jamaica
JO|Jordan|Jordania
JP|Japan|Japón
KE|Kenya|Kenia
KG|Kyrgyzstan|Kirguistán
KH|Cambodia|Camboya
KI|Kiribati|Kiribati
KM|Comoros|Comoras
KN|Saint Kitts and Nevis|San Cristóbal y Nieves|St. Kitts and Nevis
KP|North Korea|Corea del Norte|Democratic People's Republic of Korea
KR|South Korea|Corea del Sur|Republic of Korea/República de Corea/Korea
KW|Kuwait|Kuwait
KY|Cayman Islands|Islas Caimán
KZ|Kazakhstan|Kazajistán|Kazajstán
LA|Laos|Laos|Lao People's Democratic Republic
LB|Lebanon|Líbano
LC|Saint Lucia|Santa Lucía|St. Lucia
LI|Liechtenstein|Liechtenstein
LK|Sri Lanka|Sri Lanka
LR|Liberia|Liberia
LS|Lesotho|Lesoto
LT|Lithuania|Lituania
LU|Luxembourg|Luxemburgo
LV|Latvia|Letonia
LY|Libya|Libia
MA|Morocco|Marruecos
MC|Monaco|Mónaco
MD|Moldova|Moldavia|Republic of Moldova/Moldova
ME|Montenegro|Montenegro
MF|Saint Martin|San Martín|St. Martin
MG|Madagascar|Madagascar
MH|Marshall Islands|Islas Marshall
MK|North Macedonia|Macedonia del Norte|Macedonia
ML|Mali|Malí
MM|Myanmar|Myanmar|Burma/Birmania
MN|Mongolia|Mongolia
MO|Macao|Macao|Macau/Macao SAR
MP|Northern Mariana Islands|Islas Marianas del Norte
MQ|Martinique|Martinica
MR|Mauritania|Mauritania
MS|Montserrat|Montserrat
MT|Malta|Malta
MU|Mauritius|Mauricio
MV|Maldives|Maldivas
MW|Malawi|Malaui
MX|Mexico|México|Méjico/Estados Unidos Mexicanos
MY|Malaysia|Malasia
MZ|Mozambique|Mozambique
NA|Namibia|Namibia
NC|New Caledonia|Nueva Caledonia
NE|Niger|Níger
NF|Norfolk Island|Isla Norfolk
NG|Nigeria|Nigeria
NI|Nicaragua|Nicaragua
NL|Netherlands|Países Bajos|The Netherlands/Holland/Holanda
NO|Norway|Noruega
NP|Nepal|Nepal
NR|Nauru|Nauru
NU|Niue|Niue
NZ|New Zealand|Nueva Zelanda|Nueva Zelandia
OM|Oman|Omán
PA|Panama|Panamá
PE|Peru|Perú
PF|French Polynesia|Polinesia Francesa
PG|Papua New Guinea|Papúa Nueva Guinea
PH|Philippines|Filipinas|The Philippines
PK|Pakistan|Pakistán
PL|Poland|Polonia
PM|Saint Pierre and Miquelon|San Pedro y Miquelón|St. Pierre and Miquelon
PN|Pitcairn Islands|Islas Pitcairn|Pitcairn
PR|Puerto Rico|Puerto Rico
PS|Palestine|Palestina|State of Palestine/Estado de Palestina/Palestinian Territories
PT|Portugal|Portugal
PW|Palau|Palaos
PY|Paraguay|Paraguay
QA|Qatar|Catar
RE|Réunion|Reunión|La Reunión
RO|Romania|Rumanía|Rumania
RS|Serbia|Serbia
RU|Russia|Rusia|Russian Federation/Federación Rusa/Federación de Rusia
RW|Rwanda|Ruanda
SA|Saudi Arabia|Arabia Saudí|Arabia Saudita
SB|Solomon Islands|Islas Salomón
SC|Seychelles|Seychelles
SD|Sudan|Sudán
SE|Sweden|Suecia
SG|Singapore|Singapur
SH|Saint Helena, Ascension and Tristan da Cunha|Santa Elena, Ascensión y Tristán de Acuña|Saint Helena/St. Helena/Santa Elena
SI|Slovenia|Eslovenia
SJ|Svalbard and Jan Mayen|Svalbard y Jan Mayen
SK|Slovakia|Eslovaquia|Slovak Republic
SL|Sierra Leone|Sierra Leona
SM|San Marino|San Marino
SN|Senegal|Senegal
SO|Somalia|Somalia
SR|Suriname|Surinam
SS|South Sudan|Sudán del Sur
ST|São Tomé and Príncipe|Santo Tomé y Príncipe
SV|El Salvador|El Salvador|Salvador
SX|Sint Maarten|San Martín (Países Bajos)
SY|Syria|Siria|Syrian Arab Republic/República Árabe Siria
SZ|Eswatini|Esuatini|Swaziland/Suazilandia
TC|Turks and Caicos Islands|Islas Turcas y Caicos
TD|Chad|Chad
TF|French Southern Territories|Territorios Australes Franceses
TG|Togo|Togo
TH|Thailand|Tailandia
TJ|Tajikistan|Tayikistán
TK|Tokelau|Tokelau
TL|Timor-Leste|Timor Oriental|East Timor
TM|Turkmenistan|Turkmenistán
TN|Tunisia|Túnez
TO|Tonga|Tonga
TR|Turkey|Turquía|Türkiye
TT|Trinidad and Tobago|Trinidad y Tobago
TV|Tuvalu|Tuvalu
TW|Taiwan|Taiwán
TZ|Tanzania|Tanzania|United Republic of Tanzania
UA|Ukraine|Ucrania
UG|Uganda|Uganda
UM|U.S. Outlying Islands|Islas menores alejadas de los Estados Unidos|United States Minor Outlying Islands
US|United States|Estados Unidos|USA/U.S.A./U.S./United States of America/EE. UU./EE.UU./EEUU/EUA/Estados Unidos de América
UY|Uruguay|Uruguay
UZ|Uzbekistan|Uzbekistán
VA|Vatican City|Ciudad del Vaticano|Holy See/Santa Sede/Vatican/Vaticano
VC|Saint Vincent and the Grenadines|San Vicente y las Granadinas|St. Vincent and the Grenadines
VE|Venezuela|Venezuela|Bolivarian Republic of Venezuela/República Bolivariana de Venezuela
VG|British Virgin Islands|Islas Vírgenes Británicas
VI|U.S. Virgin Islands|Islas Vírgenes de los Estados Unidos|US Virgin Islands/Islas Vírgenes Americanas
VN|Vietnam|Vietnam|Viet Nam
VU|Vanuatu|Vanuatu
WF|Wallis and Futuna|Wallis y Futuna
WS|Samoa|Samoa
YE|Yemen|Yemen
YT|Mayotte|Mayotte
ZA|South Africa|Sudáfrica
ZM|Zambia|Zambia
ZW|Zimbabwe|Zimbabue|Zimbabwe
"""


@cache
def codes() -> frozenset[str]:
    """Return every code."""
    return frozenset(line[:2] for line in TABLE.strip().splitlines())


@cache
def choices(language: str) -> list[tuple[str, str]]:
    """List codes with names in the order in which a reader of that language looks for them."""
    rows = [line.split("|") for line in TABLE.strip().splitlines()]
    named = [(row[0], row[2 if language.startswith("es") else 1]) for row in rows]
    return sorted(named, key=lambda choice: unicodedata.normalize("NFKD", choice[1]).casefold())

"""Iran's provinces and their main cities, for suggestions while an address is typed; addresses themselves stay text.

Names are the messages `province.<key>` and `city.<key>`; names of countries are CLDR's.
"""

from collections.abc import Mapping
from typing import cast

import msgspec
from babel import Locale


class City(msgspec.Struct, frozen=True):
    """A city; `postal_prefix` are the first two digits of its postal codes."""

    key: str
    postal_prefix: str


class Province(msgspec.Struct, frozen=True):
    """A province with its capital first; `area_code` is its phone code without the leading zero."""

    key: str
    area_code: str
    cities: tuple[City, ...]


PROVINCES = (
    Province(
        "tehran",
        "21",
        (
            City("tehran", "11"),
            City("shahr_e_rey", "18"),
            City("eslamshahr", "33"),
            City("shahriar", "33"),
            City("varamin", "33"),
            City("pakdasht", "33"),
            City("damavand", "39"),
            City("pardis", "16"),
            City("robat_karim", "37"),
            City("malard", "31"),
            City("qods", "37"),
        ),
    ),
    Province(
        "east_azerbaijan",
        "41",
        (
            City("tabriz", "51"),
            City("maragheh", "55"),
            City("marand", "54"),
            City("ahar", "54"),
            City("mianeh", "53"),
            City("bonab", "55"),
        ),
    ),
    Province(
        "west_azerbaijan",
        "44",
        (
            City("urmia", "57"),
            City("khoy", "58"),
            City("miandoab", "59"),
            City("mahabad", "59"),
            City("bukan", "59"),
            City("salmas", "58"),
        ),
    ),
    Province(
        "ardabil",
        "45",
        (
            City("ardabil", "56"),
            City("parsabad", "56"),
            City("meshginshahr", "56"),
            City("khalkhal", "56"),
        ),
    ),
    Province(
        "isfahan",
        "31",
        (
            City("isfahan", "81"),
            City("kashan", "87"),
            City("najafabad", "85"),
            City("khomeyni_shahr", "84"),
            City("shahin_shahr", "83"),
            City("mobarakeh", "84"),
            City("golpayegan", "87"),
            City("natanz", "87"),
        ),
    ),
    Province(
        "alborz",
        "26",
        (
            City("karaj", "31"),
            City("fardis", "31"),
            City("nazarabad", "33"),
            City("hashtgerd", "33"),
            City("eshtehard", "31"),
        ),
    ),
    Province(
        "ilam",
        "84",
        (
            City("ilam", "69"),
            City("dehloran", "69"),
            City("ivan", "69"),
        ),
    ),
    Province(
        "bushehr",
        "77",
        (
            City("bushehr", "75"),
            City("borazjan", "75"),
            City("asaluyeh", "75"),
            City("kangan", "75"),
            City("genaveh", "75"),
        ),
    ),
    Province(
        "chaharmahal_bakhtiari",
        "38",
        (
            City("shahrekord", "88"),
            City("borujen", "88"),
            City("farsan", "88"),
        ),
    ),
    Province(
        "south_khorasan",
        "56",
        (
            City("birjand", "97"),
            City("qaen", "97"),
            City("ferdows", "97"),
            City("tabas", "97"),
        ),
    ),
    Province(
        "razavi_khorasan",
        "51",
        (
            City("mashhad", "91"),
            City("nishapur", "93"),
            City("sabzevar", "96"),
            City("torbat_heydarieh", "95"),
            City("quchan", "94"),
            City("kashmar", "96"),
            City("torbat_jam", "95"),
        ),
    ),
    Province(
        "north_khorasan",
        "58",
        (
            City("bojnord", "94"),
            City("shirvan", "94"),
            City("esfarayen", "96"),
        ),
    ),
    Province(
        "khuzestan",
        "61",
        (
            City("ahvaz", "61"),
            City("dezful", "64"),
            City("abadan", "63"),
            City("khorramshahr", "64"),
            City("mahshahr", "63"),
            City("behbahan", "63"),
            City("andimeshk", "64"),
            City("shushtar", "64"),
        ),
    ),
    Province(
        "zanjan",
        "24",
        (
            City("zanjan", "45"),
            City("abhar", "45"),
            City("khorramdarreh", "45"),
        ),
    ),
    Province(
        "semnan",
        "23",
        (
            City("semnan", "35"),
            City("shahrud", "36"),
            City("damghan", "36"),
            City("garmsar", "35"),
        ),
    ),
    Province(
        "sistan_baluchestan",
        "54",
        (
            City("zahedan", "98"),
            City("zabol", "98"),
            City("chabahar", "99"),
            City("iranshahr", "99"),
        ),
    ),
    Province(
        "fars",
        "71",
        (
            City("shiraz", "71"),
            City("marvdasht", "73"),
            City("jahrom", "74"),
            City("fasa", "74"),
            City("kazerun", "73"),
            City("lar", "74"),
            City("darab", "74"),
            City("neyriz", "74"),
        ),
    ),
    Province(
        "qazvin",
        "28",
        (
            City("qazvin", "34"),
            City("takestan", "34"),
            City("abyek", "34"),
            City("mohammadieh", "34"),
        ),
    ),
    Province("qom", "25", (City("qom", "37"),)),
    Province(
        "kurdistan",
        "87",
        (
            City("sanandaj", "66"),
            City("saqqez", "66"),
            City("marivan", "66"),
            City("baneh", "66"),
            City("qorveh", "66"),
        ),
    ),
    Province(
        "kerman",
        "34",
        (
            City("kerman", "76"),
            City("sirjan", "78"),
            City("rafsanjan", "77"),
            City("jiroft", "78"),
            City("bam", "76"),
            City("zarand", "77"),
        ),
    ),
    Province(
        "kermanshah",
        "83",
        (
            City("kermanshah", "67"),
            City("eslamabad_gharb", "67"),
            City("kangavar", "67"),
            City("sonqor", "67"),
        ),
    ),
    Province(
        "kohgiluyeh_boyer_ahmad",
        "74",
        (
            City("yasuj", "75"),
            City("dehdasht", "75"),
            City("gachsaran", "75"),
        ),
    ),
    Province(
        "golestan",
        "17",
        (
            City("gorgan", "49"),
            City("gonbad_kavus", "49"),
            City("aliabad", "49"),
            City("bandar_torkaman", "48"),
        ),
    ),
    Province(
        "gilan",
        "13",
        (
            City("rasht", "41"),
            City("bandar_anzali", "43"),
            City("lahijan", "44"),
            City("langarud", "44"),
            City("talesh", "43"),
        ),
    ),
    Province(
        "lorestan",
        "66",
        (
            City("khorramabad", "68"),
            City("borujerd", "69"),
            City("dorud", "68"),
            City("aligudarz", "68"),
        ),
    ),
    Province(
        "mazandaran",
        "11",
        (
            City("sari", "48"),
            City("babol", "47"),
            City("amol", "46"),
            City("qaemshahr", "47"),
            City("tonekabon", "46"),
            City("behshahr", "48"),
            City("chalus", "46"),
            City("babolsar", "47"),
        ),
    ),
    Province(
        "markazi",
        "86",
        (
            City("arak", "38"),
            City("saveh", "39"),
            City("khomeyn", "38"),
            City("mahallat", "37"),
        ),
    ),
    Province(
        "hormozgan",
        "76",
        (
            City("bandar_abbas", "79"),
            City("qeshm", "79"),
            City("kish", "79"),
            City("minab", "79"),
            City("bandar_lengeh", "79"),
        ),
    ),
    Province(
        "hamadan",
        "81",
        (
            City("hamadan", "65"),
            City("malayer", "65"),
            City("nahavand", "65"),
            City("tuyserkan", "65"),
        ),
    ),
    Province(
        "yazd",
        "35",
        (
            City("yazd", "89"),
            City("meybod", "89"),
            City("ardakan", "89"),
            City("bafq", "89"),
            City("taft", "89"),
        ),
    ),
)


def countries(language: str) -> list[tuple[str, str]]:
    """ISO 3166 codes with their names in the language: Iran first, the others by name."""
    names = cast("Mapping[str, str]", Locale.parse(language).territories)
    listed = [
        (code, name) for code, name in names.items() if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    ]
    return sorted(listed, key=lambda item: (item[0] != "IR", item[1]))


_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "AC", "CP", "DG", "EA", "IC", "TA", "CQ"})
"""Codes that CLDR has besides those of ISO 3166."""

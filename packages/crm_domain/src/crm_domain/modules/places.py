"""Iran's provinces and their main cities, with the codes that their phones and letters carry.

Names are the messages `province.<key>` and `city.<key>`.
"""

import re

import msgspec


class City(msgspec.Struct, frozen=True):
    """A city; `postal_prefix` are the first two digits of its postal codes."""

    key: str
    postal_prefix: str


class Province(msgspec.Struct, frozen=True):
    """A province with its capital first; `area_code` is its phone code without the leading zero."""

    key: str
    area_code: str
    cities: tuple[City, ...]


TABLE = """
tehran 21: tehran 11, shahr_e_rey 18, eslamshahr 33, shahriar 33, varamin 33, pakdasht 33, damavand 39, pardis 16,
  robat_karim 37, malard 31, qods 37
east_azerbaijan 41: tabriz 51, maragheh 55, marand 54, ahar 54, mianeh 53, bonab 55
west_azerbaijan 44: urmia 57, khoy 58, miandoab 59, mahabad 59, bukan 59, salmas 58
ardabil 45: ardabil 56, parsabad 56, meshginshahr 56, khalkhal 56
isfahan 31: isfahan 81, kashan 87, najafabad 85, khomeyni_shahr 84, shahin_shahr 83, mobarakeh 84, golpayegan 87,
  natanz 87
alborz 26: karaj 31, fardis 31, nazarabad 33, hashtgerd 33, eshtehard 31
ilam 84: ilam 69, dehloran 69, ivan 69
bushehr 77: bushehr 75, borazjan 75, asaluyeh 75, kangan 75, genaveh 75
chaharmahal_bakhtiari 38: shahrekord 88, borujen 88, farsan 88
south_khorasan 56: birjand 97, qaen 97, ferdows 97, tabas 97
razavi_khorasan 51: mashhad 91, nishapur 93, sabzevar 96, torbat_heydarieh 95, quchan 94, kashmar 96, torbat_jam 95
north_khorasan 58: bojnord 94, shirvan 94, esfarayen 96
khuzestan 61: ahvaz 61, dezful 64, abadan 63, khorramshahr 64, mahshahr 63, behbahan 63, andimeshk 64, shushtar 64
zanjan 24: zanjan 45, abhar 45, khorramdarreh 45
semnan 23: semnan 35, shahrud 36, damghan 36, garmsar 35
sistan_baluchestan 54: zahedan 98, zabol 98, chabahar 99, iranshahr 99
fars 71: shiraz 71, marvdasht 73, jahrom 74, fasa 74, kazerun 73, lar 74, darab 74, neyriz 74
qazvin 28: qazvin 34, takestan 34, abyek 34, mohammadieh 34
qom 25: qom 37
kurdistan 87: sanandaj 66, saqqez 66, marivan 66, baneh 66, qorveh 66
kerman 34: kerman 76, sirjan 78, rafsanjan 77, jiroft 78, bam 76, zarand 77
kermanshah 83: kermanshah 67, eslamabad_gharb 67, kangavar 67, sonqor 67
kohgiluyeh_boyer_ahmad 74: yasuj 75, dehdasht 75, gachsaran 75
golestan 17: gorgan 49, gonbad_kavus 49, aliabad 49, bandar_torkaman 48
gilan 13: rasht 41, bandar_anzali 43, lahijan 44, langarud 44, talesh 43
lorestan 66: khorramabad 68, borujerd 69, dorud 68, aligudarz 68
mazandaran 11: sari 48, babol 47, amol 46, qaemshahr 47, tonekabon 46, behshahr 48, chalus 46, babolsar 47
markazi 86: arak 38, saveh 39, khomeyn 38, mahallat 37
hormozgan 76: bandar_abbas 79, qeshm 79, kish 79, minab 79, bandar_lengeh 79
hamadan 81: hamadan 65, malayer 65, nahavand 65, tuyserkan 65
yazd 35: yazd 89, meybod 89, ardakan 89, bafq 89, taft 89
"""
"""A province to a line, with its phone code; its cities, each with the beginning of its postal codes."""


def _province(line: str) -> Province:
    head, _, cities = line.partition(": ")
    key, code = head.split()
    return Province(key, code, tuple(City(*city.split()) for city in cities.split(", ")))


PROVINCES = tuple(map(_province, re.sub(r"\n +", " ", TABLE.strip()).splitlines()))

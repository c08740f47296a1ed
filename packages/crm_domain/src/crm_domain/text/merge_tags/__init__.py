"""Merge tags: the little language of e-mail templates, documents and messages (SEC-14).

`{{ contact.first_name | default:"دوست گرامی" }}` names a value, `{% if … %} … {% else %} … {% endif %}` chooses,
`{% each line in quote.lines %} … {% endeach %}` repeats. Names are looked up whole in a vocabulary; nothing is called,
walked or computed. A template is parsed and checked once, compiled once per language, and then only joined.
"""

from crm_domain.text.merge_tags.check import check
from crm_domain.text.merge_tags.compile import Filled, Missing, TooMuch, compile_template
from crm_domain.text.merge_tags.mask import Mask
from crm_domain.text.merge_tags.parse import BadTemplate, names, parse
from crm_domain.text.merge_tags.places import Place
from crm_domain.text.merge_tags.tree import Node
from crm_domain.text.merge_tags.vocabulary import Vocabulary, Word

__all__ = [
    "BadTemplate",
    "Filled",
    "Mask",
    "Missing",
    "Node",
    "Place",
    "TooMuch",
    "Vocabulary",
    "Word",
    "check",
    "compile_template",
    "names",
    "parse",
]

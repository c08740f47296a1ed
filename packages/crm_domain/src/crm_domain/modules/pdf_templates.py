"""PDF templates: how records of a module look on paper, with places for what differs from one to the next."""

from crm_domain.definition import Arrangement, Change, Module, Record, panel, plain, required
from crm_domain.definition.kinds import Boolean, Choice, File, Image, Integer, LongText, Text
from crm_domain.modules.marketing_options import TEMPLATE_LANGUAGES
from crm_domain.problems import FieldProblem, Invalid

PAPER_MODULES = ("quotes", "invoices", "contracts", "accounts", "contacts", "leads", "catalogues")
"""What is printed on paper of one's own."""
FOR_MODULES = plain("pdf_template_type", " ".join(PAPER_MODULES), fixed=True)
PAGE_SIZES = plain("pdf_page_size", "a4 a5 letter legal", fixed=True)
ORIENTATIONS = plain("pdf_orientation", "portrait landscape", fixed=True)
HTML_LENGTH = 300_000
MOST_MM = 80


def _margin(default: int) -> Integer:
    """Millimetres."""
    return Integer(minimum=0, maximum=MOST_MM, default=default)


class PdfTemplate(Record):
    """`header`, `body` and `footer` are sources as their author wrote them; their tags are filled for one record.

    `cover` is a page of its own before the others, without header and footer; `appendix` is a PDF that goes behind them.
    `company` says below the company's name what the law or its customers want to know of it.
    """

    name = required(Text(max_length=255, search=True))
    used_for = required(Choice(options=FOR_MODULES, default="quotes", indexed=True))
    language = required(Choice(options=TEMPLATE_LANGUAGES, default="fa", indexed=True))
    active = Boolean(default=True)
    page_size = required(Choice(options=PAGE_SIZES, default="a4"))
    orientation = required(Choice(options=ORIENTATIONS, default="portrait"))
    margin_top = _margin(16)
    margin_bottom = _margin(18)
    margin_left = _margin(15)
    margin_right = _margin(15)
    logo = Image()
    company = LongText(max_length=1000)
    header = LongText(max_length=HTML_LENGTH)
    body = LongText(max_length=HTML_LENGTH)
    footer = LongText(max_length=HTML_LENGTH)
    cover = LongText(max_length=HTML_LENGTH)
    appendix = File()
    description = LongText()

    layout = Arrangement(
        columns=(name, used_for, language, active, Record.created_by, Record.modified_at),
        offered=(page_size, orientation, Record.assigned_to, Record.team, Record.created_at),
        panels=(
            panel("overview", (name, used_for), (language, active), (description,), (Record.assigned_to, Record.team)),
            panel(
                "paper",
                (page_size, orientation),
                (margin_top, margin_bottom),
                (margin_left, margin_right),
            ),
            panel("letterhead", (logo,), (company,)),
            panel("around", (appendix,)),
            panel("text", (cover,), (header,), (body,), (footer,), folded=True),
        ),
        quick=((name, used_for), (language, active), (page_size, orientation)),
        picker=(name, used_for, language),
        basic=(name,),
        advanced=(name, used_for, language, active, Record.created_at, Record.modified_at, Record.created_by),
        highlights=(used_for, language, page_size, active, Record.assigned_to),
        sort="name",
    )


def appendix_is_pdf(change: Change[PdfTemplate]) -> None:
    """Only pages of a PDF can stand behind a document's own."""
    if (
        change.touches(PdfTemplate.appendix)
        and (kept := change.after.appendix)
        and kept.media_type != "application/pdf"
    ):
        raise Invalid({"appendix": (FieldProblem("pdf_templates.appendix_is_pdf"),)})


PDF_TEMPLATES = Module(key="pdf_templates", record=PdfTemplate, icon="file-type-2", before_save=(appendix_is_pdf,))

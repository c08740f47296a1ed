"""Records of domains, judged as receivers judge them."""

import pytest

from crm_domain.sending.checkup import Part, judge, proofs


@pytest.mark.parametrize(
    ("part", "found", "state", "why"),
    [
        ("spf", [], "missing", "spf_missing"),
        ("spf", ["site-verification=1"], "missing", "spf_missing"),
        ("spf", ["v=spf1 include:a.example -all"], "good", ""),
        ("spf", ["V=SPF1 redirect=_spf.a.example"], "good", ""),
        ("spf", ["v=spf1 mx", "other"], "weak", "spf_open"),
        ("spf", ["v=spf1 mx ?all"], "weak", "spf_open"),
        ("spf", ["v=spf1 +all"], "wrong", "spf_everybody"),
        ("spf", ["v=spf1 -all", "v=spf1 mx -all"], "wrong", "spf_many"),
        ("spf", ["v=spf1 " + " ".join(f"include:{n}.example" for n in range(11)) + " -all"], "wrong", "spf_lookups"),
        ("spf", ["v=spf1 ip4:192.0.2.0/24 all.example:x a mx -all"], "good", ""),
        ("dkim", [], "missing", "dkim_missing"),
        ("dkim", ["v=DKIM1; k=rsa; p=AB CD"], "good", ""),
        ("dkim", ["v=DKIM1; p="], "wrong", "dkim_other"),
        ("dkim", ["p=ABCD", "p=ABCD"], "wrong", "dkim_many"),
        ("dmarc", ["v=spf1 -all"], "missing", "dmarc_missing"),
        ("dmarc", ["v=DMARC1; p=reject"], "good", ""),
        ("dmarc", ["v = DMARC1 ; p = none"], "weak", "dmarc_watches"),
        ("dmarc", ["v=DMARC1; rua=mailto:a@b.example"], "wrong", "dmarc_wrong"),
        ("dmarc", ["v=DMARC1; p=reject", "v=DMARC1; p=none"], "wrong", "dmarc_wrong"),
        ("mx", [], "missing", "mx_missing"),
        ("mx", ["mail.a.example"], "good", ""),
    ],
)
def test_records_are_judged(part: Part, found: list[str], state: str, why: str) -> None:
    verdict = judge(part, found, "ABCD")
    assert (verdict.state, verdict.why) == (state, why)


def test_what_the_receiver_proved_is_read_from_its_header() -> None:
    said = "mx.b.example; spf=pass smtp.mailfrom=a.example; dkim=fail (bad) header.d=a.example; dkim=pass; DMARC=Pass"
    assert proofs(said) == {"spf": "pass", "dkim": "fail", "dmarc": "pass"}
    assert proofs("") == {}

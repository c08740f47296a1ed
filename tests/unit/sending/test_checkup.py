"""What a receiving server proved of a trial mail."""

from crm_domain.sending.checkup import proofs


def test_what_the_receiver_proved_is_read_from_its_header() -> None:
    said = "mx.b.example; spf=pass smtp.mailfrom=a.example; dkim=fail (bad) header.d=a.example; dkim=pass; DMARC=Pass"
    assert proofs(said) == {"spf": "pass", "dkim": "fail", "dmarc": "pass"}
    assert proofs("") == {}

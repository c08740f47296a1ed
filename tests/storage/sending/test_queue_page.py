"""The queue as its page narrows it."""

from tests.mailing import Office

from crm_storage.marketing import queue

PEOPLE = ("a_b@x.example", "aXb@x.example", "c@mail.y.example")


async def test_messages_are_found_by_address_or_domain_and_no_mark_is_a_wildcard(office: Office) -> None:
    await office.campaign()
    await office.list_of("default", [("targets", await office.people("targets", *PEOPLE))])
    await office.filled()
    asked = {"A_B@": 1, "x.example": 2, "Y.EXAMPLE": 1, "example": 3, "%": 0, "": 3}
    async with office.station.session() as session:
        for words, number in asked.items():
            found = await queue.page(
                session, office.campaign_id, marketing=None, state="ready", address=words, after=0, limit=9
            )
            assert len(found) == number, words

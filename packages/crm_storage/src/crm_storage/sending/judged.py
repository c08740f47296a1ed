"""The audience as one set-based statement: every membership of a slice with the reason why it gets no mail, or none."""

from crm_domain.sending.audience import MEMBERS, PROVIDERS, Member
from crm_storage.sending.suffixes import suffixes

NO_ADDRESS = """d.key NOT LIKE '%%_@_%%._%%' OR d.key LIKE '%%@%%@%%' OR strpos(d.key, ' ') > 0"""
"""Cheap, because every row is asked; what gets through is looked at closely when its mail is composed."""
RANK = "CASE {column} WHEN 'confirmed' THEN 2 WHEN 'opt_in' THEN 1 ELSE 0 END"
MEMBERSHIP = """
SELECT '{module}' AS module, {rank} AS rank, {staff} AS staff, m.right_id AS record_id,
  l.list_id, l.class, l.position, {gone} AS gone
FROM mkt_run_list l
JOIN target_list_member m ON m.left_id = l.list_id AND m.module = '{module}'
JOIN "{module}" r ON r.id = m.right_id
WHERE l.run_id = %(run)s
"""
ADDRESSED = """
SELECT b.*, a.id AS address_id, a.address_key AS key, a.domain, a.opted_out, a.invalid, a.optin_state
FROM memberships b
LEFT JOIN email_link e ON e.record_id = b.record_id AND e.is_primary
LEFT JOIN email_address a ON a.id = e.address_id
WHERE (hashtextextended(coalesce(a.address_key, b.record_id::text), 0) & 9223372036854775807) %% %(slices)s = %(slice)s
"""
LIVE_REASONS = (
    ("gone", "d.gone"),
    ("no_primary", "d.address_id IS NULL"),
    ("unparsable", NO_ADDRESS),
    ("by_id", "xr.record_id IS NOT NULL"),
    ("by_address", "xa.address_key IS NOT NULL"),
    ("by_domain", "xd.domain IS NOT NULL"),
    ("tenant", "sa.value IS NOT NULL OR sd.domain IS NOT NULL"),
    ("opt_out", "d.opted_out"),
    ("newsletter_optout", "n.address_id IS NOT NULL"),
    ("invalid", "d.invalid"),
    ("consent", RANK.format(column="d.optin_state") + " < %(needed)s"),
    ("frequency", "f.address_id IS NOT NULL"),
)
TEST_REASONS = (
    ("gone", "d.gone"),
    ("no_primary", "d.address_id IS NULL"),
    ("unparsable", NO_ADDRESS),
    ("opt_out", "d.opted_out AND NOT d.staff"),
    ("invalid", "d.invalid AND NOT d.staff"),
)
"""A trial spares nobody by list; a colleague gets it whatever his address wants (4.8)."""
SPARED = """
LEFT JOIN run_exempt_record xr ON xr.run_id = %(run)s AND xr.record_id = d.record_id
LEFT JOIN run_exempt_address xa ON xa.run_id = %(run)s AND xa.address_key = d.key
LEFT JOIN listed xd ON xd.domain = d.domain
LEFT JOIN suppression sa ON sa.kind = 'address' AND sa.value = d.key AND coalesce(sa.expires_at, 'infinity') > now()
LEFT JOIN banned sd ON sd.domain = d.domain
LEFT JOIN newsletter_optout n ON n.campaign_id = %(newsletter)s AND n.address_id = d.address_id
LEFT JOIN frequent f ON f.address_id = d.address_id
"""
DOMAINS = f"""
domains AS MATERIALIZED (
  SELECT a.domain, s.suffix FROM (SELECT DISTINCT domain FROM addressed WHERE domain IS NOT NULL) a
  CROSS JOIN LATERAL unnest({suffixes("a.domain")}) s(suffix)
),
listed AS MATERIALIZED (
  SELECT DISTINCT a.domain FROM domains a JOIN run_exempt_domain x
  ON x.run_id = %(run)s AND x.domain = a.suffix AND (x.include_subdomains OR a.suffix = a.domain)
),
banned AS MATERIALIZED (
  SELECT DISTINCT a.domain FROM domains a JOIN suppression x
  ON x.kind = 'domain' AND x.value = a.suffix AND (x.include_subdomains OR a.suffix = a.domain)
  AND coalesce(x.expires_at, 'infinity') > now()
),
frequent AS MATERIALIZED (
  SELECT address_id FROM email_queue WHERE %(most)s::int IS NOT NULL AND state = 'sent' AND NOT is_test
  AND ended_at > now() - make_interval(days => %(days)s::int) GROUP BY address_id HAVING count(*) >= %(most)s::int
)
"""
CHOSEN = """
chosen AS (
  SELECT *, row_number() OVER (PARTITION BY key ORDER BY class = 'seed' DESC, rank, position, record_id) AS place
  FROM judged WHERE reason IS NULL
),
left_out AS (
  SELECT module, record_id, address_id, list_id, class, reason FROM judged WHERE reason IS NOT NULL
  UNION ALL SELECT module, record_id, address_id, list_id, class, 'duplicate' FROM chosen WHERE place > 1
)
"""


def chosen(*, test: bool) -> str:
    """`WITH` parts that end in `chosen` (first place gets mail) and `left_out` (with reasons)."""
    memberships = " UNION ALL ".join(_memberships(member, rank) for rank, member in enumerate(MEMBERS, 1))
    reasons = TEST_REASONS if test else LIVE_REASONS
    cases = " ".join(f"WHEN {condition} THEN '{reason}'" for reason, condition in reasons)
    parts = [f"memberships AS ({memberships})", f"addressed AS MATERIALIZED ({ADDRESSED})"]
    if not test:
        parts.append(DOMAINS)
    parts.append(
        f"judged AS MATERIALIZED (SELECT d.*, CASE {cases} END AS reason FROM addressed d {'' if test else SPARED})"
    )
    return "WITH " + ", ".join([*parts, CHOSEN])


def provider(domain: str) -> str:
    """An SQL expression: the large provider of a domain, or nothing."""
    cases = " ".join(
        f"WHEN {domain} IN ({', '.join(repr(one) for one in domains)}) THEN '{name}'"
        for name, domains in PROVIDERS.items()
    )
    return f"CASE {cases} ELSE '' END"


def _memberships(member: Member, rank: int) -> str:
    gone = ["r.deleted_at IS NOT NULL"]
    if member.gone:
        gone.append(f'coalesce(r."{member.gone}", false)')
    field, option = member.alive
    if field:
        gone.append(f"r.\"{field}\" <> '{option}'")
    return MEMBERSHIP.format(module=member.module, rank=rank, staff=member.staff, gone=" OR ".join(gone))

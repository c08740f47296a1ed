"""A small name server of the tests: it knows the records it was given, and says of all other names that there are none."""

import socketserver
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

Records = Mapping[tuple[str, str], Sequence[str]]
"""By name and kind, as a zone has them."""
PIECE = 200


def quoted(text: str) -> str:
    """A TXT record's text in pieces that fit."""
    return " ".join(f'"{text[at : at + PIECE]}"' for at in range(0, len(text), PIECE))


class _Handler(socketserver.BaseRequestHandler):
    records: Records = {}

    def handle(self) -> None:
        data, line = self.request
        query = dns.message.from_wire(data)
        [asked] = query.question
        name, kind = str(asked.name).rstrip(".").lower(), dns.rdatatype.to_text(asked.rdtype)
        answer = dns.message.make_response(query)
        if found := self.records.get((name, kind)):
            texts = [quoted(text) if kind == "TXT" else text for text in found]
            answer.answer.append(dns.rrset.from_text(asked.name, 60, "IN", kind, *texts))
        else:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        line.sendto(answer.to_wire(), self.client_address)


@contextmanager
def name_server(records: Records) -> Iterator[str]:
    """Serves them on a free port of this machine: `127.0.0.1:<port>`."""
    handler = type("Handler", (_Handler,), {"records": records})
    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()

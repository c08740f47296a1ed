"""The built assets: their hashed addresses, and an ASGI app that sends them once and for good."""

import json
import mimetypes
from collections.abc import Mapping
from pathlib import Path

from litestar.types import Receive, Scope, Send

DIST = Path(__file__).parent / "static" / "dist"
_TYPES = {
    ".woff2": "font/woff2",
    ".webp": "image/webp",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
}
_FOR_GOOD = b"public, max-age=31536000, immutable"


class Assets:
    """The manifest of one build: plain names to addresses under `prefix`."""

    def __init__(self, folder: Path = DIST, prefix: str = "/static/") -> None:
        """Raise FileNotFoundError when the assets were not built."""
        self.folder = folder
        self.prefix = prefix
        manifest: Mapping[str, str] = json.loads((folder / "manifest.json").read_text("utf-8"))
        self._urls = {name: prefix + hashed for name, hashed in manifest.items()}
        self._files = {path.name: path for path in folder.iterdir() if path.suffix not in (".gz", ".json")}

    def url(self, name: str) -> str:
        """The address of an asset; KeyError for a name the build does not have."""
        return self._urls[name]

    def has(self, name: str) -> bool:
        """Whether the build has an asset of that name."""
        return name in self._urls

    def file(self, path: str) -> Path | None:
        """The file a request path ends in, looked up in the list of the build and nowhere else."""
        return self._files.get(path.rstrip("/").rpartition("/")[2])


class AssetServer:
    """ASGI app to mount at `Assets.prefix`: immutable caching, the gzip twin where the browser takes it."""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets
        self._bodies: dict[tuple[str, bool], bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one GET or HEAD; 404 for a name the build does not have."""
        method = str(scope["method"]) if scope["type"] == "http" else ""
        file = self._assets.file(str(scope["path"]))
        if file is None or method not in ("GET", "HEAD"):
            await _answer(send, 404 if file is None else 405, [(b"content-type", b"text/plain")], b"")
            return
        zipped = _takes_gzip(scope) and file.with_name(file.name + ".gz").exists()
        body = self._body(file, zipped)
        headers = [
            (b"content-type", _type_of(file).encode()),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", _FOR_GOOD),
            (b"vary", b"accept-encoding"),
            (b"x-content-type-options", b"nosniff"),
            (b"cross-origin-resource-policy", b"same-origin"),
        ]
        if zipped:
            headers.append((b"content-encoding", b"gzip"))
        await _answer(send, 200, headers, b"" if method == "HEAD" else body)

    def _body(self, file: Path, zipped: bool) -> bytes:
        key = (file.name, zipped)
        if key not in self._bodies:
            self._bodies[key] = (file.with_name(file.name + ".gz") if zipped else file).read_bytes()
        return self._bodies[key]


def _type_of(file: Path) -> str:
    return _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"


def _takes_gzip(scope: Scope) -> bool:
    return any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"])


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})

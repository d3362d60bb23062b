"""Addresses of the web that a release may be linked with."""

from urllib.parse import urljoin, urlsplit

_LONGEST = 2000


def web_address(href: str | None, base: str | None) -> str | None:
    """The address that `href` means on the page at `base`; None where it is not of the web, or has no host."""
    written = (href or "").strip()
    if not written or len(written) > _LONGEST or not written.isprintable():
        return None
    try:
        joined = urljoin(base or "", written)
        parts = urlsplit(joined)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return None
    return joined.partition("#")[0] if valid and " " not in joined else None

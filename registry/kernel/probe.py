"""Ask the web process on this machine how it is: `python -m registry.kernel.probe ready`; exit code 0 is well.

For containers: there is no curl in them, and the name asked for must be one that ALLOWED_HOSTS admits.
"""

from __future__ import annotations

import http.client
import os
import sys
from urllib.parse import urlsplit


def main(probe: str) -> int:
    """0 when the probe answers 200."""
    host = (
        os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip() or urlsplit(os.environ.get("PUBLIC_URL", "")).netloc
    )
    web = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT") or 8000), timeout=4)
    try:
        web.request("GET", f"/healthz/{probe}", headers={"Host": host or "localhost"})
        return 0 if web.getresponse().status == http.client.OK else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "ready"))

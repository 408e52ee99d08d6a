"""Every XML file is well-formed, as libxml2 sees it, and UTF-8 without a byte-order mark."""

import subprocess
import sys
from pathlib import Path

site = Path(sys.argv[1])
files = sorted(path for suffix in ("xml", "rss", "atom", "svg") for path in site.rglob(f"*.{suffix}"))
problems = [f"{path}: a byte-order mark" for path in files if path.read_bytes().startswith(b"\xef\xbb\xbf")]
for start in range(0, len(files), 500):
    answer = subprocess.run(["xmllint", "--noout", "--nonet", *files[start : start + 500]], capture_output=True, text=True)
    problems += answer.stderr.splitlines()
print("\n".join(problems))
print(f"{len(files)} files, {len(problems)} lines of complaints")
sys.exit(1 if problems or not files else 0)

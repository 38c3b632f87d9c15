"""`python -m tests.fuzz`: the fuzzers from seeds."""

import sys

from .seeded import main

if __name__ == "__main__":
    sys.exit(main())

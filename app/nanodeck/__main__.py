"""`python -m nanodeck`."""

from nanodeck.cli import main

raise SystemExit(main())

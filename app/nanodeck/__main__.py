"""`python -m nanodeck`."""

from nanodeck.cli import leave, main

leave(main())

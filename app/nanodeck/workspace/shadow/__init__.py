"""What a workspace held, kept in a git repository of our own; it needs none of the person's."""

from nanodeck.workspace.shadow.collecting import AFTER as AFTER, NAMED as NAMED, Stored as Stored
from nanodeck.workspace.shadow.shadow import (
    Difference as Difference,
    Shadow as Shadow,
    Taken as Taken,
    store_of as store_of,
)

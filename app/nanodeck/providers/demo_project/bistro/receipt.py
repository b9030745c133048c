"""The receipt a guest takes home."""

from __future__ import annotations

from bistro.bill import Bill

WIDTH = 32


def amount(cents: int) -> str:
    """Cents the way people write them: 1250 is 12.50."""
    return str(cents / 100)


def line(name: str, cents: int) -> str:
    """The name on the left, the amount on the right."""
    return name + amount(cents).rjust(WIDTH - len(name))


def receipt(bill: Bill, guests: int = 1) -> str:
    """The whole receipt, with what each guest pays."""
    lines = [line(name, cents) for name, cents in bill.dishes]
    lines.append("-" * WIDTH)
    lines.append(line("Total", bill.total))
    if guests > 1:
        lines.append(line("Each", bill.total // guests))
    return "\n".join(lines)

"""A restaurant bill: dishes, a discount, service. Amounts are in cents."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Bill:
    """What a table ordered; discount and service are in percent."""

    dishes: list[tuple[str, int]] = field(default_factory=list)
    discount: int = 0
    service: int = 10

    def add(self, name: str, cents: int) -> None:
        """Put a dish on the bill."""
        self.dishes.append((name, cents))

    @property
    def price(self) -> int:
        """All dishes, before discount and service."""
        return sum(cents for _, cents in self.dishes)

    @property
    def total(self) -> int:
        """What the table pays; service is taken after the discount."""
        reduced = self.price - self.price * self.discount // 100
        return reduced + self.price * self.service // 100

    def dearest(self) -> str:
        """The name of the most expensive dish."""
        if not self.dishes:
            return "nothing"
        return max(self.dishes, key=lambda dish: dish[1])[0]

    def split(self, guests: int) -> list[int]:
        """What each guest pays; the shares add up to the total."""
        if guests < 1:
            raise ValueError("a bill needs at least one guest")
        return [self.total // guests] * guests

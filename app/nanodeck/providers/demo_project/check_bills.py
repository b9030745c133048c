"""Checks random bills round after round, each time with the code as it is on disk."""

import importlib
import random
import sys
import time

from bistro import bill as module

BILLS = 200
ROUNDS = 120


def adds_up(chance: random.Random) -> bool:
    bill = module.Bill(discount=chance.choice([0, 10, 50]))
    for number in range(chance.randint(1, 6)):
        bill.add(f"dish {number}", chance.randint(100, 3000))
    return sum(bill.split(chance.randint(1, 8))) == bill.total


def main() -> int:
    sys.dont_write_bytecode = True
    clean = 0
    for number in range(1, ROUNDS + 1):
        importlib.reload(module)
        chance = random.Random(number)
        wrong = sum(not adds_up(chance) for _ in range(BILLS))
        clean = 0 if wrong else clean + 1
        print(
            f"round {number}: {BILLS} bills, " + (f"{wrong} do not add up" if wrong else "all add up"),
            flush=True,
        )
        if clean == 3:
            print("three clean rounds: done", flush=True)
            return 0
        time.sleep(1)
    return 1


if __name__ == "__main__":
    sys.exit(main())

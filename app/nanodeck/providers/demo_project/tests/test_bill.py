"""The bill adds up."""

import unittest

from bistro.bill import Bill


def dinner(**more: int) -> Bill:
    bill = Bill(**more)
    bill.add("Soup", 650)
    bill.add("Risotto", 1450)
    bill.add("Tea", 300)
    return bill


class BillTest(unittest.TestCase):
    def test_price_is_the_sum_of_the_dishes(self) -> None:
        self.assertEqual(dinner().price, 2400)

    def test_service_is_taken_after_the_discount(self) -> None:
        self.assertEqual(dinner(discount=50).total, 1320)

    def test_shares_add_up_to_the_total(self) -> None:
        bill = dinner(service=0)
        self.assertEqual(bill.split(7), [343, 343, 343, 343, 343, 343, 342])

    def test_a_bill_needs_a_guest(self) -> None:
        with self.assertRaises(ValueError):
            dinner().split(0)

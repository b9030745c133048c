"""The receipt is easy to read."""

import unittest

from bistro.bill import Bill
from bistro.receipt import WIDTH, amount, receipt


class ReceiptTest(unittest.TestCase):
    def test_amounts_have_two_digits_behind_the_point(self) -> None:
        self.assertEqual(amount(1250), "12.50")
        self.assertEqual(amount(5), "0.05")

    def test_every_line_is_as_wide_as_the_paper(self) -> None:
        bill = Bill()
        bill.add("Soup", 655)
        for line in receipt(bill, guests=2).split("\n"):
            self.assertEqual(len(line), WIDTH)

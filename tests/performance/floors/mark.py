"""The smallest Python program that is seen."""

print("the mark")

"""Onrecord: answers questions about press releases only with what is on the record."""

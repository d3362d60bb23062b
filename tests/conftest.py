"""Tests ask by words alone, unless they name an encoder: to encode the same few sentences anew in each of them is slow."""

import os

os.environ["ONRECORD_ENCODER"] = "off"

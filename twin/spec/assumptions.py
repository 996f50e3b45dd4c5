"""to come"""


def rests_on(spec):
    return []

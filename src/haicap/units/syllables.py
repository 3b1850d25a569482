"""The syllables of Vietnamese, folded: what the beginning of a word may go on to.

There are so few that all can be asked for at once: a text index finds whole words at once, beginnings it must gather.
"""

from bisect import bisect_left
from functools import cache, lru_cache

_INITIALS = "b c ch d g gh gi h k kh l m n ng ngh nh p ph q qu r s t th tr v x"
_RIMES = """
    a ac ach ai am an ang anh ao ap at au ay e ec ech em en eng enh eo ep et eu
    i ia ich iec iem ien ieng iep iet ieu im in inh ip it iu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oen oeo oet oi om on ong ooc oong op ot
    u ua uan uang uao uat uay uc ue uech uen uenh ui um un ung uo uoc uoi uom uon uong uop uot uou up ut uu
    uy uya uych uyen uyet uynh uyp uyt uyu y yem yen yeng yet yeu
"""
"""More than there are: a syllable that nobody writes finds nothing."""


@cache
def _all() -> tuple[str, ...]:
    return tuple(sorted({initial + rime for initial in ("", *_INITIALS.split()) for rime in _RIMES.split()}))


@lru_cache(maxsize=4096)
def syllables(beginning: str) -> tuple[str, ...]:
    """The folded syllables that begin so and are longer: "duo" → duoc, duoi, duong …"""
    every = _all()
    first = bisect_left(every, beginning)
    last = bisect_left(every, beginning + "{")  # the sign after z
    return tuple(each for each in every[first:last] if each != beginning)

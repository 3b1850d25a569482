"""A verifier of haicap's journal that shares no line with haicap and needs nothing but Python.

    python verifier.py JOURNAL.jsonl [--witness WITNESS.jsonl] [--key HEX]

JOURNAL.jsonl is what `haicap export journal` writes; `docs/journal-format.md` says what stands in it. The key
is the node's Ed25519 public key, as its parent or an earlier receipt has it: without --key the one in the
export is believed, and printed. Prints every fault with stream and seq; ends with 1 if there is any.
"""

# ruff: noqa: T201
import argparse
import hashlib
import json
import sys
from pathlib import Path

# Ed25519 as in RFC 8032, section 6: points are (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def sha256(data):
    return hashlib.sha256(data).digest()


def add(a, b):
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g = 2 * a[3] * b[3] * D % P
    h = 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    result = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = add(result, point)
        point = add(point, point)
        number >>= 1
    return result


def point_of(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P)
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(public, message, signature):
    """Whether the holder of `public` has signed `message`."""
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r = point_of(public), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left, right = times(s, BASE), add(r, times(h, a))
    return not any((left[i] * right[2] - right[i] * left[2]) % P for i in (0, 1))


class Journal:
    """What was read so far, and the faults found."""

    def __init__(self):
        self.faults = []
        self.hashes = {}  # (stream, seq) -> hash, of every entry
        self.heads = {}  # stream -> (seq, hash) as its line says
        self.stream, self.seq, self.computed, self.stored = None, 0, b"", b""

    def fault(self, stream, seq, what):
        self.faults.append(f"stream {stream} seq {seq}: {what}")

    def begin(self, its):
        self.end()
        parts = {name: its[name] for name in ("node", "incarnation", "unit", "channel")}
        described = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        self.stream, self.seq, self.computed = its["id"], 0, sha256(described)
        self.stored = self.computed
        self.heads[self.stream] = (its["seq"], its["hash"])
        if self.computed[:16].hex() != self.stream.replace("-", ""):
            self.fault(self.stream, 1, "the id is not that of the description")

    def entry(self, it):
        seq, stored = it["seq"], bytes.fromhex(it["hash"])
        if seq != self.seq + 1:
            self.fault(self.stream, self.seq + 1, "missing")
        digest = sha256(it["payload"].encode()) if "payload" in it else bytes.fromhex(it["digest"])
        own = bytes.fromhex(self.stream.replace("-", "")) + seq.to_bytes(8, "big") + digest
        fitting = [sha256(previous + own) for previous in (self.computed, self.stored)]
        if seq == self.seq + 1 and stored not in fitting:
            self.fault(self.stream, seq, "the hash is not that of the payload and of the entry before")
        # After a fault the chain is followed from what was computed or from what is stored, whichever fits.
        self.computed = stored if stored in fitting else fitting[0]
        self.seq, self.stored = seq, stored
        self.hashes[self.stream, seq] = it["hash"]

    def end(self):
        if self.stream and self.heads[self.stream] != (self.seq, self.stored.hex()):
            self.fault(self.stream, self.seq + 1, "the stream ends elsewhere than its head says")

    def witnessed(self, statement):
        """Every head that a checkpoint saw must be there, with the same hash."""
        for stream, head in statement["heads"].items():
            found = self.hashes.get((stream, head["seq"]))
            if found is None:
                self.fault(stream, head["seq"], f"missing, though witnessed at {statement['at']}")
            elif found != head["hash"]:
                self.fault(stream, head["seq"], f"not what was witnessed at {statement['at']}")


def lines_of(file):
    with Path(file).open(encoding="utf-8") as lines:
        for line in lines:
            try:
                yield json.loads(line)
            except ValueError:
                print(f"{file}: passed over a line that cannot be read")


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("journal")
    options.add_argument("--witness", action="append", default=[], help="a witness file; may be given again")
    options.add_argument("--key", help="the node's public key in hex, from elsewhere")
    given = options.parse_args()
    journal, statements, key, node = Journal(), {}, given.key, None
    for it in lines_of(given.journal):
        if "haicap" in it:
            node, key = it["node"], key or it["public_key"]
        elif "stream" in it:
            journal.begin(it["stream"])
        elif "seq" in it:
            journal.entry(it)
        elif "statement" in it:
            statements[it["statement"]] = it["signature"]
    journal.end()
    for file in given.witness:
        statements.update((it["statement"], it["signature"]) for it in lines_of(file) if "statement" in it)
    newest = {}
    for text, signature in statements.items():
        statement = json.loads(text)
        if statement["node"] != node:
            continue
        if not signed(bytes.fromhex(key), text.encode(), bytes.fromhex(signature)):
            journal.faults.append(f"the checkpoint of {statement['at']} is not signed with the key {key}")
            continue
        journal.witnessed(statement)
        newest = max(
            newest,
            {"id": statement["id"], "at": statement["at"], "text": text},
            key=lambda it: it.get("id", ""),
        )
    for fault in journal.faults:
        print(f"WRONG {fault}")
    print(f"{len(journal.hashes)} entries in {len(journal.heads)} streams, {len(journal.faults)} faults")
    if newest:
        print(f"witnessed at {newest['at']}, statement {sha256(newest['text'].encode()).hex()}, key {key}")
    else:
        print("internally consistent only: no checkpoint bears witness")
    return 1 if journal.faults else 0


if __name__ == "__main__":
    sys.exit(main())

"""Checks roots and proofs of an exported log with pymerkle, which we did not write.

    treejudge.py DIR

DIR is what logjudge reads. The entries are appended to a pymerkle tree; its roots must be those claimed, its own
proofs must verify against the claimed roots, and each claimed inclusion path must hold the same hashes.
Exits 0 and prints "ok SIZE CLAIMS", or 1 with the first thing that is wrong.
"""

import base64
import os
import struct
import sys

from pymerkle import InmemoryTree, verify_consistency, verify_inclusion


def entries(directory, size):
    for start in range(0, size, 256):
        groups = ["%03d" % (start // 256 % 1000)]
        if start // 256 >= 1000:
            sys.exit("larger than this judge reads")
        width = min(256, size - start)
        path = os.path.join(directory, "tile", "entries", groups[0] + ("" if width == 256 else ".p"))
        with open(path if width == 256 else os.path.join(path, str(width)), "rb") as file:
            data = file.read()
        for _ in range(width):
            (length,) = struct.unpack(">H", data[:2])
            yield data[2 : 2 + length]
            data = data[2 + length :]
        assert not data, path


def main(directory):
    with open(os.path.join(directory, "checkpoint"), encoding="utf-8") as file:
        lines = file.read().split("\n")
    size, root = int(lines[1]), base64.b64decode(lines[2])
    tree = InmemoryTree(algorithm="sha256")
    for entry in entries(directory, size):
        tree.append_entry(entry)
    assert tree.get_size() == size
    if size:
        assert tree.get_root() == root, "root"
    claims = 0
    with open(os.path.join(directory, "claims.txt"), encoding="ascii") as file:
        for line in file:
            words = line.split()
            if words[0] == "inclusion":
                at, index = int(words[1]), int(words[3])
                claimed, leaf, *path = (base64.b64decode(word) for word in [words[2]] + words[4:])
                assert tree.get_root(at) == claimed and tree.get_leaf(index + 1) == leaf, line
                proof = tree.prove_inclusion(index + 1, at)
                verify_inclusion(leaf, claimed, proof)
                assert sorted(proof.path) == sorted([leaf] + path), line
            elif words[0] == "consistency" and words[1] != "0":
                old, new = int(words[1]), int(words[3])
                before, after = base64.b64decode(words[2]), base64.b64decode(words[4])
                assert tree.get_root(old) == before and tree.get_root(new) == after, line
                verify_consistency(before, after, tree.prove_consistency(old, new))
            claims += 1
    print("ok", size, claims)


main(sys.argv[1])

#!/usr/bin/env python3
"""Every public declaration in Sources has a doc comment.

Left out are members that a protocol asks for, whose meaning is written at the protocol (ours, found by name, and the
language's, listed), and stored properties in an unbroken run under a documented type or property, whose names say it.
"""

import pathlib
import re
import sys

PUBLIC = re.compile(r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:public|open(?= (?:class|func|var|subscript)\b))\s+(?!extension\b|import\b|internal\(|private\()")
WITNESS = re.compile(
    r"func hash\(into|func encode\(to|init\(from decoder|static func (==|<|>|~=|\+|-)|"
    r"init\((stringLiteral|integerLiteral|booleanLiteral|arrayLiteral|dictionaryLiteral|stringInterpolation|"
    r"extendedGraphemeClusterLiteral|unicodeScalarLiteral|literalCapacity|rawValue)|"
    r"var (description|debugDescription|errorDescription|rawValue|hashValue|body)\b|"
    r"func (next|makeIterator|makeAsyncIterator|run|validate)\(\)|func append(Literal|Interpolation)\(|"
    r"typealias (Element|StringLiteralType|StringInterpolation|RawValue|AsyncIterator|Iterator|Failure|Output)\b|"
    r"static (let|var) (configuration|allCases)\b|"
    r"func (channel|handler|trigger|error|user)[A-Z]\w*\(|func (read|write|flush|register|bind|connect|close)\(context|"
    r"typealias (Inbound|Outbound)(In|Out)\b"
)
MEMBER = re.compile(r"\b(?:func|var|let)\s+(\w+)")
STORED = re.compile(r"^\s*public (?:static )?(?:private\(set\) |internal\(set\) )?(?:let|var) \w+(?:: [^{]*)?(?: = [^{]*)?$")
TYPE = re.compile(r"^\s*public (?:final |indirect )?(?:struct|class|actor) .*\{$")


def required_members(sources):
    """Names that protocols of ours ask for."""
    names = set()
    for text in sources.values():
        for match in re.finditer(r"^( *)(?:public |package )?protocol [^{]*\{\n(.*?)^\1\}", text, re.M | re.S):
            names.update(MEMBER.findall(re.sub(r"//.*", "", match.group(2))))
    return names


def undocumented(text, required):
    lines = text.splitlines()
    covered, run_begun = -1, True
    for index, line in enumerate(lines):
        if not PUBLIC.match(line):
            continue
        above = index - 1
        while above >= 0 and re.match(r"^\s*(@|//(?!/)|#if|#else|#endif)", lines[above]):
            above -= 1
        documented = above >= 0 and lines[above].lstrip().startswith("///")
        # A blank line ends a run, but not before its first property.
        start = above
        while start > covered and not lines[start].strip() and not run_begun:
            start -= 1
        in_run = STORED.match(line) and start == covered
        if documented or in_run:
            if STORED.match(line) or TYPE.match(line):
                covered, run_begun = index, not TYPE.match(line) and " static " not in line
            continue
        member = MEMBER.search(line)
        if WITNESS.search(line) or (member and line.startswith(" ") and member.group(1) in required):
            continue
        yield index + 1, line.strip()


def main():
    sources = {path: path.read_text() for path in sorted(pathlib.Path("Sources").rglob("*.swift"))}
    required = required_members(sources)
    bad = 0
    for path, text in sources.items():
        for number, line in undocumented(text, required):
            bad = 1
            print("%s:%d: no doc comment: %s" % (path, number, line))
    return bad


if __name__ == "__main__":
    sys.exit(main())

// Command proofjudge checks the proofs of single entries in a compact dossier with Go's own note and transparency log
// packages, none of which we wrote; it reads the files as c2sp.org/tlog-proof and docs/formats.md describe them.
//
//	proofjudge DIR VKEY
//
// DIR is data/ledger of an unpacked dossier: threads/<thread>/<seq>.json, .leaf and .tlog-proof. For each entry: the note
// in the proof is signed by VKEY, the leaf is in its tree at the index, the entry's salt and skeleton lead to the
// commitment in the leaf, and thread and seq are those of the path. It exits 0 and prints "ok ENTRIES SIZE", or 1 with the
// first thing that is wrong.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/ioutil"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	if len(os.Args) != 3 {
		fail("usage: proofjudge DIR VKEY")
	}
	verifier, err := note.NewVerifier(os.Args[2])
	check(err)
	entries, err := filepath.Glob(filepath.Join(os.Args[1], "threads", "*", "*.json"))
	check(err)
	proofs, err := filepath.Glob(filepath.Join(os.Args[1], "threads", "*", "*.tlog-proof"))
	check(err)
	if len(entries) == 0 || len(entries) != len(proofs) {
		fail("%d entries and %d proofs", len(entries), len(proofs))
	}
	var head tlog.Tree
	seen := map[int64]bool{}
	for _, path := range entries {
		base := strings.TrimSuffix(path, ".json")
		leaf, err := ioutil.ReadFile(base + ".leaf")
		check(err)
		index, hashes, tree := read(base+".tlog-proof", verifier)
		if head.N != 0 && head != tree {
			fail("%s is of another head than the others", base)
		}
		head = tree
		if err := tlog.CheckRecord(hashes, tree.N, tree.Hash, index, tlog.RecordHash(leaf)); err != nil {
			fail("%s: %v", base, err)
		}
		if seen[index] {
			fail("%s: index %d a second time", base, index)
		}
		seen[index] = true
		if own := entry(path); own != index {
			fail("%s says index %d, its proof %d", path, own, index)
		}
	}
	fmt.Printf("ok %d %d\n", len(entries), head.N)
}

// read reads a proof: a line that names the format, the index, the hashes, an empty line, the signed checkpoint.
func read(path string, verifier note.Verifier) (int64, tlog.RecordProof, tlog.Tree) {
	data, err := ioutil.ReadFile(path)
	check(err)
	end := bytes.Index(data, []byte("\n\n"))
	if end < 0 {
		fail("%s has no empty line", path)
	}
	lines := strings.Split(string(data[:end]), "\n")
	if len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
		fail("%s does not begin as a proof without extra data does", path)
	}
	var hashes tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := tlog.ParseHash(line)
		check(err)
		hashes = append(hashes, hash)
	}
	opened, err := note.Open(data[end+2:], note.VerifierList(verifier))
	if err != nil {
		fail("%s: %v", path, err)
	}
	text := strings.Split(opened.Text, "\n")
	if len(text) != 4 || text[3] != "" || text[0] != verifier.Name() {
		fail("%s holds no checkpoint of %s without extension lines", path, verifier.Name())
	}
	hash, err := tlog.ParseHash(text[2])
	check(err)
	return number(strings.TrimPrefix(lines[1], "index ")), hashes, tlog.Tree{N: number(text[1]), Hash: hash}
}

// entry checks that an entry's file leads to the leaf beside it, and gives the index that it says.
func entry(path string) int64 {
	data, err := ioutil.ReadFile(path)
	check(err)
	var entry struct {
		Index    int64
		Salt     string
		Skeleton json.RawMessage
	}
	check(json.Unmarshal(data, &entry))
	salt, err := hex.DecodeString(entry.Salt)
	check(err)
	commitment := sha256.Sum256(append(append([]byte("liuhen/commit/v1\n"), salt...), entry.Skeleton...))
	leaf, err := ioutil.ReadFile(strings.TrimSuffix(path, ".json") + ".leaf")
	check(err)
	thread := filepath.Base(filepath.Dir(path))
	seq, err := strconv.ParseInt(strings.TrimSuffix(filepath.Base(path), ".json"), 10, 64)
	check(err)
	if !strings.HasPrefix(string(leaf), fmt.Sprintf("liuhen/entry/v1\nthread %s\nseq %d\n", thread, seq)) ||
		!strings.HasSuffix(string(leaf), fmt.Sprintf("\ncommitment %x\n", commitment)) {
		fail("%s does not lead to the leaf beside it", path)
	}
	return entry.Index
}

func number(word string) int64 {
	value, err := strconv.ParseInt(word, 10, 64)
	check(err)
	if strconv.FormatInt(value, 10) != word {
		fail("number %q has another spelling", word)
	}
	return value
}

func check(err error) {
	if err != nil {
		fail("%v", err)
	}
}

func fail(format string, arguments ...interface{}) {
	fmt.Fprintf(os.Stderr, format+"\n", arguments...)
	os.Exit(1)
}

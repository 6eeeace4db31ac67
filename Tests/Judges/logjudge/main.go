// Command logjudge checks an exported log with Go's own transparency log packages, none of which we wrote.
//
//	logjudge DIR VKEY
//
// DIR holds checkpoint, tile/ and, for each line of claims.txt, what our program claims:
//
//	inclusion SIZE ROOT INDEX LEAFHASH [HASH...]
//	consistency OLD OLDROOT NEW NEWROOT [HASH...]
//	older FILE                                    an older checkpoint that the log must extend
//
// Hashes are base64. It exits 0 and prints "ok SIZE CLAIMS", or 1 with the first thing that is wrong.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
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
		fail("usage: logjudge DIR VKEY")
	}
	dir := os.Args[1]
	verifier, err := note.NewVerifier(os.Args[2])
	check(err)
	tree := open(filepath.Join(dir, "checkpoint"), verifier)

	// The leaves give the whole tree anew; nothing but the entries is believed.
	var stored hashes
	for n := int64(0); n < tree.N; n += 256 {
		width := tree.N - n
		if width > 256 {
			width = 256
		}
		for _, entry := range bundle(dir, n/256, width) {
			more, err := tlog.StoredHashes(int64(stored.leaves), entry, &stored)
			check(err)
			stored.list = append(stored.list, more...)
			stored.leaves++
		}
	}
	if int64(stored.leaves) != tree.N {
		fail("%d entries for a tree of %d", stored.leaves, tree.N)
	}
	if rootOf(tree.N, &stored) != tree.Hash {
		fail("entries lead to another root than the checkpoint's")
	}

	// The published tiles hold what the entries give, and serve an authenticating reader.
	for _, tile := range layout(tree.N) {
		want, err := tlog.ReadTileData(tile, &stored)
		check(err)
		got, err := ioutil.ReadFile(filepath.Join(dir, tilePath(tile)))
		check(err)
		if !bytes.Equal(got, want) {
			fail("%s differs", tilePath(tile))
		}
	}
	if tree.N > 0 {
		reader := tlog.TileHashReader(tree, tiles{dir})
		root, err := tlog.TreeHash(tree.N, reader)
		check(err)
		if root != tree.Hash {
			fail("tiles lead to another root than the checkpoint's")
		}
		for _, n := range []int64{0, tree.N / 3, tree.N - 1} {
			proof, err := tlog.ProveRecord(tree.N, n, reader)
			check(err)
			leaf, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, n)})
			check(err)
			check(tlog.CheckRecord(proof, tree.N, tree.Hash, n, leaf[0]))
		}
	}
	for n := int64(0); n < tree.N; n++ {
		proof, err := tlog.ProveRecord(tree.N, n, &stored)
		check(err)
		check(tlog.CheckRecord(proof, tree.N, tree.Hash, n, stored.list[tlog.StoredHashIndex(0, n)]))
	}

	claims := 0
	text, err := ioutil.ReadFile(filepath.Join(dir, "claims.txt"))
	check(err)
	for _, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		claims++
		switch {
		case words[0] == "inclusion" && len(words) >= 5:
			check(tlog.CheckRecord(list(words[5:]), number(words[1]), hash(words[2]), number(words[3]), hash(words[4])))
		case words[0] == "consistency" && len(words) >= 5:
			old, oldRoot, size, root := number(words[1]), hash(words[2]), number(words[3]), hash(words[4])
			proof := list(words[5:])
			if old == 0 {
				// Go's package has no proof from the empty tree; there is nothing to prove and nothing may be given.
				if len(proof) != 0 || oldRoot != tlog.Hash(sha256.Sum256(nil)) {
					fail("proof from the empty tree is not empty")
				}
				continue
			}
			check(tlog.CheckTree(tlog.TreeProof(proof), size, root, old, oldRoot))
			if rootOf(old, &stored) != oldRoot {
				fail("claimed root of size %d is not that of the entries", old)
			}
		case words[0] == "older" && len(words) == 2:
			older := open(filepath.Join(dir, words[1]), verifier)
			if older.N == 0 {
				continue
			}
			proof, err := tlog.ProveTree(tree.N, older.N, &stored)
			check(err)
			check(tlog.CheckTree(proof, tree.N, tree.Hash, older.N, older.Hash))
		default:
			fail("claim not understood: %s", line)
		}
	}
	fmt.Printf("ok %d %d\n", tree.N, claims)
}

// layout lists the tiles of a tree: the full ones and one partial tile at the end of each level.
func layout(size int64) []tlog.Tile {
	var result []tlog.Tile
	for level, count := 0, size; count > 0; level, count = level+1, count>>8 {
		for n := int64(0); n<<8 < count; n++ {
			width := count - n<<8
			if width > 256 {
				width = 256
			}
			result = append(result, tlog.Tile{H: 8, L: level, N: n, W: int(width)})
		}
	}
	return result
}

// hashes keeps stored hashes in the order in which the log makes them.
type hashes struct {
	list   []tlog.Hash
	leaves int
}

func (h *hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var result []tlog.Hash
	for _, index := range indexes {
		if index >= int64(len(h.list)) {
			return nil, fmt.Errorf("no stored hash %d", index)
		}
		result = append(result, h.list[index])
	}
	return result, nil
}

// tiles reads the published files.
type tiles struct{ dir string }

func (t tiles) Height() int { return 8 }

func (t tiles) ReadTiles(list []tlog.Tile) ([][]byte, error) {
	var result [][]byte
	for _, tile := range list {
		data, err := ioutil.ReadFile(filepath.Join(t.dir, tilePath(tile)))
		if err != nil && tile.W < 256 {
			full := tile
			full.W = 256
			data, err = ioutil.ReadFile(filepath.Join(t.dir, tilePath(full)))
			if err == nil {
				data = data[:tile.W*tlog.HashSize]
			}
		}
		if err != nil {
			return nil, err
		}
		result = append(result, data)
	}
	return result, nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// tilePath is the C2SP path: Go's without the height.
func tilePath(tile tlog.Tile) string {
	return "tile/" + strings.TrimPrefix(tile.Path(), "tile/8/")
}

func bundle(dir string, n, width int64) [][]byte {
	tile := tlog.Tile{H: 8, L: 0, N: n, W: int(width)}
	path := "tile/entries/" + strings.TrimPrefix(tile.Path(), "tile/8/0/")
	data, err := ioutil.ReadFile(filepath.Join(dir, path))
	check(err)
	var entries [][]byte
	for len(data) >= 2 {
		length := int(binary.BigEndian.Uint16(data))
		if len(data) < 2+length {
			fail("%s ends within an entry", path)
		}
		entries = append(entries, data[2:2+length])
		data = data[2+length:]
	}
	if len(data) != 0 || int64(len(entries)) != width {
		fail("%s does not hold %d entries", path, width)
	}
	return entries
}

func open(path string, verifier note.Verifier) tlog.Tree {
	message, err := ioutil.ReadFile(path)
	check(err)
	opened, err := note.Open(message, note.VerifierList(verifier))
	check(err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != verifier.Name() {
		fail("%s is not a checkpoint of %s without extension lines", path, verifier.Name())
	}
	return tlog.Tree{N: number(lines[1]), Hash: hash(lines[2])}
}

func rootOf(size int64, reader tlog.HashReader) tlog.Hash {
	if size == 0 {
		return sha256.Sum256(nil)
	}
	root, err := tlog.TreeHash(size, reader)
	check(err)
	return root
}

func list(words []string) tlog.RecordProof {
	var result tlog.RecordProof
	for _, word := range words {
		result = append(result, hash(word))
	}
	return result
}

func hash(word string) tlog.Hash {
	value, err := tlog.ParseHash(word)
	check(err)
	return value
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

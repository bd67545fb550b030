package shards_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"testing"

	"berth/sizing/shards"
)

// synthetic writes a listing of files in a tree as find would: directories with mean
// files in each, names of 8 to 60 letters, one directory with a tenth of all files. It
// goes deep first, so that a directory comes before what is in it.
func synthetic(out io.Writer, files int, mean float64, seed uint64) error {
	rng := rand.New(rand.NewPCG(seed, 0))
	var line []byte
	left := files - files/10
	var visit func(path []byte, depth int) error
	put := func(kind byte, path []byte, name string) error {
		line = append(line[:0], kind, ' ')
		line = append(line, path...)
		line = append(line, name...)
		line = append(line, '\n')
		_, err := out.Write(line)
		return err
	}
	padding := "-long-name-of-a-file-as-programs-write-them-now-and-then"
	visit = func(path []byte, depth int) error {
		for k := range int(mean * rng.ExpFloat64()) {
			if left == 0 {
				return nil
			}
			left--
			if err := put('f', path, strconv.Itoa(10_000_000+k)+padding[:max(rng.IntN(200)-148, 0)]); err != nil {
				return err
			}
		}
		for k := 0; left > 0 && depth < 7 && k < 12; k++ {
			name := fmt.Sprintf("d%02d", k)
			if err := put('d', path, name); err != nil {
				return err
			}
			if err := visit(append(path[:len(path):len(path)], name+"/"...), depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	for k := 0; left > 0; k++ {
		name := fmt.Sprintf("home%03d", k)
		if err := put('d', nil, name); err != nil {
			return err
		}
		if err := visit([]byte(name+"/"), 0); err != nil {
			return err
		}
	}
	if err := put('d', nil, "mail"); err != nil {
		return err
	}
	for k := range files / 10 {
		if err := put('f', []byte("mail/"), strconv.Itoa(k)); err != nil {
			return err
		}
	}
	return nil
}

// listed reads a synthetic listing into a tree.
func listed(files int, mean float64, seed uint64) (*shards.Tree, error) {
	tree, err := shards.NewTree(shards.Usual())
	if err != nil {
		return nil, err
	}
	in, out := io.Pipe()
	go func() { out.CloseWithError(synthetic(out, files, mean, seed)) }()
	return tree, shards.Read(in, "", tree.Add)
}

// partitioned is a synthetic listing, ten files to a directory, and what it is cut into.
func partitioned(t *testing.T, files int, seed uint64, n int) (*shards.Tree, []shards.Shard) {
	t.Helper()
	tree, err := listed(files, 10, seed)
	if err != nil {
		t.Fatal(err)
	}
	list, err := tree.Partition(n)
	if err != nil {
		t.Fatal(err)
	}
	return tree, list
}

package shards

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"

	"berth/sizing/ring"
)

// Tree is the directories of a listing with what each holds. Files are counted, not kept:
// about 150 bytes a directory.
type Tree struct {
	layout Layout
	dirs   []directory
	byName map[child]int32
	hashed [buckets]load // all files and directories by a hash of their path

	last  []byte // the directory that was last looked up, with those above it
	above []step
}

// directory is one of the tree, the root first.
type directory struct {
	name   string
	parent int32
	files  int64
	dirs   int64 // directories in it
	slots  int64 // of the entries of both
}

type child struct {
	parent int32
	name   string
}

// step is a directory on the way to the last one, and where its path ends.
type step struct {
	end int
	dir int32
}

// load is records and slots.
type load struct{ records, slots int64 }

// mostName is how long a name may be.
const mostName = 1<<16 - 1

// NewTree begins an empty tree: its root.
func NewTree(layout Layout) (*Tree, error) {
	if err := layout.Check(); err != nil {
		return nil, err
	}
	return &Tree{layout: layout, dirs: []directory{{parent: -1}}, byName: map[child]int32{}}, nil
}

// Add enters an item of a listing. Directories on the way are entered too, once.
func (t *Tree) Add(item Item) error {
	if item.Directory {
		_, err := t.find(item.Path)
		return err
	}
	folder, name := []byte(nil), item.Path
	if k := bytes.LastIndexByte(item.Path, '/'); k >= 0 {
		folder, name = item.Path[:k], item.Path[k+1:]
	}
	if len(name) > mostName {
		return fmt.Errorf("a name of %d bytes; want at most %d", len(name), mostName)
	}
	dir, err := t.find(folder)
	if err != nil {
		return err
	}
	d, slots := &t.dirs[dir], t.layout.Slots(len(name))
	d.files++
	d.slots += slots
	t.count(item.Path, slots)
	return nil
}

// count enters a path among the hashed.
func (t *Tree) count(path []byte, slots int64) {
	at := &t.hashed[ring.Hash(0, path)%buckets]
	at.records++
	at.slots += slots
}

// find returns the directory of a path, new where it is not there yet. What it has in
// common with the one before is not looked up again.
func (t *Tree) find(path []byte) (int32, error) {
	common := 0
	for common < min(len(path), len(t.last)) && path[common] == t.last[common] {
		common++
	}
	for len(t.above) > 0 {
		top := t.above[len(t.above)-1].end
		if top <= common && (top == len(path) || path[top] == '/') {
			break
		}
		t.above = t.above[:len(t.above)-1]
	}
	at, dir := 0, int32(0)
	if n := len(t.above); n > 0 {
		at, dir = t.above[n-1].end, t.above[n-1].dir
	}
	for at < len(path) {
		if path[at] == '/' {
			at++
			continue // also where there are several
		}
		end := len(path)
		if k := bytes.IndexByte(path[at:], '/'); k >= 0 {
			end = at + k
		}
		next, known := t.byName[child{dir, string(path[at:end])}]
		if !known {
			var err error
			if next, err = t.enter(dir, path[at:end], path[:end]); err != nil {
				return 0, err
			}
		}
		dir, at = next, end
		t.above = append(t.above, step{end, dir})
	}
	t.last = append(t.last[:0], path...)
	return dir, nil
}

// enter makes a new directory.
func (t *Tree) enter(parent int32, name, path []byte) (int32, error) {
	if len(name) > mostName {
		return 0, fmt.Errorf("a name of %d bytes; want at most %d", len(name), mostName)
	}
	if len(t.dirs) == math.MaxInt32 {
		return 0, fmt.Errorf("more than %d directories; list parts of the file system", math.MaxInt32)
	}
	dir, own := int32(len(t.dirs)), string(name)
	t.dirs = append(t.dirs, directory{name: own, parent: parent})
	t.byName[child{parent, own}] = dir
	slots := t.layout.Slots(len(name))
	t.dirs[parent].dirs++
	t.dirs[parent].slots += slots
	t.count(path, slots)
	return dir, nil
}

// Totals of a tree.
type Totals struct {
	Files, Directories int64 // the root is not counted
	Slots              int64
}

// Totals counts what is in the tree.
func (t *Tree) Totals() (total Totals) {
	for k := range t.dirs {
		total.Files += t.dirs[k].files
		total.Directories += t.dirs[k].dirs
		total.Slots += t.dirs[k].slots
	}
	return total
}

// path writes the path of a directory, / for the root.
func (t *Tree) path(dir int32) string {
	var names []string
	for ; dir > 0; dir = t.dirs[dir].parent {
		names = append(names, t.dirs[dir].name)
	}
	slices.Reverse(names)
	return "/" + strings.Join(names, "/")
}

// walk lists all directories, each before those in it, these by name. O(n log n).
func (t *Tree) walk() []int32 {
	// Directories in each, as one list: those of d begin at first[d].
	first := make([]int32, len(t.dirs)+1)
	for k := range t.dirs {
		first[k+1] = first[k] + int32(t.dirs[k].dirs)
	}
	inside := make([]int32, len(t.dirs)-1)
	fill := slices.Clone(first)
	for k := 1; k < len(t.dirs); k++ {
		parent := t.dirs[k].parent
		inside[fill[parent]] = int32(k)
		fill[parent]++
	}
	order := make([]int32, 0, len(t.dirs))
	stack := []int32{0}
	for len(stack) > 0 {
		dir := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		order = append(order, dir)
		children := inside[first[dir]:first[dir+1]]
		slices.SortFunc(children, func(a, b int32) int { return strings.Compare(t.dirs[b].name, t.dirs[a].name) })
		stack = append(stack, children...) // the first by name on top
	}
	return order
}

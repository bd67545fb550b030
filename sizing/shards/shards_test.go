package shards_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"sort"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/sizing/ring"
	"berth/sizing/shards"
)

// counter counts bytes.
type counter int64

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }

// encodeTree writes a synthetic tree as one shard and returns what the formula says of it
// and what was written.
func encodeTree(t testing.TB, files int, layout shards.Layout) (said, written int64) {
	var size counter
	e, err := shards.NewEncoder(&size, layout)
	if err != nil {
		t.Fatal(err)
	}
	records, slots := int64(0), int64(0)
	in, out := io.Pipe()
	go func() { out.CloseWithError(synthetic(out, files, 20, 1)) }()
	err = shards.Read(in, "find", func(item shards.Item) error {
		name := string(item.Path[bytes.LastIndexByte(item.Path, '/')+1:])
		records++
		slots += layout.Slots(len(name))
		return e.Add(shards.Inode{Number: uint64(records), Directory: item.Directory, Name: name})
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return layout.Bytes(records, slots), int64(size)
}

// TestBytesAreThoseOfTheEncoding, to the byte.
func TestBytesAreThoseOfTheEncoding(t *testing.T) {
	for _, layout := range []shards.Layout{shards.Usual(), {File: 100, Entry: 32, Page: 512}, {File: 480, Entry: 20, Page: 512}} {
		for _, files := range []int{0, 10, 1000, 60_000} {
			if said, written := encodeTree(t, files, layout); said != written {
				t.Errorf("%+v, %d files: said %d bytes, written %d", layout, files, said, written)
			}
		}
	}
}

// TestFiftyMillionFiles: 256 and 64 bytes a file, three times over, are 48 GB; with pages
// and index it is 6.3 % more. (A tree of that size was encoded once, see docs/sizing.md.)
func TestFiftyMillionFiles(t *testing.T) {
	const files = 50_000_000
	raw := int64(3 * files * (256 + 64))
	with := 3 * shards.Usual().Bytes(files, files)
	if raw != 48_000_000_000 {
		t.Errorf("raw %d", raw)
	}
	// 15 records or 63 slots a page, 169 pages a page of the index.
	pages := int64(3_333_334 + 793_651 + 1)
	index := int64(19_724 + 117 + 1 + 4_697 + 28 + 1)
	if want := 3 * 4096 * (pages + index); with != want {
		t.Errorf("with overheads %d bytes, want %d", with, want)
	}
}

func TestDecodeReadsItBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		layout := shards.Layout{File: rapid.IntRange(17, 200).Draw(t, "file"), Entry: rapid.IntRange(20, 100).Draw(t, "entry"), Page: rapid.IntRange(512, 1024).Draw(t, "page")}
		var wrote []shards.Inode
		for k := range rapid.IntRange(0, 100).Draw(t, "count") {
			wrote = append(wrote, shards.Inode{
				Number: uint64(k), Parent: rapid.Uint64().Draw(t, "parent"), Directory: rapid.Bool().Draw(t, "directory"),
				Name: strings.Repeat("n", rapid.IntRange(0, 300).Draw(t, "name")),
			})
		}
		var b bytes.Buffer
		e, err := shards.NewEncoder(&b, layout)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range wrote {
			if err := e.Add(n); err != nil {
				t.Fatal(err)
			}
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		whole := b.Bytes()
		read := func(data []byte) ([]shards.Inode, error) {
			var got []shards.Inode
			err := shards.Decode(bytes.NewReader(data), layout, func(n shards.Inode) error { got = append(got, n); return nil })
			return got, err
		}
		if got, err := read(whole); err != nil || !slices.Equal(got, wrote) {
			t.Fatalf("read back %d of %d, %v", len(got), len(wrote), err)
		}
		if _, err := read(whole[:len(whole)-1]); err == nil {
			t.Error("a torn shard is read")
		}
		damaged := slices.Clone(whole)
		damaged[rapid.IntRange(0, len(whole)-1).Draw(t, "at")] ^= 0x10
		if _, err := read(damaged); err == nil {
			t.Error("a damaged shard is read")
		}
	})
}

// TestPartition: shards are ranges without gaps, none is larger than 1¼ of the mean, and
// every directory and every name is found where it is.
func TestPartition(t *testing.T) {
	tree, err := listed(40_000, 10, 2)
	if err != nil {
		t.Fatal(err)
	}
	total := tree.Totals()
	for _, n := range []int{1, 2, 7, 64, 300} {
		list, err := tree.Partition(n)
		if err != nil {
			t.Fatal(err)
		}
		records, files, slots, bytes := int64(0), int64(0), int64(0), int64(0)
		for _, s := range list {
			records += s.Records
			files += s.Files
			slots += s.Slots
			bytes = max(bytes, s.Bytes)
		}
		if len(list) > n || records != total.Files+total.Directories+1 || files != total.Files || slots != total.Slots {
			t.Errorf("%d shards for %d, with %d records, %d files, %d slots of %+v", len(list), n, records, files, slots, total)
		}
		mean := shards.Usual().Weight(records, slots) / float64(n)
		// Rounding up to pages and the index come on top of 1¼.
		if most := 1.25*mean*1.006 + 8*4096; float64(bytes) > most {
			t.Errorf("%d shards: the largest has %d bytes, at most %g are promised", n, bytes, most)
		}
	}
}

// TestFind places each directory and file by name, as a client would that knows nothing but the
// shards, and compares with what each shard says that it holds.
func TestFind(t *testing.T) {
	_, list := partitioned(t, 20_000, 3, 50)
	counts := make([]int64, len(list))
	directories := make([]map[string]bool, len(list))
	for k := range directories {
		directories[k] = map[string]bool{}
	}
	in, out := io.Pipe()
	go func() { out.CloseWithError(synthetic(out, 20_000, 10, 3)) }()
	err := shards.Read(in, "find", func(item shards.Item) error {
		path := "/" + string(item.Path)
		at := strings.LastIndexByte(path, '/')
		directory, name := path[:max(at, 1)], path[at+1:]
		k := find(list, directory, name)
		counts[k]++
		directories[k][directory] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	cut := 0
	for k, s := range list {
		off := int64(0)
		if s.Part.Of > 1 || k+1 < len(list) && list[k+1].Part.Of > 1 {
			cut++
			off = 150 // parts are equal but for chance: 3 deviations
		}
		if k == 0 {
			counts[k]++ // the root itself
		}
		if d := counts[k] - s.Records; d > off || d < -off {
			t.Errorf("shard %d, %v: found %d records in it, it says %d", k, &s, counts[k], s.Records)
		}
	}
	if cut < 3 {
		t.Errorf("%d shards with parts of directories; the largest directory has a tenth of all files", cut)
	}
}

// find returns the shard that has what is in a directory under a name; the name counts
// where the directory is cut. The directory begins with a slash. O(log shards).
func find(list []shards.Shard, directory, name string) int {
	// Those from first to end begin with the directory or a part of it.
	end := sort.Search(len(list), func(k int) bool { return before(directory, list[k].From) })
	first := sort.Search(end, func(k int) bool { return !before(list[k].From, directory) })
	if first == end {
		return end - 1
	}
	part := int(ring.Hash(0, name) % uint64(list[first].Part.Of))
	return first - 1 + sort.Search(end-first, func(k int) bool { return list[first+k].Part.First > part })
}

// before says whether a directory comes before another on the line: by components.
func before(a, b string) bool {
	for k := range min(len(a), len(b)) {
		if a[k] != b[k] {
			return a[k] == '/' || b[k] != '/' && a[k] < b[k]
		}
	}
	return len(a) < len(b)
}

func TestCompare(t *testing.T) {
	tree, list := partitioned(t, 40_000, 2, 32)
	schemes := tree.Compare(list)
	trees, whole, each := schemes[0], schemes[1], schemes[2]
	// The directory with a tenth of the files has three shards worth.
	if trees.Skew > 1.3 || trees.Touched > 1.01 || trees.Worst < 3 || trees.Worst > 6 {
		t.Errorf("ranges: %+v", trees)
	}
	if whole.Skew < 3 || whole.Touched != 1 {
		t.Errorf("directories by hash: %+v", whole)
	}
	if each.Skew > 1.2 || each.Touched < 4 || each.Worst < 31.9 {
		t.Errorf("paths by hash: %+v", each)
	}
}

// TestServers: one shard on each server is what Compare says of shards; all shards on the
// same servers are all asked at one of them.
func TestServers(t *testing.T) {
	tree, list := partitioned(t, 40_000, 2, 32)
	each, same, two := make([][]int, len(list)), make([][]int, len(list)), make([][]int, len(list))
	for k := range list {
		each[k], same[k], two[k] = []int{k}, []int{0, 1, 2}, []int{k % 2, 2 + k/2%2}
	}
	alone := tree.Servers(list, each, len(list))
	for k, want := range tree.Compare(list) {
		if got := alone[k]; got.Largest != want.Largest || got.Skew != want.Skew || math.Abs(got.Touched-want.Touched) > 1e-9 || got.Worst != want.Worst {
			t.Errorf("one shard a server: %+v, want %+v", got, want)
		}
	}
	if got := tree.Servers(list, same, 3)[0]; got.Touched != 1 || got.Worst != 1 || got.Skew != 1 {
		t.Errorf("all on the same servers: %+v", got)
	}
	if got := tree.Servers(list, two, 4); got[0].Worst != 2 || !(got[0].Touched > 1) || got[2].Skew > 1.2 {
		t.Errorf("on two of four servers: %+v", got)
	}
}

// TestListings: the same tree in every format.
func TestListings(t *testing.T) {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	fmt.Fprint(z, "f a\n")
	z.Close()
	for name, c := range map[string]struct {
		text string
		want string
	}{
		"find":               {"d \nd home\nd home/ann\nf home/ann/a b.txt\nl home/ann/link\nf ./top\n", "home/ home/ann/ home/ann/a b.txt home/ann/link top"},
		"find with NUL":      {"d home\x00f home/two\nlines\x00f home/x\x00", "home/ home/two\nlines home/x"},
		"fsimage":            {"Path\tReplication\tPermission\tUserName\n/\t0\tdrwxr-xr-x\thdfs\n/a\t0\tdrwxr-xr-x\thdfs\n/a/tab\tin\t3\t-rw-r--r--\thdfs\n", "a/ a/tab\tin"},
		"fsimage, commas":    {"Path,Permission\r\n/a/x,y,-rw-r--r--\r\n", "a/x,y"},
		"s3":                 {"\"b\",\"photos/2020/a+b%2Bc.jpg\",\"12\"\n\"b\",\"photos/\",\"0\"\n", "photos/2020/a b+c.jpg photos/"},
		"s3 with versions":   {"\"b\",\"k\",\"v1\",\"false\",\"false\",\"5\"\n\"b\",\"k\",\"v2\",\"true\",\"false\",\"5\"\n\"b\",\"gone\",\"v3\",\"true\",\"true\",\"\"\n", "k"},
		"s3 with multiparts": {"\"b\",\"k\",\"17\",\"false\",\"true\"\n", "k"},
		"gzip":               {zipped.String(), "a"},
	} {
		var got []string
		err := shards.Read(strings.NewReader(c.text), "", func(item shards.Item) error {
			path := string(item.Path)
			if item.Directory {
				path += "/"
			}
			got = append(got, path)
			return nil
		})
		if err != nil || strings.Join(got, " ") != c.want {
			t.Errorf("%s: %q, %v; want %q", name, strings.Join(got, " "), err, c.want)
		}
	}
	var cutOff bytes.Buffer
	packed := gzip.NewWriter(&cutOff)
	_, err := packed.Write([]byte("f a\nf b\n"))
	if err := errors.Join(err, packed.Close()); err != nil {
		t.Fatal(err)
	}
	cutOff.Truncate(cutOff.Len() - 9)
	for text, want := range map[string]string{
		"":                                   "the listing is empty",
		"hello\n":                            `line 1: found "hello"; want a listing by find`,
		"f a\nno\n":                          "line 2",
		"Path\tSize\n":                       "the columns Path and Permission",
		"Path\tPermission\n/a\n":             "line 2: found \"/a\"; want 2 columns",
		"Path\tPermission\na\t-rw\n":         "a path from the root",
		"\"b\"\n":                            "a bucket and a key",
		"\"b\",\"%zz\"\n":                    "URL-encoded",
		"\"b\",\"x\n":                        "no CSV",
		"\x1f\x8bnonsense":                   "gzip",
		cutOff.String():                      "cannot be read beyond line 2: unexpected EOF; is it whole?",
		"f " + strings.Repeat("x", 1<<20+10): "want lines of at most",
		"f " + strings.Repeat("x", 70_000):   "a name of 70000 bytes",
		"d " + strings.Repeat("x", 70_000):   "a name of 70000 bytes",
		"f a/" + strings.Repeat("x", 70_000): "a name of 70000 bytes",
		"f " + strings.Repeat("x", 70_000) + "/a": "a name of 70000 bytes",
	} {
		tree, err := shards.NewTree(shards.Usual())
		if err != nil {
			t.Fatal(err)
		}
		if err := shards.Read(strings.NewReader(text), "", tree.Add); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.30q: %v; want %q", text, err, want)
		}
	}
	if err := shards.Read(strings.NewReader("f a\n"), "tar", nil); err == nil || !strings.Contains(err.Error(), "find, fsimage, s3") {
		t.Errorf("format tar: %v", err)
	}
}

// TestOrderDoesNotMatter: a listing in any order makes the same tree and the same shards.
func TestOrderDoesNotMatter(t *testing.T) {
	var listing bytes.Buffer
	if err := synthetic(&listing, 2000, 5, 4); err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(strings.TrimSpace(listing.String()), "\n")
	lines[len(lines)-1] += "\n"
	rapid.Check(t, func(t *rapid.T) {
		var lists [2][]shards.Shard
		for k, order := range [][]string{lines, rapid.Permutation(lines).Draw(t, "order")} {
			tree, err := shards.NewTree(shards.Usual())
			if err != nil {
				t.Fatal(err)
			}
			if err := shards.Read(strings.NewReader(strings.Join(order, "")), "find", tree.Add); err != nil {
				t.Fatal(err)
			}
			if lists[k], err = tree.Partition(20); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(lists[0], lists[1]) {
			t.Error("another order gives other shards")
		}
	})
}

func TestEdges(t *testing.T) {
	tree, err := shards.NewTree(shards.Usual())
	if err != nil {
		t.Fatal(err)
	}
	list, err := tree.Partition(5)
	if err != nil || len(list) != 1 || list[0].Records != 1 || list[0].From != "/" {
		t.Errorf("an empty tree: %+v, %v", list, err)
	}
	tree.Compare(list)
	for _, n := range []int{0, -1, shards.MostShards + 1} {
		if _, err := tree.Partition(n); err == nil {
			t.Errorf("%d shards were made", n)
		}
	}
	for _, l := range []shards.Layout{{}, {File: 256, Entry: 64, Page: 100}, {File: 5000, Entry: 64, Page: 4096}, {File: 256, Entry: 19, Page: 4096}, {File: 10, Entry: 64, Page: 4096}} {
		if _, err := shards.NewTree(l); err == nil || !strings.Contains(err.Error(), "want") {
			t.Errorf("%+v: %v", l, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("d home\nf home/a\n")
	f.Add("Path\tPermission\n/a\t-rw\n")
	f.Add("\"b\",\"photos%2F/a\",\"12\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		tree, err := shards.NewTree(shards.Usual())
		if err != nil {
			t.Fatal(err)
		}
		if err := shards.Read(strings.NewReader(text), "", tree.Add); err != nil {
			return
		}
		list, err := tree.Partition(3)
		if err != nil {
			t.Fatal(err)
		}
		records := int64(0)
		for _, s := range list {
			records += s.Records
		}
		if total := tree.Totals(); records != total.Files+total.Directories+1 {
			t.Errorf("%d records in shards, %+v in the tree", records, total)
		}
	})
}

// BenchmarkTenMillionPaths is what `berth shards` does with a listing of ten million
// files.
func BenchmarkTenMillionPaths(b *testing.B) {
	for b.Loop() {
		tree, err := listed(10_000_000, 10, 1)
		if err != nil {
			b.Fatal(err)
		}
		list, err := tree.Partition(1000)
		if err != nil {
			b.Fatal(err)
		}
		tree.Compare(list)
		b.ReportMetric(float64(tree.Totals().Directories), "directories")
	}
}

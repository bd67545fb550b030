package shards

import (
	"fmt"
	"math"
	"strings"
)

// Shard holds the metadata of a range of directories: for each, the entries of what is in
// it and the records of that.
type Shard struct {
	From, To    string // the first and the last directory
	Part        Part   // of a directory that is cut: the only one of the shard or its first
	Directories int    // that it holds whole or in part
	Files       int64
	Records     int64 // of files and directories
	Slots       int64
	Bytes       int64 // of one copy
}

// Part is which part of a directory a shard begins with: parts First to Last of Of, by
// the hash of the names in it. A directory that is not cut has Of 1.
type Part struct{ First, Last, Of int }

// MostShards is how many shards a tree is cut into at the most.
const MostShards = 1_000_000

// grain is how large a directory may be, in parts of a mean shard, before it is cut.
const grain = 0.25

// Partition cuts a tree into shards.
//
// Directories are lined up as `ls -R` lists them, each with what is directly in it, so
// that a shard is a range of paths, near ones are together, and one comparison with the
// beginnings of the shards finds any directory. A directory stays whole: listing it asks
// one server. One that is larger than a quarter of a mean shard is cut into virtual parts
// by the hash of names, as many as make each part small enough, in equal sizes but for
// chance. The line is cut where the largest shard is smallest, which bisection over that
// size finds. As no part is larger than a quarter of the mean, no shard is larger than
// 1¼ of it.
//
// O(directories · log directories).
func (t *Tree) Partition(shards int) ([]Shard, error) {
	if shards < 1 || shards > MostShards {
		return nil, fmt.Errorf("%d shards; want 1 to %d", shards, MostShards)
	}
	order := t.walk()
	total := t.Totals()
	mean := t.layout.Weight(total.Files+total.Directories+1, total.Slots) / float64(shards)
	pieces := t.pieces(order, mean*grain)
	// The root's own record goes with what is in it.
	pieces[0].records++
	largest := 0.0
	for k := range pieces {
		pieces[k].weight = t.layout.Weight(pieces[k].records, pieces[k].slots)
		largest = max(largest, pieces[k].weight)
	}
	low, high := max(mean, largest), mean+largest
	for range 50 {
		if middle := (low + high) / 2; cuts(pieces, middle) <= shards {
			high = middle
		} else {
			low = middle
		}
	}
	return t.gather(pieces, high, shards), nil
}

// piece is a directory, or a part of one, on the line.
type piece struct {
	dir     int32
	part    int32
	of      int32
	records int64
	files   int64
	slots   int64
	weight  float64
}

// pieces lines up the directories, large ones in parts.
func (t *Tree) pieces(order []int32, most float64) []piece {
	line := make([]piece, 0, len(order))
	for _, dir := range order {
		d := &t.dirs[dir]
		records := d.files + d.dirs
		parts := int64(1)
		if weight := t.layout.Weight(records, d.slots); weight > most {
			parts = max(min(int64(math.Ceil(weight/most)), records), 1)
		}
		for k := range parts {
			line = append(line, piece{
				dir: dir, part: int32(k), of: int32(parts),
				records: partOf(records, k, parts), files: partOf(d.files, k, parts), slots: partOf(d.slots, k, parts),
			})
		}
	}
	return line
}

// partOf divides a number into parts that differ by 1 at the most.
func partOf(n, k, parts int64) int64 { return n*(k+1)/parts - n*k/parts }

// cuts is how many shards of at most a weight the line makes.
func cuts(line []piece, most float64) int {
	shards, weight := 1, 0.0
	for k := range line {
		if weight+line[k].weight > most && weight > 0 {
			shards++
			weight = 0
		}
		weight += line[k].weight
	}
	return shards
}

// gather makes the shards of at most a weight.
func (t *Tree) gather(line []piece, most float64, shards int) []Shard {
	list := make([]Shard, 0, shards)
	weight := 0.0
	begin := 0
	end := func(k int) {
		list = append(list, t.shard(line[begin:k]))
		begin, weight = k, 0
	}
	for k := range line {
		if weight+line[k].weight > most && weight > 0 {
			end(k)
		}
		weight += line[k].weight
	}
	end(len(line))
	return list
}

func (t *Tree) shard(line []piece) Shard {
	head, tail := line[0], line[len(line)-1]
	s := Shard{From: t.path(head.dir), To: t.path(tail.dir), Part: Part{int(head.part), int(head.part), int(head.of)}}
	for k, p := range line {
		if k == 0 || p.dir != line[k-1].dir {
			s.Directories++
		}
		if p.dir == head.dir {
			s.Part.Last = int(p.part)
		}
		s.Records += p.records
		s.Files += p.files
		s.Slots += p.slots
	}
	s.Bytes = t.layout.Bytes(s.Records, s.Slots)
	return s
}

// String names a shard by its range.
func (s *Shard) String() string {
	var b strings.Builder
	b.WriteString(s.From)
	if s.Part.Of > 1 {
		fmt.Fprintf(&b, " (%d–%d of %d)", s.Part.First+1, s.Part.Last+1, s.Part.Of)
	}
	if s.To != s.From {
		b.WriteString(" … " + s.To)
	}
	return b.String()
}

package prices

import (
	"encoding/binary"
	"math/bits"
)

// Kinds of one set whose sizes are about the same have about the same price on every
// node of it. Where there are many kinds, the smoother spreads them over their sets
// together.

const (
	manyKinds = 4096 // up to so many, each is a group of its own
	grain     = 4    // above, sizes are rounded down to so many leading bits
)

// group is the kinds of one set whose sizes are about the same.
type group struct {
	kind  int32 // one of them
	size  []float64
	low   float64 // the smooth price of the set
	takes float64 // copies that take the set
	kinds int
}

// makeGroups puts kinds of one set and one size, or about so where there are very
// many, into groups.
func (s *smoother) makeGroups() {
	s.groupOf = make([]int32, len(s.kinds))
	number := map[string]int32{}
	var key []byte
	for k := range s.kinds {
		if s.kinds[k].set == nobody {
			s.groupOf[k] = nobody
			continue
		}
		size := s.takes(int32(k), 0)
		key = appendNumber(key[:0], int64(s.kinds[k].set))
		if s.kinds[k].unlike != nil || len(s.kinds) <= manyKinds {
			key = appendNumber(key, int64(k))
		} else {
			for _, v := range size {
				key = appendNumber(key, v&^(1<<max(bits.Len64(uint64(v))-grain, 0)-1))
			}
		}
		g, known := number[string(key)]
		if !known {
			g = int32(len(s.groups))
			number[string(key)] = g
			s.groups = append(s.groups, group{kind: int32(k), size: make([]float64, s.resources)})
		}
		s.groupOf[k] = g
		s.groups[g].kinds++
		for r, v := range size {
			s.groups[g].size[r] += float64(v)
		}
	}
	for g := range s.groups {
		for r := range s.resources {
			s.groups[g].size[r] /= float64(s.groups[g].kinds)
		}
	}
}

func (s *smoother) setOf(g int) []int32 { return s.sets[s.kinds[s.groups[g].kind].set].nodes }

// onNode is what a group takes on node j of its set.
func (s *smoother) onNode(g *group, j int32) []float64 {
	row := s.kinds[g.kind].unlike
	if row == nil {
		return g.size
	}
	for r, v := range row.On(j) {
		g.size[r] = float64(v)
	}
	return g.size
}

func (s *smoother) groupPrice(g *group, j int32) float64 {
	if row := s.kinds[g.kind].unlike; row != nil {
		return s.dot(row.On(j), j)
	}
	sum := 0.0
	for r, price := range s.ahead[int(j)*s.resources : int(j+1)*s.resources] {
		sum += float64(price * g.size[r])
	}
	return sum
}

func appendNumber(key []byte, v int64) []byte {
	return binary.LittleEndian.AppendUint64(key, uint64(v))
}

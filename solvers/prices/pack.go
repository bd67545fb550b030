package prices

// What one node is filled up with, of several resources: the best of a few sets of copies. Each
// set takes copy by copy by what it gains against its part of the room that is still free, more
// of that in a resource that is dear on the node (Y. Toyoda, A simplified algorithm for obtaining
// approximate solutions to zero-one programming problems, Management Science 21, 1975); the gains
// are changed a little by chance for each set. Then other copies take the place of some where that
// gains.
//
// Cost: sets times copies that may come times copies that the node takes, 50,000 in all.

const (
	packs       = 16
	packGuests  = 192  // copies that are nowhere and may come
	packNoise   = 0.1  // of a gain
	leastScarce = 0.05 // what room counts that costs nothing
)

// packer is what the sets are made in.
type packer struct {
	scarce []float64 // by resource: how much its room counts on the node
	spare  []int64   // … and what is left of it
	gains  []float64 // by look
	taken  []bool
}

func newPacker(resources int) packer {
	return packer{scarce: make([]float64, resources), spare: make([]int64, resources)}
}

// pack fills up node j.
func (s *stuffing) pack(j int32) {
	s.guests = packGuests
	s.look(j)
	s.guests = maxTwins
	s.weigh(j)
	set, most := s.core.best[:0], 0.0
	for n := range packs {
		s.gains, s.taken = s.gains[:0], s.taken[:0]
		for _, l := range s.looks {
			gain := l.gain
			if n > 0 {
				gain *= 1 + float64(packNoise*(s.rng.Float64()-0.5))
			}
			s.gains, s.taken = append(s.gains, gain), append(s.taken, false)
		}
		copy(s.spare, s.free[int(j)*s.resources:])
		for s.add() {
		}
		if sum := s.exchange(); sum > most {
			most, set = sum, set[:0]
			for n, taken := range s.taken {
				if taken {
					set = append(set, int32(n))
				}
			}
		}
	}
	for _, n := range set {
		s.move(s.looks[n].copy, j)
	}
	s.core.best = set
	s.work += int64(len(s.looks)*(len(set)+1)*packs) * 10
}

// weigh sets how much the room of node j counts.
func (s *stuffing) weigh(j int32) {
	all := tiny
	for r := range s.scarce {
		k := int(j)*s.resources + r
		s.scarce[r] = float64(s.lambda[k] * float64(s.room[k]))
		all += s.scarce[r]
	}
	for r := range s.scarce {
		s.scarce[r] = leastScarce + s.scarce[r]/all
	}
}

// add takes the best copy that fits.
func (s *stuffing) add() bool {
	best, most := -1, 0.0
	for n, gain := range s.gains {
		if l := &s.looks[n]; s.taken[n] || l.in || gain <= 0 || !s.fitsInstead(l, nil) {
			continue
		}
		part := tiny
		for r, size := range s.looks[n].size {
			if size > 0 {
				part += float64(s.scarce[r]*float64(size)) / float64(s.spare[r])
			}
		}
		if gain/part > most {
			best, most = n, gain/part
		}
	}
	if best < 0 {
		return false
	}
	s.swap(-1, best)
	return true
}

// exchange takes other copies in the place of some, and returns what all gain.
func (s *stuffing) exchange() (sum float64) {
	for a := range s.looks {
		if !s.taken[a] {
			continue
		}
		best, most := a, s.looks[a].gain
		for b := range s.looks {
			if l := &s.looks[b]; !s.taken[b] && !l.in && l.gain > most && s.fitsInstead(l, &s.looks[a]) {
				best, most = b, l.gain
			}
		}
		s.swap(a, best)
		sum += most
	}
	return sum
}

// fitsInstead says whether a copy fits in the place of another, if of any.
func (s *stuffing) fitsInstead(l, of *look) bool {
	for r, size := range l.size {
		if of != nil {
			size -= of.size[r]
		}
		if size > s.spare[r] {
			return false
		}
	}
	return true
}

// swap takes one copy in the place of another, if of any.
func (s *stuffing) swap(of, n int) {
	if of >= 0 {
		s.taken[of] = false
		for r, size := range s.looks[of].size {
			s.spare[r] += size
		}
	}
	s.taken[n] = true
	for r, size := range s.looks[n].size {
		s.spare[r] -= size
	}
}

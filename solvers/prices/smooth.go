package prices

import (
	"math"

	"berth/search"
)

type smoother struct {
	*ledger
	board    *search.Board
	lambda   []float64 // prices
	ahead    []float64 // where the last step points to
	mean     []float64 // what a copy takes, by resource
	capacity []float64
	sizes    []float64 // by kind and resource

	low  []float64        // by kind: soft price of the rest
	rest [parts][]float64 // by kind: how many copies take the rest
	load [parts][]float64
	bend [parts][]float64
	heat float64
}

func newSmoother(l *ledger, b *search.Board) *smoother {
	s := &smoother{ledger: l, board: b, lambda: make([]float64, len(l.price)), ahead: make([]float64, len(l.price)),
		mean: make([]float64, l.resources), capacity: make([]float64, len(l.price)), sizes: make([]float64, len(l.size)),
		low: make([]float64, len(l.kinds))}
	for k, room := range l.room {
		s.capacity[k] = float64(room)
	}
	for k, size := range l.size {
		s.sizes[k] = float64(size)
	}
	copies := 0.0
	for i := range l.items {
		it := &l.items[i]
		for r := range s.mean {
			s.mean[r] += float64(it.count) * s.sizes[int(it.kind)*l.resources+r]
		}
		copies += float64(it.count)
	}
	for r := range s.mean {
		s.mean[r] = math.Max(s.mean[r]/math.Max(copies, 1), 1e-9)
	}
	for p := range parts {
		s.rest[p] = make([]float64, len(l.kinds))
		s.load[p] = make([]float64, len(l.price))
		s.bend[p] = make([]float64, len(l.price))
	}
	return s
}

// exp returns e^x for x ≤ 0, to about nine digits
func exp(x float64) float64 {
	if x < -30 {
		return 0
	}
	x = float64(x * (1 << 10 * math.Log2E))
	n := math.Floor(x)
	k := int64(n)
	f := float64((x - n) * (math.Ln2 / (1 << 10)))
	y := table[k&1023]
	bits := math.Float64bits(y) + uint64(k>>10)<<52
	p := 1 + f + float64(f*f)*0.5
	return float64(math.Float64frombits(bits) * p)
}

var table = func() (t [1024]float64) {
	for k := range t {
		t[k] = math.Exp2(float64(k) / 1024)
	}
	return
}()

func (s *smoother) priceAt(k, j int32) float64 {
	R := s.resources
	lam := s.ahead[int(j)*R : int(j)*R+R]
	if s.kinds[k].unlike != nil {
		sum := 0.0
		for r, a := range s.takes(k, j) {
			sum += float64(lam[r] * float64(a))
		}
		return sum
	}
	a := s.sizes[int(k)*R : int(k)*R+R]
	sum := 0.0
	for r := range lam {
		sum += float64(lam[r] * a[r])
	}
	return sum
}

func (s *smoother) round() bool {
	heat := 1 / s.heat
	R := s.resources
	s.board.Each(parts, func(part int) {
		clear(s.load[part])
		clear(s.bend[part])
		clear(s.rest[part])
		for k := part; k < len(s.kinds); k += parts {
			least := math.Inf(1)
			s.members(int32(k), func(j int32) { least = min(least, s.priceAt(int32(k), j)) })
			sum, n := 0.0, 0
			s.members(int32(k), func(j int32) { n++; sum += exp((least - s.priceAt(int32(k), j)) * heat) })
			s.low[k] = least - s.heat*math.Log(sum/float64(n))
		}
	})
	s.board.Each(parts, func(part int) { s.items1(part) })
	// sum up rests
	for p := 1; p < parts; p++ {
		for k := range s.rest[0] {
			s.rest[0][k] += s.rest[p][k]
		}
	}
	s.board.Each(parts, func(part int) {
		load, bend := s.load[part], s.bend[part]
		for k := part; k < len(s.kinds); k += parts {
			mass := s.rest[0][k]
			if mass < 1e-9 {
				continue
			}
			n := float64(len(s.kinds[k].nodes))
			if s.kinds[k].nodes == nil {
				n = float64(s.outside)
			}
			s.members(int32(k), func(j int32) {
				e := exp(min(0, (s.low[k]-s.priceAt(int32(k), j))*heat-math.Log(n)))
				if e == 0 {
					return
				}
				s.add(load, bend, int32(k), j, mass*e, mass*e*(1-e))
			})
		}
	})
	for p := 1; p < parts; p++ {
		for k := range s.load[0] {
			s.load[0][k] += s.load[p][k]
			s.bend[0][k] += s.bend[p][k]
		}
	}
	_ = R
	return s.board.Work(int64(len(s.option)) * 10)
}

func (s *smoother) add(load, bend []float64, k, j int32, p, q float64) {
	R := s.resources
	at := int(j) * R
	if s.kinds[k].unlike != nil {
		t := 0.0
		for r, a := range s.takes(k, j) {
			t += float64(a) / s.mean[r]
		}
		for r, a := range s.takes(k, j) {
			load[at+r] += p * float64(a)
			bend[at+r] += q * float64(a) * t * s.mean[r]
		}
		return
	}
	a := s.sizes[int(k)*R : int(k)*R+R]
	t := 0.0
	for r := range a {
		t += a[r] / s.mean[r]
	}
	for r := range a {
		load[at+r] += p * a[r]
		bend[at+r] += q * a[r] * t * s.mean[r]
	}
}

func (s *smoother) items1(part int) {
	heat := 1 / s.heat
	load, bend, rests := s.load[part], s.bend[part], s.rest[part]
	from, to := piece(len(s.items), part)
	var xs []float64
	for i := from; i < to; i++ {
		it := &s.items[i]
		opts := s.options(it)
		least := math.Inf(1)
		rest := math.Inf(1)
		if c := s.ledger.rest[it.choice]; c != nowhere {
			rest = float64(c) + s.low[it.kind]
			least = rest
		}
		xs = xs[:0]
		for _, o := range opts {
			x := float64(o.cost) + s.priceAt(it.kind, o.node)
			least = min(least, x)
			xs = append(xs, x)
		}
		z := 0.0
		er := exp((least - rest) * heat)
		z += er
		for n, x := range xs {
			e := exp((least - x) * heat)
			xs[n] = e
			z += e
		}
		n := float64(it.count)
		if er > 0 {
			rests[it.kind] += n * er / z
		}
		for m, o := range opts {
			if xs[m] == 0 {
				continue
			}
			p := xs[m] / z
			s.add(load, bend, it.kind, o.node, n*p, n*p*(1-p))
		}
	}
}

// step
func (s *smoother) step(momentum, damp, reach float64) (norm float64) {
	R := s.resources
	for k := range s.lambda[:int(s.outside)*R] {
		r := k % R
		g := s.load[0][k] - s.capacity[k]
		h := damp * (s.bend[0][k] + 0.2*s.mean[r]*s.mean[r]) / s.heat
		d := g / h
		most := reach * s.heat / s.mean[r]
		d = max(min(d, most), -most)
		next := max(s.ahead[k]+d, 0)
		old := s.lambda[k]
		s.lambda[k] = next
		s.ahead[k] = max(0, next+momentum*(next-old))
	}
	return
}

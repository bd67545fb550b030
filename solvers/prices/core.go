package prices

// core is a search for the best sides of a few things, each of which is on the side where it
// is worth more, or loses |worth| on the other one. At prices q for what is left of each
// resource the loss is
//
//	Σ |worth| of what is on the other side + Σ q·left,
//
// where nothing is negative. All combinations of changes are tried by rising sum, each sum
// cut off by the best loss.
type core struct {
	worth []float64 // |worth|, rising, by rank
	turn  []int64   // by rank and resource: what changing sides frees
	left  []int64   // what is free
	q     []float64
	flips []int32 // ranks that have changed sides
	best  []int32 // those of the least loss
	loss  float64 // … which is this
	sums  int
	most  int // of them
}

func newCore(resources int) core {
	return core{left: make([]int64, resources), q: make([]float64, resources)}
}

// enumerate tries the sums up to a limit, which doubles until it passes the best loss, or so
// many have been tried. It says whether it found a loss below today's.
func (c *core) enumerate(most int) bool {
	today := c.loss
	c.best, c.flips, c.sums, c.most = c.best[:0], c.flips[:0], 0, most
	c.note(0)
	for limit := today / 256; ; limit *= 2 {
		c.add(0, 0, min(limit, c.loss))
		if limit >= c.loss || c.sums >= c.most {
			break
		}
	}
	return c.loss < today
}

// add changes the sides of more things, from a rank on, as long as the sum stays below
// the limit.
func (c *core) add(rank int, sum, limit float64) {
	for ; rank < len(c.worth); rank++ {
		next := sum + c.worth[rank]
		if next >= limit || next >= c.loss || c.sums >= c.most {
			return
		}
		c.sums++
		c.flip(rank, 1)
		c.flips = append(c.flips, int32(rank))
		c.note(next)
		c.add(rank+1, next, limit)
		c.flips = c.flips[:len(c.flips)-1]
		c.flip(rank, -1)
	}
}

func (c *core) flip(rank int, sign int64) {
	turn := c.turn[rank*len(c.left):]
	for r := range c.left {
		c.left[r] += sign * turn[r]
	}
}

// note keeps the sides as they are where they fit and lose less than the best.
func (c *core) note(sum float64) {
	for r, left := range c.left {
		if left < 0 {
			return
		}
		sum += float64(c.q[r] * float64(left))
	}
	if sum < c.loss {
		c.loss = sum
		c.best = append(c.best[:0], c.flips...)
	}
}

package engine

// Booleans have shorter ways than clauses. Of two Booleans, one of which must be true, each
// being false implies the other; of those of a choice exactly one is true; and a Boolean may
// say whether two choices are the same, which is nine implications for every Boolean of the
// one and the other. None of these is a clause that is watched.

// kin is what a variable has to do with others: nothing if it is a number, or a Boolean that
// only clauses know.
type kin struct {
	of kinship
	at int32 // the choice, or what it says the same of
}

type kinship uint8

const (
	number kinship = iota
	nobody
	ofChoice
	ofSame
)

// implication is what a Boolean implies, and where the next one is, or −1.
type implication struct {
	half Half
	next int32
}

// choice is Booleans one after the other, and other choices of which a Boolean says
// whether they are the same.
type choice struct {
	first Half
	end   Half
	twins []twin
}

// twin is a choice by its first Boolean.
type twin struct{ first, same Half }

// same is two choices by their first Booleans, and how many these are.
type same struct {
	one, other Half
	size       Half
}

// truth is the literal that a half of a Boolean is as high as it can be.
func truth(h Half) Literal { return Literal{h, 1 - int64(h&1)} }

// NewChoice makes so many Booleans, exactly one of which is true.
func (e *Engine) NewChoice(size int) []Literal {
	list := make([]Literal, size)
	for k := range list {
		list[k] = e.NewBoolean()
		e.kin[list[k].Half/2] = kin{ofChoice, int32(len(e.choices))}
	}
	first := list[0].Half
	e.choices = append(e.choices, choice{first: first, end: first + Half(2*size)})
	e.AddClause(list...)
	return list
}

// NewSame makes a Boolean that says whether two choices of the same size are the same.
func (e *Engine) NewSame(one, other []Literal) Literal {
	l := e.NewBoolean()
	x, y := one[0].Half, other[0].Half
	e.kin[l.Half/2] = kin{ofSame, int32(len(e.same))}
	e.same = append(e.same, same{x, y, Half(2 * len(one))})
	a, b := &e.choices[e.kin[x/2].at], &e.choices[e.kin[y/2].at]
	a.twins = append(a.twins, twin{y, l.Half})
	b.twins = append(b.twins, twin{x, l.Half})
	for k := range one {
		if !e.agree(one[k].Half, other[k].Half, l.Half) {
			e.dead = true
		}
	}
	return l
}

// imply adds that one of two literals is true, if both are of Booleans.
func (e *Engine) imply(a, b Literal) bool {
	if e.kin[a.Half/2].of == number || e.kin[b.Half/2].of == number {
		return false
	}
	for _, i := range [2][2]Half{{a.Half ^ 1, b.Half}, {b.Half ^ 1, a.Half}} {
		e.implying = append(e.implying, implication{i[1], e.implied[i[0]]})
		e.implied[i[0]] = int32(len(e.implying) - 1)
	}
	return true
}

// follow draws the conclusions from a half of a Boolean that has become true, by some kind
// of reason.
func (e *Engine) follow(h Half, by reasonKind) bool {
	for k := e.implied[h]; k >= 0; k = e.implying[k].next {
		e.steps += 2
		if !e.set(truth(e.implying[k].half), reason{kind: byBooleans, at: int32(h), size: -1}) {
			return false
		}
	}
	switch x := h &^ 1; e.kin[x/2].of {
	case ofChoice:
		c := &e.choices[e.kin[x/2].at]
		switch {
		case h == x:
			for y := c.first; y < c.end; y += 2 {
				if y != x && !e.set(truth(y^1), reason{kind: byChoice, at: int32(x), size: -1}) {
					return false
				}
			}
		case by == byChoice: // the one that is true draws all conclusions
			return true
		}
		e.steps += int64(len(c.twins))
		for _, t := range c.twins {
			if !e.agree(x, t.first+x-c.first, t.same) {
				return false
			}
		}
	case ofSame:
		s := e.same[e.kin[x/2].at]
		e.steps += int64(s.size / 2)
		for k := Half(0); k < s.size; k += 2 {
			if !e.agree(s.one+k, s.other+k, x) {
				return false
			}
		}
	}
	return true
}

// agree draws the conclusions from two Booleans of two choices and the one that says whether
// these are the same.
func (e *Engine) agree(x, y, same Half) bool {
	if e.low[x] != 1 {
		x, y = y, x
	}
	switch {
	case e.low[x] == 1:
		switch {
		case e.low[y] == 1:
			return e.because(same, x, y)
		case e.low[y^1] == 0:
			return e.because(same^1, x, y^1)
		case e.low[same] == 1:
			return e.because(y, x, same)
		case e.low[same^1] == 0:
			return e.because(y^1, x, same^1)
		}
	case e.low[same] == 1:
		switch {
		case e.low[x^1] == 0:
			return e.because(y^1, x^1, same)
		case e.low[y^1] == 0:
			return e.because(x^1, y^1, same)
		}
	}
	return true
}

// because makes a half of a Boolean true because of two others.
func (e *Engine) because(h, a, b Half) bool {
	return e.set(truth(h), reason{kind: byBooleans, at: int32(a), size: int32(b)})
}

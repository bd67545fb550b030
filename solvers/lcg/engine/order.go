package engine

// order ranks variables by how much they took part in conflicts lately: a heap.
//
// Source: M. Moskewicz and others, Chaff: engineering an efficient SAT solver, DAC 2001;
// the heap and the growing increment after N. Eén and N. Sörensson, An extensible
// SAT-solver, SAT 2003. The values last had are kept as K. Pipatsrisawat and A. Darwiche,
// A lightweight component caching scheme for satisfiability solvers, SAT 2007.
type order struct {
	activity  []float64 // by variable
	branch    []bool    // by variable: it is decided on
	value     []int64   // by variable: the one it had last
	heap      []int32
	at        []int32 // by variable: place in the heap, or −1
	increment float64
	limit     int // of learned clauses
}

const (
	decay   = 0.95
	tooHigh = 1e100
)

func newOrder(variables int) order {
	return order{
		activity: make([]float64, 0, variables), branch: make([]bool, 0, variables), value: make([]int64, 0, variables),
		heap: make([]int32, 0, variables), at: make([]int32, 0, variables), increment: 1, limit: firstForget,
	}
}

func (o *order) grow(value int64, branch bool) {
	o.activity = append(o.activity, 0)
	o.branch = append(o.branch, branch)
	o.value = append(o.value, value)
	o.at = append(o.at, -1)
	if branch {
		o.insert(int32(len(o.at) - 1))
	}
}

// Prefer gives a variable the value to be tried first.
func (e *Engine) Prefer(x Half, value int64) {
	if x&1 == 1 {
		value = -value
	}
	e.value[x/2] = value
}

// Rank gives a variable a weight in the order of decisions before any conflict.
func (e *Engine) Rank(x Half, weight float64) {
	e.activity[x/2] = weight
	if k := e.at[x/2]; k >= 0 {
		e.up(k)
		e.down(e.at[x/2])
	}
}

// save keeps the value of a variable whose bounds are about to be undone, and makes it
// one to decide on again.
func (o *order) save(h Half, low []int64) {
	v := int32(h / 2)
	if !o.branch[v] {
		return
	}
	if x := Half(2 * v); low[x] == -low[x^1] {
		o.value[v] = low[x]
	}
	if o.at[v] < 0 {
		o.insert(v)
	}
}

func (o *order) bump(h Half) {
	v := int32(h / 2)
	if o.activity[v] += o.increment; o.activity[v] > tooHigh {
		for k := range o.activity {
			o.activity[k] /= tooHigh
		}
		o.increment /= tooHigh
	}
	if o.at[v] >= 0 {
		o.up(o.at[v])
	}
}

func (o *order) cool() { o.increment /= decay }

// top is the first variable that is not fixed; those that are fixed leave the heap on
// the way. The variable itself stays until it is fixed.
func (o *order) top(low []int64) (x Half, any bool) {
	for len(o.heap) > 0 {
		v := o.heap[0]
		x = Half(2 * v)
		if low[x] != -low[x^1] {
			return x, true
		}
		last := o.heap[len(o.heap)-1]
		o.heap = o.heap[:len(o.heap)-1]
		o.at[v] = -1
		if last != v {
			o.heap[0], o.at[last] = last, 0
			o.down(0)
		}
	}
	return 0, false
}

func (o *order) insert(v int32) {
	o.at[v] = int32(len(o.heap))
	o.heap = append(o.heap, v)
	o.up(o.at[v])
}

func (o *order) before(a, b int32) bool {
	return o.activity[a] > o.activity[b] || o.activity[a] == o.activity[b] && a < b
}

func (o *order) up(k int32) {
	v := o.heap[k]
	for k > 0 {
		parent := (k - 1) / 2
		if !o.before(v, o.heap[parent]) {
			break
		}
		o.heap[k] = o.heap[parent]
		o.at[o.heap[k]] = k
		k = parent
	}
	o.heap[k], o.at[v] = v, k
}

func (o *order) down(k int32) {
	v := o.heap[k]
	for {
		child := 2*k + 1
		if int(child) >= len(o.heap) {
			break
		}
		if child+1 < int32(len(o.heap)) && o.before(o.heap[child+1], o.heap[child]) {
			child++
		}
		if !o.before(o.heap[child], v) {
			break
		}
		o.heap[k] = o.heap[child]
		o.at[o.heap[k]] = k
		k = child
	}
	o.heap[k], o.at[v] = v, k
}

package model

import (
	"container/heap"
	"math/big"
	"math/bits"
)

// route is how one node reaches another: over a path of least latency, and among
// those over one of the largest bandwidth.
type route struct {
	latency   Decimal
	bandwidth Quantity // of the narrowest link
	limited   bool     // whether bandwidth counts
	reached   bool
}

// better says whether a path is to be preferred.
func (r route) better(than route) bool {
	if !than.reached || r.latency != than.latency {
		return !than.reached || r.latency < than.latency
	}
	if r.limited != than.limited {
		return !r.limited
	}
	return r.limited && than.bandwidth.less(r.bandwidth)
}

func (r route) over(l Line) route {
	r.latency = min(r.latency, limit) + min(l.Latency, limit)
	if l.Bandwidth != nil && (!r.limited || l.Bandwidth.less(r.bandwidth)) {
		r.bandwidth, r.limited = *l.Bandwidth, true
	}
	return r
}

func (q Quantity) less(than Quantity) bool {
	return q.Units < than.Units || q.Units == than.Units && q.Nanos < than.Nanos
}

// graph is the links of a network by node.
type graph struct {
	next [][]edge
	rest *Line
}

type edge struct {
	to   int32
	line Line
}

func newGraph(net *Network, nodes map[string]int32) *graph {
	g := &graph{next: make([][]edge, len(nodes)), rest: net.Default}
	for _, l := range net.Links {
		a, b := nodes[l.Between[0]], nodes[l.Between[1]]
		g.next[a] = append(g.next[a], edge{b, l.Line})
		g.next[b] = append(g.next[b], edge{a, l.Line})
	}
	return g
}

// routes finds the best path from one node to every other (Dijkstra 1959, on
// latency, then bandwidth: both get worse along a path, so the order of visits
// stays right). Nodes that no path reaches get the network's default line, if
// there is one. O(links · log nodes).
func (g *graph) routes(from int32) []route {
	best := make([]route, len(g.next))
	best[from] = route{reached: true}
	done := make([]bool, len(g.next))
	queue := frontier{{from, best[from]}}
	for len(queue) > 0 {
		at := heap.Pop(&queue).(visit)
		if done[at.node] {
			continue
		}
		done[at.node] = true
		for _, e := range g.next[at.node] {
			if r := at.route.over(e.line); r.better(best[e.to]) {
				best[e.to] = r
				heap.Push(&queue, visit{e.to, r})
			}
		}
	}
	if g.rest != nil {
		for j := range best {
			if !best[j].reached {
				best[j] = route{reached: true}.over(*g.rest)
			}
		}
	}
	return best
}

type visit struct {
	node  int32
	route route
}

type frontier []visit

func (f frontier) Len() int           { return len(f) }
func (f frontier) Less(a, b int) bool { return f[a].route.better(f[b].route) }
func (f frontier) Swap(a, b int)      { f[a], f[b] = f[b], f[a] }
func (f *frontier) Push(v any)        { *f = append(*f, v.(visit)) }
func (f *frontier) Pop() any {
	last := len(*f) - 1
	v := (*f)[last]
	*f = (*f)[:last]
	return v
}

// transfer is what fetching data over a route costs: latency + data / bandwidth,
// rounded up to six decimals. It reports false where that leaves int64.
func (r route) transfer(data Quantity) (Decimal, bool) {
	if !r.limited {
		return r.latency, true
	}
	var time int64
	if data.Nanos == 0 && r.bandwidth.Nanos == 0 {
		high, low := bits.Mul64(uint64(data.Units), 1_000_000)
		if high >= uint64(r.bandwidth.Units) {
			return 0, false
		}
		quotient, rest := bits.Div64(high, low, uint64(r.bandwidth.Units))
		if rest > 0 {
			quotient++
		}
		if quotient > limit {
			return 0, false
		}
		time = int64(quotient)
	} else {
		n := new(big.Int).Mul(data.nanos(), big.NewInt(1_000_000))
		quotient, rest := n.QuoRem(n, r.bandwidth.nanos(), new(big.Int))
		if rest.Sign() > 0 {
			quotient.Add(quotient, big.NewInt(1))
		}
		if !quotient.IsInt64() || quotient.Int64() > limit {
			return 0, false
		}
		time = quotient.Int64()
	}
	if int64(r.latency) > limit {
		return 0, false
	}
	return r.latency + Decimal(time), true
}

// nanos returns the quantity in units of 10⁻⁹.
func (q Quantity) nanos() *big.Int {
	n := new(big.Int).Mul(big.NewInt(q.Units), big.NewInt(1_000_000_000))
	return n.Add(n, big.NewInt(int64(q.Nanos)))
}

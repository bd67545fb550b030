package model

import "slices"

// Problem is a problem compiled, a placement unless it has a Workflow: names resolved to indices, amounts
// and costs in exact integers, the parts that cannot matter removed. It is
// read-only once made and safe for concurrent use.
//
// What is decided is the node of every copy of every Item. Identical tasks, the
// replicas of one task, and affinity groups (each merged to one) all become
// copies of items, so an item is a class of interchangeable things. An engine may
// work with copies (a Placement names the node of each) or with counts x(i,j),
// the copies of item i on node j.
//
// The cost of a placement, in units (see Format), is
//
//	  Offset
//	+ Σ items        Σ_j Costs[Cost].At(j)·x(i,j) − rebates earned + Unplaced·(copies left out)
//	+ Σ Pairs        see Pair
//	+ Σ nodes        Open[j] where any copy is on j
//	+ Σ Constraints  with Weight > 0, see Constraint
//
// and it is feasible when every copy is on a node of its item's domain (or left
// out where that has a price), capacities, Apart, hard Constraints and Uplink hold,
// and at least MustStay replicas stay where they run today, see Run.
type Problem struct {
	Name      string
	Digest    string   // of the instance's meaning, "sha256:…"
	Given     Given    // what is asked beside the instance
	Resources []string // names, sorted

	// Nodes, by index j.
	NodeNames  []string
	Capacity   []int64    // Capacity[j*len(Resources)+r]
	Open       []int64    // cost of using node j
	Uplink     []int64    // limit on the reads sent out of j, or NoLimit
	Topologies []Topology // 0 is the nodes themselves; then the label keys that matter
	NodeClass  []int32    // nodes of one class can swap their contents and nothing changes

	// What is placed, by index i.
	Items   []Item
	Copies  int      // in all: the length of a Placement
	Rebates []Rebate // of the items, by their Rebates span
	Sends   []Send   // of the items, by their Sends span
	Runs    []Run    // of the items, by their Runs span

	// Rows shared by many items.
	Costs   []CostRow
	Demands []DemandRow
	Domains []Domain // 0 is every node

	Constraints []Constraint
	Pairs       []Pair
	Levels      []Level // distances of traffic, nearest first; the last matches everywhere
	Matrix      []int64 // of nodes x and y [x*nodes+y], symmetric, 0 where x is y; then Levels only bound it
	Full        int64   // the share of a pair that is together with all its copies
	Offset      int64   // paid whatever is decided
	MustStay    int64   // replicas that have to stay where they run today
	Features    Feature // what occurs in it

	Workflow *Workflow // what is to be scheduled; nil for a placement, which has all else

	// Impossible says why no placement (or schedule) exists, in the user's words, where
	// compiling already found that; empty otherwise.
	Impossible string
	Report     Report

	original *original // the problem before reduction: what the judge looks at
	scales   []scale   // of the amounts, by resource
	unit     unit      // what one unit of cost is worth
}

// NoLimit stands for a limit or a price that is not there, NoPlace for the node
// of a copy that is left out.
const (
	NoLimit int64 = -1
	NoPlace int32 = -1
)

// Placement is the node of every copy, or NoPlace. Copies of one item are
// interchangeable.
type Placement []int32

// Topology groups the nodes into places: each by itself, by rack, by zone. A node
// that lacks the label is a place of its own.
type Topology struct {
	Key    string    // "node" for the first
	Place  []int32   // by node
	Names  []string  // by place
	Member [][]int32 // nodes by place, ascending
}

// Span is a range of a shared slice: [From, To).
type Span struct{ From, To int32 }

// Item is a set of interchangeable copies: First, …, First+Count-1.
//
// An item that is Bound (in a constraint, in traffic, with Apart, rebates or
// sends, or running today while some have to stay) stands for one task with its
// replicas, or for one affinity group, whose Count is 1. An item that is not may
// stand for many identical tasks.
type Item struct {
	First    int32
	Count    int32
	Cost     int32 // into Costs: what a copy pays on each node
	Demand   int32 // into Demands
	Domain   int32 // into Domains: the nodes it may be on
	Apart    int32 // a topology whose places hold at most one copy each, or -1
	Rebates  Span
	Sends    Span
	Runs     Span
	Unplaced int64 // the price of leaving a copy out, or NoLimit: it must be placed
	Bound    bool
}

// CostRow is a cost by node: Values by node where it is dense (Nodes is nil and
// Values is not), else Rest but for Nodes, ascending, with their Values.
type CostRow struct {
	Rest   int64
	Nodes  []int32
	Values []int64
}

// At returns the cost on node j. O(log exceptions).
func (r *CostRow) At(j int32) int64 {
	if r.Nodes == nil {
		if r.Values != nil {
			return r.Values[j]
		}
		return r.Rest
	}
	if k := find(r.Nodes, j); k >= 0 {
		return r.Values[k]
	}
	return r.Rest
}

// Least returns the least cost on any node.
func (r *CostRow) Least() int64 {
	if r.Nodes == nil && r.Values != nil {
		return slices.Min(r.Values)
	}
	least := r.Rest
	for _, v := range r.Values {
		least = min(least, v)
	}
	return least
}

// DemandRow is what a copy takes, a vector by resource: Values[j*R:] by node
// where it is dense, else Rest but for Nodes, ascending, with their vectors.
type DemandRow struct {
	Rest   []int64
	Nodes  []int32
	Values []int64
}

// On returns what a copy takes on node j, by resource. The slice is shared.
func (r *DemandRow) On(j int32) []int64 {
	n := len(r.Rest)
	if r.Nodes == nil {
		if r.Values != nil {
			return r.Values[int(j)*n : int(j)*n+n]
		}
		return r.Rest
	}
	if k := find(r.Nodes, j); k >= 0 {
		return r.Values[k*n : k*n+n]
	}
	return r.Rest
}

// Usual returns what a copy takes on most nodes or, where the row is dense, on the first
// one. The slice is shared.
func (r *DemandRow) Usual() []int64 {
	if r.Nodes == nil {
		return r.On(0)
	}
	return r.Rest
}

// find returns the index of j in an ascending list, or -1.
func find(list []int32, j int32) int {
	low, high := 0, len(list)
	for low < high {
		mid := int(uint(low+high) >> 1)
		if list[mid] < j {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low < len(list) && list[low] == j {
		return low
	}
	return -1
}

// Domain is a set of nodes; Words is nil for every node.
type Domain struct {
	Words []uint64
	Size  int
}

// Has reports whether node j belongs to the domain.
func (d *Domain) Has(j int32) bool {
	return d.Words == nil || d.Words[j>>6]>>(uint(j)&63)&1 == 1
}

// Nodes lists the domain in ascending order. O(nodes); for set-up, not for loops.
func (d *Domain) Nodes() []int32 {
	list := make([]int32, 0, d.Size)
	if d.Words == nil {
		for j := range int32(d.Size) {
			list = append(list, j)
		}
		return list
	}
	for j := range int32(len(d.Words) * 64) {
		if d.Has(j) {
			list = append(list, j)
		}
	}
	return list
}

// Rebate takes Amount off the cost for each of the first Upto copies on Node:
// replicas that stay where they run today, or the first replica of a chunk on a
// rack that reads it. Amounts are positive, so further copies never get cheaper.
type Rebate struct {
	Node   int32
	Upto   int32
	Amount int64
}

// Run is where an item runs today: each of the first Upto copies on Node keeps so
// many replicas where they are. That is more than one for an affinity group.
type Run struct {
	Node, Upto int32
	Replicas   int64
}

// Send is a load on the uplink of Node while no copy of the item is there.
type Send struct {
	Node  int32
	Reads int64
}

// Constraint is a rule over items. Hard where Weight is 0; else a wish.
//
//   - Affinity: all copies of all members in one place of the topology; hard, all
//     of them are placed or none. As a wish it costs Weight for each task (Times
//     of them in a member) that has placed copies and not all of them in the one
//     place that holds the most tasks whole.
//   - AntiAffinity: no place holds copies of two members. As a wish it costs
//     Weight·Times·Times once for each pair of members that share a place.
//   - Spread: the weighted number of copies (Times each) by place, over all places
//     of the topology: largest − smallest ≤ MaxSkew. As a wish it costs Weight for
//     each unit above.
type Constraint struct {
	Kind     RuleKind
	Topology int32
	Members  []Member
	MaxSkew  int64
	Weight   int64
	Rule     int // its index in the document
}

// Member is an item in a constraint: Times is the number of the rule's tasks that
// it stands for, or, in Spread, the number of replicas that one copy stands for.
type Member struct {
	Item  int32
	Times int64
}

// Pair is traffic between two items. With a and b copies of A and B in a place,
// the share that stays inside is Share(a, b), and the pair costs
//
//	Price · (Share(placed A, placed B)·D(last) − Σ_{level l < last} (D(l+1) − D(l)) · Σ_places Share(a, b))
//
// with D the distances of Levels. With a Matrix both items have one copy, and the pair
// costs Price·Full times the distance between them where both are placed.
type Pair struct {
	A, B  int32
	Price int64 // cost of one unit of share over one unit of distance
}

// Level is a distance of traffic: what it costs inside one place of Topology.
type Level struct {
	Topology int32 // -1 on the last: anywhere
	Distance int64
}

// shareScale is the whole of a pair's traffic in the units that shares are
// rounded down to: six decimals.
const shareScale = 1_000_000

// Share returns which part of the traffic between two items of countA and countB
// copies flows between a copies of the one and b of the other: the lesser of
// a/countA and b/countB, rounded down to six decimals, in units of 1/p.Full.
func (p *Problem) Share(a, countA, b, countB int32) int64 {
	low := min(shareScale*int64(a)/int64(countA), shareScale*int64(b)/int64(countB))
	return low / (shareScale / p.Full)
}

// Feature is a set of things that occur in a problem, or that a method handles.
type Feature uint32

// The features.
const (
	SeveralResources Feature = 1 << iota
	UnlikeDemands            // a task takes different amounts on different nodes
	Selectors                // items that may not go everywhere
	Copies                   // items with more than one copy
	Apart
	Conflicts  // hard anti-affinity
	Together   // hard affinity over places wider than a node
	Spreading  // hard spread
	Wishes     // soft rules
	TrafficOn  // traffic between items
	Shares     // traffic of items with several copies
	Distances  // more than "same node or not"
	OpenCosts  // nodes that cost something to use
	LeavingOut // copies that may be left out
	Stays      // rebates: moves of replicated tasks, reads of chunks
	Uplinks
	MoveLimit // replicas that have to stay where they run today
	Matrix    // distances between single nodes
	featureEnd
)

// AllFeatures is every feature that a placement can have. Schedules is the one of a
// workflow, and Placements is what a method for workflows alone lacks for a placement:
// no problem lists it.
const (
	AllFeatures = featureEnd - 1
	Schedules   = featureEnd
	Placements  = featureEnd << 1
)

var featureNames = []string{
	"several resources", "demands that differ by node", "selectors", "replicas", "replicas kept apart",
	"anti-affinity", "affinity wider than a node", "spread", "wishes", "traffic", "traffic of replicas",
	"distances by level", "nodes that cost something", "tasks that may be left out",
	"moves of replicas and reads", "uplinks", "a limit on moves", "distances between nodes",
	"workflows", "placements",
}

// Names lists the features of the set in words.
func (f Feature) Names() []string {
	var names []string
	for k, name := range featureNames {
		if f>>k&1 == 1 {
			names = append(names, name)
		}
	}
	return names
}

// Report says what Compile found and removed.
type Report struct {
	Nodes, Tasks, Replicas int // in the document
	Rules, Traffic         int
	Dependencies           int // of a workflow, which has only this, nodes, tasks, classes and CutBySize
	Items, Copies          int // after reduction
	Merged                 int // tasks merged into affinity groups
	Identical              int // replicas and groups that joined an identical one in an item
	NodeClasses            int
	CutBySelector          int // pairs of copy and node removed by `on` …
	CutBySize              int // … because the node is too small …
	CutByNetwork           int // … because no path leads to a home
	Forced                 int // copies with one node left
	NeverPlaced            int // copies that fit nowhere and are left out
}

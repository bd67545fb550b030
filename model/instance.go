package model

// Instance is a problem as people write it: a document of the kind placement or
// workflow of docs/format.md, decoded but not yet resolved. Names refer to one
// another as text; Compile turns them into indices and exact integers.
//
// The zero value of an optional field means that the document does not say it,
// except where a comment names another default.
type Instance struct {
	Name         string
	Workflow     bool // tasks that depend on one another and take time; else a placement
	Nodes        []Node
	Tasks        []Task
	Rules        []Rule
	Traffic      []Traffic
	Network      Network
	Weights      Weights
	Dependencies []Dependency // of a workflow
	Given        Given        // what is asked beside the document, which does not have it
}

// Node is a machine, a rack or any other place with limited resources.
type Node struct {
	Name     string
	Capacity Resources
	Labels   []Label  // sorted by key
	OpenCost Decimal  // paid once when the node hosts at least one task
	Uplink   *Decimal // reads that the node may send elsewhere; nil: no limit
	Speed    *Decimal // of a workflow: work done in a unit of time; nil: 1
}

// Label returns the value of a label, and whether the node carries it.
func (n *Node) Label(key string) (string, bool) {
	for _, l := range n.Labels {
		if l.Key == key {
			return l.Value, true
		}
	}
	return "", false
}

// Label is a key of a node with its value, such as rack: r1.
type Label struct{ Key, Value string }

// Task is what is placed: a container, a job, a chunk, with all its replicas.
type Task struct {
	Name     string
	Demand   Resources
	DemandOn []NodeDemand // what it takes on nodes where that differs
	Replicas int          // identical copies; at least 1
	Apart    string       // "node" or a label key: replicas on different values of it
	Home     []string     // nodes where its data sits
	Fetch    *Fetch       // what a replica pays away from home
	Data     *Quantity    // fetched over the network instead of at a stated price
	Current  []string     // nodes it runs on today; a node may repeat
	MoveCost *Decimal     // nil: 1 where Current is given
	On       *Selector    // the only nodes allowed; nil: all
	Unplaced *Decimal     // the price of leaving a replica out; nil: it must be placed
	Reads    []NodeReads  // reads by node, for chunks on racks

	// Of a workflow: one of Work and Durations, and the window that it runs in.
	Work      *Decimal   // it runs for Work divided by the speed of its node
	Durations []NodeTime // it runs so long, on these nodes only; sorted by node
	Release   Decimal    // it does not start before
	Deadline  *Decimal   // it ends by then; nil: no limit
}

// NodeTime is how long a task runs on a node.
type NodeTime struct {
	Node string
	Time Decimal
}

// Dependency says that a task needs the result of another, which is so much data.
type Dependency struct {
	From, To string
	Data     Quantity
}

// Fetch is the penalty of a replica on a node that is none of its homes.
type Fetch struct {
	Rest Decimal     // on every node that On does not name
	On   []NodePrice // by node, none named twice
}

// NodePrice is a price on one node.
type NodePrice struct {
	Node  string
	Price Decimal
}

// NodeReads is how often a chunk is read from one rack.
type NodeReads struct {
	Node  string
	Reads Decimal
}

// NodeDemand is what a task takes on one node, for the resources it names;
// the others keep the task's general demand.
type NodeDemand struct {
	Node   string
	Demand Resources
}

// Selector limits a task to nodes by labels or by name; one of the two is used.
type Selector struct {
	Labels []Label  // all of them must match
	Nodes  []string // one of these
}

// RuleKind says what a Rule asks for.
type RuleKind uint8

// The kinds of a rule.
const (
	Affinity     RuleKind = iota // all replicas of all tasks in one place
	AntiAffinity                 // no two tasks in one place
	Spread                       // replicas counted by place differ by at most MaxSkew
)

// String is the field that the kind has in a document.
func (k RuleKind) String() string {
	return [...]string{"affinity", "antiAffinity", "spread"}[k]
}

// Rule binds the places of several tasks together.
type Rule struct {
	Kind     RuleKind
	Tasks    []string
	Topology string   // "node" or a label key; "" means "node"
	MaxSkew  int      // for Spread; 1 unless stated
	Weight   *Decimal // nil: the rule is hard; else what breaking it costs
}

// Traffic is a volume that flows between two tasks.
type Traffic struct {
	Between [2]string
	Volume  Decimal
}

// Network says what traffic and data cost between nodes.
type Network struct {
	Distance []Distance     // from the nearest level to the farthest; empty: 0 on one node, else 1
	Between  []NodeDistance // instead of levels: every pair of nodes, both ways; nil: levels
	Links    []Link
	Default  *Line // every pair of nodes that no path of links joins
}

// Distance is what one unit of traffic costs between nodes of the same place.
type Distance struct {
	Same string // "node" or a label key; "" on the last level: anywhere
	Cost Decimal
}

// NodeDistance is what one unit of traffic costs between two nodes, both ways.
type NodeDistance struct {
	Nodes [2]string
	Cost  Decimal
}

// Link joins two nodes, both ways.
type Link struct {
	Between [2]string
	Line
}

// Line is the quality of a connection.
type Line struct {
	Latency   Decimal
	Bandwidth *Quantity // per unit of time; nil: no limit
}

// Weights scale the terms of the cost: 1 each where a document says nothing, which
// Read fills in; an instance made in memory has to.
type Weights struct{ Fetch, Traffic, Move, Open Decimal }

// Resources are amounts by resource, sorted by name, none named twice.
type Resources []Amount

// Amount is a quantity of one resource.
type Amount struct {
	Resource string
	Quantity Quantity
}

// Of returns the amount of a resource; 0 where it is not named.
func (r Resources) Of(resource string) Quantity {
	for _, a := range r {
		if a.Resource == resource {
			return a.Quantity
		}
	}
	return Quantity{}
}

package results

// Duel is a paired comparison of two methods over the instances that both ran on.
type Duel struct {
	A, B        string
	Pairs       []Pair
	Better      int // instances on which A is faster to the proof, or has the lower cost where neither proves
	Worse, Ties int
	Ratio       Interval // of A's time to B's, shifted geometric mean
	GapDiff     Interval // mean of A's gap − B's
	PTime, PGap float64  // Wilcoxon signed-rank, two-sided
	Verdict     string   // a sentence with its uncertainty
}

// Pair is one instance in a duel; values are means over seeds.
type Pair struct {
	Entry            *Entry
	ATime, BTime     float64 // seconds to the proof, the limit where there is none
	AGap, BGap       float64
	AProven, BProven bool
	Difference       float64 // how much the pair weighs in the list of those that differ most
}

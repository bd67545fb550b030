package results

// Interval is an estimate with its 95 % confidence interval, bootstrapped over
// instances.
type Interval struct{ Value, Low, High float64 }

// Summary is a method's row in the table of methods.
type Summary struct {
	Method                      string
	Runs, Solved, Proven, Wrong int
	Failed                      int      // without an answer: timeout, memory, crash, rubbish
	Unfit                       int      // left out of everything below
	Time                        Interval // shifted geometric mean (shift 1 s) of the seconds to the proof; the limit where there is none
	PAR10                       Interval // mean of the seconds to the proof; ten times the limit where there is none
	Gap                         Interval // mean gap to the best known, a run without a placement counting as 1
	Primal                      Interval // mean primal integral as a share of the limit, 0 to 1 (Berthold 2013)
	Wins                        int      // instances on which no other method is better: by proof, then cost, then time
}

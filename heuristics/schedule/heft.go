package schedule

// HEFT takes the tasks by falling upward rank, the longest way from a task to the end
// in mean times, and gives each the node on which it ends first, in the earliest gap
// there.
//
// Source: H. Topcuoglu, S. Hariri and M.-Y. Wu, Performance-effective and
// low-complexity task scheduling for heterogeneous computing, IEEE Transactions on
// Parallel and Distributed Systems 13(3), 2002. O((tasks + edges) · nodes) and what
// looking through gaps takes.
var HEFT = list("heft", "by longest way to the end, each task where it ends first",
	"Topcuoglu, Hariri and Wu 2002", func(t *timetable) bool {
		return t.place(byRank(t.w, upwardRank(t.w, meanDurations(t.w), meanMessages(t.w))))
	})

// place gives each task of a list the node on which it ends first. It returns false
// where a task can run nowhere, or when the board says stop.
func (t *timetable) place(order []int32) bool {
	for _, task := range order {
		t.arrivals(task)
		node, start := t.soonest(task)
		if node < 0 || !t.work(task) {
			return false
		}
		t.add(task, node, start)
	}
	return true
}

package schedule

import "berth/model"

// Single puts everything on one node, the one on which it ends first: where results are
// large, nothing beats that easily.
var Single = list("single", "everything on one node", "", func(t *timetable) bool {
	all := t.nodes
	best, least := int32(-1), model.Never
	for _, j := range all {
		end := int64(0)
		for _, task := range t.w.Order {
			if end = max(end, t.w.Release[task]) + t.w.DurationOn(task, j); end >= model.Never {
				break
			}
		}
		if end < least {
			best, least = j, end
		}
	}
	if best < 0 {
		return false
	}
	t.inOrder(t.w.Order, func(int32) int32 { return best })
	return true
})

package model

import (
	"fmt"
	"slices"
	"strings"
)

// TasksOf returns the tasks that item i stands for, by index, ascending. For
// messages, not for loops: O(copies).
func (p *Problem) TasksOf(i int32) []int32 {
	item := &p.Items[i]
	var tasks []int32
	for c := item.First; c < item.First+item.Count; c++ {
		s := p.original.stands[c]
		if s < 0 {
			return p.original.groups[^s]
		}
		if t := p.original.taskOf(s); len(tasks) == 0 || tasks[len(tasks)-1] != t {
			tasks = append(tasks, t)
		}
	}
	return tasks
}

// taskOf returns the task of a replica. O(log tasks).
func (o *original) taskOf(replica int32) int32 {
	low, _ := slices.BinarySearchFunc(o.tasks, replica, func(t originalTask, r int32) int {
		if t.first+t.replicas <= r {
			return -1
		}
		return 1
	})
	return int32(low)
}

// TaskName returns the name of a task by its index in the document.
func (p *Problem) TaskName(task int32) string { return p.original.names[task] }

// Label names an item by its tasks, the first few of them where there are many.
func (p *Problem) Label(i int32) string {
	tasks := p.TasksOf(i)
	names := make([]string, 0, 4)
	for _, t := range tasks {
		if len(names) == 3 && len(tasks) > 4 {
			names = append(names, fmt.Sprintf("%d more", len(tasks)-3))
			break
		}
		names = append(names, p.original.names[t])
	}
	return strings.Join(names, ", ")
}

// Counted says how many there are: with the words for one, or those for another number.
func Counted(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

// Plural is Counted with one word: 1 task, 2 tasks, 3 dependencies.
func Plural(n int, thing string) string {
	more := thing + "s"
	if before, y := strings.CutSuffix(thing, "y"); y && !strings.ContainsAny(before[len(before)-1:], "aeou") {
		more = before + "ies"
	}
	return Counted(n, thing, more)
}

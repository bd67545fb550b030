// Package jail runs one program, with every process that it starts, under limits,
// measures what they take together, and leaves none of them behind.
//
// The idea is that of runsolver (O. Roussel, Controlling a solver execution with the
// runsolver tool, JSAT 7, 2011) and of BenchExec (D. Beyer, S. Löwe, P. Wendler,
// Reliable benchmarking, STTT 21, 2019): a supervisor between the harness and the
// program. It is this same executable, started again for each run. It declares
// itself a subreaper, so that a process whose parent has died becomes its child,
// whatever sessions and groups that process has moved to. Nothing that the program
// starts can leave that tree; when the program ends or a limit is reached, the
// supervisor kills and reaps the tree until nothing is left of it.
//
// Each of the three may be killed at any moment:
//
//   - The program: the supervisor sees it end.
//   - The harness: the supervisor sees its connection close, kills all, and ends.
//   - The supervisor: the kernel kills the program, and everything else becomes a
//     child of the harness, which is a subreaper too and kills what it did not start.
//
// Harness and supervisor killed in the same instant are more than this can hold:
// the program itself still dies, processes that it started live on. With control
// groups the next harness on the machine finds and kills those. What a program has
// others do for it (systemd, cron, a container engine) is outside the tree.
//
// Memory is held by a control group (version 2) where the harness may make one.
// Elsewhere the supervisor looks every 16 ms at what the processes of the tree have,
// see memory_linux.go. CPU affinity is set for the program and inherited.
//
//   - jail.go: what a run is given and what it reports.
//   - run_linux.go: the side of the harness; streams_linux.go: what the program
//     writes; orphans_linux.go: after a supervisor has died.
//   - supervisor_linux.go: the supervisor; order_linux.go: how the two talk.
//   - tree_linux.go, memory_linux.go: processes and what they use.
//   - group_linux.go: control groups.
//
// A program that calls Run calls Supervise first of all. It should start no
// processes of its own in sessions of their own (setsid) beside it: they would look
// like orphans.
package jail

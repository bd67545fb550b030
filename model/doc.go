// Package model holds a problem, a placement or a workflow, in its two forms, and the
// judge.
//
//   - Instance is the document as people write it (instance.go), read strictly
//     from JSON or YAML (read.go, source.go, decode.go, check.go) and written
//     back (write.go).
//   - Problem is what every method works on (problem.go): indexed, exact
//     integers, reduced. Compile makes it (compile.go and reduce.go).
//   - Placement says where everything goes; Problem.Evaluate is the judge that
//     costs it and lists what it breaks (evaluate.go). It looks at the problem
//     before reduction, so a wrong reduction cannot hide from it. Problem.Bill
//     says the same item by item (bill.go), Problem.Charges what is dearest and
//     what keeps it there (charges.go).
//   - Workflow is the compiled form of a workflow (workflow.go), a part of Problem;
//     Schedule says where and when its tasks run, and EvaluateSchedule judges that
//     (schedule.go).
//   - Solution is the document that leaves (solution.go).
//
// Package model searches nothing and holds no floating-point number that
// decides anything.
package model

package model

// Expand returns the node of every replica, task after task, for tests.
func (p *Problem) Expand(pl Placement) []int32 { return p.expand(pl) }

// JudgeReplicas judges the nodes of all replicas, for tests.
func (p *Problem) JudgeReplicas(at []int32) Verdict { return p.judge(at) }

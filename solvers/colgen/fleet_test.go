//go:build cgo

package colgen_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/model"
	"berth/search"
	"berth/solvers/colgen"
)

// pools draws a problem over nodes of few kinds that cost something to use: with one to five
// resources, prices and demands by kind, selectors, replicas, tasks that may be left out, and
// tasks that may not meet.
func pools(seed uint64) *model.Instance {
	rng := rand.New(rand.NewPCG(seed, 23))
	some := func(n int) bool { return rng.IntN(n) == 0 }
	kinds, tasks, resources := 1+rng.IntN(3), 1+rng.IntN(6), 1+rng.IntN(3)
	if some(10) {
		resources = 5
	}
	largest, dearest := []int{2, 5, 30}[rng.IntN(3)], []int{1, 4, 50}[rng.IntN(3)]
	names := []string{"cpu", "disk", "gpu", "memory", "network"}[:resources]
	amounts := func(least, most int) model.Resources {
		var list model.Resources
		for _, name := range names {
			list = append(list, model.Amount{Resource: name, Quantity: model.Quantity{Units: int64(least + rng.IntN(most+1))}})
		}
		return list
	}
	in := &model.Instance{Weights: model.Weights{Fetch: model.DecimalOne, Traffic: model.DecimalOne, Move: model.DecimalOne, Open: model.DecimalOne}}
	byKind := make([][]string, kinds)
	for k := range kinds {
		node := model.Node{Capacity: amounts(largest, 2*largest), OpenCost: model.Decimal(rng.IntN(20)) * model.DecimalOne}
		for n := range 1 + rng.IntN(1+6/(kinds+1)) {
			node.Name = fmt.Sprintf("k%dn%d", k, n)
			byKind[k] = append(byKind[k], node.Name)
			in.Nodes = append(in.Nodes, node)
		}
	}
	prices, unlike, leave := some(2), some(4), some(3)
	for i := range tasks {
		task := model.Task{Name: fmt.Sprintf("t%d", i), Replicas: 1, Demand: amounts(0, largest)}
		if some(3) {
			task.Replicas += rng.IntN(3)
			if some(2) {
				task.Apart = "node"
			}
		}
		if prices {
			task.Fetch = &model.Fetch{}
		}
		for _, nodes := range byKind {
			price, demand := model.Decimal(rng.IntN(dearest+1))*model.DecimalOne, amounts(0, largest)
			for _, name := range nodes {
				if prices {
					task.Fetch.On = append(task.Fetch.On, model.NodePrice{Node: name, Price: price})
				}
				if unlike {
					task.DemandOn = append(task.DemandOn, model.NodeDemand{Node: name, Demand: demand})
				}
			}
		}
		if some(5) {
			task.On = &model.Selector{Nodes: byKind[rng.IntN(kinds)]}
		}
		if leave && some(2) {
			price := model.Decimal(rng.IntN(dearest+10)) * model.DecimalOne
			task.Unplaced = &price
		}
		in.Tasks = append(in.Tasks, task)
	}
	for range rng.IntN(3) {
		rule := model.Rule{Kind: model.AntiAffinity, Topology: "node"}
		for _, i := range rng.Perm(tasks)[:min(2+rng.IntN(3), tasks)] {
			rule.Tasks = append(rule.Tasks, fmt.Sprintf("t%d", i))
		}
		if len(rule.Tasks) > 1 && some(2) {
			in.Rules = append(in.Rules, rule)
		}
	}
	return in
}

func TestFleetsAgainstBruteForce(t *testing.T) {
	feasible, all := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		from := rapid.Uint64().Draw(rt, "seed")
		for seed := from; seed < from+3; seed++ {
			p := compiled.Instance(t, pools(seed))
			best, cost, ok := bruteforce.Solve(p)
			if !ok {
				continue
			}
			r, err := search.Run(context.Background(), p, colgen.Fleets()[0], search.Limits{}, 1, 1, nil)
			if errors.Is(err, search.ErrTooLarge) {
				continue // no node costs anything
			}
			if all++; best != nil {
				feasible++
			}
			if rt.Logf("problem %d", seed); err != nil {
				rt.Fatal(err)
			}
			proves(rt, r, best, cost)
		}
	})
	bothSides(t, feasible, all)
}

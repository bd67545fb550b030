package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"berth/model"
	"berth/sizing/shards"
)

// write adds the shards to an instance as tasks, and servers where it has no nodes.
func (c *cutting) write(in *model.Instance, list []shards.Shard) error {
	apart := "node"
	if c.into == "" {
		if err := c.addServers(in, list); err != nil {
			return err
		}
		if c.racks >= c.replicas && c.racks > 1 {
			apart = "rack"
		}
	} else if nodes := len(in.Nodes); nodes < c.replicas {
		return fmt.Errorf("%s cannot hold %d copies of a shard apart; want --replicas %d at most", model.Plural(nodes, "node"), c.replicas, nodes)
	}
	had := len(in.Tasks)
	add := func(name string, shard shards.Shard, replicas int) {
		task := model.Task{
			Name:     name,
			Demand:   model.Resources{{Resource: "memory", Quantity: model.Quantity{Units: shard.Bytes}}},
			Replicas: replicas,
		}
		if replicas > 1 {
			task.Apart = apart
		}
		in.Tasks = append(in.Tasks, task)
	}
	memory := smallest(in)
	for from, to := 0, 0; from < len(list); from = to {
		if to = c.groupEnd(list, from, memory); to == from+1 {
			add(shardName(from, len(list)), list[from], c.replicas)
			continue
		}
		// Each copy is a task of its own: the first copies of all lie together, and so on.
		for k := from; k < to; k++ {
			for copied := range c.replicas {
				add(copyName(k, len(list), copied), list[k], 1)
			}
		}
		in.Rules = append(in.Rules, c.rules(from, to, len(list), apart)...)
	}
	taken := map[string]bool{}
	for k, t := range in.Tasks {
		if k >= had && taken[t.Name] {
			return fmt.Errorf("there is a task %s already; rename it, or take an instance without the shards", t.Name)
		}
		taken[t.Name] = true
	}
	return nil
}

// rules keep each copy of some shards on one server, and the copies of a shard apart.
func (c *cutting) rules(from, to, shards int, apart string) (rules []model.Rule) {
	for copied := range c.replicas {
		together := model.Rule{Kind: model.Affinity}
		for k := from; k < to; k++ {
			together.Tasks = append(together.Tasks, copyName(k, shards, copied))
		}
		rules = append(rules, together)
	}
	if c.replicas > 1 {
		// What holds for the first of them holds for what lies with it.
		copies := model.Rule{Kind: model.AntiAffinity, Topology: apart}
		for copied := range c.replicas {
			copies.Tasks = append(copies.Tasks, copyName(from, shards, copied))
		}
		rules = append(rules, copies)
	}
	return rules
}

// groupEnd says where the shards end that lie together with one: below the same directory,
// and not more than a quarter of some memory.
func (c *cutting) groupEnd(list []shards.Shard, from int, memory int64) int {
	to, bytes := from+1, list[from].Bytes
	prefix := c.prefix(list[from].From)
	for to < len(list) && prefix != "" && c.prefix(list[to-1].To) == prefix && c.prefix(list[to].To) == prefix && bytes+list[to].Bytes <= memory/4 {
		bytes += list[to].Bytes
		to++
	}
	return to
}

// prefix is the directory of the depth asked for that a directory is in, or nothing.
func (c *cutting) prefix(directory string) string {
	parts := strings.SplitN(strings.TrimPrefix(directory, "/"), "/", c.together+1)
	if len(parts) < c.together || parts[0] == "" {
		return ""
	}
	return strings.Join(parts[:c.together], "/")
}

// smallest is the least memory of a node.
func smallest(in *model.Instance) int64 {
	least := int64(math.MaxInt64)
	for _, n := range in.Nodes {
		least = min(least, n.Capacity.Of("memory").Units)
	}
	return least
}

func shardName(k, shards int) string {
	return fmt.Sprintf("shard-%0*d", len(fmt.Sprint(shards)), k+1)
}

// copyName is what a copy is called that is a task of its own.
func copyName(k, shards, copied int) string {
	return fmt.Sprintf("%s-copy%d", shardName(k, shards), copied+1)
}

// addServers adds new nodes, rack by rack in turn. It refuses those that cannot hold the
// shards, whatever lies where.
func (c *cutting) addServers(in *model.Instance, list []shards.Shard) error {
	need, largest := float64(total(list))*float64(c.replicas), int64(0)
	for _, s := range list {
		largest = max(largest, s.Bytes)
	}
	switch {
	case largest > c.memory:
		return fmt.Errorf("the largest shard takes %s and a server has %s; want more --shards, or --memory %s", size(largest), size(c.memory), upToUnit(largest))
	case c.servers > 0 && c.servers < c.replicas:
		return fmt.Errorf("%s cannot hold %d copies of a shard apart; want --servers %d, or fewer --replicas", model.Plural(c.servers, "server"), c.replicas, c.replicas)
	case c.servers > 0 && float64(c.servers)*float64(c.memory) < need:
		return fmt.Errorf("%s of %s do not hold %d times %s; want --servers %.0f, or --memory %s", model.Plural(c.servers, "server"), size(c.memory), c.replicas, size(total(list)),
			math.Ceil(need/float64(c.memory)), upToUnit(int64(math.Ceil(need/float64(c.servers)))))
	}
	if c.servers == 0 {
		c.servers = max(int(math.Ceil(need/(0.8*float64(c.memory)))), c.replicas, c.racks)
	}
	for k := range c.servers {
		in.Nodes = append(in.Nodes, model.Node{
			Name:     fmt.Sprintf("server-%0*d", len(fmt.Sprint(c.servers)), k+1),
			Capacity: model.Resources{{Resource: "memory", Quantity: model.Quantity{Units: c.memory}}},
			Labels:   []model.Label{{Key: "rack", Value: fmt.Sprintf("r%d", k%c.racks+1)}},
		})
	}
	return nil
}

// upToUnit writes an amount of bytes as a flag has it, rounded up.
func upToUnit(bytes int64) string {
	units := []string{"Ki", "Mi", "Gi", "Ti"}
	v := (bytes + 1023) / 1024
	for v >= 100*1024 && len(units) > 1 {
		v, units = (v+1023)/1024, units[1:]
	}
	return fmt.Sprint(v) + units[0]
}

// shardMap is what --map writes; servers are where each shard is, or nil.
func shardMap(list []shards.Shard, servers [][]string) any {
	rows := make([]facts, len(list))
	for k, s := range list {
		rows[k] = facts{{"shard", "", shardName(k, len(list))}, {"from", "", s.From}, {"to", "", s.To}}
		if s.Part.Of > 1 {
			rows[k] = append(rows[k], fact{"firstPart", "", s.Part.First}, fact{"parts", "", s.Part.Of})
		}
		rows[k] = append(rows[k], fact{"directories", "", s.Directories}, fact{"files", "", s.Files}, fact{"bytes", "", s.Bytes})
		if servers != nil {
			rows[k] = append(rows[k], fact{"servers", "", servers[k]})
		}
	}
	return map[string]any{"shards": rows}
}

// tell says what a solution comes to.
func (c *cutting) tell(a *app, tree *shards.Tree, list []shards.Shard, mapping *output, out *modelOutput) error {
	solution, err := a.solutionDocument(c.placed)
	if err != nil {
		return err
	}
	servers, err := serversOf(solution, len(list))
	if err != nil {
		return fmt.Errorf("%s: %w", shownName(c.placed), err)
	}
	number := map[string]int{}
	at := make([][]int, len(list))
	for k := range servers {
		for _, name := range servers[k] {
			if _, known := number[name]; !known {
				number[name] = len(number)
			}
			at[k] = append(at[k], number[name])
		}
	}
	m := &modelled{facts: facts{{"servers", "servers that hold shards", len(number)}, {"shards", "shards", len(list)}, {"copies", "copies of each", len(at[0])}}}
	m.schemes(tree.Servers(list, at, len(number)), "servers", "fullest", "fullest server")
	if c.mapping != "" {
		if err := mapping.writeJSON(shardMap(list, servers)); err != nil {
			return err
		}
	}
	return out.put(m)
}

// serversOf finds where each shard is.
func serversOf(solution *model.Solution, shards int) ([][]string, error) {
	index := map[string]int{}
	for k := range shards {
		index[shardName(k, shards)] = k
	}
	servers := make([][]string, shards)
	for _, t := range solution.Placement {
		name, _, _ := strings.Cut(t.Task, "-copy")
		k, known := index[name]
		if !known {
			if strings.HasPrefix(name, "shard-") {
				return nil, fmt.Errorf("it places %s, and the listing is cut into %d shards; cut it as it was cut then, with --shards", name, shards)
			}
			continue
		}
		servers[k] = append(servers[k], t.Nodes...)
	}
	if k := slices.IndexFunc(servers, func(s []string) bool { return len(s) == 0 }); k >= 0 {
		return nil, fmt.Errorf("it does not place %s; solve the instance that berth shards wrote, with the same --shards", shardName(k, shards))
	}
	return servers, nil
}

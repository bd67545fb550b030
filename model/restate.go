package model

// restateRules turns rules over tasks into constraints over items.
func (c *compiler) restateRules() {
	p, o := c.p, c.p.original
	for k := range o.rules {
		r := &o.rules[k]
		if !r.hard && r.weight == 0 || r.kind == Affinity && r.hard && r.topology == 0 {
			continue
		}
		con := Constraint{Kind: r.kind, Topology: r.topology, MaxSkew: r.maxSkew, Weight: r.weight, Rule: k}
		at := map[int32]int{}
		for _, t := range r.tasks {
			i := o.itemOf[t]
			times := int64(1)
			if r.kind == Spread && c.isGroup(i) {
				times = int64(o.tasks[t].replicas)
			}
			if m, ok := at[i]; ok {
				con.Members[m].Times += times
				continue
			}
			at[i] = len(con.Members)
			con.Members = append(con.Members, Member{i, times})
		}
		if r.kind == AntiAffinity {
			for _, m := range con.Members {
				if m.Times == 1 {
					continue
				}
				if r.hard {
					c.forbid(&p.Items[m.Item])
				}
				c.surcharge(&p.Items[m.Item], r.weight*(m.Times*(m.Times-1)/2))
			}
		}
		alone := len(con.Members) == 1
		if alone && (r.kind == AntiAffinity || r.kind == Affinity && p.Items[con.Members[0].Item].Count == 1) {
			continue
		}
		p.Constraints = append(p.Constraints, con)
	}
}

// restateTraffic turns traffic between tasks into pairs of items. What flows
// inside one item costs the same wherever it is.
func (c *compiler) restateTraffic() {
	p, o := c.p, c.p.original
	at := map[[2]int32]int{}
	for _, t := range o.traffic {
		if t.price == 0 {
			continue
		}
		a, b := o.itemOf[t.a], o.itemOf[t.b]
		if a == b {
			c.surcharge(&p.Items[a], t.price*p.Full*p.Levels[0].Distance)
			continue
		}
		key := [2]int32{min(a, b), max(a, b)}
		if k, ok := at[key]; ok {
			p.Pairs[k].Price += t.price
			continue
		}
		at[key] = len(p.Pairs)
		p.Pairs = append(p.Pairs, Pair{key[0], key[1], t.price})
	}
}

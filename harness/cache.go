package harness

import (
	"fmt"
	"slices"
	"sync"

	"berth/model"
)

// cacheSize is how many bytes of files the compiled problems that are kept may come
// from.
const cacheSize = 64 << 20

// cache keeps the problems that were used last.
type cache struct {
	mu   sync.Mutex
	kept []cached // the latest last
}

type cached struct {
	of       *problem
	compiled *model.Problem
}

// get returns an instance compiled. Several may call it at a time.
func (c *cache) get(p *problem) (*model.Problem, error) {
	p.loading.Lock()
	defer p.loading.Unlock()
	if compiled := c.find(p); compiled != nil {
		return compiled, nil
	}
	in, err := p.read()
	if err != nil {
		return nil, err
	}
	if digest := in.Digest(); digest != p.Digest {
		return nil, fmt.Errorf("%s: the instance was changed while the sweep was at work; start the sweep again", p.File)
	}
	compiled, err := model.Compile(in)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.File, err)
	}
	c.keep(p, compiled)
	return compiled, nil
}

func (c *cache) find(p *problem) *model.Problem {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := slices.IndexFunc(c.kept, func(e cached) bool { return e.of == p })
	if k < 0 {
		return nil
	}
	entry := c.kept[k]
	c.kept = append(slices.Delete(c.kept, k, k+1), entry)
	return entry.compiled
}

// keep adds a problem and drops the oldest ones where there are too many.
func (c *cache) keep(p *problem, compiled *model.Problem) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept = append(c.kept, cached{p, compiled})
	total := int64(0)
	for k := len(c.kept) - 1; k >= 0; k-- {
		if total += c.kept[k].of.size; total > cacheSize && k < len(c.kept)-1 {
			c.kept = slices.Delete(c.kept, 0, k+1)
			return
		}
	}
}

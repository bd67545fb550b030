// Package sizing answers what must be known before anything is placed: what load a
// server carries under a promise about its response time, how requests are best
// routed, how many replicas, shards or tokens there should be. They are small models
// with closed forms or convex optima; a file holds one, and opens with its
// derivation and source.
//
//   - station.go, capacity.go, sample.go: servers with queues, what they carry, and
//     what a measured sample says of them.
//   - route.go, route_rules.go: rates for servers of different speed.
//   - leader.go, bucket.go, repair.go, heartbeat.go, lock.go, batch.go, commit.go: the
//     smaller models.
//   - sizing/ring, sizing/shards, sizing/queue: hashing, metadata of file systems,
//     and the simulation that the models are held against.
//
// Times are in one unit of the caller's choice and rates are per that unit. A number
// that cannot be is refused with a *Refused, which says what would suffice.
package sizing

package model

import (
	"crypto/sha256"
	"encoding/hex"
)

// Digest identifies what the instance means: "sha256:" and the hash of its
// canonical JSON, which is what Write writes. Documents that differ only in syntax,
// in comments, in the order of fields or in how a number is written have one
// digest. O(size of the instance), nothing is kept.
func (in *Instance) Digest() string {
	hash := sha256.New()
	_ = in.Write(hash, "json") // a hash accepts everything
	return "sha256:" + hex.EncodeToString(hash.Sum(nil))
}

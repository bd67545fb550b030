package model

// Digest identifies the meaning of the instance.
func (in *Instance) Digest() string { return "" }

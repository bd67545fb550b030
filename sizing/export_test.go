package sizing

// Minimise looks for the least mean response time without the closed form.
func Minimise(r *Routing) (Routes, error) { return r.minimise(meanAim{}) }

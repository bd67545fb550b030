package view

import "io"

// WriteHTML writes the picture as one page.
func (v *Picture) WriteHTML(w io.Writer) error { return nil }

package semcache

// Quantised gives an embedding as entries have it.
func Quantised(embedding []float32) []byte { return quantise(embedding).pack() }

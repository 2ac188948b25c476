package pii

func addresses(t *reading) {}

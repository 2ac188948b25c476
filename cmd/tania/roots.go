package main

import (
	// In an image that holds nothing but this binary there are no time zones and no certificates. Where the system has its own, those
	// are used.
	_ "time/tzdata"

	_ "golang.org/x/crypto/x509roots/fallback"
)

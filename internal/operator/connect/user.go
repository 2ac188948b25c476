package connect

import (
	"os"
	"os/user"
)

// User is who gives a command: the user of this machine, as ana@laptop.
func User() string {
	name := "somebody"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	host, err := os.Hostname()
	if err != nil {
		return name
	}
	return name + "@" + host
}

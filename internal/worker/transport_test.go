package worker_test

import "net/http"

func newTransport() *http.Transport { return &http.Transport{MaxIdleConnsPerHost: 8} }

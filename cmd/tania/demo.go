package main

type demoCmd struct{}
type routeCmd struct{}
type simCmd struct{}

// Package check reads the files of a deployment with the programs' own parsers: the Dockerfile with BuildKit's, the compose file
// with Compose's, the manifests with Kubernetes' types. It is a module of its own, so that Tania does not depend on these.
package check

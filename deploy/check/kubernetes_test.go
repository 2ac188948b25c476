package check

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"
	kyaml "sigs.k8s.io/yaml"
)

var manifests = filepath.Join(root, "deploy", "kubernetes")

// objects reads the manifests that kustomization.yaml names, and the secret's example; a field that Kubernetes does not know, or that
// stands there twice, is an error.
func objects(t *testing.T) []runtime.Object {
	t.Helper()
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		corev1.AddToScheme, appsv1.AddToScheme, autoscalingv2.AddToScheme,
		policyv1.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	decoder := serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDeserializer()
	var kustomization struct {
		Resources []string `json:"resources"`
	}
	text, err := os.ReadFile(filepath.Join(manifests, "kustomization.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := kyaml.Unmarshal(text, &kustomization); err != nil {
		t.Fatal(err)
	}
	var list []runtime.Object
	for _, name := range append(kustomization.Resources, "secrets.example.yaml") {
		file, err := os.ReadFile(filepath.Join(manifests, name))
		if err != nil {
			t.Fatal(err)
		}
		documents := yaml.NewDocumentDecoder(io.NopCloser(bytes.NewReader(file)))
		for {
			document := make([]byte, len(file)+1)
			n, err := documents.Read(document)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			object, _, err := decoder.Decode(document[:n], nil, nil)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			list = append(list, object)
		}
	}
	return list
}

func TestTheManifestsAreValid(t *testing.T) {
	pods := map[string]corev1.PodTemplateSpec{}
	var budgets []policyv1.PodDisruptionBudget
	var scaler *autoscalingv2.HorizontalPodAutoscaler
	for _, object := range objects(t) {
		switch o := object.(type) {
		case *appsv1.Deployment:
			pods[o.Name] = o.Spec.Template
			matches(t, o.Name, o.Spec.Selector.MatchLabels, o.Spec.Template.Labels)
		case *appsv1.StatefulSet:
			pods[o.Name] = o.Spec.Template
			matches(t, o.Name, o.Spec.Selector.MatchLabels, o.Spec.Template.Labels)
		case *policyv1.PodDisruptionBudget:
			budgets = append(budgets, *o)
		case *autoscalingv2.HorizontalPodAutoscaler:
			scaler = o
		}
	}
	for _, name := range []string{"tania-api", "tania-worker", "redis"} {
		if _, ok := pods[name]; !ok {
			t.Fatalf("there is no %s among %d", name, len(pods))
		}
	}
	for name, pod := range pods {
		hardened(t, name, pod.Spec)
	}
	for _, name := range []string{"tania-api", "tania-worker"} {
		c := pods[name].Spec.Containers[0]
		for what, probe := range map[string]*corev1.Probe{"startup": c.StartupProbe, "readiness": c.ReadinessProbe, "liveness": c.LivenessProbe} {
			if probe == nil || probe.HTTPGet == nil || !slices.Contains([]string{"/healthz", "/readyz"}, probe.HTTPGet.Path) ||
				probe.HTTPGet.Port.StrVal != c.Ports[0].Name {
				t.Errorf("%s: %s probe: %+v", name, what, probe)
			}
		}
		// Liveness must not depend on Redis: a process that keeps webhooks while it is away must not be killed for that.
		if c.LivenessProbe.HTTPGet.Path != "/healthz" {
			t.Errorf("%s: liveness asks %s", name, c.LivenessProbe.HTTPGet.Path)
		}
	}
	for _, b := range budgets {
		matches(t, b.Name, b.Spec.Selector.MatchLabels, pods[b.Name].Labels)
	}
	if len(budgets) != 2 {
		t.Errorf("%d disruption budgets, want those of api and worker", len(budgets))
	}
	if scaler == nil || scaler.Spec.ScaleTargetRef.Name != "tania-worker" ||
		scaler.Spec.Metrics[0].External.Metric.Name != "tania_queue_waiting" {
		t.Errorf("the autoscaler: %+v", scaler)
	}
}

func matches(t *testing.T, name string, selector, labels map[string]string) {
	t.Helper()
	if len(selector) == 0 {
		t.Errorf("%s selects everything", name)
	}
	for k, v := range selector {
		if labels[k] != v {
			t.Errorf("%s selects %v, its pods are %v", name, selector, labels)
		}
	}
}

// hardened is what the namespace's pod security standard, restricted, wants, and that REDIS_PORT is left alone.
func hardened(t *testing.T, name string, pod corev1.PodSpec) {
	t.Helper()
	if s := pod.SecurityContext; s == nil || s.RunAsNonRoot == nil || !*s.RunAsNonRoot || s.SeccompProfile == nil {
		t.Errorf("%s: %+v", name, s)
	}
	if name != "redis" && (pod.EnableServiceLinks == nil || *pod.EnableServiceLinks) {
		t.Errorf("%s: Kubernetes would set REDIS_PORT", name)
	}
	for _, c := range pod.Containers {
		s := c.SecurityContext
		if s == nil || *s.AllowPrivilegeEscalation || !*s.ReadOnlyRootFilesystem || !slices.Contains(s.Capabilities.Drop, "ALL") {
			t.Errorf("%s: %+v", name, s)
		}
		if c.Resources.Requests.Cpu().IsZero() || c.Resources.Limits.Memory().IsZero() {
			t.Errorf("%s: resources %+v", name, c.Resources)
		}
	}
}

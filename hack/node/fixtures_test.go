package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes"
	listers "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/record"
)

// indexed is an informer's store of these objects.
func indexed(t *testing.T, objects ...runtime.Object) cache.Indexer {
	t.Helper()
	store := cache.NewIndexer(cache.MetaNamespaceKeyFunc, cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc})
	for _, object := range objects {
		if err := store.Add(object); err != nil {
			t.Fatal(err)
		}
	}
	return store
}

// testNode is a node that knows these Secrets and ConfigMaps and runs nothing.
func testNode(t *testing.T, objects ...runtime.Object) *node {
	t.Helper()
	secrets, configMaps := indexed(t), indexed(t)
	for _, object := range objects {
		store := configMaps
		if _, ok := object.(*v1.Secret); ok {
			store = secrets
		}
		if err := store.Add(object); err != nil {
			t.Fatal(err)
		}
	}
	return &node{state: t.TempDir(), events: record.NewFakeRecorder(100), networks: newPodNetworks(),
		secrets: listers.NewSecretLister(secrets), configMaps: listers.NewConfigMapLister(configMaps)}
}

// testWorker is the worker of a pod, named web in the namespace team unless the pod says another name.
func testWorker(t *testing.T, pod *v1.Pod, objects ...runtime.Object) *podWorker {
	t.Helper()
	if pod.Name == "" {
		pod.Name, pod.Namespace, pod.UID = "web", "team", "uid-1"
	}
	w := newPodWorker(testNode(t, objects...), pod)
	w.network = networkNumber(5)
	return w
}

// apiServer is a client of an API server that answers every request with this handler.
func apiServer(t *testing.T, handler http.HandlerFunc) kubernetes.Interface {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	client, err := kubernetes.NewForConfig(&rest.Config{Host: server.URL, ContentConfig: rest.ContentConfig{
		ContentType: runtime.ContentTypeJSON}})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func named(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Namespace: "team", Name: name} }

func pointer[T any](value T) *T { return &value }

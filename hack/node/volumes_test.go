package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	authentication "k8s.io/api/authentication/v1"
	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// A program that has the folder open sees the new files at their old paths, and never a mix.
func TestSwap(t *testing.T) {
	folder := t.TempDir()
	for _, files := range []map[string]string{
		{"a": "1", "deep/b": "2"}, {"a": "3", "c": "4"}, {},
	} {
		if err := swap(folder, files); err != nil {
			t.Fatal(err)
		}
		if seen := readAll(t, folder); !maps.Equal(seen, files) {
			t.Errorf("got %v, want %v", seen, files)
		}
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 2 { // ..data and the folder that it leads to
		t.Errorf("old files are left: %v", entries)
	}
}

// readAll is the content of the visible files of a volume, by path.
func readAll(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := map[string]string{}
	tops, err := filepath.Glob(filepath.Join(folder, "[^.]*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, top := range tops {
		resolved, err := filepath.EvalSymlinks(top)
		if err != nil {
			t.Fatal(err)
		}
		err = filepath.WalkDir(resolved, func(path string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			content, err := os.ReadFile(path)
			files[filepath.Base(top)+strings.TrimPrefix(path, resolved)] = string(content)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func TestSourcesOf(t *testing.T) {
	items := []v1.KeyToPath{{Key: "a", Path: "b"}}
	sources, known := sourcesOf(v1.Volume{VolumeSource: v1.VolumeSource{
		Secret: &v1.SecretVolumeSource{SecretName: "keys", Items: items, Optional: pointer(true)}}})
	if !known || len(sources) != 1 || sources[0].Secret.Name != "keys" || sources[0].Secret.Items[0] != items[0] || !*sources[0].Secret.Optional {
		t.Errorf("a secret: %v", sources)
	}
	sources, known = sourcesOf(v1.Volume{VolumeSource: v1.VolumeSource{
		ConfigMap: &v1.ConfigMapVolumeSource{LocalObjectReference: v1.LocalObjectReference{Name: "settings"}, Items: items}}})
	if !known || len(sources) != 1 || sources[0].ConfigMap.Name != "settings" || sources[0].ConfigMap.Items[0] != items[0] || sources[0].ConfigMap.Optional != nil {
		t.Errorf("a config map: %v", sources)
	}
	if sources, known = sourcesOf(v1.Volume{}); known {
		t.Errorf("nothing that holds files: %v", sources)
	}
}

func TestFilesOfAVolume(t *testing.T) {
	secret := &v1.Secret{ObjectMeta: named("keys"), Data: map[string][]byte{"tls.crt": []byte("C"), "tls.key": []byte("K")}}
	settings := &v1.ConfigMap{ObjectMeta: named("settings"), Data: map[string]string{"a": "1"}, BinaryData: map[string][]byte{"b": {0xff}}}
	of := func(name string) v1.LocalObjectReference { return v1.LocalObjectReference{Name: name} }
	items := func(key, path string) []v1.KeyToPath { return []v1.KeyToPath{{Key: key, Path: path}} }
	for _, test := range []struct {
		name   string
		volume v1.VolumeSource
		want   map[string]string
		err    string
	}{
		{name: "a Secret", volume: v1.VolumeSource{Secret: &v1.SecretVolumeSource{SecretName: "keys"}},
			want: map[string]string{"tls.crt": "C", "tls.key": "K"}},
		{name: "one key at a path", volume: v1.VolumeSource{Secret: &v1.SecretVolumeSource{SecretName: "keys", Items: items("tls.key", "deep/key")}},
			want: map[string]string{"deep/key": "K"}},
		{name: "a key that is missing", volume: v1.VolumeSource{Secret: &v1.SecretVolumeSource{SecretName: "keys", Items: items("no", "no")}},
			err: "no key no"},
		{name: "a key that may be missing", volume: v1.VolumeSource{Secret: &v1.SecretVolumeSource{SecretName: "keys", Items: items("no", "no"), Optional: pointer(true)}},
			want: map[string]string{}},
		{name: "a Secret that is missing", volume: v1.VolumeSource{Secret: &v1.SecretVolumeSource{SecretName: "none"}},
			err: "not found"},
		{name: "a Secret that may be missing", volume: v1.VolumeSource{Secret: &v1.SecretVolumeSource{SecretName: "none", Optional: pointer(true)}},
			want: map[string]string{}},
		{name: "a ConfigMap with binary data", volume: v1.VolumeSource{ConfigMap: &v1.ConfigMapVolumeSource{LocalObjectReference: of("settings")}},
			want: map[string]string{"a": "1", "b": "\xff"}},
		{name: "several sources", volume: v1.VolumeSource{Projected: &v1.ProjectedVolumeSource{Sources: []v1.VolumeProjection{
			{Secret: &v1.SecretProjection{LocalObjectReference: of("keys"), Items: items("tls.crt", "a")}},
			{ConfigMap: &v1.ConfigMapProjection{LocalObjectReference: of("settings"), Items: items("a", "a")}}, // the later one wins
			{DownwardAPI: &v1.DownwardAPIProjection{Items: []v1.DownwardAPIVolumeFile{
				{Path: "me", FieldRef: &v1.ObjectFieldSelector{FieldPath: "metadata.name"}},
				{Path: "cpu", ResourceFieldRef: &v1.ResourceFieldSelector{ContainerName: "main", Resource: "limits.cpu"}}}}},
		}}}, want: map[string]string{"a": "1", "me": "web", "cpu": "64"}},
		{name: "another container's resources", volume: v1.VolumeSource{DownwardAPI: &v1.DownwardAPIVolumeSource{Items: []v1.DownwardAPIVolumeFile{
			{Path: "cpu", ResourceFieldRef: &v1.ResourceFieldSelector{ContainerName: "none", Resource: "limits.cpu"}}}}},
			err: "a container that there is not"},
		{name: "a kind that the node has not", volume: v1.VolumeSource{NFS: &v1.NFSVolumeSource{}}, err: "only"},
	} {
		pod := &v1.Pod{Spec: v1.PodSpec{Containers: []v1.Container{{Name: "main"}},
			Volumes: []v1.Volume{{Name: "v", VolumeSource: test.volume}}}}
		w := testWorker(t, pod, secret, settings)
		err := w.volumes.write(context.Background(), pod)
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), "volume v: ") || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%s: got the error %v", test.name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		} else if got := readAll(t, filepath.Join(w.volumes.folder, "v")); !maps.Equal(got, test.want) {
			t.Errorf("%s: got %v, want %v", test.name, got, test.want)
		}
	}
}

// The link ..data stays the same while nothing changes: programs that watch it reload otherwise.
func TestVolumeIsWrittenWhenItsContentChanges(t *testing.T) {
	settings := &v1.ConfigMap{ObjectMeta: named("settings"), Data: map[string]string{"a": "1"}}
	pod := &v1.Pod{Spec: v1.PodSpec{Volumes: []v1.Volume{{Name: "v", VolumeSource: v1.VolumeSource{
		ConfigMap: &v1.ConfigMapVolumeSource{LocalObjectReference: v1.LocalObjectReference{Name: "settings"}}}}}}}
	w := testWorker(t, pod, settings)
	folder := filepath.Join(w.volumes.folder, "v")
	write := func() string {
		t.Helper()
		if err := w.volumes.write(context.Background(), pod); err != nil {
			t.Fatal(err)
		}
		data, err := os.Readlink(filepath.Join(folder, "..data"))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	first := write()
	if again := write(); again != first {
		t.Errorf("written again without a change: %s, then %s", first, again)
	}
	settings.Data["a"] = "2"
	if after := write(); after == first {
		t.Error("not written after a change")
	}
	if got := readAll(t, folder); got["a"] != "2" {
		t.Errorf("got %v", got)
	}
}

func TestEmptyDirIsWritableForEveryUser(t *testing.T) {
	pod := &v1.Pod{Spec: v1.PodSpec{Volumes: []v1.Volume{
		{Name: "scratch", VolumeSource: v1.VolumeSource{EmptyDir: &v1.EmptyDirVolumeSource{}}}}}}
	w := testWorker(t, pod)
	if err := w.volumes.write(context.Background(), pod); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(w.volumes.folder, "scratch", "kept")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := w.volumes.write(context.Background(), pod); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Dir(file))
	if err != nil || info.Mode().Perm() != 0o777 {
		t.Errorf("mode %v, error %v", info, err)
	}
	if _, err := os.Stat(file); err != nil {
		t.Errorf("the container's file is gone: %v", err)
	}
}

// A token is bound to the pod, kept by audience, and asked for again after four fifths of its life.
func TestToken(t *testing.T) {
	life, asked := time.Hour, []string{}
	pod := &v1.Pod{Spec: v1.PodSpec{ServiceAccountName: "robot"}}
	w := testWorker(t, pod)
	w.node.client = apiServer(t, func(out http.ResponseWriter, r *http.Request) {
		var request authentication.TokenRequest
		if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
			t.Error(err)
		}
		if bound := request.Spec.BoundObjectRef; bound == nil || bound.Name != "web" || bound.UID != "uid-1" {
			t.Errorf("bound to %v", bound)
		}
		asked = append(asked, fmt.Sprint(r.URL.Path, request.Spec.Audiences))
		request.Status = authentication.TokenRequestStatus{
			Token: fmt.Sprint("token-", len(asked)), ExpirationTimestamp: metav1.NewTime(time.Now().Add(life))}
		out.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(out).Encode(request)
	})
	for _, step := range []struct {
		audience string
		life     time.Duration
		want     string
	}{
		{"", time.Hour, "token-1"}, {"", time.Hour, "token-1"}, {"vault", 0, "token-2"}, {"vault", time.Hour, "token-3"}, {"vault", 0, "token-3"},
	} {
		life = step.life
		got, err := w.volumes.token(context.Background(), pod, "v", &v1.ServiceAccountTokenProjection{Audience: step.audience})
		if err != nil || got != step.want {
			t.Errorf("%v: got %s, %v", step, got, err)
		}
	}
	if left := time.Until(w.volumes.tokens["v/"].renew); left < 47*time.Minute || left > 48*time.Minute {
		t.Errorf("a token of an hour is asked for again after %s", left)
	}
	if want := "/api/v1/namespaces/team/serviceaccounts/robot/token[]"; asked[0] != want {
		t.Errorf("asked %s, want %s", asked[0], want)
	}
	if !strings.HasSuffix(asked[1], "[vault]") {
		t.Errorf("asked %s", asked[1])
	}
}

func TestMounts(t *testing.T) {
	hostFolder := filepath.Join(t.TempDir(), "made")
	pod := &v1.Pod{Spec: v1.PodSpec{Volumes: []v1.Volume{
		{Name: "scratch", VolumeSource: v1.VolumeSource{EmptyDir: &v1.EmptyDirVolumeSource{}}},
		{Name: "settings", VolumeSource: v1.VolumeSource{
			ConfigMap: &v1.ConfigMapVolumeSource{LocalObjectReference: v1.LocalObjectReference{Name: "settings"}}}},
		{Name: "host", VolumeSource: v1.VolumeSource{
			HostPath: &v1.HostPathVolumeSource{Path: hostFolder, Type: pointer(v1.HostPathDirectoryOrCreate)}}},
	}}}
	w := testWorker(t, pod, &v1.ConfigMap{ObjectMeta: named("settings"), Data: map[string]string{"a": "1"}})
	if err := w.volumes.write(context.Background(), pod); err != nil {
		t.Fatal(err)
	}
	in := func(path string) string { return filepath.Join(w.volumes.folder, path) }
	file, err := filepath.EvalSymlinks(in("settings/a"))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name  string
		mount v1.VolumeMount
		want  mount
		err   string
	}{
		{name: "an emptyDir is written to", mount: v1.VolumeMount{Name: "scratch"}, want: mount{in("scratch"), "/at", false}},
		{name: "unless the mount forbids it", mount: v1.VolumeMount{Name: "scratch", ReadOnly: true}, want: mount{in("scratch"), "/at", true}},
		{name: "a ConfigMap is only read", mount: v1.VolumeMount{Name: "settings"}, want: mount{in("settings"), "/at", true}},
		{name: "one file of it", mount: v1.VolumeMount{Name: "settings", SubPath: "a"}, want: mount{file, "/at", true}},
		{name: "a file that is missing", mount: v1.VolumeMount{Name: "settings", SubPath: "none"}, err: "no such file"},
		{name: "a folder of an emptyDir is made", mount: v1.VolumeMount{Name: "scratch", SubPathExpr: "of-$(HOSTNAME)"}, want: mount{in("scratch/of-web"), "/at", false}},
		{name: "a folder of the host is made", mount: v1.VolumeMount{Name: "host"}, want: mount{hostFolder, "/at", false}},
		{name: "no such volume", mount: v1.VolumeMount{Name: "none"}, err: "there is no volume none"},
	} {
		test.mount.MountPath = "/at"
		got, err := w.volumes.mounts(pod, &v1.Container{VolumeMounts: []v1.VolumeMount{test.mount}}, map[string]string{"HOSTNAME": "web"})
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%s: got the error %v", test.name, err)
			}
			continue
		}
		if err != nil || len(got) != 1 || got[0] != test.want {
			t.Errorf("%s: got %v, %v, want %v", test.name, got, err, test.want)
		} else if !isDir(got[0].Source) && got[0].Source != file {
			t.Errorf("%s: %s is not there", test.name, got[0].Source)
		}
	}
}

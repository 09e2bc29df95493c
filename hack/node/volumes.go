package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"

	authentication "k8s.io/api/authentication/v1"
	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// volumes are a pod's volumes: folders on the host, which containers see at their mount paths.
type volumes struct {
	worker  *podWorker
	folder  string
	written map[string]map[string]string // by volume: the files as they were written last
	tokens  map[string]token             // by volume and audience
}

type token struct {
	text  string
	renew time.Time
}

func newVolumes(w *podWorker, folder string) *volumes {
	return &volumes{w, folder, map[string]map[string]string{}, map[string]token{}}
}

// write brings every volume up to date. It is called again and again, and changes only what has changed.
func (v *volumes) write(ctx context.Context, pod *v1.Pod) error {
	for _, volume := range pod.Spec.Volumes {
		if err := v.writeOne(ctx, pod, volume); err != nil {
			return fmt.Errorf("volume %s: %w", volume.Name, err)
		}
	}
	return nil
}

func (v *volumes) writeOne(ctx context.Context, pod *v1.Pod, volume v1.Volume) error {
	folder := filepath.Join(v.folder, volume.Name)
	if volume.HostPath != nil {
		return nil
	}
	if volume.EmptyDir != nil {
		if err := os.MkdirAll(folder, 0o777); err != nil {
			return err
		}
		return os.Chmod(folder, 0o777) // whatever the umask says
	}
	files, err := v.files(ctx, pod, volume)
	if err != nil {
		return err
	}
	if before, written := v.written[volume.Name]; written && maps.Equal(before, files) {
		return nil
	}
	if err := swap(folder, files); err != nil {
		return err
	}
	v.written[volume.Name] = files
	return nil
}

func (v *volumes) files(ctx context.Context, pod *v1.Pod, volume v1.Volume) (map[string]string, error) {
	sources, known := sourcesOf(volume)
	if !known {
		return nil, fmt.Errorf("this node stand-in has emptyDir, hostPath, secret, configMap, downwardAPI and projected volumes only")
	}
	all := map[string]string{}
	for _, source := range sources {
		files, err := v.projection(ctx, pod, volume.Name, source)
		if err != nil {
			return nil, err
		}
		maps.Copy(all, files)
	}
	return all, nil
}

// sourcesOf takes a volume that holds files as a projected one: that kind has the sources of all others.
func sourcesOf(volume v1.Volume) ([]v1.VolumeProjection, bool) {
	var only v1.VolumeProjection
	switch {
	case volume.Projected != nil:
		return volume.Projected.Sources, true
	case volume.Secret != nil:
		of := volume.Secret
		name := v1.LocalObjectReference{Name: of.SecretName}
		only.Secret = &v1.SecretProjection{LocalObjectReference: name, Items: of.Items, Optional: of.Optional}
	case volume.ConfigMap != nil:
		of := volume.ConfigMap
		only.ConfigMap = &v1.ConfigMapProjection{LocalObjectReference: of.LocalObjectReference, Items: of.Items, Optional: of.Optional}
	case volume.DownwardAPI != nil:
		only.DownwardAPI = &v1.DownwardAPIProjection{Items: volume.DownwardAPI.Items}
	default:
		return nil, false
	}
	return []v1.VolumeProjection{only}, true
}

func (v *volumes) projection(ctx context.Context, pod *v1.Pod, volume string, source v1.VolumeProjection) (map[string]string, error) {
	switch {
	case source.Secret != nil:
		data, err := v.worker.node.secret(pod.Namespace, source.Secret.Name, source.Secret.Optional)
		return choose(data, source.Secret.Items, source.Secret.Optional, err)
	case source.ConfigMap != nil:
		data, err := v.worker.node.configMap(pod.Namespace, source.ConfigMap.Name, source.ConfigMap.Optional)
		return choose(data, source.ConfigMap.Items, source.ConfigMap.Optional, err)
	case source.DownwardAPI != nil:
		return v.downward(pod, source.DownwardAPI.Items)
	case source.ServiceAccountToken != nil:
		text, err := v.token(ctx, pod, volume, source.ServiceAccountToken)
		return map[string]string{source.ServiceAccountToken.Path: text}, err
	}
	return nil, fmt.Errorf("this node stand-in does not know one of its sources")
}

// token asks the API server for a token that is bound to the pod, and for the next after four fifths of its life.
func (v *volumes) token(ctx context.Context, pod *v1.Pod, volume string, source *v1.ServiceAccountTokenProjection) (string, error) {
	name := volume + "/" + source.Audience
	if known, ok := v.tokens[name]; ok && time.Now().Before(known.renew) {
		return known.text, nil
	}
	request := &authentication.TokenRequest{Spec: authentication.TokenRequestSpec{
		ExpirationSeconds: source.ExpirationSeconds,
		BoundObjectRef:    &authentication.BoundObjectReference{Kind: "Pod", APIVersion: "v1", Name: pod.Name, UID: pod.UID},
	}}
	if source.Audience != "" {
		request.Spec.Audiences = []string{source.Audience}
	}
	answer, err := v.worker.node.client.CoreV1().ServiceAccounts(pod.Namespace).
		CreateToken(ctx, pod.Spec.ServiceAccountName, request, metav1.CreateOptions{})
	if err != nil {
		return "", err
	}
	life := time.Until(answer.Status.ExpirationTimestamp.Time)
	v.tokens[name] = token{answer.Status.Token, time.Now().Add(life * 4 / 5)}
	return answer.Status.Token, nil
}

func (v *volumes) downward(pod *v1.Pod, items []v1.DownwardAPIVolumeFile) (map[string]string, error) {
	files := map[string]string{}
	for _, item := range items {
		var value string
		var err error
		if item.FieldRef != nil {
			value, err = v.worker.field(pod, item.FieldRef.FieldPath)
		} else {
			value, err = resourceFieldOf(pod, item.ResourceFieldRef)
		}
		if err != nil {
			return nil, err
		}
		files[item.Path] = value
	}
	return files, nil
}

func resourceFieldOf(pod *v1.Pod, ref *v1.ResourceFieldSelector) (string, error) {
	for i := range pod.Spec.Containers {
		if ref != nil && pod.Spec.Containers[i].Name == ref.ContainerName {
			return resourceField(&pod.Spec.Containers[i], ref)
		}
	}
	return "", fmt.Errorf("a resource field of a container that there is not")
}

// choose gives the keys that items name, under their paths; all if there are no items.
func choose(data map[string]string, items []v1.KeyToPath, optional *bool, err error) (map[string]string, error) {
	if err != nil || len(items) == 0 {
		return data, err
	}
	files := map[string]string{}
	for _, item := range items {
		value, found := data[item.Key]
		if !found && !isTrue(optional) {
			return nil, fmt.Errorf("no key %s", item.Key)
		}
		if found {
			files[item.Path] = value
		}
	}
	return files, nil
}

// swap replaces a folder's files all at once, as kubelet does: they are links through ..data, a link to a folder that
// is never changed. Programs that watch for ..data (Envoy does) see one change.
func swap(folder string, files map[string]string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	data := filepath.Join(folder, "..data")
	before, _ := os.Readlink(data)
	next, err := os.MkdirTemp(folder, "..")
	if err != nil {
		return err
	}
	if err := os.Chmod(next, 0o755); err != nil {
		return err
	}
	tops := map[string]bool{}
	for path, content := range files {
		tops[strings.Split(path, "/")[0]] = true
		file := filepath.Join(next, path)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			return err
		}
	}
	if err := os.Symlink(filepath.Base(next), data+"_tmp"); err != nil {
		return err
	}
	if err := os.Rename(data+"_tmp", data); err != nil {
		return err
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if name := entry.Name(); !strings.HasPrefix(name, "..") && !tops[name] {
			if err := os.Remove(filepath.Join(folder, name)); err != nil {
				return err
			}
		}
		delete(tops, entry.Name())
	}
	for top := range tops {
		if err := os.Symlink(filepath.Join("..data", top), filepath.Join(folder, top)); err != nil {
			return err
		}
	}
	if before != "" {
		return os.RemoveAll(filepath.Join(folder, before))
	}
	return nil
}

// mounts are what a container sees of the volumes.
func (v *volumes) mounts(pod *v1.Pod, c *v1.Container, env map[string]string) ([]mount, error) {
	var mounts []mount
	for _, m := range c.VolumeMounts {
		volume, found := volumeNamed(pod, m.Name)
		if !found {
			return nil, fmt.Errorf("there is no volume %s", m.Name)
		}
		source := filepath.Join(v.folder, m.Name)
		readOnly := m.ReadOnly || volume.EmptyDir == nil
		if volume.HostPath != nil {
			source, readOnly = volume.HostPath.Path, m.ReadOnly
			if t := volume.HostPath.Type; t != nil && *t == v1.HostPathDirectoryOrCreate {
				if err := os.MkdirAll(source, 0o755); err != nil {
					return nil, err
				}
			}
		}
		if sub := m.SubPath + expand(m.SubPathExpr, env); sub != "" {
			source = filepath.Join(source, sub)
			if resolved, err := filepath.EvalSymlinks(source); err == nil {
				source = resolved
			} else if volume.EmptyDir == nil {
				return nil, err
			} else if err := os.MkdirAll(source, 0o777); err != nil {
				return nil, err
			}
		}
		mounts = append(mounts, mount{source, m.MountPath, readOnly})
	}
	return mounts, nil
}

func volumeNamed(pod *v1.Pod, name string) (v1.Volume, bool) {
	for _, volume := range pod.Spec.Volumes {
		if volume.Name == name {
			return volume, true
		}
	}
	return v1.Volume{}, false
}

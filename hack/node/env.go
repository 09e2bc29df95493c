package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	v1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/fields"
)

// environment is a container's variables: the image's, the API server's address, then the pod's in their order.
func (w *podWorker) environment(pod *v1.Pod, c *v1.Container, i image) (map[string]string, error) {
	env := map[string]string{
		"PATH":                    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"HOME":                    "/",
		"HOSTNAME":                hostname(pod),
		"KUBERNETES_SERVICE_HOST": apiServiceIP,
		"KUBERNETES_SERVICE_PORT": "443",
	}
	maps.Copy(env, i.Env)
	for _, from := range c.EnvFrom {
		data, err := w.envFrom(pod.Namespace, from)
		if err != nil {
			return nil, err
		}
		for name, value := range data {
			env[from.Prefix+name] = value
		}
	}
	for _, variable := range c.Env {
		value, known, err := w.envValue(pod, c, variable, env)
		if err != nil {
			return nil, fmt.Errorf("variable %s: %w", variable.Name, err)
		}
		if known {
			env[variable.Name] = value
		}
	}
	return env, nil
}

func (w *podWorker) envFrom(namespace string, from v1.EnvFromSource) (map[string]string, error) {
	if from.ConfigMapRef != nil {
		return w.node.configMap(namespace, from.ConfigMapRef.Name, from.ConfigMapRef.Optional)
	}
	if from.SecretRef != nil {
		return w.node.secret(namespace, from.SecretRef.Name, from.SecretRef.Optional)
	}
	return nil, nil
}

// envValue says also whether there is a value: optional keys may be missing.
func (w *podWorker) envValue(pod *v1.Pod, c *v1.Container, variable v1.EnvVar, before map[string]string) (string, bool, error) {
	from := variable.ValueFrom
	if from == nil {
		return expand(variable.Value, before), true, nil
	}
	switch {
	case from.FieldRef != nil:
		value, err := w.field(pod, from.FieldRef.FieldPath)
		return value, true, err
	case from.ResourceFieldRef != nil:
		value, err := resourceField(c, from.ResourceFieldRef)
		return value, true, err
	case from.ConfigMapKeyRef != nil:
		ref := from.ConfigMapKeyRef
		data, err := w.node.configMap(pod.Namespace, ref.Name, ref.Optional)
		return key(data, err, ref.Key, "ConfigMap "+ref.Name, ref.Optional)
	case from.SecretKeyRef != nil:
		ref := from.SecretKeyRef
		data, err := w.node.secret(pod.Namespace, ref.Name, ref.Optional)
		return key(data, err, ref.Key, "Secret "+ref.Name, ref.Optional)
	}
	return "", false, fmt.Errorf("this node stand-in does not know its valueFrom")
}

func key(data map[string]string, err error, key, where string, optional *bool) (string, bool, error) {
	value, found := data[key]
	if err == nil && !found && !isTrue(optional) {
		err = fmt.Errorf("%s has no key %s", where, key)
	}
	return value, found, err
}

// configMap gives a ConfigMap's data as text; nil if it is missing and may be.
func (n *node) configMap(namespace, name string, optional *bool) (map[string]string, error) {
	found, err := n.configMaps.ConfigMaps(namespace).Get(name)
	if err != nil {
		if isTrue(optional) && apierrors.IsNotFound(err) {
			return nil, nil
		}
		return nil, err
	}
	data := maps.Clone(found.Data)
	if data == nil {
		data = map[string]string{}
	}
	for key, value := range found.BinaryData {
		data[key] = string(value)
	}
	return data, nil
}

// secret gives a Secret's data as text; nil if it is missing and may be.
func (n *node) secret(namespace, name string, optional *bool) (map[string]string, error) {
	found, err := n.secrets.Secrets(namespace).Get(name)
	if err != nil {
		if isTrue(optional) && apierrors.IsNotFound(err) {
			return nil, nil
		}
		return nil, err
	}
	data := map[string]string{}
	for key, value := range found.Data {
		data[key] = string(value)
	}
	return data, nil
}

// field is a field of the pod by the downward API's paths.
func (w *podWorker) field(pod *v1.Pod, path string) (string, error) {
	if name, subscript, ok := strings.Cut(path, "['"); ok {
		subscript = strings.TrimSuffix(subscript, "']")
		switch name {
		case "metadata.annotations":
			return pod.Annotations[subscript], nil
		case "metadata.labels":
			return pod.Labels[subscript], nil
		}
	}
	switch path {
	case "metadata.name":
		return pod.Name, nil
	case "metadata.namespace":
		return pod.Namespace, nil
	case "metadata.uid":
		return string(pod.UID), nil
	case "metadata.labels":
		return formatMap(pod.Labels), nil
	case "metadata.annotations":
		return formatMap(pod.Annotations), nil
	case "spec.nodeName":
		return nodeName, nil
	case "spec.serviceAccountName":
		return pod.Spec.ServiceAccountName, nil
	case "status.podIP", "status.podIPs":
		return w.network.address, nil
	case "status.hostIP", "status.hostIPs":
		return hostIP, nil
	}
	return "", fmt.Errorf("unknown field path %s", path)
}

// formatMap writes labels and annotations as the downward API does: key="quoted value" lines.
func formatMap(m map[string]string) string {
	var lines []string
	for _, key := range slices.Sorted(maps.Keys(fields.Set(m))) {
		lines = append(lines, fmt.Sprintf("%s=%q", key, m[key]))
	}
	return strings.Join(lines, "\n")
}

// resourceField is a request or limit, or the node's whole if the container has none, in units of the divisor.
func resourceField(c *v1.Container, ref *v1.ResourceFieldSelector) (string, error) {
	kind, name, _ := strings.Cut(ref.Resource, ".")
	list := map[string]v1.ResourceList{"limits": c.Resources.Limits, "requests": c.Resources.Requests}[kind]
	amount, given := list[v1.ResourceName(name)]
	if !given {
		whole, known := nodeCapacity()[v1.ResourceName(name)]
		if !known {
			return "", fmt.Errorf("unknown resource %s", ref.Resource)
		}
		amount = whole
	}
	divisor := ref.Divisor
	if divisor.IsZero() {
		divisor = resource.MustParse("1")
	}
	units := (amount.MilliValue() + divisor.MilliValue() - 1) / divisor.MilliValue() // rounded up
	return fmt.Sprint(units), nil
}

// expand replaces $(NAME) by the variable, if there is one; $$ is a dollar sign.
func expand(text string, env map[string]string) string {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '$' || i+1 == len(text) {
			out.WriteByte(text[i])
			continue
		}
		switch text[i+1] {
		case '$':
			out.WriteByte('$')
			i++
		case '(':
			end := strings.IndexByte(text[i:], ')')
			value, found := "", false
			if end > 0 {
				value, found = env[text[i+2:i+end]]
			}
			if !found {
				out.WriteByte('$')
				continue
			}
			out.WriteString(value)
			i += end
		default:
			out.WriteByte('$')
		}
	}
	return out.String()
}

func expandAll(words []string, env map[string]string) []string {
	var out []string
	for _, word := range words {
		out = append(out, expand(word, env))
	}
	return out
}

func isTrue(b *bool) bool { return b != nil && *b }

func hostname(pod *v1.Pod) string {
	if pod.Spec.Hostname != "" {
		return pod.Spec.Hostname
	}
	return pod.Name
}

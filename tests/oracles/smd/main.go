// SPDX-License-Identifier: Apache-2.0

// Runs scripts of creates, updates and applies through Kubernetes' own field management and tells what came of each
// step. Reads one script a line, as JSON, and writes one line of results for each.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	kjson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

const (
	group = "oracle.test"
	kind  = "Thing"
)

type script struct {
	// Version name to OpenAPI schema of the objects. The first version is the one that is stored.
	Versions []version `json:"versions"`
	Steps    []step    `json:"steps"`
}

type version struct {
	Name   string          `json:"name"`
	Schema json.RawMessage `json:"schema"`
	// Paths of field names that requests of the main resource cannot set.
	Reset [][]string `json:"reset"`
}

type step struct {
	// "apply" or "update"; either creates when nothing is stored.
	Do          string          `json:"do"`
	Version     string          `json:"version"`
	Manager     string          `json:"manager"`
	Force       bool            `json:"force"`
	Subresource string          `json:"subresource"`
	Object      json.RawMessage `json:"object"`
}

type result struct {
	Error  string          `json:"error,omitempty"`
	Causes []cause         `json:"causes,omitempty"`
	Object json.RawMessage `json:"object,omitempty"`
}

type cause struct {
	Message string `json:"message"`
	Field   string `json:"field"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	out := bufio.NewWriter(os.Stdout)
	for lines.Scan() {
		answer, err := runLine(lines.Bytes())
		if err != nil {
			answer, _ = json.Marshal(map[string]string{"failure": err.Error()})
		}
		out.Write(answer)
		out.WriteByte('\n')
		out.Flush()
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func runLine(line []byte) ([]byte, error) {
	var s script
	if err := json.Unmarshal(line, &s); err != nil {
		return nil, err
	}
	results, err := run(s)
	if err != nil {
		return nil, err
	}
	return json.Marshal(results)
}

func run(s script) ([]result, error) {
	converter, err := typeConverter(s.Versions)
	if err != nil {
		return nil, err
	}
	hub := schema.GroupVersion{Group: group, Version: s.Versions[0].Name}
	var live *unstructured.Unstructured
	results := []result{}
	for index, step := range s.Steps {
		manager, err := fieldManager(converter, hub, step, s.Versions)
		if err != nil {
			return nil, err
		}
		next, err := take(manager, live, step)
		if err != nil {
			results = append(results, describe(err))
			continue
		}
		next.SetAPIVersion(hub.String())
		next.SetUID("uid")
		settleTimes(next, index)
		live = next
		encoded, err := live.MarshalJSON()
		if err != nil {
			return nil, err
		}
		results = append(results, result{Object: encoded})
	}
	return results, nil
}

func typeConverter(versions []version) (managedfields.TypeConverter, error) {
	models := map[string]*spec.Schema{}
	for _, v := range versions {
		model := &spec.Schema{}
		if err := json.Unmarshal(v.Schema, model); err != nil {
			return nil, err
		}
		model.AddExtension("x-kubernetes-group-version-kind", []interface{}{
			map[string]interface{}{"group": group, "version": v.Name, "kind": kind},
		})
		models[v.Name+"."+kind] = model
	}
	return managedfields.NewTypeConverter(models, false)
}

func fieldManager(converter managedfields.TypeConverter, hub schema.GroupVersion, s step, versions []version) (*managedfields.FieldManager, error) {
	resets := map[fieldpath.APIVersion]*fieldpath.Set{}
	served := map[string]bool{}
	for _, v := range versions {
		served[v.Name] = true
		set := fieldpath.NewSet()
		for _, names := range v.Reset {
			parts := []interface{}{}
			for _, name := range names {
				parts = append(parts, name)
			}
			set.Insert(fieldpath.MakePathOrDie(parts...))
		}
		resets[fieldpath.APIVersion(group+"/"+v.Name)] = set
	}
	gvk := schema.GroupVersionKind{Group: group, Version: s.Version, Kind: kind}
	return managedfields.NewDefaultCRDFieldManager(converter, objectConverter{served}, defaulter{}, creater{}, gvk, hub, s.Subresource,
		fieldpath.NewExcludeFilterSetMap(resets))
}

func take(manager *managedfields.FieldManager, live *unstructured.Unstructured, s step) (*unstructured.Unstructured, error) {
	content := map[string]interface{}{}
	if err := kjson.Unmarshal(s.Object, &content); err != nil {
		return nil, err
	}
	object := &unstructured.Unstructured{Object: content}
	before := live
	if before == nil {
		before = &unstructured.Unstructured{Object: map[string]interface{}{}}
		before.SetGroupVersionKind(schema.GroupVersionKind{Group: group, Version: s.Version, Kind: kind})
	}
	before = before.DeepCopy()
	if s.Do == "apply" {
		after, err := manager.Apply(before, object, s.Manager, s.Force)
		if err != nil {
			return nil, err
		}
		return after.(*unstructured.Unstructured), nil
	}
	if live != nil {
		object.SetUID(live.GetUID())
	} else {
		// A create never carries managed fields this far: the API server drops them.
		object.SetManagedFields(nil)
	}
	return manager.UpdateNoErrors(before, object, s.Manager).(*unstructured.Unstructured), nil
}

// The time of each step is its number, so that scripts do not depend on how long they take.
func settleTimes(object *unstructured.Unstructured, index int) {
	base := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	entries := object.GetManagedFields()
	for i := range entries {
		if t := entries[i].Time; t != nil && t.Year() > base.Year() {
			t.Time = base.Add(time.Duration(index) * time.Second)
		}
	}
	if len(entries) > 0 {
		object.SetManagedFields(entries)
	}
}

func describe(err error) result {
	r := result{Error: err.Error()}
	var status *apierrors.StatusError
	if errors.As(err, &status) && status.ErrStatus.Details != nil {
		for _, c := range status.ErrStatus.Details.Causes {
			r.Causes = append(r.Causes, cause{Message: c.Message, Field: c.Field})
		}
	}
	return r
}

// Between versions nothing but the name of the version changes.
type objectConverter struct {
	served map[string]bool
}

func (c objectConverter) ConvertToVersion(in runtime.Object, target runtime.GroupVersioner) (runtime.Object, error) {
	object := in.(*unstructured.Unstructured)
	gv, ok := target.(schema.GroupVersion)
	if !ok {
		return nil, fmt.Errorf("unexpected target %v", target)
	}
	if !c.served[gv.Version] || gv.Group != group {
		return nil, runtime.NewNotRegisteredErrForKind("oracle", gv.WithKind(kind))
	}
	out := object.DeepCopy()
	out.SetAPIVersion(gv.String())
	return out, nil
}

func (c objectConverter) Convert(in, out, context interface{}) error {
	return errors.New("not used")
}

func (c objectConverter) ConvertFieldLabel(gvk schema.GroupVersionKind, label, value string) (string, string, error) {
	return "", "", errors.New("not used")
}

type defaulter struct{}

func (defaulter) Default(runtime.Object) {}

type creater struct{}

func (creater) New(gvk schema.GroupVersionKind) (runtime.Object, error) {
	object := &unstructured.Unstructured{}
	object.SetGroupVersionKind(gvk)
	return object, nil
}

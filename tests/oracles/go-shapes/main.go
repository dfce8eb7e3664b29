// SPDX-License-Identifier: Apache-2.0

// Prints how Go writes the built-in kinds of Kubernetes as JSON: which fields each type has, of which type, and which
// of them are written although they are empty. packages/toolkit/src/apply/shapes/built-in-shapes.ts is its output:
//
//	go run . > ../../../packages/toolkit/src/apply/shapes/built-in-shapes.ts
package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"sort"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes/scheme"
)

type shapes struct {
	ids   map[reflect.Type]int
	lines []string
}

var unmarshaler = reflect.TypeOf((*json.Unmarshaler)(nil)).Elem()

func (s *shapes) typeOf(t reflect.Type) string {
	switch t {
	case reflect.TypeOf(resource.Quantity{}):
		return "q"
	case reflect.TypeOf(intstr.IntOrString{}):
		return "I"
	case reflect.TypeOf(metav1.Time{}), reflect.TypeOf(metav1.MicroTime{}):
		return "t"
	}
	if t.Kind() == reflect.Pointer {
		return "*" + s.typeOf(t.Elem())
	}
	if reflect.PointerTo(t).Implements(unmarshaler) {
		return "a"
	}
	switch t.Kind() {
	case reflect.String:
		return "s"
	case reflect.Bool:
		return "b"
	case reflect.Float32, reflect.Float64:
		return "f"
	case reflect.Interface:
		return "a"
	case reflect.Map:
		return "{" + s.typeOf(t.Elem())
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "B"
		}
		return "[" + s.typeOf(t.Elem())
	case reflect.Struct:
		return fmt.Sprintf("#%d", s.structOf(t))
	default:
		return "i"
	}
}

func (s *shapes) structOf(t reflect.Type) int {
	if id, ok := s.ids[t]; ok {
		return id
	}
	id := len(s.lines)
	s.ids[t] = id
	s.lines = append(s.lines, "")
	s.lines[id] = strings.Join(s.fieldsOf(t), " ")
	return id
}

func (s *shapes) fieldsOf(t reflect.Type) []string {
	var fields []string
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		tag := strings.Split(f.Tag.Get("json"), ",")
		name := tag[0]
		if name == "-" {
			continue
		}
		if name == "" && f.Anonymous {
			fields = append(fields, s.fieldsOf(f.Type)...)
			continue
		}
		if name == "" {
			name = f.Name
		}
		flag := "="
		for _, option := range tag[1:] {
			if option == "omitempty" && flag == "=" {
				flag = "?"
			}
			if option == "omitzero" {
				flag = "~"
			}
		}
		fields = append(fields, name+flag+s.typeOf(f.Type))
	}
	return fields
}

func main() {
	s := &shapes{ids: map[reflect.Type]int{}}
	kinds := map[string]int{}
	var gvks []schema.GroupVersionKind
	for gvk, t := range scheme.Scheme.AllKnownTypes() {
		if _, ok := reflect.New(t).Interface().(metav1.Object); ok && gvk.Version != "__internal" {
			gvks = append(gvks, gvk)
		}
	}
	sort.Slice(gvks, func(i, j int) bool { return gvks[i].String() < gvks[j].String() })
	for _, gvk := range gvks {
		kinds[gvk.GroupVersion().String()+"/"+gvk.Kind] = s.structOf(scheme.Scheme.AllKnownTypes()[gvk])
	}
	lines, kinds := dedupe(s.lines, kinds)

	fmt.Println("// SPDX-License-Identifier: Apache-2.0")
	fmt.Println("// A table, generated from the Go types of Kubernetes 1.36 (k8s.io/client-go's scheme) by tests/oracles/go-shapes.")
	fmt.Println()
	fmt.Println("/** `apiVersion/kind` → index into {@link BUILT_IN_SHAPES}. */")
	fmt.Println("export const BUILT_IN_KINDS: Readonly<Record<string, number>> = {")
	var names []string
	for name := range kinds {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Printf("  %q: %d,\n", name, kinds[name])
	}
	fmt.Println("};")
	fmt.Println()
	fmt.Println("/**")
	fmt.Println(" * One struct each: its fields in Go's order, each a name, a flag and a type.")
	fmt.Println(" *")
	fmt.Println(" * Flags: `=` always written, `?` left out when empty (omitempty), `~` left out when zero (omitzero).")
	fmt.Println(" * Types: `s` string, `i` integer, `f` float, `b` boolean, `B` bytes, `q` quantity, `I` integer or string, `t` time, `a` anything,")
	fmt.Println(" * `#n` struct, `*` pointer to, `[` list of, `{` map of.")
	fmt.Println(" */")
	fmt.Println("export const BUILT_IN_SHAPES: readonly string[] = [")
	for _, line := range lines {
		fmt.Printf("  %q,\n", line)
	}
	fmt.Println("];")
}

// dedupe joins structs that are written the same way, until there are no two alike.
func dedupe(lines []string, kinds map[string]int) ([]string, map[string]int) {
	for {
		first := map[string]int{}
		to := make([]int, len(lines))
		var kept []string
		for i, line := range lines {
			if at, ok := first[line]; ok {
				to[i] = at
				continue
			}
			first[line] = len(kept)
			to[i] = len(kept)
			kept = append(kept, line)
		}
		if len(kept) == len(lines) {
			return lines, kinds
		}
		for i, line := range kept {
			words := strings.Split(line, " ")
			for w, word := range words {
				if at := strings.LastIndex(word, "#"); at >= 0 {
					var id int
					fmt.Sscanf(word[at+1:], "%d", &id)
					words[w] = fmt.Sprintf("%s#%d", word[:at], to[id])
				}
			}
			kept[i] = strings.Join(words, " ")
		}
		for name, id := range kinds {
			kinds[name] = to[id]
		}
		lines = kept
	}
}

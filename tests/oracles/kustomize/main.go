// SPDX-License-Identifier: Apache-2.0

// Builds kustomizations with kustomize itself: reads a tree a line as JSON, writes what its build gives a line as JSON.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/kustomize/kyaml/openapi"
)

// Where trees lie, in memory.
const root = "/tree"

type request struct {
	Files   map[string]string `json:"files"`
	Target  string            `json:"target"`
	Reorder string            `json:"reorder"`
	// Whether files may lie anywhere.
	Unrestricted bool `json:"unrestricted"`
}

type answer struct {
	Output string `json:"output"`
	Error  string `json:"error"`
}

func main() {
	log.SetOutput(io.Discard)
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	in := json.NewDecoder(lines)
	for {
		var one request
		if err := in.Decode(&one); err == io.EOF {
			return
		} else if err != nil {
			log.SetOutput(os.Stderr)
			log.Fatal(err)
		}
		if err := out.Encode(build(one)); err != nil {
			os.Exit(1)
		}
	}
}

func build(one request) (result answer) {
	defer func() {
		if problem := recover(); problem != nil {
			result = answer{Error: fmt.Sprintf("panic: %v", problem)}
		}
	}()
	// Schemas of one tree are not those of the next.
	openapi.ResetOpenAPI()
	files := filesys.MakeFsInMemory()
	for path, content := range one.Files {
		if err := files.WriteFile(filepath.Join(root, path), []byte(content)); err != nil {
			return answer{Error: err.Error()}
		}
	}
	options := krusty.MakeDefaultOptions()
	switch one.Reorder {
	case "none":
		options.Reorder = krusty.ReorderOptionNone
	case "legacy":
		options.Reorder = krusty.ReorderOptionLegacy
	default:
		options.Reorder = krusty.ReorderOptionUnspecified
	}
	if one.Unrestricted {
		options.LoadRestrictions = types.LoadRestrictionsNone
	}
	resources, err := krusty.MakeKustomizer(options).Run(files, filepath.Join(root, one.Target))
	if err != nil {
		return answer{Error: err.Error()}
	}
	yaml, err := resources.AsYaml()
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Output: string(yaml)}
}

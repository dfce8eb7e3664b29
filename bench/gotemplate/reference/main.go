// SPDX-License-Identifier: Apache-2.0

// What Go's own engine takes for a template: main FOLDER ROUNDS prints the CPU of parsing and of running it, and its output.
package main

import (
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"text/template"
	"time"
)

func cpu() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func median(all []time.Duration) float64 {
	slices.Sort(all)
	return float64(all[len(all)/2].Nanoseconds()) / 1e6
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func main() {
	folder, rounds := os.Args[1], must(strconv.Atoi(os.Args[2]))
	text := string(must(os.ReadFile(folder + "/template")))
	var data any
	if err := json.Unmarshal(must(os.ReadFile(folder+"/data.json")), &data); err != nil {
		panic(err)
	}
	var parse, execute []time.Duration
	var out strings.Builder
	for range rounds {
		begun := cpu()
		parsed := must(template.New("bench").Parse(text))
		parse = append(parse, cpu()-begun)
		out.Reset()
		begun = cpu()
		if err := parsed.Execute(&out, data); err != nil {
			panic(err)
		}
		execute = append(execute, cpu()-begun)
	}
	result := map[string]any{"parseMs": median(parse), "executeMs": median(execute), "output": out.String()}
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		panic(err)
	}
}

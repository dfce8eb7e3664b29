// SPDX-License-Identifier: Apache-2.0

/** A template as large charts have them, of nothing but Go's own functions; each part is some forty actions. */
export function largeTemplate(parts: number): string {
  const part = (index: number): string => `
{{- define "part${index}.labels" }}
app: {{ printf "%s-%d" .name ${index} | printf "%q" }}
{{- range $key, $value := .labels }}
{{ $key }}: {{ $value | printf "%q" }}
{{- end }}
{{- end }}
---
kind: Part
metadata:
  name: {{ .name }}-${index}
{{- template "part${index}.labels" . }}
spec:
{{- if and .enabled (or (eq .kind "a" "b") (gt .count ${index})) }}
  replicas: {{ .count }}
{{- else if not .enabled }}
  replicas: 0
{{- else }}
  replicas: {{ len .ports }}
{{- end }}
  ports:
{{- range $i, $port := .ports }}
  - name: {{ $port.name }}
    port: {{ $port.port }}
    {{- with $port.target }}
    target: {{ . }}{{ if lt $i 2 }} # {{ index $.names $i }}{{ end }}
    {{- end }}
{{- end }}
{{- range .env }}
{{- if .secret }}
  - {secret: {{ .secret | printf "%q" }}}
{{- else if .value }}
  - {name: {{ .name }}, value: {{ print .value | printf "%q" }}}
{{- else }}{{ continue }}
{{- end }}
{{- end }}
`;
  return Array.from({ length: parts }, (_, index) => part(index)).join("");
}

/** What the template is run with. */
export const data = {
  name: "bench",
  kind: "b",
  enabled: true,
  count: 12,
  names: ["first", "second", "third"],
  labels: { "app.kubernetes.io/part-of": "bench", team: "a", tier: "backend" },
  ports: [
    { name: "http", port: 80, target: "web" },
    { name: "metrics", port: 9090, target: "" },
    { name: "admin", port: 8080, target: "admin" },
  ],
  env: [{ name: "A", value: "1" }, { name: "B", secret: "s" }, { name: "C" }, { name: "D", value: true }],
};

// SPDX-License-Identifier: Apache-2.0
// A table: kustomizations with charts, and the charts that they share.

const CHART_YAML = `apiVersion: v2
name: web
version: 1.2.3
appVersion: "9"
dependencies:
  - {name: cache, version: 0.1.0, repository: "", condition: cache.enabled}
`;

const VALUES = `replicas: 1
image: {name: nginx, tag: "1.27"}
env: {LEVEL: info, COLOR: blue}
hosts: [a.example.com]
labels: {}
extra: ""
cache: {enabled: false, size: 1}
`;

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "web.name" . }}
  namespace: {{ .Release.Namespace }}
  labels: {{- include "web.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {app: {{ include "web.name" . }}}
  template:
    metadata:
      labels: {app: {{ include "web.name" . }}}
    spec:
      containers:
        - name: web
          image: "{{ .Values.image.name }}:{{ .Values.image.tag }}"
          envFrom:
            - configMapRef: {name: {{ include "web.name" . }}-env}
          {{- with .Values.resources }}
          resources: {{- toYaml . | nindent 12 }}
          {{- end }}
`;

const OTHERS = `apiVersion: v1
kind: Service
metadata:
  name: {{ include "web.name" . }}
  labels: {{- include "web.labels" . | nindent 4 }}
spec:
  selector: {app: {{ include "web.name" . }}}
  ports: [{port: 80}]
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "web.name" . }}-env
data:
  {{- range $key, $value := .Values.env }}
  {{ $key }}: {{ $value | quote }}
  {{- end }}
  hosts: {{ join "," .Values.hosts | quote }}
  revision: {{ .Release.Revision | quote }}
  upgrade: {{ .Release.IsUpgrade | quote }}
  ingress: {{ .Capabilities.APIVersions.Has "example.com/v1" | quote }}
  file: {{ .Files.Get "files/motd.txt" | quote }}
{{- if .Values.extra }}
---
{{ tpl .Values.extra . }}
{{- end }}
`;

const HOOK = (name: string, event: string, kind = "Job"): string => `apiVersion: ${kind === "Job" ? "batch/v1" : "v1"}
kind: ${kind}
metadata:
  name: {{ .Release.Name }}-${name}
  annotations:
    helm.sh/hook: ${event}
    helm.sh/hook-weight: "2"
spec: {}
`;

/** The charts that each tree has. */
export const CHARTS: Readonly<Record<string, string>> = {
  "charts/web/Chart.yaml": CHART_YAML,
  "charts/web/values.yaml": VALUES,
  "charts/web/templates/_helpers.tpl": `{{- define "web.name" -}}{{ .Release.Name }}-{{ .Chart.Name }}{{- end }}
{{- define "web.labels" -}}
app: {{ include "web.name" . }}
{{- with .Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end }}
`,
  "charts/web/templates/deployment.yaml": DEPLOYMENT,
  "charts/web/templates/others.yaml": OTHERS,
  "charts/web/templates/hook.yaml": HOOK("migrate", "pre-install,pre-upgrade"),
  "charts/web/templates/tests/check.yaml": HOOK("check", "test", "Pod"),
  "charts/web/templates/NOTES.txt": "Installed {{ .Release.Name }}.\n",
  "charts/web/files/motd.txt": "hello\nworld\n",
  "charts/web/crds/thing.yaml": `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
spec: {group: example.com, names: {kind: Thing, plural: things}, scope: Namespaced, versions: []}
`,
  "charts/web/charts/cache/Chart.yaml": "apiVersion: v2\nname: cache\nversion: 0.1.0\n",
  "charts/web/charts/cache/values.yaml": "size: 3\nname: c\n",
  "charts/web/charts/cache/templates/c.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}-{{ .Values.name }}}
data: {size: {{ .Values.size | quote }}, global: {{ (.Values.global).zone | default "none" | quote }}}
`,
  "charts/strict/Chart.yaml": "apiVersion: v2\nname: strict\nversion: 0.1.0\nkubeVersion: '>=1.20.0-0'\n",
  "charts/strict/values.yaml": "port: 80\n",
  "charts/strict/values.schema.json":
    '{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"port":{"type":"integer","maximum":9000}}}',
  "charts/strict/templates/a.yaml": `apiVersion: v1
kind: Service
metadata: {name: s}
spec: {ports: [{port: {{ required "a port is needed" .Values.port }}}]}
`,
  "values-a.yaml": "replicas: 4\nenv: {LEVEL: debug}\nhosts: [x, y]\n",
  "values-b.yaml": "env: {LEVEL: trace, EXTRA: 'on'}\nimage: {tag: '2'}\n",
};

const web = (fields = ""): string => `helmCharts: [{name: web, releaseName: r${fields === "" ? "" : `, ${fields}`}}]\n`;

/** Kustomizations, by what each is about; further files of a tree stand beside it. */
export const TREES: Readonly<Record<string, string | Readonly<Record<string, string>>>> = {
  plain: web(),
  "no release name": "helmCharts: [{name: web}]\n",
  namespace: web("namespace: shop"),
  "namespace of the kustomization": `namespace: shop\n${web()}`,
  "both namespaces": `namespace: over\n${web("namespace: shop")}`,
  "name prefix": `namePrefix: p-\n${web()}`,
  "name suffix": `nameSuffix: -s\n${web()}`,
  "values inline": web("valuesInline: {replicas: 3, env: {COLOR: red}}"),
  "values inline, lists are replaced": web("valuesInline: {hosts: [b, c]}"),
  "values inline, nested": web("valuesInline: {image: {tag: '3'}, resources: {limits: {cpu: 1}}}"),
  "values inline, merge": web("valuesMerge: merge, valuesInline: {replicas: 3, env: {NEW: x, COLOR: red}}"),
  "values inline, replace": web("valuesMerge: replace, valuesInline: {replicas: 5}"),
  "values inline, override": web("valuesMerge: override, valuesInline: {replicas: 6, labels: {a: b}}"),
  "values inline, bad merge": web("valuesMerge: odd, valuesInline: {replicas: 6}"),
  "values inline, numbers and booleans": web("valuesInline: {env: {A: 1, B: 1.5, C: true, D: 'yes', E: 010}}"),
  "values inline, empty map": web("valuesInline: {env: {}}"),
  "values file": web("valuesFile: values-a.yaml"),
  "values file and inline": web("valuesFile: values-a.yaml, valuesInline: {replicas: 9}"),
  "values file, missing": web("valuesFile: nope.yaml"),
  "additional values files": web("additionalValuesFiles: [values-a.yaml, values-b.yaml]"),
  "additional values files over inline": web("additionalValuesFiles: [values-b.yaml], valuesInline: {env: {LEVEL: warn}}"),
  "additional values file, missing": web("additionalValuesFiles: [nope.yaml]"),
  crds: web("includeCRDs: true"),
  "no hooks": web("skipHooks: true"),
  "no tests": web("skipTests: true"),
  "no hooks, no tests, crds": web("skipHooks: true, skipTests: true, includeCRDs: true"),
  "api versions": web("apiVersions: [example.com/v1]"),
  "kube version": web("kubeVersion: 1.28.0"),
  "subchart on": web("valuesInline: {cache: {enabled: true}}"),
  "subchart on, globals": web("valuesInline: {cache: {enabled: true, size: 7}, global: {zone: eu}}"),
  "tpl of a value": web('valuesInline: {extra: "apiVersion: v1\\nkind: Secret\\nmetadata: {name: {{ .Release.Name }}}\\n"}'),
  "two charts": "helmCharts: [{name: web, releaseName: a}, {name: strict, releaseName: b}]\n",
  "the same chart twice": "helmCharts: [{name: web, releaseName: a}, {name: web, releaseName: b}]\n",
  "chart and resources": {
    "kustomization.yaml": `resources: [own.yaml]\n${web()}`,
    "own.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n",
  },
  labels: `labels: [{pairs: {team: a}, includeSelectors: true}]\n${web()}`,
  annotations: `commonAnnotations: {note: n}\n${web()}`,
  images: `images: [{name: nginx, newName: registry.example.com/nginx, newTag: "9"}]\n${web()}`,
  replicas: `replicas: [{name: r-web, count: 8}]\n${web()}`,
  "strategic patch": `patches: [{patch: "{apiVersion: apps/v1, kind: Deployment, metadata: {name: r-web}, spec: {template: {spec: {containers: [{name: web, command: [x]}]}}}}"}]\n${web()}`,
  "json patch": `patches: [{target: {kind: Service}, patch: '[{"op": "replace", "path": "/spec/ports/0/port", "value": 8080}]'}]\n${web()}`,
  "patch deletes": `patches: [{target: {kind: Job}, patch: "{$patch: delete, kind: Job, apiVersion: batch/v1, metadata: {name: x}}"}]\n${web()}`,
  replacements: `replacements: [{source: {kind: Service, fieldPath: metadata.name}, targets: [{select: {kind: ConfigMap}, fieldPaths: [data.service], options: {create: true}}]}]\n${web()}`,
  "config map of the kustomization": `configMapGenerator: [{name: c, literals: [a=b]}]\n${web()}`,
  "chart in a base": { "kustomization.yaml": "namePrefix: o-\nresources: [base]\n", "base/kustomization.yaml": web(), ...inBase() },
  "chart in a component": {
    "kustomization.yaml": "components: [base]\n",
    "base/kustomization.yaml": `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n${web()}`,
    ...inBase(),
  },
  "chart home": { "kustomization.yaml": `helmGlobals: {chartHome: base/charts}\n${web()}`, ...inBase() },
  "chart missing": "helmCharts: [{name: nope, releaseName: r}]\n",
  "chart without a name": "helmCharts: [{releaseName: r}]\n",
  "schema refuses": "helmCharts: [{name: strict, releaseName: r, valuesInline: {port: 9999}}]\n",
  "required fails": 'helmCharts: [{name: strict, releaseName: r, valuesInline: {port: ""}}]\n',
  "version of Kubernetes refused": "helmCharts: [{name: strict, releaseName: r, kubeVersion: 1.19.0}]\n",
  "older field": "helmChartInflationGenerator: [{chartName: web, releaseName: old, valuesLocal: {replicas: 2}}]\n",
};

/** Trees that kustomize 5.8, with which ours agrees, builds in another way than the 5.7 of kubectl 1.35. */
export const NEWER: Readonly<Record<string, string>> = {
  "namespace of the kustomization": "Since 5.8 a kustomization's namespace is Helm's, and not set in what a chart makes.",
  "both namespaces": "Since 5.8 a kustomization's namespace is not set in what a chart makes.",
};

/** The charts below `base/`. */
function inBase(): Record<string, string> {
  return Object.fromEntries(Object.entries(CHARTS).map(([path, text]) => [`base/${path}`, text]));
}

// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { conformanceDir } from "@flux-ts/testbed";

/** A chart to render. */
export interface BenchChart {
  readonly name: string;
  /** A folder or a .tgz. */
  readonly path: string;
}

const LARGE = [
  ["kubernetes+ingress-nginx", "ingress-nginx"],
  ["bitnami+charts", "cert-manager"],
  ["prometheus-community+helm-charts", "kube-prometheus-stack"],
] as const;

/** Real charts of the conformance cases, where those are at hand. */
export function realCharts(): BenchChart[] {
  const folder = join(conformanceDir() ?? "", "helm/charts");
  return LARGE.flatMap(([owner, name]) => {
    const at = join(folder, owner);
    const file = existsSync(at) ? readdirSync(at).find((one) => one.startsWith(`${name}-`) && /-\d[^-]*\.tgz$/.test(one)) : undefined;
    return file === undefined ? [] : [{ name, path: join(at, file) }];
  });
}

function put(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const HELPERS = `{{- define "app.name" -}}{{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}{{- end }}
{{- define "app.fullname" -}}{{ printf "%s-%s" .Release.Name (include "app.name" .) | trunc 63 | trimSuffix "-" }}{{- end }}
{{- define "app.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/name: {{ include "app.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
`;

const template = (kind: string, suffix: string, spec: string): string => `{{- if .Values.enabled }}
apiVersion: ${kind === "Deployment" ? "apps/v1" : "v1"}
kind: ${kind}
metadata:
  name: {{ include "app.fullname" . }}${suffix}
  labels:
    {{- include "app.labels" . | nindent 4 }}
${spec}{{- end }}
`;

const DEPLOYMENT = `spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {app: {{ include "app.name" . }}}
  template:
    metadata:
      labels: {app: {{ include "app.name" . }}}
    spec:
      containers:
        - name: {{ .Chart.Name }}
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          env:
          {{- range $name, $value := .Values.env }}
            - name: {{ $name }}
              value: {{ $value | quote }}
          {{- end }}
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
`;

/** A chart about as large as those of small services: a dozen templates, some of them off. */
export function smallChart(folder: string): BenchChart {
  return grownChart(folder, "small", 10);
}

/** A chart with so many ConfigMaps, each a template of its own. */
export function grownChart(folder: string, name: string, templates: number): BenchChart {
  const path = join(folder, name);
  const data = `data:\n  {{- range $name, $value := .Values.env }}\n  {{ $name }}: {{ $value | upper | quote }}\n  {{- end }}\n`;
  put(path, {
    "Chart.yaml": `apiVersion: v2\nname: ${name}\nversion: 1.0.0\nappVersion: "1"\n`,
    "values.yaml":
      "enabled: true\nreplicas: 2\nimage: {repository: nginx, tag: ''}\nenv: {A: a, B: b, C: c, D: d}\nresources: {limits: {cpu: 1, memory: 64Mi}}\n",
    "templates/_helpers.tpl": HELPERS,
    "templates/deployment.yaml": template("Deployment", "", DEPLOYMENT),
    "templates/service.yaml": template("Service", "", "spec: {ports: [{port: 80}]}\n"),
    ...Object.fromEntries(
      Array.from({ length: templates }, (_, index) => [`templates/config-${index}.yaml`, template("ConfigMap", `-${index}`, data)]),
    ),
  });
  return { name, path };
}

// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { conformanceDir } from "@flux-ts/testbed";
import { casesIn } from "../../packages/kustomize/conformance/corpus.ts";

/** A tree on disk. */
export interface Tree {
  readonly name: string;
  /** The folder to build. */
  readonly target: string;
  /** The file whose change makes a build necessary. */
  readonly file: string;
}

type Files = Readonly<Record<string, string | { readonly base64: string }>>;

function written(name: string, root: string, target: string, files: Files): Tree {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === "string" ? content : Buffer.from(content.base64, "base64"));
  }
  const [file = ""] = Object.keys(files).filter((path) => !path.includes("kustomization"));
  return { name, target: join(root, target), file: join(root, file) };
}

/** The large trees of the conformance corpus; none when it is not there. */
export function largeTrees(root: string): Tree[] {
  const folder = conformanceDir();
  if (folder === undefined) return [];
  return [...casesIn(folder)]
    .filter((one) => one.group === "large" && !one.error)
    .map((one) => written(one.name.replace(/^large\//, ""), join(root, one.name.replaceAll("/", "_")), one.target, one.files));
}

/** Trees of a few objects, as most are. */
export function tinyTrees(root: string): Tree[] {
  const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web
        image: nginx:1.25
        envFrom:
        - configMapRef: {name: settings}
`;
  const service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  selector: {app: web}\n  ports:\n  - port: 80\n";
  const base = {
    "base/kustomization.yaml":
      "resources: [deployment.yaml, service.yaml]\nconfigMapGenerator:\n- name: settings\n  literals: [level=info, color=blue]\n",
    "base/deployment.yaml": deployment,
    "base/service.yaml": service,
  };
  const overlay = {
    "prod/kustomization.yaml":
      "namespace: prod\nnamePrefix: prod-\nresources: [../base]\nimages:\n- name: nginx\n  newTag: 1.27.1\npatches:\n- path: patch.yaml\nlabels:\n- pairs: {env: prod}\n  includeSelectors: true\n",
    "prod/patch.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 3\n",
  };
  return [
    written("one object", join(root, "one"), ".", { "kustomization.yaml": "resources: [service.yaml]\n", "service.yaml": service }),
    written("base and overlay, three objects", join(root, "overlay"), "prod", { ...base, ...overlay }),
  ];
}

/** Applications of five objects each, a base and an overlay for every ten: cost must grow as the number of objects does. */
export function grownTree(root: string, resources: number): Tree {
  const files: Record<string, string> = {};
  const groups: string[] = [];
  for (let group = 0; group * 50 < resources; group++) {
    const names = Array.from({ length: Math.min(10, (resources - group * 50) / 5) }, (_, index) => `app-${group}-${index}`);
    for (const [index, name] of names.entries()) files[`base-${group}/${name}.yaml`] = application(name, index);
    files[`base-${group}/kustomization.yaml`] = `resources: [${names.map((name) => `${name}.yaml`).join(", ")}]\n`;
    files[`prod-${group}/kustomization.yaml`] =
      `namespace: ns-${group}\nnamePrefix: p-\nresources: [../base-${group}]\nlabels:\n- pairs: {group: g${group}}\n  includeSelectors: true\n` +
      `images:\n- name: registry.example.com/team/app-${group}-0\n  newTag: v2\n` +
      `patches:\n- target: {kind: Deployment}\n  patch: |-\n    - op: replace\n      path: /spec/replicas\n      value: 4\n` +
      `configMapGenerator:\n- name: extra\n  literals: [group=${group}]\n`;
    groups.push(`prod-${group}`);
  }
  files["kustomization.yaml"] = `resources: [${groups.join(", ")}]\ncommonAnnotations: {owner: platform}\n`;
  return written(`${resources} objects`, join(root, `grown-${resources}`), ".", files);
}

function application(name: string, index: number): string {
  return `apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
data:
  settings.yaml: |
    level: info
    index: ${index}
  color: blue
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels: {app: ${name}}
spec:
  replicas: 2
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      serviceAccountName: ${name}
      containers:
      - name: app
        image: registry.example.com/team/${name}:1.${index}.0
        ports:
        - containerPort: 8080
          name: http
        env:
        - name: COLOR
          valueFrom:
            configMapKeyRef: {name: ${name}, key: color}
        - name: NUMBER
          value: "${index * 17}"
        resources:
          limits: {memory: 128Mi}
          requests: {cpu: 100m, memory: 64Mi}
        readinessProbe:
          httpGet: {path: /ready, port: http}
      volumes:
      - name: settings
        configMap:
          name: ${name}
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector: {app: ${name}}
  ports:
  - port: 80
    targetPort: http
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: ${name}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: ${name}}
  minReplicas: 2
  maxReplicas: 6
`;
}

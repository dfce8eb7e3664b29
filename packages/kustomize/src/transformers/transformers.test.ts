// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { build } from "../build.ts";
import { configMap, deployment, errorOf, filesOf, yamlOf } from "../../test-support/files.ts";

function built(kustomization: string, resource = deployment, more: Readonly<Record<string, string>> = {}): string {
  return yamlOf({ "kustomization.yaml": `resources: [r.yaml]\n${kustomization}`, "r.yaml": resource, ...more });
}

describe("images", () => {
  test.each([
    ["nginx", "newTag: '2'", "nginx:2"],
    ["nginx:1", "newName: mirror/nginx", "mirror/nginx:1"],
    ["nginx:1", "newName: mirror/nginx, newTag: v2", "mirror/nginx:v2"],
    ["nginx:1", "digest: 'sha256:abc'", "nginx@sha256:abc"],
    ["nginx@sha256:old", "newTag: v2", "nginx:v2"],
    ["reg:5000/nginx:1", "newTag: '2'", "reg:5000/nginx:1"],
    ["nginx-extra:1", "newTag: '2'", "nginx-extra:1"],
  ])("%s with {%s} is %s", (image, change, expected) => {
    const pod = `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  initContainers: [{name: i, image: '${image}'}]\n  containers: [{name: c, image: '${image}'}]\n`;
    const yaml = built(`images: [{name: nginx, ${change}}]\n`, pod);
    expect(yaml.match(/image: .*/g)).toEqual([`image: ${expected}`, `image: ${expected}`]);
  });
});

describe("labels and annotations", () => {
  const service = "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {selector: {app: a}}\n";

  test("labels go to the metadata only, unless templates or selectors are asked for", () => {
    const labels = (more: string): unknown =>
      build(filesOf({ "kustomization.yaml": `resources: [r.yaml]\nlabels: [{pairs: {t: x}${more}}]\n`, "r.yaml": deployment }), "/")
        .objects[0];
    expect(labels("")).toMatchObject({ metadata: { labels: { t: "x" } } });
    expect(labels("")).not.toHaveProperty("spec.template.metadata");
    expect(labels(", includeTemplates: true")).toHaveProperty("spec.template.metadata.labels.t", "x");
    expect(labels(", includeTemplates: true")).not.toHaveProperty("spec.selector");
    expect(labels(", includeSelectors: true")).toHaveProperty("spec.selector.matchLabels.t", "x");
  });

  test("commonLabels reach into selectors, commonAnnotations into templates", () => {
    expect(built("commonLabels: {team: a}\n", service)).toContain("selector:\n    app: a\n    team: a\n");
    expect(built("commonAnnotations: {note: a}\n")).toContain("template:\n    metadata:\n      annotations:\n        note: a\n");
  });
});

describe("namespace", () => {
  test("is set where kinds have one, and for the subjects that are in the build", () => {
    const objects = [
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: old}\n",
      "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default}\n",
      "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: b}\nsubjects:\n- {kind: ServiceAccount, name: default, namespace: old}\n- {kind: User, name: u}\n",
    ].join("---\n");
    const yaml = built("namespace: shop\n", objects);
    expect(yaml).toContain("kind: Namespace\nmetadata:\n  name: shop\n");
    expect(yaml).toContain("kind: ServiceAccount\nmetadata:\n  name: default\n  namespace: shop\n");
    expect(yaml).toContain(
      "kind: ClusterRoleBinding\nmetadata:\n  name: b\nsubjects:\n- kind: ServiceAccount\n  name: default\n  namespace: shop\n- kind: User\n  name: u\n",
    );
  });
});

describe("names", () => {
  test("CRDs, namespaces and API services keep their name", () => {
    const objects = [
      "apiextensions.k8s.io/v1 CustomResourceDefinition",
      "v1 Namespace",
      "apiregistration.k8s.io/v1 APIService",
      "v1 Secret",
    ]
      .map((type) => type.split(" "))
      .map(([apiVersion, kind]) => `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x}\n`);
    expect(
      built("namePrefix: p-\nnameSuffix: -s\n", objects.join("---\n"))
        .match(/name: .*/g)
        ?.toSorted(),
    ).toEqual(["name: p-x-s", "name: x", "name: x", "name: x"]);
  });

  test("an autoscaler follows the name of its target", () => {
    const scaler = `${deployment}---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: h}\nspec:\n  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}\n`;
    expect(built("namePrefix: p-\n", scaler)).toContain(
      "scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: p-web\n",
    );
  });

  test("a kind of one's own takes part when a configuration says where it refers", () => {
    const custom = `${configMap("c")}---\napiVersion: x.io/v1\nkind: App\nmetadata: {name: a}\nspec: {config: {name: c}}\n`;
    const configuration = "nameReference:\n- kind: ConfigMap\n  fieldSpecs:\n  - {path: spec/config/name, kind: App}\n";
    expect(built("namePrefix: p-\n", custom)).toContain("config:\n    name: c\n");
    expect(built("namePrefix: p-\nconfigurations: [k.yaml]\n", custom, { "k.yaml": configuration })).toContain("config:\n    name: p-c\n");
  });
});

describe("replicas, vars and order", () => {
  test("replicas must find their workload", () => {
    expect(built("replicas: [{name: web, count: 4}]\n")).toContain("replicas: 4\n");
    expect(errorOf(() => built("replicas: [{name: nope, count: 4}]\n")).message).toContain("resource with name nope does not match");
  });

  test("vars take the place of $(NAME) in arguments and environments; an unused one is warned of", () => {
    const pod =
      "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: c, args: ['--host=$(HOST)', '$(OTHER)']}\n";
    const vars = (name: string): string => `vars:\n- name: ${name}\n  objref: {kind: Pod, name: p, apiVersion: v1}\n`;
    expect(built(`namePrefix: x-\n${vars("HOST")}`, pod)).toContain("- --host=x-p\n    - $(OTHER)\n");
    const { warnings } = build(filesOf({ "kustomization.yaml": `resources: [r.yaml]\n${vars("NONE")}`, "r.yaml": pod }), "/");
    expect(warnings.at(-1)).toBe("well-defined vars that were never replaced: NONE");
  });

  test("kinds that others need come first, webhooks last, unless the order is said", () => {
    const kinds = ["admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration", "apps/v1 Deployment", "v1 Service", "v1 Namespace"];
    const objects = kinds
      .map((type) => type.split(" "))
      .map(([apiVersion, kind]) => `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x}\n`);
    const order = (kustomization: string): readonly string[] =>
      [...built(kustomization, objects.join("---\n")).matchAll(/^kind: (.*)$/gm)].map(([, kind]) => String(kind));
    expect(order("")).toEqual(["Namespace", "Service", "Deployment", "ValidatingWebhookConfiguration"]);
    expect(order("sortOptions: {order: fifo}\n")).toEqual(["ValidatingWebhookConfiguration", "Deployment", "Service", "Namespace"]);
    expect(order("sortOptions: {order: legacy, legacySortOptions: {orderFirst: [Service], orderLast: [Namespace]}}\n")).toEqual([
      "Service",
      "ValidatingWebhookConfiguration",
      "Deployment",
      "Namespace",
    ]);
  });
});

describe("strategic merge", () => {
  const merged = (object: string, patch: string, more = ""): string =>
    built(`patches: [{path: p.yaml}]\n${more}`, object, { "p.yaml": patch, "openapi.json": schema });
  const schema = JSON.stringify({
    definitions: {
      "io.x.v1.App": {
        properties: {
          parts: { type: "array", "x-kubernetes-patch-merge-key": "id", "x-kubernetes-patch-strategy": "merge", items: { type: "object" } },
        },
        "x-kubernetes-group-version-kind": [{ group: "x.io", version: "v1", kind: "App" }],
      },
    },
  });
  const app = "apiVersion: x.io/v1\nkind: App\nmetadata: {name: a}\nparts:\n- {id: one, v: 1}\n- {id: two, v: 2}\n";
  const patch = "apiVersion: x.io/v1\nkind: App\nmetadata: {name: a}\nparts:\n- {id: two, w: 3}\n";

  test("a list of a kind without schema is replaced; with the schema of openapi.path it is merged", () => {
    expect(merged(app, patch)).toContain("parts:\n- id: two\n  w: 3\n");
    expect(merged(app, patch, "openapi: {path: openapi.json}\n")).toContain("parts:\n- id: two\n  v: 2\n  w: 3\n- id: one\n  v: 1\n");
  });

  test("null removes a field, $patch replaces a mapping or a list", () => {
    const head = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n";
    expect(merged(deployment, `${head}spec: {replicas: null}\n`)).not.toContain("replicas");
    const replaced = merged(deployment, `${head}spec: {template: {spec: {$patch: replace, nodeName: x}}}\n`);
    expect(replaced).toContain("template:\n    spec:\n      nodeName: x\n");
    const one = merged(deployment, `${head}spec: {template: {spec: {containers: [{name: new, image: i}, {$patch: replace}]}}}\n`);
    expect(one.match(/image: .*/g)).toEqual(["image: i"]);
  });

  test("ports merge by number and protocol", () => {
    const service =
      "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec:\n  ports:\n  - {port: 53, protocol: UDP, name: u}\n  - {port: 53, protocol: TCP, name: t}\n";
    const change = "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec:\n  ports:\n  - {port: 53, protocol: TCP, targetPort: 5353}\n";
    expect(merged(service, change)).toContain(
      "- name: u\n    port: 53\n    protocol: UDP\n  - name: t\n    port: 53\n    protocol: TCP\n    targetPort: 5353\n",
    );
  });
});

describe("charts", () => {
  test("are rendered by the port, which is told the namespace and sets it itself", () => {
    const { objects } = build(
      filesOf({
        "kustomization.yaml": "namespace: shop\nnamePrefix: p-\nhelmCharts: [{name: web, releaseName: r, valuesInline: {a: 1}}]\n",
      }),
      "/",
      {
        inflateChart: ({ chart }) => {
          expect(chart).toMatchObject({ name: "web", releaseName: "r", namespace: "shop", valuesInline: { a: 1 } });
          return configMap("c");
        },
      },
    );
    expect(objects.map(({ metadata }) => metadata)).toEqual([{ name: "p-c" }]);
  });
});

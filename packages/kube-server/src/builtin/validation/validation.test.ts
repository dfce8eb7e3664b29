// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import type { FieldError, JsonObject, KubeObject } from "@flux-ts/kube-core";
import { builtinResources } from "../resources.ts";

const all = builtinResources();

function strategyOf(kind: string, version: string): NonNullable<(typeof all)[number]["strategy"]> {
  const found = all.find((one) => one.kind === kind && one.version === version);
  if (!found) throw new Error(`no ${kind}`);
  return found.strategy;
}

function objectOf(kind: string, version: string, given: JsonObject): KubeObject {
  const group = all.find((one) => one.kind === kind && one.version === version)?.group ?? "";
  const object = {
    apiVersion: group === "" ? version : `${group}/${version}`,
    kind,
    metadata: { name: "a", namespace: "n" },
    ...given,
  } as KubeObject;
  return strategyOf(kind, version).applyDefaults?.(object) ?? object;
}

const told = (errors: readonly FieldError[] = []): string[] =>
  errors.map(({ type, field, detail }) => `${field}: ${type.replace("FieldValue", "")}${detail === "" ? "" : `: ${detail}`}`);

function problems(kind: string, given: JsonObject, version = "v1"): string[] {
  return told(strategyOf(kind, version).validate?.(objectOf(kind, version, given)));
}

function changes(kind: string, before: JsonObject, after: JsonObject, version = "v1"): string[] {
  const strategy = strategyOf(kind, version);
  return told(strategy.validateUpdate?.(objectOf(kind, version, after), objectOf(kind, version, before)));
}

const policy = (given: JsonObject): JsonObject => ({
  spec: {
    matchConstraints: { resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }] },
    ...given,
  },
});

const service = { service: { name: "web", port: { number: 80 } } };
const path = (given: JsonObject): JsonObject => ({
  spec: { rules: [{ http: { paths: [{ pathType: "Prefix", path: "/", backend: service, ...given }] } }] },
});
const PATH = "spec.rules[0].http.paths[0]";
const webhook = (given: JsonObject): JsonObject => ({
  webhooks: [
    { name: "a.example.com", clientConfig: { url: "https://a/x" }, sideEffects: "None", admissionReviewVersions: ["v1"], ...given },
  ],
});
const scaler = (given: JsonObject): JsonObject => ({
  spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" }, maxReplicas: 3, ...given },
});

describe("what is wrong with objects of the smaller groups", () => {
  test.each<[kind: string, given: JsonObject, problems: string[]]>([
    ["Ingress", {}, ["spec: Invalid: either `defaultBackend` or `rules` must be specified"]],
    ["Ingress", path({}), []],
    ["Ingress", path({ path: "x" }), [`${PATH}.path: Invalid: must be an absolute path`]],
    ["Ingress", path({ path: "/a//b/." }), [`${PATH}.path: Invalid: must not contain '//'`, `${PATH}.path: Invalid: cannot end with '/.'`]],
    [
      "Ingress",
      path({ pathType: "Regex" }),
      [`${PATH}.pathType: NotSupported: supported values: "Exact", "ImplementationSpecific", "Prefix"`],
    ],
    ["Ingress", path({ backend: {} }), [`${PATH}.backend: Invalid: resource or service backend is required`]],
    ["Ingress", path({ backend: { service: { name: "web" } } }), [`${PATH}.backend: Required: port name or number is required`]],
    ["Ingress", { spec: { rules: [{ host: "1.2.3.4" }] } }, ["spec.rules[0].host: Invalid: must be a DNS name, not an IP address"]],
    [
      "NetworkPolicy",
      { spec: { podSelector: {}, egress: [{ ports: [{ port: "http", endPort: 90 }] }] } },
      ["spec.egress[0].ports[0].endPort: Invalid: may not be specified when `port` is non-numeric"],
    ],
    [
      "IngressClass",
      { spec: { controller: "a.b/c", parameters: { kind: "K", name: "n", scope: "Namespace" } } },
      ["spec.parameters.namespace: Required: `parameters.scope` is set to 'Namespace'"],
    ],
    [
      "ServiceCIDR",
      { spec: { cidrs: ["10.0.0.0/8", "10.1.0.0/16"] } },
      ["spec.cidrs: Invalid: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64"],
    ],
    [
      "Role",
      { rules: [{ verbs: [] }] },
      [
        "rules[0].verbs: Required: verbs must contain at least one value",
        "rules[0].apiGroups: Required: resource rules must supply at least one api group",
        "rules[0].resources: Required: resource rules must supply at least one resource",
      ],
    ],
    [
      "Role",
      { rules: [{ verbs: ["get"], nonResourceURLs: ["/x"] }] },
      ["rules[0].nonResourceURLs: Invalid: namespaced rules cannot apply to non-resource URLs"],
    ],
    ["ClusterRole", { rules: [{ verbs: ["get"], nonResourceURLs: ["/x"] }] }, []],
    [
      "ClusterRole",
      { aggregationRule: {} },
      ["aggregationRule.clusterRoleSelectors: Required: at least one clusterRoleSelector required if aggregationRule is non-nil"],
    ],
    ["PriorityClass", { value: 1_000_000_001 }, ["value: Forbidden: maximum allowed value of a user defined priority is 1000000000"]],
    ["PriorityClass", { metadata: { name: "system-node-critical" }, value: 2_000_001_000 }, []],
    [
      "PriorityClass",
      { metadata: { name: "system-node-critical" }, value: 5 },
      [
        "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: value of system-node-critical PriorityClass must be 2000001000",
      ],
    ],
    ["Lease", { spec: { leaseDurationSeconds: 0 } }, ["spec.leaseDurationSeconds: Invalid: must be greater than 0"]],
    [
      "RuntimeClass",
      { handler: "h", overhead: { podFixed: { a: "1" } } },
      [
        "overhead.limits[a]: Invalid: must be a standard resource type or fully qualified",
        "overhead.limits[a]: Invalid: must be a standard resource for containers",
      ],
    ],
    [
      "PersistentVolumeClaim",
      { spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, dataSource: { name: "x", kind: "Other" } } },
      ["spec.dataSource: Invalid: must be 'PersistentVolumeClaim' when referencing the default apiGroup"],
    ],
    [
      "ValidatingWebhookConfiguration",
      webhook({ clientConfig: { service: { name: "x" } } }),
      ["webhooks[0].clientConfig.service.name: Required"],
    ],
    [
      "ValidatingAdmissionPolicy",
      policy({ validations: [{ expression: "object.spec.x" }] }),
      ["spec.validations[0].expression: Invalid: must evaluate to bool but got dyn"],
    ],
    [
      "ValidatingAdmissionPolicy",
      policy({ variables: [{ name: "a", expression: "1" }], validations: [{ expression: "variables.b == 1" }] }),
      [
        "spec.validations[0].expression: Invalid: compilation failed: ERROR: <input>:1:10: undefined field 'b'\n | variables.b == 1\n | .........^",
      ],
    ],
    [
      "ValidatingAdmissionPolicy",
      policy({ validations: [{ expression: "authorizer.group('').resource('pods').check('get').allowed()", messageExpression: "1" }] }),
      ["spec.validations[0].messageExpression: Invalid: must evaluate to string but got int"],
    ],
    [
      "EndpointSlice",
      { addressType: "IPv4", endpoints: [{ addresses: ["::1"] }] },
      [
        "endpoints[0].addresses: Invalid: must be an IPv4 address",
        "endpoints[0].addresses[0]: Invalid: may not be in the loopback range (127.0.0.0/8, ::1/128)",
      ],
    ],
    ["EndpointSlice", { endpoints: [] }, ["addressType: Required"]],
    [
      "StorageClass",
      { provisioner: "a b" },
      [
        "provisioner: Invalid: name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    ["VolumeAttributesClass", { driverName: "x" }, ["parameters: Required: must contain at least one key/value pair"]],
    ["CSINode", { spec: { drivers: [{ name: "a", nodeID: "" }] } }, ["spec.drivers[0].nodeID: Required"]],
    [
      "VolumeAttachment",
      { spec: { attacher: "a", nodeName: "n", source: {} } },
      ["spec.source: Required: must specify exactly one of inlineVolumeSpec and persistentVolumeName"],
    ],
    ["MutatingWebhookConfiguration", webhook({}), []],
    [
      "MutatingWebhookConfiguration",
      webhook({ name: "short", timeoutSeconds: 31, sideEffects: "Some" }),
      [
        "webhooks[0].name: Invalid: should be a domain with at least three segments separated by dots",
        'webhooks[0].sideEffects: NotSupported: supported values: "None", "NoneOnDryRun"',
        "webhooks[0].timeoutSeconds: Invalid: the timeout value must be between 1 and 30 seconds",
      ],
    ],
    [
      "ValidatingWebhookConfiguration",
      webhook({ clientConfig: { url: "http://u@a/x?q=1" } }),
      [
        "webhooks[0].clientConfig.url: Invalid: 'https' is the only allowed URL scheme; desired format: https://host[/path]",
        "webhooks[0].clientConfig.url: Invalid: user information is not permitted in the URL",
        "webhooks[0].clientConfig.url: Invalid: query parameters are not permitted in the URL",
      ],
    ],
    [
      "ValidatingWebhookConfiguration",
      webhook({ rules: [{ operations: ["*", "CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods", "*"] }] }),
      ["webhooks[0].rules[0].operations: Invalid: if '*' is present, must not specify other operations"],
    ],
    [
      "ValidatingAdmissionPolicyBinding",
      { spec: { policyName: "p", validationActions: ["Deny", "Warn"] } },
      [
        "spec.validationActions: Invalid: must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)",
      ],
    ],
    [
      "CertificateSigningRequest",
      { spec: { signerName: "x", usages: ["nope"] } },
      ['spec.signerName: Invalid: must be a fully qualified domain and path of the form "example.com/signer-name"'],
    ],
  ])("%s %j", (kind, given, expected) => {
    expect(problems(kind, given).filter((text) => !text.startsWith("spec.usages"))).toEqual(expected);
  });

  test.each<[version: string, given: JsonObject, problems: string[]]>([
    ["v2", scaler({}), []],
    [
      "v1",
      scaler({ targetCPUUtilizationPercentage: 0 }),
      ["spec.metrics[0].resource.target.averageUtilization: Invalid: must be greater than 0"],
    ],
    [
      "v2",
      scaler({ behavior: { scaleUp: { policies: [{ type: "Pods", value: 0, periodSeconds: 2000 }] } } }),
      [
        "spec.behavior.scaleUp.policies[0].value: Invalid: must be greater than zero",
        "spec.behavior.scaleUp.policies[0].periodSeconds: Invalid: must be less than or equal to 1800",
      ],
    ],
    [
      "v2",
      scaler({ metrics: [{ type: "Pods", pods: { metric: {}, target: { type: "AverageValue" } } }] }),
      [
        "spec.metrics[0].pods.metric.name: Required: must specify a metric name",
        "spec.metrics[0].pods.target.averageValue: Required: must specify a positive target averageValue",
      ],
    ],
  ])("HorizontalPodAutoscaler %s %j", (version, given, expected) => {
    expect(problems("HorizontalPodAutoscaler", given, version)).toEqual(expected);
  });
});

describe("what may not change", () => {
  test.each<[kind: string, before: JsonObject, after: JsonObject, problems: string[]]>([
    [
      "IngressClass",
      { spec: { controller: "a.b/c" } },
      { spec: { controller: "a.b/d" } },
      ["spec.controller: Invalid: field is immutable"],
    ],
    ["RuntimeClass", { handler: "a" }, { handler: "b" }, ["handler: Invalid: field is immutable"]],
    [
      "StorageClass",
      { provisioner: "a", reclaimPolicy: "Delete" },
      { provisioner: "a", reclaimPolicy: "Retain" },
      ["reclaimPolicy: Invalid: field is immutable"],
    ],
    ["ServiceCIDR", { spec: { cidrs: ["10.0.0.0/8"] } }, { spec: { cidrs: ["10.0.0.0/8", "fd00::/64"] } }, []],
    [
      "ServiceCIDR",
      { spec: { cidrs: ["10.0.0.0/8", "fd00::/64"] } },
      { spec: { cidrs: ["10.0.0.0/8"] } },
      ["spec.cidrs: Invalid: field is immutable"],
    ],
    [
      "VolumeAttributesClass",
      { driverName: "a", parameters: { a: "b" } },
      { driverName: "a", parameters: { a: "c" } },
      ["parameters: Forbidden: updates to parameters are forbidden."],
    ],
    [
      "NetworkPolicy",
      { spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: "bad" } }] }] } },
      { spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: "bad" } }] }] } },
      [],
    ],
  ])("%s %j → %j", (kind, before, after, expected) => {
    expect(changes(kind, before, after)).toEqual(expected);
  });
});

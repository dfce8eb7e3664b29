// SPDX-License-Identifier: Apache-2.0
// Faults that were written down when the explanations were done, of sorts that they had not been tried on. The first time, 29 of
// these 31 were told as expected; in the other two the expectation was wrong (the words of git's refusal, and a repository of
// charts that was forgotten, and was told to be missing). Nothing was changed in the explanations for them.
// Over 400 lines: it is data.
import type { Fault } from "./fault.ts";
import {
  APPS,
  apply,
  chart,
  chartReady,
  commit,
  FLEET,
  flux,
  HELM,
  isReady,
  kustomization,
  NEW_POD,
  notReady,
  patch,
  release,
  RELEASE,
  repository,
  repositoryReady,
  secret,
  silent,
  soon,
  SOURCE,
  status,
  waiting,
  withResource,
} from "./fault-steps.ts";
import { resources, settings, web } from "./fleet-files.ts";

const NOTIFICATION = "notification.toolkit.fluxcd.io/v1";

export const laterFaults: readonly Fault[] = [
  {
    name: "the source fails, and the Deployment that is asked about crashes",
    kind: "pods",
    steps: [commit({ "apps/web.yaml": web({ image: "ghcr.io/example/crashing:1.0.0" }) }), soon, { do: "break-git", status: 500 }, soon],
    ask: "Deployment/default/web",
    culprit: { object: "Pod/default/web-*", reason: "CrashLoopBackOff", file: "apps/web.yaml" },
  },
  {
    name: "the git server forbids it",
    kind: "source",
    steps: [{ do: "break-git", status: 403 }, soon],
    ask: APPS,
    culprit: { object: FLEET, reason: "GitOperationFailed", says: "authorization failed" },
  },
  {
    name: "the source is looked for in another namespace",
    kind: "source",
    steps: [patch(APPS, { sourceRef: { kind: "GitRepository", name: "fleet", namespace: "sources" } }), soon],
    ask: "Deployment/default/web",
    culprit: { object: "GitRepository/sources/fleet", reason: "NotFound" },
  },
  {
    name: "a health check names a Deployment that there is not",
    kind: "health",
    steps: [
      patch(APPS, { wait: false, healthChecks: [{ apiVersion: "apps/v1", kind: "Deployment", name: "wep", namespace: "default" }] }),
      soon,
    ],
    ask: APPS,
    culprit: { object: "Deployment/default/wep", reason: "NotFound" },
  },
  {
    name: "the node does nothing with the pod",
    kind: "pods",
    steps: [silent(), soon],
    ask: APPS,
    culprit: { object: "Pod/default/web-*", reason: "Pending", file: "apps/web.yaml" },
  },
  {
    name: "the image has a name that cannot be one",
    kind: "pods",
    steps: [
      silent({ image: "ghcr.io/Example/silent:1.0.0" }),
      soon,
      status(
        NEW_POD,
        waiting("InvalidImageName", 'Failed to apply default image tag "ghcr.io/Example/silent:1.0.0": invalid reference format'),
      ),
    ],
    ask: APPS,
    culprit: { object: "Pod/default/web-*", reason: "InvalidImageName", says: "invalid reference format", file: "apps/web.yaml" },
  },
  {
    name: "the pod was evicted",
    kind: "pods",
    steps: [
      silent(),
      soon,
      status(NEW_POD, {
        phase: "Failed",
        reason: "Evicted",
        message: "The node was low on resource: memory.",
        conditions: [{ type: "PodScheduled", status: "True" }],
      }),
    ],
    // Another pod takes its place, which is younger.
    ask: "Deployment/default/web",
    culprit: { object: "Pod/default/web-*", reason: "Evicted", says: "low on resource" },
  },
  {
    name: "the selector of a Deployment does not fit its pods",
    kind: "apply",
    steps: [withResource("api.yaml", web().replaceAll("web", "api").replace("labels: { app: api }", "labels: { app: other }")), soon],
    ask: APPS,
    culprit: { object: "Deployment/default/api", reason: "ReconciliationFailed", says: "selector", file: "apps/api.yaml" },
  },
  {
    name: "a variable is written wrongly",
    kind: "build",
    steps: [
      patch(APPS, { postBuild: { substitute: { tag: "1" } } }),
      commit({ "apps/web.yaml": web({ image: "ghcr.io/example/web:${tag" }) }),
      soon,
    ],
    ask: APPS,
    culprit: { object: APPS, reason: "BuildFailed", says: "envsubst", file: "apps/web.yaml" },
  },
  {
    name: "a kustomization refers to itself",
    kind: "build",
    steps: [commit({ "apps/kustomization.yaml": resources("web.yaml", "../apps") }), soon],
    ask: APPS,
    culprit: { object: APPS, reason: "BuildFailed", says: "cycle", file: "apps/kustomization.yaml" },
  },
  {
    name: "a generator names a file that there is not",
    kind: "build",
    steps: [
      commit({ "apps/kustomization.yaml": `${resources("web.yaml")}configMapGenerator:\n  - name: app\n    files: [app.properties]\n` }),
      soon,
    ],
    ask: APPS,
    culprit: { object: APPS, reason: "BuildFailed", says: "app.properties", file: "apps/kustomization.yaml" },
  },
  {
    name: "a patch is in a file that there is not",
    kind: "build",
    steps: [commit({ "apps/kustomization.yaml": `${resources("web.yaml")}patches:\n  - path: patch.yaml\n` }), soon],
    ask: APPS,
    culprit: { object: APPS, reason: "BuildFailed", says: "patch.yaml", file: "apps/kustomization.yaml" },
  },
  {
    name: "a Kustomization that is applied fails, and its parent waits for it",
    kind: "dependency",
    steps: [withResource("child.yaml", JSON.stringify(kustomization("child", { path: "./nowhere" }))), soon],
    ask: APPS,
    culprit: { object: "Kustomization/flux-system/child", reason: "ArtifactFailed", says: "path not found" },
  },
  {
    name: "an object that left Git does not go",
    kind: "deletion",
    steps: [
      { do: "patch", object: "ConfigMap/default/web-settings", with: { metadata: { finalizers: ["example.com/hold"] } } },
      commit({ "apps/kustomization.yaml": resources("web.yaml"), "apps/settings.yaml": null }),
      soon,
      soon,
    ],
    ask: "ConfigMap/default/web-settings",
    culprit: { object: "ConfigMap/default/web-settings", reason: "Terminating", says: "example.com/hold" },
  },
  {
    name: "a Service selects no pods",
    kind: "health",
    steps: [
      apply({
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "web", namespace: "default" },
        spec: { selector: { app: "wep" }, ports: [{ port: 80 }] },
      }),
    ],
    ask: "Service/default/web",
    culprit: { object: "Service/default/web", reason: "NoEndpoints" },
  },
  {
    name: "pods are larger than the namespace allows",
    kind: "pods",
    steps: [
      apply({
        apiVersion: "v1",
        kind: "LimitRange",
        metadata: { name: "small", namespace: "default" },
        spec: { limits: [{ type: "Container", max: { memory: "64Mi" } }] },
      }),
      commit({ "apps/web.yaml": web({ container: ["resources: { limits: { memory: 1Gi } }"] }) }),
      soon,
    ],
    ask: APPS,
    culprit: { object: "ReplicaSet/default/web-*", reason: "FailedCreate", says: "maximum memory usage per Container" },
  },
  {
    name: "the Secret of a variable of an init container is not there",
    kind: "pods",
    steps: [
      silent({
        pod: [
          "initContainers: [{ name: init, image: ghcr.io/example/init:1, env: [{ name: A, valueFrom: { secretKeyRef: { name: keys, key: a } } }] }]",
        ],
      }),
      soon,
      status(NEW_POD, {
        ...waiting("PodInitializing", ""),
        initContainerStatuses: [
          {
            name: "init",
            image: "init",
            imageID: "",
            ready: false,
            restartCount: 0,
            state: { waiting: { reason: "CreateContainerConfigError", message: 'secret "keys" not found' } },
          },
        ],
      }),
    ],
    ask: "Deployment/default/web",
    culprit: { object: "Secret/default/keys", reason: "NotFound", file: "apps/web.yaml" },
  },
  {
    name: "a Job is asked about whose container fails",
    kind: "pods",
    steps: [
      apply({
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: { name: "seed", namespace: "default" },
        spec: {
          backoffLimit: 1,
          template: { spec: { restartPolicy: "Never", containers: [{ name: "seed", image: "ghcr.io/example/failing:1" }] } },
        },
      }),
      soon,
    ],
    ask: "Job/default/seed",
    culprit: { object: "Pod/default/seed-*", reason: "Error", says: "exit code 1" },
  },
  {
    name: "the image of a release is not there",
    kind: "release",
    steps: [
      apply(flux("HelmRelease", HELM, "redis", { chartRef: { kind: "OCIRepository", name: "redis" } })),
      status(RELEASE, notReady("SourceNotReady", 'could not get Source object: OCIRepository.source.toolkit.fluxcd.io "redis" not found')),
    ],
    ask: RELEASE,
    culprit: { object: "OCIRepository/flux-system/redis", reason: "NotFound" },
  },
  {
    name: "a release has failed too often",
    kind: "release",
    steps: [
      apply(repository, chart, release()),
      repositoryReady,
      chartReady,
      status(RELEASE, {
        helmChart: "flux-system/flux-system-redis",
        ...notReady(
          "UpgradeFailed",
          'Helm upgrade failed for release default/redis with chart redis@1.2.0: cannot patch "redis" with kind StatefulSet: StatefulSet.apps "redis" is invalid: spec: Forbidden',
        ),
      }),
    ],
    ask: "HelmRelease/flux-system/redis",
    culprit: { object: RELEASE, reason: "UpgradeFailed", says: "Forbidden" },
  },
  {
    name: "two releases wait for each other",
    kind: "release",
    steps: [
      apply(
        flux("HelmRelease", HELM, "one", { chartRef: { kind: "OCIRepository", name: "charts" }, dependsOn: [{ name: "two" }] }),
        flux("HelmRelease", HELM, "two", { chartRef: { kind: "OCIRepository", name: "charts" }, dependsOn: [{ name: "one" }] }),
        flux("OCIRepository", SOURCE, "charts", { url: "oci://ghcr.io/example/charts" }),
      ),
      status(
        "OCIRepository/flux-system/charts",
        isReady("stored artifact", {
          artifact: {
            revision: "1@sha256:1",
            digest: `sha256:${"1".repeat(64)}`,
            path: "x",
            url: "http://x/y",
            lastUpdateTime: "2026-01-01T00:00:00Z",
          },
        }),
      ),
      status("HelmRelease/flux-system/one", notReady("DependencyNotReady", "dependency 'flux-system/two' is not ready")),
      status("HelmRelease/flux-system/two", notReady("DependencyNotReady", "dependency 'flux-system/one' is not ready")),
    ],
    ask: "HelmRelease/flux-system/two",
    culprit: { object: "HelmRelease/flux-system/one", reason: "DependencyCycle" },
  },
  {
    name: "the chart is in a repository that cannot be fetched",
    kind: "release",
    steps: [
      { do: "break-git", status: 500 },
      apply(
        flux("HelmChart", SOURCE, "flux-system-redis", { chart: "./charts/redis", sourceRef: { kind: "GitRepository", name: "fleet" } }),
        release({ chart: { spec: { chart: "./charts/redis", sourceRef: { kind: "GitRepository", name: "fleet" } } } }),
      ),
      status(
        "HelmChart/flux-system/flux-system-redis",
        notReady("NoSourceArtifact", "no artifact available for GitRepository source 'fleet'"),
      ),
      status(RELEASE, {
        helmChart: "flux-system/flux-system-redis",
        ...notReady("SourceNotReady", "HelmChart 'flux-system/flux-system-redis' is not ready"),
      }),
      soon,
    ],
    ask: RELEASE,
    culprit: { object: FLEET, reason: "GitOperationFailed", says: "500" },
  },
  {
    name: "the Secret of a Receiver is not there",
    kind: "source",
    steps: [
      apply(
        flux("Receiver", NOTIFICATION, "github", {
          type: "github",
          secretRef: { name: "webhook" },
          resources: [{ kind: "GitRepository", name: "fleet" }],
        }),
      ),
      status(
        "Receiver/flux-system/github",
        notReady("TokenNotFound", "unable to read token from secret 'flux-system/webhook' error: secrets \"webhook\" not found"),
      ),
    ],
    ask: "Receiver/flux-system/github",
    culprit: { object: "Secret/flux-system/webhook", reason: "NotFound" },
  },
  {
    name: "the Provider of an Alert is not there",
    kind: "source",
    steps: [
      apply({
        apiVersion: "notification.toolkit.fluxcd.io/v1beta3",
        kind: "Alert",
        metadata: { name: "slack", namespace: "flux-system" },
        spec: { providerRef: { name: "slack" }, eventSources: [{ kind: "Kustomization", name: "*" }] },
      }),
    ],
    ask: "Alert/flux-system/slack",
    culprit: { object: "Provider/flux-system/slack", reason: "NotFound" },
  },
  {
    name: "the Secret of a Provider is not there",
    kind: "source",
    steps: [
      apply({
        apiVersion: "notification.toolkit.fluxcd.io/v1beta3",
        kind: "Provider",
        metadata: { name: "slack", namespace: "flux-system" },
        spec: { type: "slack", secretRef: { name: "slack-url" } },
      }),
    ],
    ask: "Provider/flux-system/slack",
    culprit: { object: "Secret/flux-system/slack-url", reason: "NotFound" },
  },
  {
    name: "the repository that an automation writes to is not there",
    kind: "source",
    steps: [
      apply(
        flux("ImageUpdateAutomation", "image.toolkit.fluxcd.io/v1", "tags", {
          sourceRef: { kind: "GitRepository", name: "flet" },
          git: { commit: { author: { email: "flux@example.com" } } },
        }),
      ),
      status(
        "ImageUpdateAutomation/flux-system/tags",
        notReady("GitOperationFailed", 'failed to get git source: gitrepositories.source.toolkit.fluxcd.io "flet" not found'),
      ),
    ],
    ask: "ImageUpdateAutomation/flux-system/tags",
    culprit: { object: "GitRepository/flux-system/flet", reason: "NotFound" },
  },
  {
    name: "the bucket refuses the keys",
    kind: "source",
    steps: [
      apply(
        secret("bucket-keys", { accesskey: "s3cr3t-access", secretkey: "s3cr3t-secret" }),
        flux("Bucket", SOURCE, "manifests", { bucketName: "manifests", endpoint: "s3.example.com", secretRef: { name: "bucket-keys" } }),
      ),
      status(
        "Bucket/flux-system/manifests",
        notReady(
          "BucketOperationFailed",
          "failed to confirm existence of 'manifests' bucket: The AWS Access Key Id you provided does not exist in our records.",
        ),
      ),
      patch(APPS, { sourceRef: { kind: "Bucket", name: "manifests" } }),
      soon,
    ],
    ask: APPS,
    culprit: { object: "Bucket/flux-system/manifests", reason: "BucketOperationFailed" },
  },
  {
    name: "a ConfigMap holds a number where a text must be",
    kind: "apply",
    steps: [commit({ "apps/settings.yaml": settings("web-settings", "1") }), soon],
    ask: APPS,
    culprit: { object: "ConfigMap/default/web-settings", reason: "ReconciliationFailed", says: "data.value", file: "apps/settings.yaml" },
  },
  {
    name: "the volume of a StatefulSet waits for a class that there is not",
    kind: "pods",
    steps: [
      withResource(
        "db.yaml",
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db, namespace: default }\nspec:\n  serviceName: db\n  selector: { matchLabels: { app: db } }\n  template:\n    metadata: { labels: { app: db } }\n    spec:\n      schedulerName: none\n      containers:\n        - name: db\n          image: ghcr.io/example/db:3\n  volumeClaimTemplates:\n    - metadata: { name: data }\n      spec: { storageClassName: fast, accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }\n",
      ),
      soon,
    ],
    ask: "StatefulSet/default/db",
    culprit: { object: "StorageClass/fast", reason: "NotFound" },
  },
  {
    name: "the namespace of a Kustomization's objects was deleted by hand",
    kind: "health",
    steps: [
      withResource(
        "other.yaml",
        `apiVersion: v1\nkind: Namespace\nmetadata: { name: other }\n---\n${web().replaceAll("namespace: default", "namespace: other")}`,
      ),
      soon,
      patch(APPS, { suspend: true }),
      { do: "delete", object: "Namespace/other" },
      soon,
    ],
    ask: "Deployment/other/web",
    culprit: { object: APPS, reason: "Suspended" },
  },
  {
    name: "two pods of three crash",
    kind: "pods",
    steps: [
      apply({
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        metadata: { name: "db", namespace: "default" },
        spec: {
          serviceName: "db",
          replicas: 2,
          podManagementPolicy: "Parallel",
          selector: { matchLabels: { app: "db" } },
          template: { metadata: { labels: { app: "db" } }, spec: { containers: [{ name: "db", image: "ghcr.io/example/never-ready:1" }] } },
        },
      }),
      soon,
    ],
    ask: "StatefulSet/default/db",
    culprit: { object: "Pod/default/db-0", reason: "ContainersNotReady" },
  },
];

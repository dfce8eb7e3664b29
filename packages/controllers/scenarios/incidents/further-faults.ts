// SPDX-License-Identifier: Apache-2.0
// A table of faults, written while the explanations were made. Over 400 lines: it is data.
import type { Fault } from "./fault.ts";
import {
  FLEET,
  APPS,
  INFRA,
  soon,
  patch,
  commit,
  apply,
  status,
  secret,
  kustomization,
  flux,
  SOURCE,
  TIME,
  notReady,
  isReady,
  deployment,
  waiting,
  event,
  silent,
  NEW_POD,
  withResource,
  release,
  repository,
  chart,
  RELEASE,
  repositoryReady,
  chartReady,
} from "./fault-steps.ts";
import { resources, settings, web } from "./fleet-files.ts";

const sources: readonly Fault[] = [
  {
    name: "the tag does not exist",
    kind: "source",
    steps: [patch(FLEET, { ref: { branch: null, tag: "v9.0.0" } }), soon],
    ask: APPS,
    culprit: { object: FLEET, reason: "GitOperationFailed", says: `couldn't find remote ref "refs/tags/v9.0.0"` },
  },
  {
    name: "no tag is in the range",
    kind: "source",
    steps: [patch(FLEET, { ref: { branch: null, semver: ">=9.0.0" } }), soon],
    ask: INFRA,
    culprit: { object: FLEET, reason: "GitOperationFailed", says: ">=9.0.0" },
  },
  {
    name: "the git server fails",
    kind: "source",
    steps: [{ do: "break-git", status: 503 }, soon],
    ask: APPS,
    culprit: { object: FLEET, reason: "GitOperationFailed", says: "status code: 503" },
  },
  {
    name: "the repository does not exist",
    kind: "source",
    steps: [patch(FLEET, { url: "{git}/no-such-repository.git" }), soon],
    ask: FLEET,
    culprit: { object: FLEET, reason: "GitOperationFailed", says: "no-such-repository" },
  },
  {
    name: "the certificate of the git server is not trusted",
    kind: "source",
    steps: [patch(FLEET, { url: "{gits}/fleet.git" }), soon],
    ask: APPS,
    culprit: { object: FLEET, reason: "GitOperationFailed", says: "certificate" },
  },
  {
    name: "the host key of the git server is another one",
    kind: "source",
    steps: [
      apply(secret("git-ssh", { identity: "{sshIdentity}", known_hosts: "{sshWrongHost}" })),
      patch(FLEET, { url: "{ssh}/fleet.git", secretRef: { name: "git-ssh" } }),
      soon,
    ],
    ask: APPS,
    culprit: { object: FLEET, reason: "GitOperationFailed", says: "known" },
  },
  {
    name: "the key may not come in",
    kind: "source",
    steps: [
      apply(secret("git-ssh", { identity: "{sshOtherIdentity}", known_hosts: "{sshHost}" })),
      patch(FLEET, { url: "{ssh}/fleet.git", secretRef: { name: "git-ssh" } }),
      soon,
    ],
    ask: APPS,
    culprit: { object: FLEET, reason: "GitOperationFailed", says: "authenticate" },
  },
  {
    name: "the Secret has no key for ssh",
    kind: "source",
    steps: [
      apply(secret("git-auth", { username: "flux", password: "s3cr3t-password" })),
      patch(FLEET, { url: "ssh://git@127.0.0.1:1/fleet.git", secretRef: { name: "git-auth" } }),
      soon,
    ],
    ask: APPS,
    culprit: { object: FLEET, reason: "AuthenticationFailed", says: "'identity' is required" },
  },
  {
    name: "an included repository is not there",
    kind: "source",
    steps: [patch(FLEET, { include: [{ repository: { name: "shared" } }] }), soon],
    ask: APPS,
    culprit: { object: "GitRepository/flux-system/shared", reason: "NotFound" },
  },
  {
    name: "the Secret of the proxy is not there",
    kind: "source",
    steps: [patch(FLEET, { proxySecretRef: { name: "proxy" } }), soon],
    ask: APPS,
    culprit: { object: "Secret/flux-system/proxy", reason: "NotFound" },
  },
  {
    name: "the Secret with the keys that verify commits is not there",
    kind: "source",
    steps: [patch(FLEET, { verify: { mode: "HEAD", secretRef: { name: "pgp-keys" } } }), commit({ "README.md": "x" }), soon],
    ask: APPS,
    culprit: { object: "Secret/flux-system/pgp-keys", reason: "NotFound" },
  },
  {
    name: "the Kustomization names a source that is not there",
    kind: "source",
    steps: [patch(APPS, { sourceRef: { kind: "GitRepository", name: "flete" } }), soon],
    ask: APPS,
    culprit: { object: "GitRepository/flux-system/flete", reason: "NotFound" },
  },
  {
    name: "the registry refuses the OCIRepository",
    kind: "source",
    steps: [
      apply(flux("OCIRepository", SOURCE, "manifests", { url: "oci://registry.example.com/manifests", ref: { tag: "latest" } })),
      status(
        "OCIRepository/flux-system/manifests",
        notReady(
          "OCIArtifactPullFailed",
          "failed to determine artifact digest: GET https://registry.example.com/v2/: UNAUTHORIZED: authentication required",
        ),
      ),
      patch(APPS, { sourceRef: { kind: "OCIRepository", name: "manifests" } }),
      soon,
    ],
    ask: APPS,
    culprit: { object: "OCIRepository/flux-system/manifests", reason: "OCIArtifactPullFailed", says: "UNAUTHORIZED" },
  },
  {
    name: "a scan of an image registry is refused",
    kind: "source",
    steps: [
      apply(flux("ImageRepository", "image.toolkit.fluxcd.io/v1", "web", { image: "ghcr.io/example/web" }), {
        ...flux("ImagePolicy", "image.toolkit.fluxcd.io/v1", "web", {}),
        spec: { imageRepositoryRef: { name: "web" }, policy: { semver: { range: "1.x" } } },
      }),
      status(
        "ImageRepository/flux-system/web",
        notReady("ReadOperationFailed", "GET https://ghcr.io/token: DENIED: requested access to the resource is denied"),
      ),
      status("ImagePolicy/flux-system/web", notReady("DependencyNotReady", "referenced ImageRepository has not been scanned yet")),
      soon,
    ],
    ask: "ImagePolicy/flux-system/web",
    culprit: { object: "ImageRepository/flux-system/web", reason: "ReadOperationFailed", says: "DENIED" },
  },
];

const builds: readonly Fault[] = [
  {
    name: "the artifact cannot be downloaded",
    kind: "artifact",
    steps: [
      patch(FLEET, { suspend: true }),
      status(FLEET, {
        artifact: {
          revision: "main@sha1:0000000000000000000000000000000000000001",
          digest: `sha256:${"1".repeat(64)}`,
          url: "http://127.0.0.1:1/fleet.tar.gz",
        },
      }),
      soon,
    ],
    ask: INFRA,
    culprit: { object: INFRA, reason: "ArtifactFailed", says: "127.0.0.1:1" },
  },
  {
    name: "a patch fits no object",
    kind: "build",
    steps: [
      commit({
        "apps/kustomization.yaml": `${resources("web.yaml", "settings.yaml")}patches:\n  - patch: |\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata:\n        name: wep\n      spec:\n        replicas: 2\n`,
      }),
      soon,
    ],
    ask: APPS,
    culprit: { object: APPS, reason: "BuildFailed", file: "apps/kustomization.yaml" },
  },
  {
    name: "an object is there twice",
    kind: "build",
    steps: [withResource("web-again.yaml", web()), soon],
    ask: APPS,
    culprit: { object: APPS, reason: "BuildFailed", says: "already registered id", file: "apps/web-again.yaml" },
  },
  {
    name: "the resources of the kustomization file are no list",
    kind: "build",
    steps: [commit({ "apps/kustomization.yaml": "resources: web.yaml\n" }), soon],
    ask: APPS,
    culprit: { object: APPS, reason: "BuildFailed", says: "resources", file: "apps/kustomization.yaml" },
  },
  {
    name: "a base two folders away is not YAML",
    kind: "build",
    steps: [
      commit({
        "apps/kustomization.yaml": resources("../base"),
        "base/kustomization.yaml": resources("config"),
        "base/config/kustomization.yaml": resources("one.yaml"),
        "base/config/one.yaml": "kind: ConfigMap\n  apiVersion: [v1\n",
      }),
      soon,
    ],
    ask: APPS,
    culprit: { object: APPS, reason: "BuildFailed", file: "base/config/one.yaml" },
  },
  {
    name: "a base is not there",
    kind: "build",
    steps: [commit({ "apps/kustomization.yaml": resources("web.yaml", "../base") }), soon],
    ask: APPS,
    culprit: { object: APPS, reason: "BuildFailed", says: "base", file: "apps/kustomization.yaml" },
  },
  {
    name: "a JSON patch replaces what is not there",
    kind: "build",
    steps: [
      commit({
        "apps/kustomization.yaml": `${resources("web.yaml", "settings.yaml")}patches:\n  - target: { kind: Deployment, name: web }\n    patch: |\n      - op: replace\n        path: /spec/strategy/type\n        value: Recreate\n`,
      }),
      soon,
    ],
    ask: APPS,
    culprit: { object: APPS, reason: "BuildFailed", says: "/spec/strategy", file: "apps/kustomization.yaml" },
  },
  {
    name: "an object has no name",
    kind: "build",
    steps: [withResource("nameless.yaml", "apiVersion: v1\nkind: ConfigMap\ndata: { a: b }\n"), soon],
    ask: APPS,
    culprit: { object: APPS, reason: "BuildFailed", says: "name", file: "apps/nameless.yaml" },
  },
  {
    name: "the Secret with the variables is not there",
    kind: "build",
    steps: [patch(APPS, { postBuild: { substituteFrom: [{ kind: "Secret", name: "cluster-secrets" }] } }), soon],
    ask: "Deployment/default/web",
    culprit: { object: "Secret/flux-system/cluster-secrets", reason: "NotFound" },
  },
  {
    name: "a Secret is encrypted, and nobody said how to decrypt it",
    kind: "build",
    steps: [
      withResource(
        "db.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n  namespace: default\ndata:\n  password: ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:str]\nsops:\n  version: 3.9.0\n  mac: ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:str]\n",
      ),
      soon,
    ],
    ask: APPS,
    culprit: { object: "Secret/default/db", reason: "ReconciliationFailed", says: "SOPS encrypted", file: "apps/db.yaml" },
  },
];

const dependencies: readonly Fault[] = [
  {
    name: "the dependency is suspended, and a new revision waits for it",
    kind: "dependency",
    steps: [patch(INFRA, { suspend: true }), commit({ "apps/settings.yaml": settings("web-settings", "two") }), soon],
    ask: APPS,
    culprit: { object: INFRA, reason: "Suspended" },
  },
  {
    name: "what the dependency depends on has no folder",
    kind: "dependency",
    steps: [apply(kustomization("base", { path: "./nowhere" })), patch(INFRA, { dependsOn: [{ name: "base" }] }), soon],
    ask: APPS,
    culprit: { object: "Kustomization/flux-system/base", reason: "ArtifactFailed", says: "kustomization path not found" },
  },
  {
    name: "the dependency is looked for in another namespace",
    kind: "dependency",
    steps: [patch(APPS, { dependsOn: [{ name: "infra", namespace: "platform" }] }), soon],
    ask: APPS,
    culprit: { object: "Kustomization/platform/infra", reason: "NotFound" },
  },
  {
    name: "a Deployment of the dependency cannot be pulled",
    kind: "dependency",
    steps: [
      commit({
        "infra/kustomization.yaml": resources("settings.yaml", "proxy.yaml"),
        "infra/proxy.yaml": web({ image: "ghcr.io/example/no-such-image:2.0.0" }).replaceAll("web", "proxy"),
      }),
      soon,
    ],
    ask: APPS,
    culprit: { object: "Pod/default/proxy-*", reason: "ImagePullBackOff", file: "infra/proxy.yaml" },
  },
  {
    name: "a Kustomization depends on itself",
    kind: "dependency",
    steps: [patch(APPS, { dependsOn: [{ name: "apps" }] }), soon],
    ask: APPS,
    culprit: { object: APPS, reason: "DependencyCycle" },
  },
  {
    name: "three Kustomizations depend on each other",
    kind: "dependency",
    steps: [
      apply(kustomization("base", { path: "./infra", dependsOn: [{ name: "apps" }] })),
      patch(INFRA, { dependsOn: [{ name: "base" }] }),
      commit({ "infra/settings.yaml": settings("infra-settings", "two") }),
      soon,
    ],
    ask: INFRA,
    culprit: { object: APPS, reason: "DependencyCycle", says: "apps → flux-system/infra → flux-system/base → flux-system/apps" },
  },
  {
    name: "a Kustomization waits for one that depends on it",
    kind: "dependency",
    steps: [
      withResource("child.yaml", JSON.stringify(kustomization("child", { path: "./infra", dependsOn: [{ name: "apps" }] }))),
      { do: "advance", duration: "90s" },
    ],
    ask: APPS,
    culprit: { object: APPS, reason: "DependencyCycle" },
  },
  {
    name: "a readyExpr is no expression",
    kind: "dependency",
    steps: [patch(APPS, { dependsOn: [{ name: "infra", readyExpr: "dep.status." }] }), soon],
    ask: APPS,
    culprit: { object: APPS, reason: "InvalidCELExpression" },
  },
];

const applies: readonly Fault[] = [
  {
    name: "a field is of the wrong type",
    kind: "apply",
    steps: [commit({ "apps/web.yaml": web().replace("replicas: 1", "replicas: two") }), soon],
    ask: APPS,
    culprit: { object: "Deployment/default/web", reason: "ReconciliationFailed", says: "spec.replicas", file: "apps/web.yaml" },
  },
  {
    name: "a value is not valid",
    kind: "apply",
    steps: [commit({ "apps/web.yaml": web({ container: ["ports: [{ containerPort: 99999 }]"] }) }), soon],
    ask: "Deployment/default/web",
    culprit: { object: "Deployment/default/web", reason: "ReconciliationFailed", says: "containerPort", file: "apps/web.yaml" },
  },
  {
    name: "a field is not in the schema",
    kind: "apply",
    steps: [withResource("child.yaml", JSON.stringify(kustomization("child", { paht: "./infra" }))), soon],
    ask: APPS,
    culprit: { object: "Kustomization/flux-system/child", reason: "ReconciliationFailed", says: "spec.paht", file: "apps/child.yaml" },
  },
  {
    name: "a policy refuses the object",
    kind: "apply",
    steps: [
      apply(
        {
          apiVersion: "admissionregistration.k8s.io/v1",
          kind: "ValidatingAdmissionPolicy",
          metadata: { name: "no-two" },
          spec: {
            matchConstraints: {
              resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["configmaps"] }],
            },
            validations: [{ expression: "object.data.value != 'two'", message: "two is not allowed here" }],
          },
        },
        {
          apiVersion: "admissionregistration.k8s.io/v1",
          kind: "ValidatingAdmissionPolicyBinding",
          metadata: { name: "no-two" },
          spec: { policyName: "no-two", validationActions: ["Deny"] },
        },
      ),
      commit({ "apps/settings.yaml": settings("web-settings", "two") }),
      soon,
    ],
    ask: APPS,
    culprit: {
      object: "ConfigMap/default/web-settings",
      reason: "ReconciliationFailed",
      says: "two is not allowed here",
      file: "apps/settings.yaml",
    },
  },
  {
    name: "the Secret with the kubeconfig is not there",
    kind: "apply",
    steps: [patch(APPS, { kubeConfig: { secretRef: { name: "remote" } } }), soon],
    ask: APPS,
    culprit: { object: "Secret/flux-system/remote", reason: "NotFound" },
  },
  {
    name: "the ServiceAccount is not there",
    kind: "apply",
    steps: [patch(APPS, { serviceAccountName: "nobody" }), commit({ "apps/settings.yaml": settings("web-settings", "two") }), soon],
    ask: APPS,
    culprit: { object: "ServiceAccount/flux-system/nobody", reason: "NotFound" },
  },
  {
    name: "a quota leaves no room for a ConfigMap",
    kind: "apply",
    steps: [
      apply({
        apiVersion: "v1",
        kind: "ResourceQuota",
        metadata: { name: "small", namespace: "default" },
        spec: { hard: { "count/configmaps": "1" } },
      }),
      withResource("more.yaml", settings("more", "one")),
      soon,
    ],
    ask: APPS,
    culprit: { object: "ResourceQuota/default/small", reason: "QuotaExceeded", says: "exceeded quota: small" },
  },
  {
    name: "the namespace is being deleted and does not go",
    kind: "apply",
    steps: [
      withResource("other.yaml", `apiVersion: v1\nkind: Namespace\nmetadata: { name: other }\n---\n${settings("other", "one", "other")}`),
      { do: "advance", duration: "90s" },
      apply({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "held", namespace: "other", finalizers: ["example.com/hold"] },
      }),
      { do: "delete", object: "Namespace/other" },
      commit({
        "apps/other.yaml": `apiVersion: v1\nkind: Namespace\nmetadata: { name: other }\n---\n${settings("another", "one", "other")}`,
      }),
      { do: "advance", duration: "4m" },
    ],
    ask: APPS,
    culprit: { object: "Namespace/other", reason: "Terminating", says: "example.com/hold" },
  },
  {
    name: "the namespace of an object is being deleted and does not go",
    kind: "apply",
    steps: [
      apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "held", namespace: "other", finalizers: ["example.com/hold"] } }),
      { do: "delete", object: "Namespace/other" },
      withResource("other.yaml", settings("other", "one", "other")),
      { do: "advance", duration: "4m" },
    ],
    ask: APPS,
    culprit: { object: "Namespace/other", reason: "Terminating", says: "example.com/hold" },
  },
  {
    name: "the Deployment behind a webhook cannot be pulled",
    kind: "apply",
    steps: [
      apply(
        { apiVersion: "v1", kind: "Namespace", metadata: { name: "cert-manager" } },
        {
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: "cert-manager-webhook", namespace: "cert-manager" },
          spec: { selector: { app: "cert-manager-webhook" }, ports: [{ port: 443 }] },
        },
        deployment("cert-manager-webhook", "cert-manager", "quay.io/example/no-such-image:1.0.0"),
      ),
      soon,
      { do: "stop-flux" },
      status(
        APPS,
        notReady(
          "ReconciliationFailed",
          'Issuer/default/ca dry-run failed (InternalError): Internal error occurred: failed calling webhook "webhook.cert-manager.io": failed to call webhook: Post "https://cert-manager-webhook.cert-manager.svc:443/validate?timeout=30s": no endpoints available for service "cert-manager-webhook"',
        ),
      ),
    ],
    ask: APPS,
    culprit: { object: "Pod/cert-manager/cert-manager-webhook-*", reason: "ImagePullBackOff" },
  },
  {
    name: "the Service of a webhook is not there",
    kind: "apply",
    steps: [
      { do: "stop-flux" },
      status(
        APPS,
        notReady(
          "ReconciliationFailed",
          'Issuer/default/ca dry-run failed (InternalError): Internal error occurred: failed calling webhook "webhook.cert-manager.io": failed to call webhook: Post "https://cert-manager-webhook.cert-manager.svc:443/validate?timeout=30s": service "cert-manager-webhook" not found',
        ),
      ),
    ],
    ask: APPS,
    culprit: { object: "Service/cert-manager/cert-manager-webhook", reason: "NotFound" },
  },
];

const pods: readonly Fault[] = [
  {
    name: "the pods never become ready",
    kind: "pods",
    steps: [commit({ "apps/web.yaml": web({ image: "ghcr.io/example/never-ready:1.0.0" }) }), soon],
    ask: APPS,
    culprit: { object: "Pod/default/web-*", reason: "ContainersNotReady", file: "apps/web.yaml" },
  },
  {
    name: "the readiness probe fails",
    kind: "pods",
    steps: [
      commit({
        "apps/web.yaml": web({ image: "ghcr.io/example/never-ready:1.0.0", container: ["readinessProbe: { httpGet: { port: 8080 } }"] }),
      }),
      soon,
      event(NEW_POD, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503"),
    ],
    ask: APPS,
    culprit: { object: "Pod/default/web-*", reason: "Unhealthy", says: "statuscode: 503", file: "apps/web.yaml" },
  },
  {
    name: "the ConfigMap of a container is not there",
    kind: "pods",
    steps: [
      silent({ container: ["envFrom: [{ configMapRef: { name: web-config } }]"] }),
      soon,
      status(NEW_POD, waiting("CreateContainerConfigError", 'configmap "web-config" not found')),
    ],
    ask: APPS,
    culprit: { object: "ConfigMap/default/web-config", reason: "NotFound", file: "apps/web.yaml" },
  },
  {
    name: "the Secret of a container lacks a key",
    kind: "pods",
    steps: [
      apply(secret("db", { user: "s3cr3t-user" }, "default")),
      silent({ container: ["env: [{ name: PASSWORD, valueFrom: { secretKeyRef: { name: db, key: password } } }]"] }),
      soon,
      status(NEW_POD, waiting("CreateContainerConfigError", "couldn't find key password in Secret default/db")),
    ],
    ask: APPS,
    culprit: { object: "Pod/default/web-*", reason: "CreateContainerConfigError", says: "key password", file: "apps/web.yaml" },
  },
  {
    name: "the container uses more memory than it may",
    kind: "pods",
    steps: [
      silent({ container: ["resources: { limits: { memory: 16Mi } }"] }),
      soon,
      status(
        NEW_POD,
        waiting("CrashLoopBackOff", "back-off 40s restarting failed container", {
          restartCount: 3,
          lastState: { terminated: { exitCode: 137, reason: "OOMKilled", startedAt: TIME, finishedAt: TIME } },
        }),
      ),
    ],
    ask: "Deployment/default/web",
    culprit: { object: "Pod/default/web-*", reason: "OOMKilled", says: "137", file: "apps/web.yaml" },
  },
  {
    name: "the Secret of a volume is not there",
    kind: "pods",
    steps: [
      silent({
        pod: ["volumes: [{ name: tls, secret: { secretName: web-tls } }]"],
        container: ["volumeMounts: [{ name: tls, mountPath: /tls }]"],
      }),
      soon,
      status(NEW_POD, waiting("ContainerCreating", "")),
      event(NEW_POD, "FailedMount", 'MountVolume.SetUp failed for volume "tls" : secret "web-tls" not found'),
    ],
    ask: APPS,
    culprit: { object: "Secret/default/web-tls", reason: "NotFound", file: "apps/web.yaml" },
  },
  {
    name: "the registry wants credentials that are not there",
    kind: "pods",
    steps: [
      silent({ pod: ["imagePullSecrets: [{ name: ghcr-credentials }]"] }),
      soon,
      status(
        NEW_POD,
        waiting(
          "ImagePullBackOff",
          'Back-off pulling image "ghcr.io/example/silent:1.0.0": ErrImagePull: failed to authorize: 401 Unauthorized',
        ),
      ),
    ],
    ask: APPS,
    culprit: { object: "Secret/default/ghcr-credentials", reason: "NotFound" },
  },
  {
    name: "an init container fails",
    kind: "pods",
    steps: [
      silent({ pod: ["initContainers: [{ name: wait, image: ghcr.io/example/wait:1.0.0 }]"] }),
      soon,
      status(NEW_POD, {
        ...waiting("PodInitializing", ""),
        initContainerStatuses: [
          {
            name: "wait",
            image: "wait",
            imageID: "",
            ready: false,
            restartCount: 4,
            state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 1m20s restarting failed container=wait" } },
            lastState: { terminated: { exitCode: 2, reason: "Error", startedAt: TIME, finishedAt: TIME } },
          },
        ],
      }),
    ],
    ask: APPS,
    culprit: { object: "Pod/default/web-*", reason: "CrashLoopBackOff", says: "container wait", file: "apps/web.yaml" },
  },
  {
    name: "a quota leaves no room for a pod",
    kind: "pods",
    steps: [
      apply({ apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "few", namespace: "default" }, spec: { hard: { pods: "1" } } }),
      commit({ "apps/web.yaml": web({ image: "ghcr.io/example/web:2.0.0" }) }),
      soon,
    ],
    ask: APPS,
    culprit: { object: "ReplicaSet/default/web-*", reason: "FailedCreate", says: "exceeded quota: few" },
  },
  {
    name: "the ServiceAccount of the pods is not there",
    kind: "pods",
    steps: [commit({ "apps/web.yaml": web({ pod: ["serviceAccountName: runner"] }) }), soon],
    ask: APPS,
    culprit: { object: "ServiceAccount/default/runner", reason: "NotFound" },
  },
  {
    name: "the namespace refuses pods that may do too much",
    kind: "pods",
    steps: [
      { do: "patch", object: "Namespace/default", with: { metadata: { labels: { "pod-security.kubernetes.io/enforce": "restricted" } } } },
      commit({ "apps/web.yaml": web({ image: "ghcr.io/example/web:2.0.0" }) }),
      soon,
    ],
    ask: APPS,
    culprit: { object: "ReplicaSet/default/web-*", reason: "FailedCreate", says: "PodSecurity" },
  },
  {
    name: "there is no class of the volume that is claimed",
    kind: "pods",
    steps: [
      withResource(
        "db.yaml",
        [
          "apiVersion: v1",
          "kind: PersistentVolumeClaim",
          "metadata: { name: data, namespace: default }",
          "spec:",
          "  storageClassName: fast",
          "  accessModes: [ReadWriteOnce]",
          "  resources: { requests: { storage: 1Gi } }",
          "",
        ].join("\n"),
      ),
      soon,
    ],
    ask: APPS,
    culprit: { object: "StorageClass/fast", reason: "NotFound" },
  },
  {
    name: "the claim of a pod is not there",
    kind: "pods",
    steps: [
      silent({ pod: ["schedulerName: none", "volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]"] }),
      soon,
      status(NEW_POD, {
        phase: "Pending",
        conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: 'persistentvolumeclaim "data" not found' }],
      }),
    ],
    ask: APPS,
    culprit: { object: "PersistentVolumeClaim/default/data", reason: "NotFound" },
  },
  {
    name: "a StatefulSet cannot be pulled",
    kind: "pods",
    steps: [
      withResource(
        "db.yaml",
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db, namespace: default }\nspec:\n  serviceName: db\n  selector: { matchLabels: { app: db } }\n  template:\n    metadata: { labels: { app: db } }\n    spec:\n      containers:\n        - name: db\n          image: ghcr.io/example/no-such-image:3\n",
      ),
      soon,
    ],
    ask: "StatefulSet/default/db",
    culprit: { object: "Pod/default/db-0", reason: "ImagePullBackOff", file: "apps/db.yaml" },
  },
  {
    name: "a DaemonSet crashes",
    kind: "pods",
    steps: [
      withResource(
        "agent.yaml",
        "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: { name: agent, namespace: default }\nspec:\n  selector: { matchLabels: { app: agent } }\n  template:\n    metadata: { labels: { app: agent } }\n    spec:\n      containers:\n        - name: agent\n          image: ghcr.io/example/crashing:3\n",
      ),
      soon,
    ],
    ask: APPS,
    culprit: { object: "Pod/default/agent-*", reason: "CrashLoopBackOff", file: "apps/agent.yaml" },
  },
  {
    name: "the rollout is paused",
    kind: "health",
    steps: [
      commit({ "apps/web.yaml": web({ image: "ghcr.io/example/web:2.0.0" }).replace("replicas: 1", "replicas: 1\n  paused: true") }),
      soon,
    ],
    ask: APPS,
    culprit: { object: "Deployment/default/web", reason: "Paused" },
  },
  {
    name: "an object that is applied is not ready, and says so",
    kind: "health",
    steps: [
      withResource(
        "scan.yaml",
        JSON.stringify(flux("ImageRepository", "image.toolkit.fluxcd.io/v1", "scan", { image: "ghcr.io/example/scan" })),
      ),
      { do: "advance", duration: "1m" },
      status(
        "ImageRepository/flux-system/scan",
        notReady("AuthenticationFailed", "failed to configure authentication options: secret has no registry of that name"),
      ),
      soon,
    ],
    ask: APPS,
    culprit: { object: "ImageRepository/flux-system/scan", reason: "AuthenticationFailed" },
  },
  {
    name: "somebody breaks a Deployment by hand after it was ready",
    kind: "pods",
    steps: [
      {
        do: "patch",
        object: "Deployment/default/web",
        with: { spec: { template: { spec: { containers: [{ name: "web", image: "ghcr.io/example/no-such-image:9" }] } } } },
      },
      { do: "advance", duration: "1m" },
    ],
    ask: APPS,
    culprit: { object: "Pod/default/web-*", reason: "ImagePullBackOff" },
  },
  {
    name: "a pod that crashes is asked about",
    kind: "pods",
    before: [commit({ "apps/web.yaml": web({ image: "ghcr.io/example/crashing:1.0.0" }) })],
    steps: [soon],
    ask: "Pod/default/web-*",
    culprit: { object: "Pod/default/web-*", reason: "CrashLoopBackOff", file: "apps/web.yaml" },
  },
  {
    name: "the autoscaler gets no metrics",
    kind: "health",
    steps: [
      apply({
        apiVersion: "autoscaling/v2",
        kind: "HorizontalPodAutoscaler",
        metadata: { name: "web", namespace: "default" },
        spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" }, maxReplicas: 3 },
      }),
      status("HorizontalPodAutoscaler/default/web", {
        currentReplicas: 1,
        desiredReplicas: 0,
        conditions: [
          { type: "AbleToScale", status: "True", reason: "SucceededGetScale", message: "ok", lastTransitionTime: TIME },
          {
            type: "ScalingActive",
            status: "False",
            reason: "FailedGetResourceMetric",
            message: "the HPA was unable to compute the replica count: unable to get metrics for resource cpu",
            lastTransitionTime: TIME,
          },
        ],
      }),
    ],
    ask: "HorizontalPodAutoscaler/default/web",
    culprit: { object: "HorizontalPodAutoscaler/default/web", reason: "FailedGetResourceMetric" },
  },
  {
    name: "a Job takes too long",
    kind: "health",
    steps: [
      withResource(
        "migrate.yaml",
        "apiVersion: batch/v1\nkind: Job\nmetadata: { name: migrate, namespace: default }\nspec:\n  activeDeadlineSeconds: 20\n  template:\n    spec:\n      restartPolicy: Never\n      containers: [{ name: migrate, image: ghcr.io/example/never-ready:1 }]\n",
      ),
      soon,
    ],
    ask: APPS,
    culprit: { object: "Job/default/migrate", reason: "DeadlineExceeded" },
  },
];

const others: readonly Fault[] = [
  {
    name: "the Kustomization is suspended, and a commit does not arrive",
    kind: "suspended",
    steps: [patch(APPS, { suspend: true }), commit({ "apps/settings.yaml": settings("web-settings", "two") }), soon],
    ask: APPS,
    culprit: { object: APPS, reason: "Suspended" },
  },
  {
    name: "a Deployment is deleted by hand while its Kustomization is suspended",
    kind: "suspended",
    steps: [patch(APPS, { suspend: true }), { do: "delete", object: "Deployment/default/web" }, soon],
    ask: "Deployment/default/web",
    culprit: { object: APPS, reason: "Suspended" },
  },
  {
    name: "no controller looks at a change",
    kind: "controller",
    steps: [{ do: "stop-flux" }, patch(APPS, { path: "./apps/" }), { do: "advance", duration: "5m" }],
    ask: APPS,
    culprit: { object: APPS, reason: "NotReconciled", says: "kustomize-controller" },
  },
  {
    name: "the controller is scaled to zero",
    kind: "controller",
    steps: [
      apply(
        deployment("kustomize-controller", "flux-system", "ghcr.io/example/controller:1", 0, {
          "app.kubernetes.io/component": "kustomize-controller",
        }),
      ),
      { do: "stop-flux" },
      patch(APPS, { path: "./apps/" }),
      { do: "advance", duration: "5m" },
    ],
    ask: APPS,
    culprit: { object: "Deployment/flux-system/kustomize-controller", reason: "ScaledToZero" },
  },
  {
    name: "the controller crashes",
    kind: "controller",
    steps: [
      apply(
        deployment("source-controller", "flux-system", "ghcr.io/example/crashing:1", 1, {
          "app.kubernetes.io/component": "source-controller",
        }),
      ),
      { do: "stop-flux" },
      patch(FLEET, { interval: "5m" }),
      { do: "advance", duration: "5m" },
    ],
    ask: APPS,
    culprit: { object: "Pod/flux-system/source-controller-*", reason: "CrashLoopBackOff" },
  },
  {
    name: "an object is being deleted, and its finalizer stays",
    kind: "deletion",
    steps: [
      { do: "patch", object: "ConfigMap/default/web-settings", with: { metadata: { finalizers: ["example.com/hold"] } } },
      { do: "delete", object: "ConfigMap/default/web-settings" },
      commit({ "apps/settings.yaml": settings("web-settings", "two") }),
      soon,
    ],
    ask: APPS,
    culprit: { object: "ConfigMap/default/web-settings", reason: "Terminating", says: "example.com/hold" },
  },
  {
    name: "a Kustomization is being deleted, and another finalizer stays",
    kind: "deletion",
    steps: [
      { do: "patch", object: APPS, with: { metadata: { finalizers: ["finalizers.fluxcd.io", "example.com/hold"] } } },
      { do: "delete", object: APPS },
      soon,
    ],
    ask: APPS,
    culprit: { object: APPS, reason: "Terminating", says: "example.com/hold" },
  },
];

const releases: readonly Fault[] = [
  {
    name: "an install fails",
    kind: "release",
    steps: [
      apply(repository, chart, release()),
      repositoryReady,
      chartReady,
      status(RELEASE, {
        helmChart: "flux-system/flux-system-redis",
        ...notReady(
          "InstallFailed",
          "Helm install failed for release default/redis with chart redis@1.2.0: template: redis/templates/x.yaml:3:4: executing at <.Values.a.b>: nil pointer evaluating interface {}.b",
        ),
      }),
    ],
    ask: RELEASE,
    culprit: { object: RELEASE, reason: "InstallFailed", says: "nil pointer" },
  },
  {
    name: "there is no such chart version",
    kind: "release",
    steps: [
      apply(repository, chart, release()),
      repositoryReady,
      status(
        "HelmChart/flux-system/flux-system-redis",
        notReady(
          "InvalidChartReference",
          "invalid chart reference: failed to get chart version for remote reference: no 'redis' chart with version matching '1.x' found",
        ),
      ),
      status(RELEASE, {
        helmChart: "flux-system/flux-system-redis",
        ...notReady("SourceNotReady", "HelmChart 'flux-system/flux-system-redis' is not ready"),
      }),
    ],
    ask: RELEASE,
    culprit: { object: "HelmChart/flux-system/flux-system-redis", reason: "InvalidChartReference" },
  },
  {
    name: "the repository of the chart cannot be reached",
    kind: "release",
    steps: [
      apply(repository, chart, release()),
      status(
        "HelmRepository/flux-system/charts",
        notReady(
          "IndexationFailed",
          `failed to fetch Helm repository index: failed to cache index to temporary file: Get "https://user:s3cr3t-in-url@charts.example.com/index.yaml": dial tcp: lookup charts.example.com: no such host`,
        ),
      ),
      status(
        "HelmChart/flux-system/flux-system-redis",
        notReady("NoSourceArtifact", "no artifact available for HelmRepository source 'charts'"),
      ),
      status(RELEASE, {
        helmChart: "flux-system/flux-system-redis",
        ...notReady("SourceNotReady", "HelmChart 'flux-system/flux-system-redis' is not ready"),
      }),
    ],
    ask: RELEASE,
    culprit: { object: "HelmRepository/flux-system/charts", reason: "IndexationFailed", says: "no such host" },
  },
  {
    name: "the Secret with values is not there",
    kind: "release",
    steps: [
      apply(repository, chart, release({ valuesFrom: [{ kind: "Secret", name: "redis-values" }] })),
      repositoryReady,
      chartReady,
      status(RELEASE, {
        helmChart: "flux-system/flux-system-redis",
        ...notReady(
          "ValuesError",
          "could not resolve Secret chart values reference 'flux-system/redis-values' with key 'values.yaml': secrets \"redis-values\" not found",
        ),
      }),
    ],
    ask: RELEASE,
    culprit: { object: "Secret/flux-system/redis-values", reason: "NotFound" },
  },
  {
    name: "the release depends on one that is not there",
    kind: "release",
    steps: [
      apply(repository, chart, release({ dependsOn: [{ name: "operator" }] })),
      repositoryReady,
      chartReady,
      status(RELEASE, {
        helmChart: "flux-system/flux-system-redis",
        ...notReady(
          "DependencyNotReady",
          "unable to get 'flux-system/operator' dependency: helmreleases.helm.toolkit.fluxcd.io \"operator\" not found",
        ),
      }),
    ],
    ask: RELEASE,
    culprit: { object: "HelmRelease/flux-system/operator", reason: "NotFound" },
  },
  {
    name: "a Deployment of the release cannot be pulled",
    kind: "release",
    steps: [
      apply(
        repository,
        chart,
        release(),
        deployment("redis", "default", "ghcr.io/example/no-such-image:7", 1, {
          "helm.toolkit.fluxcd.io/name": "redis",
          "helm.toolkit.fluxcd.io/namespace": "flux-system",
        }),
      ),
      repositoryReady,
      chartReady,
      soon,
      status(RELEASE, {
        helmChart: "flux-system/flux-system-redis",
        ...notReady(
          "InstallFailed",
          "Helm install failed for release default/redis with chart redis@1.2.0: resource Deployment/default/redis not ready. status: InProgress, message: Available: 0/1\ncontext deadline exceeded",
        ),
      }),
    ],
    ask: RELEASE,
    culprit: { object: "Pod/default/redis-*", reason: "ImagePullBackOff" },
  },
  {
    name: "the release is suspended",
    kind: "release",
    steps: [
      apply(repository, chart, release({ suspend: true })),
      repositoryReady,
      chartReady,
      status(RELEASE, { helmChart: "flux-system/flux-system-redis", ...isReady("Helm install succeeded") }),
    ],
    ask: RELEASE,
    culprit: { object: RELEASE, reason: "Suspended" },
  },
];

/** More than forty. */
export const furtherFaults: readonly Fault[] = [...sources, ...builds, ...dependencies, ...applies, ...pods, ...others, ...releases];

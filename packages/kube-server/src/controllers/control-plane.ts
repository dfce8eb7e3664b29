// SPDX-License-Identifier: Apache-2.0
import type { ApiServer } from "../server.ts";
import { cronJobController } from "./cron-job/controller.ts";
import { daemonSetController } from "./daemon-set/controller.ts";
import { deploymentController } from "./deployment/controller.ts";
import { endpointsController } from "./endpoints/endpoints-controller.ts";
import { endpointSliceController } from "./endpoints/slice-controller.ts";
import { garbageCollector } from "./garbage-collector.ts";
import { autoscalerController } from "./horizontal-pod-autoscaler.ts";
import { jobController } from "./job/controller.ts";
import { kubelet } from "./kubelet/controller.ts";
import type { PodRule } from "./kubelet/pod-outcome.ts";
import type { PodRuntime } from "./kubelet/pod-runtime.ts";
import type { RunningControllers } from "./loop.ts";
import { runControllers } from "./loop.ts";
import { namespaceDefaultsController, namespaceDeletionController } from "./namespace.ts";
import { nodeTaintController } from "./node-taints.ts";
import { PROVISIONER, claimController } from "./volumes/claim-controller.ts";
import type { StorageClass } from "./volumes/objects.ts";
import { storageProtection } from "./volumes/protection.ts";
import { volumeController } from "./volumes/volume-controller.ts";
import { OwnerIndex } from "./owner-index.ts";
import { ENDPOINTS, Plane } from "./plane.ts";
import { disruptionController } from "./pod-disruption-budget.ts";
import { registryKinds } from "./registry-kinds.ts";
import { podCollector } from "./pod-gc.ts";
import { replicaSetController, replicationController } from "./replica-controller.ts";
import { resourceQuotaController } from "./resource-quota.ts";
import { roleAggregation } from "./role-aggregation.ts";
import { scheduler } from "./scheduler.ts";
import { ensureNodes } from "./simulated-nodes.ts";
import { statefulSetController } from "./stateful-set/controller.ts";

/** `none`: nothing but clients writes. `controllers`: as with a controller manager and no nodes. `nodes`: pods are bound and run, too. */
export type PlaneLevel = "none" | "controllers" | "nodes";

export interface ControlPlaneOptions {
  readonly level: PlaneLevel;
  /** The certificate that verifies the API server, for `kube-root-ca.crt`. */
  readonly caPem?: string;
  /** How many nodes there are; default 3. */
  readonly nodes?: number;
  /** How pods behave; the first rule that matches wins. */
  readonly podRules?: readonly PodRule[];
  /** Runs some pods for real; all others are simulated. */
  readonly pods?: PodRuntime;
  /** Milliseconds from a pod's being bound to its being ready, without a rule; default 1000. */
  readonly podReadyAfterMs?: number;
  /** How often HorizontalPodAutoscalers are looked at; default 15 000, as kube-controller-manager does. */
  readonly autoscalerPeriodMs?: number;
  /** The name of a default StorageClass whose volumes are made up on demand; without one there is none. */
  readonly storageClass?: string;
  /** Told of every failure of a controller that is not a conflict. */
  readonly onError?: (controller: string, key: string, error: unknown) => void;
}

/** Kinds that controllers make for others. */
const OWNED = [ENDPOINTS.pods, ENDPOINTS.replicaSets, ENDPOINTS.controllerRevisions, ENDPOINTS.jobs].map(({ resource }) => resource);

/** Starts the simulated controller manager, scheduler and kubelets over a server; they read its store and write as an administrator. */
export async function startControlPlane(server: ApiServer, options: ControlPlaneOptions): Promise<RunningControllers> {
  const { level, caPem = "", onError = () => undefined } = options;
  const { store, clock, random, registry } = server.plane;
  const { transport } = server;
  const kinds = registryKinds(registry);
  if (level === "none") return runControllers([], new Plane({ store, transport, clock, random, component: "" }), onError);
  // Before the controllers, so that it knows of a change when they do.
  const owners = new OwnerIndex(store, OWNED);
  const plane = (component: string): Plane => new Plane({ store, transport, clock, random, component, owners });
  const manager = runControllers(
    [
      namespaceDefaultsController(caPem),
      namespaceDeletionController(kinds),
      garbageCollector(kinds),
      deploymentController,
      replicaSetController,
      replicationController,
      statefulSetController,
      daemonSetController,
      jobController(),
      cronJobController(),
      endpointsController(),
      endpointSliceController(),
      disruptionController(kinds),
      autoscalerController(kinds, options.autoscalerPeriodMs),
      claimController(),
      volumeController,
      storageProtection,
      roleAggregation,
      nodeTaintController,
      podCollector(),
      resourceQuotaController,
    ],
    plane("kube-controller-manager"),
    onError,
  );
  const index: RunningControllers = { isIdle: true, idle: async () => undefined, stop: async () => owners.close() };
  if (level === "controllers") return together([manager, index]);
  await ensureNodes(plane("kubelet"), options.nodes ?? 3);
  if (options.storageClass !== undefined) await ensureStorageClass(plane("kube-controller-manager"), options.storageClass);
  const rules = options.podRules ?? [];
  const scheduling = runControllers([scheduler()], plane("kube-scheduler"), onError);
  const kubelets = kubelet({
    rules,
    readyAfterMs: options.podReadyAfterMs ?? 1000,
    ...(options.pods === undefined ? {} : { runtime: options.pods }),
  });
  const running = runControllers([kubelets], plane("kubelet"), onError);
  return together([manager, scheduling, running, index]);
}

async function ensureStorageClass(plane: Plane, name: string): Promise<void> {
  if (plane.get(ENDPOINTS.storageClasses, undefined, name) !== undefined) return;
  await plane.create<StorageClass>(ENDPOINTS.storageClasses, {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name, annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    provisioner: PROVISIONER,
    reclaimPolicy: "Delete",
    volumeBindingMode: "Immediate",
  });
}

function together(all: readonly RunningControllers[]): RunningControllers {
  return {
    get isIdle() {
      return all.every((one) => one.isIdle);
    },
    async idle() {
      while (!all.every((one) => one.isIdle)) await Promise.all(all.map((one) => one.idle()));
    },
    async stop() {
      await Promise.all(all.map((one) => one.stop()));
    },
  };
}

// SPDX-License-Identifier: Apache-2.0
import { booleanFlag, choiceFlag, durationFlag, gatesFlag, integerFlag, listFlag, stringFlag } from "./flag.ts";

/** Flags of the process, which all its controllers share. @see spec 2.1 */
export const processFlags = {
  "metrics-addr": stringFlag(":8080", "The address the metric endpoint binds to."),
  "health-addr": stringFlag(":9440", "The address the health endpoint binds to."),
  "events-addr": stringFlag("", "The address of the events receiver."),
  "log-level": choiceFlag(["trace", "debug", "info", "error"], "info", "Set logging level. Can be trace, debug, info or error."),
  "log-encoding": choiceFlag(["json", "console"], "json", "Log encoding format. Can be 'json' or 'console'."),
  "kube-api-qps": integerFlag(
    50,
    "Requests per second to the API server; API priority and fairness of the server makes it pointless, it is taken and has no effect.",
  ),
  "kube-api-burst": integerFlag(300, "As kube-api-qps."),
} as const;

/** Flags that every controller has, each with its own value. @see spec 2.1 */
export function controllerFlags<const G extends Readonly<Record<string, boolean>>>(options: {
  readonly concurrent: number;
  readonly gates: G;
}) {
  return {
    concurrent: integerFlag(options.concurrent, "The number of concurrent reconciles per controller.", { min: 1, max: 10_000 }),
    "enable-leader-election": booleanFlag(false, "Ensure that only one instance of a controller is active."),
    "leader-election-release-on-cancel": booleanFlag(
      true,
      "Step down when shutting down, so that another need not wait for the lease to expire.",
    ),
    "leader-election-lease-duration": durationFlag(
      "35s",
      "How long others wait before they take over the lease of a leader that does not renew it.",
    ),
    "leader-election-renew-deadline": durationFlag("30s", "How long a leader tries to renew its lease before it gives up."),
    "leader-election-retry-period": durationFlag("5s", "How long to wait between tries."),
    "min-retry-delay": durationFlag(
      "750ms",
      "The minimum amount of time for which an object being reconciled will have to wait before a retry.",
    ),
    "max-retry-delay": durationFlag(
      "15m",
      "The maximum amount of time for which an object being reconciled will have to wait before a retry.",
    ),
    "watch-all-namespaces": booleanFlag(true, "Watch for resources in all namespaces; else only in the namespace RUNTIME_NAMESPACE."),
    "watch-label-selector": stringFlag("", "Watch for resources with matching labels e.g. 'sharding.fluxcd.io/key=shard1'."),
    "interval-jitter-percentage": integerFlag(5, "Percentage of jitter to apply to interval durations; 0 disables it.", {
      min: 0,
      max: 99,
    }),
    "requeue-dependency": durationFlag("30s", "The interval at which failing dependencies are reevaluated."),
    "feature-gates": gatesFlag(options.gates),
  } as const;
}

/** Flags of controllers that apply objects for others: kustomize-controller and helm-controller. @see spec 2.1, 2.2 */
export const applierFlags = {
  "watch-configs-label-selector": stringFlag("reconcile.fluxcd.io/watch=Enabled", "Watch for ConfigMaps and Secrets with matching labels."),
  "no-cross-namespace-refs": booleanFlag(false, "Refuse references between custom resources of different namespaces."),
  "default-service-account": stringFlag("", "Default service account used for impersonation."),
  "override-manager": listFlag("Field managers to take over in addition to those of kubectl."),
} as const;

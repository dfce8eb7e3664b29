// SPDX-License-Identifier: Apache-2.0

/** One entry of a HorizontalPodAutoscaler's metrics, as far as it matters what it is called. */
export interface MetricSpec {
  readonly type: string;
  readonly resource?: ResourceMetric;
  readonly containerResource?: ResourceMetric & { readonly container?: string };
  readonly pods?: NamedMetric;
  readonly object?: NamedMetric & { readonly describedObject?: { readonly kind: string; readonly name: string } };
  readonly external?: NamedMetric;
}

interface ResourceMetric {
  readonly name: string;
  readonly target?: { readonly averageUtilization?: number };
}

interface NamedMetric {
  readonly metric: { readonly name: string };
}

/** Why a metric is not to be had on a cluster without metrics APIs. */
export interface MissingMetric {
  /** A condition's reason. */
  readonly reason: string;
  readonly message: string;
}

const NO_CUSTOM = "unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered";

/** What kube-controller-manager says about the metric. @see podautoscaler computeReplicasForMetric */
export function missingMetric(spec: MetricSpec, namespace: string): MissingMetric {
  switch (spec.type) {
    case "ContainerResource":
      return { reason: "FailedGetContainerResourceMetric", message: resourceMessage(spec.containerResource) };
    case "Pods":
      return { reason: "FailedGetPodsMetric", message: `unable to get metric ${spec.pods?.metric.name}: ${NO_CUSTOM}` };
    case "Object": {
      const { kind = "", name = "" } = spec.object?.describedObject ?? {};
      const message = `unable to get metric ${spec.object?.metric.name}: ${NO_CUSTOM} on ${kind} ${namespace}/${name}`;
      return { reason: "FailedGetObjectMetric", message: `failed to get object metric value: ${message}` };
    }
    case "External": {
      const { name = "" } = spec.external?.metric ?? {};
      const fetch = `the server could not find the requested resource (get ${name}.external.metrics.k8s.io)`;
      const message = `unable to get external metric ${namespace}/${name}/nil: unable to fetch metrics from external metrics API: ${fetch}`;
      return { reason: "FailedGetExternalMetric", message };
    }
    default:
      return { reason: "FailedGetResourceMetric", message: resourceMessage(spec.resource) };
  }
}

function resourceMessage({ name, target }: ResourceMetric = { name: "cpu" }): string {
  const what = target?.averageUtilization === undefined ? "usage" : "utilization";
  const fetch = "the server could not find the requested resource (get pods.metrics.k8s.io)";
  return `failed to get ${name} ${what}: unable to get metrics for resource ${name}: unable to fetch metrics from resource metrics API: ${fetch}`;
}

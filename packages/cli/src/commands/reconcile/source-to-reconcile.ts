// SPDX-License-Identifier: Apache-2.0
import type { FluxObject } from "../kinds.ts";

/** What `--with-source` reconciles first. */
export interface SourceToReconcile {
  readonly kind: string;
  readonly name: string;
  /** `""`: that of the command. */
  readonly namespace: string;
  /** Not every kind of source can be asked to. */
  readonly isReconcilable: boolean;
}

const forKustomization = new Set(["OCIRepository", "GitRepository", "Bucket"]);
const forChart = new Set(["HelmRepository", "GitRepository", "Bucket"]);
const forRelease = new Set(["HelmChart", "OCIRepository"]);

/** The source of a Kustomization or HelmChart; of a HelmRelease the chart, which has a source in turn. Undefined: of other kinds. */
export function sourceToReconcile(object: FluxObject): SourceToReconcile | undefined {
  const { metadata, spec } = object;
  const own = metadata.namespace ?? "";
  const { kind = "", name = "", namespace = "" } = spec?.sourceRef ?? {};
  switch (object.kind) {
    case "Kustomization":
      return { kind, name, namespace, isReconcilable: forKustomization.has(kind) };
    case "HelmChart":
      return { kind, name, namespace: own, isReconcilable: forChart.has(kind) };
    case "HelmRelease": {
      const { chartRef, chart } = spec ?? {};
      if (chartRef !== undefined) {
        const referred = chartRef.kind ?? "";
        return {
          kind: referred,
          name: chartRef.name ?? "",
          namespace: chartRef.namespace || own,
          isReconcilable: forRelease.has(referred),
        };
      }
      const sourceNamespace = typeof chart === "object" ? chart.spec?.sourceRef?.namespace : undefined;
      return { kind: "HelmChart", name: `${own}-${metadata.name ?? ""}`, namespace: sourceNamespace || own, isReconcilable: true };
    }
    default:
      return undefined;
  }
}

// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, ObjectRef } from "@flux-ts/kube-core";
import { refTo } from "../kinds.ts";
import { isTrueAt, listAt, textAt } from "../read-object.ts";

/** A ConfigMap or Secret that a pod cannot start without, and where its spec names it. */
export interface PodInput {
  readonly ref: ObjectRef;
  /** `containers.0.envFrom.1` */
  readonly path: string;
}

/** What the containers and volumes of a pod need, in the order in which it stands there; what is optional is left out. */
export function podInputs(pod: KubeObject, { namespace }: ObjectRef): readonly PodInput[] {
  const input = (kind: string, name: string, source: unknown, path: string): readonly PodInput[] =>
    name === "" || isTrueAt(source, "optional") ? [] : [{ ref: refTo(kind, namespace, name), path }];
  const named = (holder: unknown, fields: readonly (readonly [string, string])[], path: string): readonly PodInput[] =>
    fields.flatMap(([field, kind]) => {
      const source = (holder as Readonly<Record<string, unknown>> | undefined)?.[field];
      return input(kind, textAt(source, "name") || textAt(source, "secretName"), source, path);
    });
  const containers = (["initContainers", "containers"] as const).flatMap((list) =>
    listAt(pod, "spec", list).flatMap((container, index) => [
      ...listAt(container, "envFrom").flatMap((each, at) =>
        named(
          each,
          [
            ["configMapRef", "ConfigMap"],
            ["secretRef", "Secret"],
          ],
          `${list}.${index}.envFrom.${at}`,
        ),
      ),
      ...listAt(container, "env").flatMap((each, at) =>
        named(
          valueFrom(each),
          [
            ["configMapKeyRef", "ConfigMap"],
            ["secretKeyRef", "Secret"],
          ],
          `${list}.${index}.env.${at}`,
        ),
      ),
    ]),
  );
  const volumes = listAt(pod, "spec", "volumes").flatMap((volume, index) => [
    ...named(
      volume,
      [
        ["configMap", "ConfigMap"],
        ["secret", "Secret"],
      ],
      `volumes.${index}`,
    ),
    ...listAt(volume, "projected", "sources").flatMap((each) =>
      named(
        each,
        [
          ["configMap", "ConfigMap"],
          ["secret", "Secret"],
        ],
        `volumes.${index}`,
      ),
    ),
  ]);
  return [...containers, ...volumes];
}

function valueFrom(variable: unknown): unknown {
  return typeof variable === "object" && variable !== null ? (variable as Readonly<Record<string, unknown>>)["valueFrom"] : undefined;
}
